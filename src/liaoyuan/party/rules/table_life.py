"""MTG and DEV: functions, facts and worked examples."""

from typing import Any

from liaoyuan.party.rules import admission, meetings
from liaoyuan.party.rules.asked import ON, Asked, Record
from liaoyuan.party.rules.facts import development as development_facts
from liaoyuan.party.rules.facts import meetings as meeting_facts

MEETINGS = Record(meeting_facts.MeetingFacts, meeting_facts.MeetingFacts.from_dict, meeting_facts.schema)
DEVELOPMENT = Record(
    development_facts.DevelopmentFacts, development_facts.DevelopmentFacts.from_dict, development_facts.schema
)

_QUARTER_END = "2026-12-21"
_MONTH_END = "2026-10-26"
_DECEMBER = "2026-12-01"
_VOTE = ("decision", "expected", "roster", "present", "yes", "passed")


def _held(field: str, function: Any, on: str, code: str, *more: str, **facts: Any) -> Asked:
    """A rule of frequency: once is enough, not at all is not."""
    return Asked(MEETINGS, function, (field, "active_since", *more), (
        ({**facts, field: 1}, on, ()),
        ({**facts, field: 0}, on, (code,)),
        ({**facts, field: 0}, "2026-10-08", ()),
    ))  # fmt: skip


def _vote(code: str, function: Any, decision: str, present: int, *more: str) -> Asked:
    """A rule of votes for E = 8: `present` is the quorum, five votes carry."""
    given = {"decision": decision, "expected": 8}
    return Asked(MEETINGS, function, (*_VOTE, *more), (
        ({**given, "present": present, "yes": 5, "passed": True}, ON, ()),
        ({**given, "present": present - 1, "yes": 5, "passed": True}, ON, (code,)),
        ({**given, "present": 8, "yes": 4, "passed": True}, ON, (code,)),
        ({**given, "present": 8, "yes": 4, "passed": False}, ON, ()),
    ))  # fmt: skip


def _step(function: Any, *examples: Any, reads: tuple[str, ...]) -> Asked:
    """A rule that is asked at a step."""
    return Asked(DEVELOPMENT, function, ("step", "step_on", *reads), examples)


