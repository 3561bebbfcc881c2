"""What this floor stores about an account's person, where the party organization has linked the account."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import AboutMe
from liaoyuan.party.models import Affiliation, Due, DuesBase, DuesRequest, DuesStudy, Transfer
from liaoyuan.party.queries import members, secrets


def rows(user: Any) -> Sequence[tuple[str, str, str]]:
    """Lines with the addresses of the own page and of one's own dues."""
    member = members.account_of(user)
    if member is None:
        return []
    ties = Affiliation.objects.current().filter(member=member).count()
    letters = Transfer.objects.filter(member=member).count()
    told = _("党员资料一份，组织关系 {n} 条，转接 {m} 件").format(n=ties, m=letters)
    months = Due.objects.current().filter(member=member).aggregate(n=Count("pk"), paid=Count("paid_on"))
    paid = _("应交 {n} 个月，已交 {m} 个月").format(n=months["n"], m=months["paid"])
    if DuesBase.objects.now_open().filter(member=member).exclude(base="").exists():
        paid += _("；党费基数一份（加密保存）")
    lines = [(_("我的党员信息"), told, reverse("party:me")), (_("我的党费"), paid, reverse("party:me_dues"))]
    asked = DuesRequest.objects.filter(member=member).count()
    looked = DuesStudy.objects.filter(member=member).count()
    if asked or looked:
        sentence = _("减免申请 {n} 份，党支部研究 {m} 次").format(n=asked, m=looked)
        lines.append((_("党费减免和研究"), sentence, reverse("party:me_dues")))
    return lines


def subjects(user: Any) -> Sequence[tuple[str, str, str]]:
    """The member: who opened his dossier or had a masked value shown is told to him."""
    member = members.account_of(user)
    return [(secrets.SUBJECT, str(member.pk), _("党员资料"))] if member is not None else []


ABOUT_ME = AboutMe("party", "党员信息", rows, subjects)
