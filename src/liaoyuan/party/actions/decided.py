"""The vote of a meeting on which a step rests: a decision of that branch, on that day, about that person."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import entering
from liaoyuan.party.models import Decision
from liaoyuan.party.queries import applicants
from liaoyuan.party.queries import decided as reading
from liaoyuan.party.queries.courses import Course

#: Totals that a step's form tells, with their titles.
_TOTAL_TITLES: dict[str, str] = {
    "present": "实到", "written": "书面意见", "yes": "赞成", "no": "反对", "abstain": "弃权", "outcome": "决定",
    "months": "延长月数",
}  # fmt: skip


def of(course: Course, step: int, on: date) -> Decision | None:
    """The closed vote of the branch's meeting of the day about this step of this person.

    None only for a branch that did not keep its meetings here on that day: what its minutes say is told by hand then.
    Refused otherwise. The caller holds the lock of the applicant and asks whether the vote was carried.
    """
    branch = applicants.place_on(course.applicant, on)
    found = reading.closed(course.applicant, step, branch=branch, on=on)
    if found is None and reading.kept(branch, step, on):
        raise no_vote(step, on)
    return found


def no_vote(step: int, on: date) -> Refused:
    """There is no vote to rest on."""
    told = _("本支部的会议已在系统里登记，第 {step} 步须凭 {on} 会议上关于本人的表决办理：请先在那次会议里表决并登记。")
    return entering.refusal("DEVELOPMENT-DECISION", told, "on", step=step, on=on.isoformat())


def carried(found: Decision | None, step: int) -> None:
    """Refused where the vote was not carried."""
    if found is not None and not found.carried:
        told = _("会议上的表决没有通过，第 {step} 步不能办理。")
        raise entering.refusal("DEVELOPMENT-NOT-CARRIED", told, "on", step=step)


def agree(found: Decision, given: Mapping[str, Any]) -> None:
    """Refused where what was typed is not what the meeting decided."""
    for name, value in given.items():
        kept = getattr(found, name)
        if (kept or None) != (value or None):
            told = _("“{title}”与会议登记的表决不一致：会议登记的是 {kept}，填写的是 {value}。")
            raise entering.refusal(
                "DEVELOPMENT-VOTE-DIFFERS", told, name, title=_(_TOTAL_TITLES[name]), kept=kept or 0, value=value or 0
            )
