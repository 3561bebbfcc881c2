"""The ground of the development of members: an activist at the branch inside and one at the branch outside."""

from datetime import date, timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.party.actions import applicants, development
from liaoyuan.party.models import Member, PartyOrganization

BY = Operator("house")


def lay(keys: dict[str, Any]) -> None:
    """`applicant_…` with the steps 1 to 5 and an examination `examination_…`, inside and outside."""
    at, today = clock.now(), clock.today()
    for name in ("inside", "outside"):
        branch = PartyOrganization.objects.select_related("area").get(pk=keys[f"branch_{name}"])
        mentor = Member.objects.get(pk=keys[f"member_{name}"])
        told = {"name": f"演示申请人{name}", "birth": date(1990, 1, 1)}
        one = applicants.apply(party=branch, fields=told, on=today - timedelta(days=400), by=BY, at=at)
        given = {"applicant": one, "by": BY, "at": at}
        development.record(step=2, on=today - timedelta(days=390), **given)
        development.record(step=3, on=today - timedelta(days=300), **given)
        development.record(step=4, on=today - timedelta(days=290), **given)
        development.set_mentors(kind="contact", members=[mentor], on=today - timedelta(days=290), **given)
        examined = development.examine(on=today - timedelta(days=100), result="continue", **given)
        keys |= {f"applicant_{name}": one.pk, f"examination_{name}": examined.pk}
