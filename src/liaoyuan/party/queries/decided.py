"""Votes of meetings about people on the way into the party: which there are, which a step may rest on."""

from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.party.choices.life import HELD_STATES, DecisionKind, MeetingKind
from liaoyuan.party.models import Applicant, Decision, DevelopmentStep, DevelopmentVote, Meeting, PartyOrganization
from liaoyuan.party.params.way import CONFIRM_OUTCOME_TITLES, VOTED_STEPS, ConfirmOutcome
from liaoyuan.party.queries import courses
from liaoyuan.party.queries import development_lines as lines

#: At which meetings a step is decided.
PLACES: dict[int, tuple[MeetingKind, ...]] = {
    3: (MeetingKind.COMMITTEE, MeetingKind.MEMBERS), 7: (MeetingKind.COMMITTEE, MeetingKind.MEMBERS),
    15: (MeetingKind.MEMBERS,), 23: (MeetingKind.MEMBERS,),
}  # fmt: skip


def kind_of(meeting: Meeting, step: int) -> DecisionKind | None:
    """What kind of vote decides the step at the meeting; None where it does not."""
    if MeetingKind(meeting.kind) not in PLACES.get(step, ()):
        return None
    if step in (15, 23):
        return DecisionKind.ADMISSION if step == 15 else DecisionKind.CONFIRMATION
    return DecisionKind.COMMITTEE if meeting.kind == MeetingKind.COMMITTEE else DecisionKind.ORDINARY


def closed(
    applicant: Applicant, step: int, *, branch: PartyOrganization | None = None, on: date | None = None
) -> Decision | None:
    """The last vote about the step whose totals are entered, of meetings that took place; of the branch, on the day."""
    rows = Decision.objects.filter(
        applicant=applicant, step=step, closed_at__isnull=False, meeting__state__in=[str(s) for s in HELD_STATES]
    )
    if branch is not None:
        rows = rows.filter(meeting__party_organization=branch)
    if on is not None:
        rows = rows.filter(meeting__held_on=on)
    return rows.select_related("meeting").order_by("meeting__held_on", "pk").last()


def kept(branch: PartyOrganization, step: int, on: date) -> bool:
    """Whether the branch kept its deciding meetings here by that day."""
    rows = Meeting.objects.filter(party_organization=branch, state__in=[str(s) for s in HELD_STATES], held_on__lte=on)
    return rows.filter(kind__in=[str(kind) for kind in PLACES[step]]).exists()


def rests(decision: Decision) -> bool:
    """Whether a step that holds, or its vote, rests on the decision: its totals are fixed then."""
    steps = DevelopmentStep.objects.current().filter(decision=decision)
    return steps.exists() or DevelopmentVote.objects.current().filter(decision=decision).exists()


def matters(meeting: Meeting) -> list[tuple[str, str]]:
    """What may be put to the vote at the meeting about people on the way: (key "applicant-step", words)."""
    rows = Applicant.objects.open().filter(party_organization=meeting.party_organization)
    found = []
    for course in courses.of_many(rows).values():
        for step in course.open_steps():
            if step in VOTED_STEPS and kind_of(meeting, step) is not None:
                told = f"{course.record.name}：{lines.title_of(step)}"
                found.append((f"{course.applicant.pk}-{step}", told))
    return sorted(found, key=lambda pair: pair[1])


def subject(name: str, step: int, outcome: str, months: int | None) -> str:
    """What the vote is called in the minutes."""
    told = {
        3: _("确定{name}为入党积极分子"), 7: _("确定{name}为发展对象"), 15: _("接收{name}为预备党员"),
        23: _("{name}预备期满的决定：{outcome}"),
    }[step]  # fmt: skip
    words = _(CONFIRM_OUTCOME_TITLES[ConfirmOutcome(outcome)]) if outcome else ""
    if months:
        words += _("{n} 个月").format(n=months)
    return told.format(name=name, outcome=words)
