"""Instructors, letters, visits and pilots inside and outside the scope, for the walk through all pages."""

from datetime import date
from typing import Any

from liaoyuan.core.models import Area, User
from liaoyuan.party.models import Instructor, InstructorAssignment, Pilot, Visit
from liaoyuan.registry.models import Organization
from tests.core.factories import AT

_FROM, _UNTIL = date(2026, 1, 1), date(2027, 12, 31)


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization]) -> None:
    """One instructor of the district whose account is the instructor's, one elsewhere; each with a body and a visit."""
    for name, code, user in (("inside", "320211001", users["instructor"]), ("outside", "320213", None)):
        area = Area.objects.get(code=code)
        who = Instructor.objects.create(
            area=area, name=f"演示指导员{'甲' if user else '乙'}", source="street", user=user, made_at=AT
        )
        row = InstructorAssignment.objects.create(
            instructor=who, organization=bodies[name], kind="instructor", letter="演示聘〔2026〕1号", letter_from=_FROM,
            letter_until=_UNTIL, valid_from=_FROM, recorded_at=AT,
        )  # fmt: skip
        visit = Visit.objects.create(
            organization=bodies[name], instructor=who, on=date(2026, 10, 8), looked=["place"], follow_up="补制度牌",
            made_at=AT,
        )  # fmt: skip
        pilot = Pilot.objects.create(
            area=area, organization=bodies[name], criteria="自愿", chosen_on=date(2026, 3, 1), tried="共建", made_at=AT
        )
        keys |= {
            f"instructor_{name}": who.pk, f"assignment_{name}": row.pk, f"visit_{name}": visit.pk,
            f"pilot_{name}": pilot.pk,
        }  # fmt: skip
