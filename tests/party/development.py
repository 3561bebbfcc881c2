"""Driving somebody along the way into the party in tests: lawful days one after another, through the actions."""

from datetime import date, timedelta

from liaoyuan.party.actions import admissions, applicants, development
from liaoyuan.party.models import Applicant
from tests.core.factories import AT

#: Lawful days of a way that began in 2022: step → day.
DAYS = {
    1: date(2022, 1, 10), 2: date(2022, 2, 1), 3: date(2022, 6, 1), 4: date(2022, 6, 20), 5: date(2022, 6, 10),
    6: date(2022, 12, 1), 7: date(2023, 6, 1), 8: date(2023, 6, 15), 9: date(2023, 6, 20), 10: date(2023, 7, 1),
    11: date(2023, 8, 1), 12: date(2023, 9, 1), 13: date(2023, 9, 20), 14: date(2023, 10, 1), 15: date(2023, 10, 30),
    16: date(2023, 11, 10), 17: date(2023, 12, 1), 18: date(2023, 12, 20), 19: date(2023, 12, 5), 20: date(2024, 1, 1),
    22: date(2024, 10, 30), 23: date(2024, 11, 15), 24: date(2024, 12, 10), 25: date(2025, 1, 10),
}  # fmt: skip
#: In which order they are made.
ORDER = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25)


def shifted(days: int) -> dict[int, date]:
    """The same way, so many days later."""
    return {step: day + timedelta(days=days) for step, day in DAYS.items()}


class Way:
    """One applicant of a branch with its secretary, the superior's staff and its head."""

    def __init__(self, branch, members, *, secretary, lead, head, at=AT):
        self.branch, self.members, self.at = branch, members, at
        self.secretary, self.lead, self.head = secretary, lead, head
        self.applicant: Applicant | None = None

    def apply(self, name="演示申请人01", on=DAYS[1], birth=date(1995, 1, 1), **fields):
        self.applicant = applicants.apply(
            party=self.branch, fields={"name": name, "birth": birth, **fields}, on=on, by=self.secretary, at=self.at
        )
        return self

    def step(self, number, on=None, **more):
        """Make one step, whoever must act."""
        on, who = on or DAYS[number], self.applicant
        who.refresh_from_db()
        given = {"applicant": who, "on": on, "at": self.at, **more}
        if number == 5:
            given.setdefault("members", self.members[:1])
            return development.set_mentors(kind="contact", by=self.secretary, **given)
        if number == 9:
            given.setdefault("members", self.members[:2])
            return development.set_mentors(kind="introducer", by=self.secretary, **given)
        if number in (6, 21):
            given.setdefault("result", "ready")
            return development.examine(by=self.secretary, **given)
        if number in (15, 23):
            return self._vote(number, on, given)
        if number == 17:
            given.setdefault("received_on", on - timedelta(days=5))
            return admissions.approve(by=self.head, **given)
        if number == 19:
            return admissions.assign(by=self.secretary, **given)
        if number == 24:
            given.setdefault("received_on", on - timedelta(days=5))
            return admissions.decide(by=self.head, **given)
        if number == 11:
            given.setdefault("training_days", 3)
        by = self.head if number == 13 else self.lead if number in (4, 8, 11, 16, 18) else self.secretary
        return development.record(step=number, by=by, **given)

    def _vote(self, number, on, given):
        kind = {15: "publicity", 23: "confirm_publicity"}[number]
        first = given.pop("publicity_on", on - timedelta(days=20))
        if first is not None:
            development.mark(applicant=self.applicant, kind=kind, on=first, by=self.secretary, at=self.at)
        self.applicant.refresh_from_db()
        count = len(self.members)
        given = {"present": count, "yes": count, **given}
        if number == 23:
            given.setdefault("outcome", "confirm")
        what = {15: "admission", 23: "confirmation"}[number]
        return admissions.vote(kind=what, by=self.secretary, **given)

    def until(self, last, **days):
        """All steps in order up to and with `last`."""
        for number in ORDER[: ORDER.index(last) + 1]:
            self.step(number, days.get(f"s{number}"))
        self.applicant.refresh_from_db()
        return self


def way(branch, count=5, *, areas=None, **people):
    """A way at the branch with so many members and accounts of their own."""
    from tests.party import factories as make

    members = make.members(branch, count)
    tag = str(branch.pk)
    return Way(
        branch, members,
        secretary=people.get("secretary") or make.secretary(branch, f"sec{tag}"),
        lead=people.get("lead") or make.lead(f"lead{tag}"),
        head=people.get("head") or make.lead(f"head{tag}", "party_head"),
    )  # fmt: skip