ASKED: dict[str, Asked] = {
    "PB-MTG-01": _held("members_held", meetings.members_meeting, _QUARTER_END, "PB-MTG-01"),
    "PB-MTG-02": _held("committees_held", meetings.committee_meeting, _MONTH_END, "PB-MTG-02", "has_committee",
                       has_committee=True),
    "PB-MTG-03": _held("groups_held", meetings.group_meeting, _MONTH_END, "PB-MTG-03", "groups", groups=2),
    "PB-MTG-04": _held("lectures_held", meetings.lecture, _QUARTER_END, "PB-MTG-04"),
    "PB-MTG-05": _held("theme_days_held", meetings.theme_day, _MONTH_END, "PB-MTG-05"),
    "PB-MTG-06": _held("life_held", meetings.life_meeting, _DECEMBER, "PB-MTG-06"),
    "PB-MTG-07": Asked(MEETINGS, meetings.review, ("reviews_held", "review_steps", "active_since"), (
        ({"reviews_held": 1, "review_steps": ["self", "mutual", "poll"]}, _DECEMBER, ()),
        ({"reviews_held": 0}, _DECEMBER, ("PB-MTG-07",)),
        ({"reviews_held": 1, "review_steps": ["self", "poll"]}, _DECEMBER, ("PB-MTG-07",)),
    )),
    "PB-MTG-08": _vote("PB-MTG-08", meetings.ordinary_vote, "ordinary", 4),
    "PB-MTG-09": _vote("PB-MTG-09", meetings.committee_vote, "committee", 4),
    "PB-DEV-11": _vote("PB-DEV-11", meetings.admission_vote, "admission", 5, "persons"),
    "PB-MTG-10": Asked(MEETINGS, meetings.minutes, ("held_on", "missing"), (
        ({"held_on": "2026-10-19", "missing": ["签名"]}, ON, ()),
        ({"held_on": "2026-10-18", "missing": ["签名"]}, ON, ("PB-MTG-10",)),
    )),
    "PB-MTG-11": Asked(
        MEETINGS, meetings.attendance, ("expected", "present", "absent", "absent_unexplained", "decisions"), (
            ({"expected": 8, "present": 6, "absent": 2}, ON, ()),
            ({"expected": 8, "present": 6, "absent": 1}, ON, ("PB-MTG-11",)),
            ({"expected": 0, "present": 0, "absent": 0, "decisions": 1}, ON, ("PB-MTG-11",)),
        )),
    "PB-DEV-01": _step(
        admission.age,
        ({"step": 1, "birth": "2008-10-26"}, ON, ()),
        ({"step": 1, "birth": "2008-10-27"}, ON, ("PB-DEV-01",)),
        reads=("birth",),
    ),
    "PB-DEV-02": Asked(DEVELOPMENT, admission.talk, ("applied_on", "talked_on"), (
        ({"applied_on": "2026-09-26"}, ON, ()),
        ({"applied_on": "2026-09-25"}, ON, ("PB-DEV-02",)),
    )),
    "PB-DEV-03": _step(
        admission.contacts,
        ({"step": 5, "contacts": 2}, ON, ()),
        ({"step": 5, "contacts": 3}, ON, ("PB-DEV-03",)),
        ({"step": 5, "contacts": 1, "contact_is_self": True}, ON, ("PB-DEV-03",)),
        reads=("contacts", "contacts_not_full", "contact_is_self"),
    ),
    "PB-DEV-04": Asked(DEVELOPMENT, admission.half_yearly, ("activist_on", "last_review_on", "meeting_on"), (
        ({"activist_on": "2025-03-01", "last_review_on": "2026-04-26"}, ON, ()),
        ({"activist_on": "2025-03-01", "last_review_on": "2026-04-25"}, ON, ("PB-DEV-04",)),
    )),
    "PB-DEV-05": _step(
        admission.cultivated,
        ({"step": 7, "step_on": "2026-03-01", "activist_on": "2025-03-01"}, ON, ()),
        ({"step": 7, "step_on": "2026-02-28", "activist_on": "2025-03-01"}, ON, ("PB-DEV-05",)),
        reads=("activist_on",),
    ),
    "PB-DEV-06": _step(
        admission.introducers,
        ({"step": 9, "introducers": 2}, ON, ()),
        ({"step": 9, "introducers": 3}, ON, ("PB-DEV-06",)),
        ({"step": 9, "introducers": 2, "introducers_not_full": 1}, ON, ("PB-DEV-06",)),
        reads=("introducers", "introducers_same", "introducers_not_full", "introducers_barred"),
    ),
    "PB-DEV-07": _step(
        admission.reviewed,
        ({"step": 13, "reviewed_on": "2026-10-01"}, ON, ()),
        ({"step": 13}, ON, ("PB-DEV-07",)),
        reads=("reviewed_on",),
    ),
    "PB-DEV-08": _step(
        admission.training,
        ({"step": 11, "training_days": 2, "training_hours": 24}, ON, ()),
        ({"step": 11, "training_days": 2, "training_hours": 23}, ON, ("PB-DEV-08",)),
        reads=("training_days", "training_hours", "training_exception"),
    ),
    "PB-DEV-09": _step(
        admission.leaving,
        ({"step": 13, "leaves_on": "2027-01-27"}, ON, ()),
        ({"step": 13, "leaves_on": "2027-01-26"}, ON, ("PB-DEV-09",)),
        reads=("leaves_on",),
    ),
    "PB-DEV-10": _step(
        admission.publicity,
        ({"step": 15, "publicity_on": "2026-10-16"}, ON, ()),
        ({"step": 15, "publicity_on": "2026-10-19"}, ON, ("PB-DEV-10",)),
        ({"step": 23}, ON, ("PB-DEV-10",)),
        reads=("publicity_on",),
    ),
    "PB-DEV-12": _step(
        admission.approval,
        ({"step": 17, "step_on": "2026-04-30", "received_on": "2026-01-31"}, ON, ()),
        ({"step": 17, "step_on": "2026-05-01", "received_on": "2026-01-31"}, ON, ("PB-DEV-12",)),
        ({"step": 17, "step_on": "2026-07-31", "received_on": "2026-01-31", "special_reason": "外调核实"}, ON, ()),
        ({"step": 17, "step_on": "2026-08-01", "received_on": "2026-01-31", "special_reason": "材料须外调核实"}, ON,
         ("PB-DEV-12",)),
        reads=("received_on", "approved_on", "special_reason"),
    ),
    "PB-DEV-13": _step(
        admission.probation,
        ({"step": 22, "step_on": "2025-02-28", "meeting_on": "2024-02-29"}, ON, ()),
        ({"step": 22, "step_on": "2025-02-27", "meeting_on": "2024-02-29"}, ON, ("PB-DEV-13",)),
        reads=("meeting_on", "extended_months"),
    ),
    "PB-DEV-14": Asked(
        DEVELOPMENT, admission.confirmation_due, ("meeting_on", "confirm_meeting_on", "extended_months"), (
            ({"meeting_on": "2025-09-26"}, ON, ()),
            ({"meeting_on": "2025-09-25"}, ON, ("PB-DEV-14",)),
        )),
    "PB-DEV-15": _step(
        admission.extension,
        ({"step": 23, "outcome": "extend", "extend_months": 6}, ON, ()),
        ({"step": 23, "outcome": "extend", "extend_months": 5}, ON, ("PB-DEV-15",)),
        ({"step": 23, "outcome": "extend", "extend_months": 6, "extensions": 1}, ON, ("PB-DEV-15",)),
        reads=("outcome", "extensions", "extend_months"),
    ),
    "PB-DEV-16": Asked(DEVELOPMENT, admission.confirmation_approval, ("confirm_received_on", "confirm_approved_on"), (
        ({"confirm_received_on": "2026-07-26"}, ON, ()),
        ({"confirm_received_on": "2026-07-25"}, ON, ("PB-DEV-16",)),
    )),
    "PB-DEV-17": _step(
        admission.quota,
        ({"step": 13, "quota": 2, "quota_used": 1}, ON, ()),
        ({"step": 13, "quota": 2, "quota_used": 2}, ON, ("PB-DEV-17",)),
        reads=("quota", "quota_used"),
    ),
    "PB-DEV-18": _step(
        admission.order,
        ({"step": 2, "applied_on": "2026-10-01"}, ON, ()),
        ({"step": 3, "applied_on": "2026-10-01"}, ON, ("PB-DEV-18",)),
        ({"step": 2, "step_on": "2026-09-30", "applied_on": "2026-10-01"}, ON, ("PB-DEV-18",)),
        reads=tuple(name for name in development_facts.SHAPES if name.endswith("_on") and name != "step_on"),
    ),
}  # fmt: skip
