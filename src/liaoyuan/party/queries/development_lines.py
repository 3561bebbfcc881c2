"""What comes next for a person on the way into the party: which step, from and until when, who must act, why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from liaoyuan.kit.findings import Limits
from liaoyuan.party.params.way import MarkKind, MentorKind
from liaoyuan.party.queries.applicants import SUPERIOR
from liaoyuan.party.queries.courses import Course
from liaoyuan.party.rules.development import probation_end
from liaoyuan.party.rules.steps import STEPS
from liaoyuan.ui.texts import date_long

#: How many days ahead a line counts as "to be done soon".
SOON = 30
#: Steps that are told when the day has come from which they may be made.
_FULL = (7, 22)


@dataclass(slots=True)
class Next:
    """One step that may come next. `earliest` and `latest` are its lawful days, None where nothing bounds it."""

    step: int
    earliest: date | None
    latest: date | None
    why: str = ""
    missing: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The step in words."""
        return title_of(self.step)

    @property
    def who(self) -> str:
        """Who must act."""
        return _(STEPS[self.step].who)

    def late(self, today: date) -> bool:
        """Whether its term is over."""
        return self.latest is not None and self.latest < today

    def waits(self, today: date) -> bool:
        """Whether it may not be made yet."""
        return self.earliest is not None and self.earliest > today

    def state(self, today: date) -> tuple[str, str]:
        """(verdict, word)."""
        if self.late(today):
            return "reject", _("已超期")
        if self.waits(today):
            return "skip", _("未到日期")
        return ("review", _("可办理")) if not self.missing else ("info", _("缺材料"))

    def due(self, today: date) -> bool:
        """Whether somebody must act within `SOON` days: a term ends by then, a year is full, or the superior is asked.

        What merely may be done, as a talk about an applicant that nobody waits for, is no duty.
        """
        soon = timedelta(days=SOON)
        if self.latest is not None:
            return self.latest <= today + soon
        if self.step in _FULL:
            return self.earliest is not None and abs(self.earliest - today) <= soon
        return self.step in SUPERIOR and not self.waits(today)

    def reminded(self, today: date) -> date | None:
        """The day that a reminder names: the last lawful one, or of a year that is not yet full the first."""
        if self.latest is not None:
            return self.latest
        full = self.step in _FULL and self.earliest is not None and self.earliest >= today
        return self.earliest if full else None


def title_of(step: int) -> str:
    """A step in words, with its number."""
    return f"{step} {_(STEPS[step].title)}"


def nexts(course: Course, limits: Limits) -> list[Next]:
    """The steps that come next, the one with the nearest term first; examinations last."""
    found = [of_step(course, number, limits) for number in course.open_steps()]
    return sorted(found, key=lambda line: (line.step in (6, 21) and line.latest is None, line.step == 21, line.step))


def of_step(course: Course, step: int, limits: Limits) -> Next:
    """One step with its days, why they are so, and what is missing."""
    earliest, latest = course.window(step, limits)
    return Next(step, earliest, latest, why(course, step, limits), missing(course, step))


def head(lines: Iterable[Next], today: date) -> Next | None:
    """The line that a list shows: what is late, else what the way waits for."""
    told = list(lines)
    late = [line for line in told if line.late(today)]
    if late:
        return min(late, key=lambda line: line.latest or today)
    return next((line for line in told if line.step not in (6, 21)), told[0] if told else None)


def why(course: Course, step: int, limits: Limits) -> str:
    """Where the earliest and the latest day come from."""
    days = course.dates

    def told(sentence: str, key: str, **more: object) -> str:
        return sentence.format(day=date_long(days.get(key)), **more) if key in days else ""

    if step == 2:
        return told(_("{day}收到入党申请书，{n} 个月内派人谈话。"), "applied", n=limits["pb.dev.talk_months"])
    if step == 6:
        key = "reviewed_last" if "reviewed_last" in days else "activist"
        return told(_("自{day}起每 {n} 个月考察一次。"), key, n=limits["pb.dev.review_months"])
    if step == 7:
        sentence = _("{day}确定为入党积极分子，须满 {n} 个月，早一天都不行。")
        return told(sentence, "activist", n=limits["pb.dev.cultivate_months"])
    if step in (15, 23):
        key = {15: "publicity", 23: "confirm_publicity"}[step]
        shown = told(_("{day}起公示 {n} 个工作日，期满以后召开。"), key, n=limits["pb.dev.publicity_workdays"])
        return f"{_ended(course, limits)}{shown}" if step == 23 else shown
    if step == 17:
        sentence = _("{day}收到接收决议，{n} 个月内审批；有特殊情况写明理由，不超过 {most} 个月。")
        return told(sentence, "received", n=limits["pb.dev.approval_months"],
                    most=limits["pb.dev.approval_special_months"])  # fmt: skip
    if step == 22:
        return _ended(course, limits)
    if step == 24:
        sentence = _("{day}收到转正决议，{n} 个月内审批。")
        return told(sentence, "confirm_received", n=limits["pb.dev.confirm_approval_months"])
    return ""


def _ended(course: Course, limits: Limits) -> str:
    met = course.days.get("meeting")
    if met is None:
        return ""
    ended = probation_end(met, limits, course.extended_months)
    if course.extended_months:
        sentence = _("预备期自{day}的支部大会起算，延长 {n} 个月，{ended}期满，早一天都不行。")
        return sentence.format(day=date_long(met), n=course.extended_months, ended=date_long(ended))
    sentence = _("预备期自{day}的支部大会起算，{ended}期满，早一天都不行。")
    return sentence.format(day=date_long(met), ended=date_long(ended))


def missing(course: Course, step: int) -> list[str]:
    """What has to be entered before the step."""
    needs = {
        15: ((MarkKind.PUBLICITY, _("接收前公示的起日")),), 17: ((MarkKind.RECEIVED, _("上级党委收到决议的日期")),),
        23: ((MarkKind.CONFIRM_PUBLICITY, _("转正前公示的起日")),),
        24: ((MarkKind.CONFIRM_RECEIVED, _("上级党委收到转正决议的日期")),),
    }  # fmt: skip
    told = [word for kind, word in needs.get(step, ()) if str(kind) not in course.marks]
    if step == 15 and len(course.mentors_now(MentorKind.INTRODUCER)) < 2:
        told.append(_("两名入党介绍人"))
    if 5 < step < 15 and 5 in course.steps and not course.mentors_now(MentorKind.CONTACT):
        told.append(_("培养联系人"))
    return told
