"""What this floor stores about an account's person: his grades of 民主评议, his training, where he is linked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from liaoyuan.core.registries import AboutMe
from liaoyuan.party.choices.life import GRADE_TITLES, Grade
from liaoyuan.party.models import Attendance, MemberReview, TrainingRecord
from liaoyuan.party.queries import own, reviews


def rows(user: Any) -> Sequence[tuple[str, str, str]]:
    """Lines about the members that the account is: grades (his own), how many meetings and trainings are kept."""
    mine = [member.pk for member in own.members_of(user)]
    if not mine:
        return []
    told = []
    for row in MemberReview.objects.current().filter(member__in=mine).order_by("year", "pk"):
        grade = reviews.grades(user, row.party_organization, row.year, date(row.year, 12, 31)).get(row.member_id, "")
        word = _(GRADE_TITLES[Grade(grade)]) if grade else ""
        told.append((_("{year} 年民主评议").format(year=row.year), word, ""))
    meetings = Attendance.objects.filter(member__in=mine).aggregate(n=Count("pk"))["n"]
    training = TrainingRecord.objects.current().filter(member__in=mine).aggregate(n=Count("pk"))["n"]
    told.append((_("会议到会记录"), _("{n} 次").format(n=meetings), ""))
    told.append((_("学习培训记录"), _("{n} 条").format(n=training), ""))
    return told


def subjects(user: Any) -> Sequence[tuple[str, str, str]]:
    """The members that the account is: who read about them is told to him."""
    return [("member", str(member.pk), "") for member in own.members_of(user)]


ABOUT_ME = AboutMe("party_life", "组织生活", rows, subjects)
