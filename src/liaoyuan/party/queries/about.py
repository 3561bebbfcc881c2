"""What this floor stores about an account's person, where the party organization has linked the account."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.registries import AboutMe
from liaoyuan.party.models import Affiliation, Transfer
from liaoyuan.party.queries import members, secrets


def rows(user: Any) -> Sequence[tuple[str, str, str]]:
    """One line with the address of the own page."""
    member = members.account_of(user)
    if member is None:
        return []
    ties = Affiliation.objects.current().filter(member=member).count()
    letters = Transfer.objects.filter(member=member).count()
    told = _("党员资料一份，组织关系 {n} 条，转接 {m} 件").format(n=ties, m=letters)
    return [(_("我的党员信息"), told, reverse("party:me"))]


def subjects(user: Any) -> Sequence[tuple[str, str, str]]:
    """The member: who opened his dossier or had a masked value shown is told to him."""
    member = members.account_of(user)
    return [(secrets.SUBJECT, str(member.pk), _("党员资料"))] if member is not None else []


ABOUT_ME = AboutMe("party", "党员信息", rows, subjects)
