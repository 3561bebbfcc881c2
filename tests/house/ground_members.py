"""Party organizations and members of the ground: one branch inside every scope, one of another district."""

from datetime import date
from typing import Any

from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, Grant, User
from liaoyuan.party.actions import accounts
from liaoyuan.registry.models import Organization
from tests.core.factories import AT
from tests.party import factories as party

BY = Operator("house")


def lay(keys: dict[str, Any], users: dict[str, User]) -> None:
    """A branch of the street and one elsewhere, each with two members, one in dual affiliation.

    The secretary holds the branch inside as well as the body.
    """
    above = party.committee(Area.objects.get(code="320211001"), "甲内街道党工委")
    far = party.committee(Area.objects.get(code="320213"), "戊外区综合党委")
    for name, superior in (("inside", above), ("outside", far)):
        branch = party.party(f"{superior.formations.get().name[:2]}党支部", area=superior.area, superior=superior)
        one, two = party.member(f"演示党员{name}一"), party.member(f"演示党员{name}二")
        party.affiliate(one, branch)
        party.affiliate(two, None)
        row = party.affiliate(two, branch, "temporary", stage="surveyed", start=date(2026, 5, 1),
                              consented_on=date(2026, 5, 1), transfer_due_on=date(2026, 11, 1))  # fmt: skip
        body = Organization.objects.get(pk=keys[name])
        party.unit(branch, body)
        draft = party.founding(superior, body, f"演示申请{name}")
        change = party.change(branch, origin="branch", approver=superior, name=f"演示新名{name}党支部")
        meeting = party.ceremony(superior.area, title=f"演示成立大会{name}")
        letter = party.transfer(one, branch, None, "issued", issuer=superior, number="2026-0001", valid_days=30,
                                issued_on=date(2026, 10, 1), expires_on=date(2026, 10, 31))  # fmt: skip
        planned = party.transfer(two, None, branch)
        keys[f"change_{name}"] = change.pk
        keys |= {f"founding_{name}": draft.pk, f"ceremony_{name}": meeting.pk, f"letter_{name}": letter.pk,
                 f"transfer_{name}": planned.pk}  # fmt: skip
        keys |= {f"branch_{name}": branch.pk, f"member_{name}": one.pk, f"dual_{name}": two.pk, f"tie_{name}": row.pk}
        if name == "inside":
            accounts.link(member=one, username=users["project_manager"].username, by=BY, at=AT)
            Grant.objects.create(
                user=users["branch_secretary"], role="branch_secretary", scope_kind="party", scope_id=str(branch.pk),
                valid_from=date(2020, 1, 1), granted_at=AT,
            )  # fmt: skip
