"""Party members among the social workers, by year: counts only, small ones hidden, at ends of quarters.

A social worker is one who counts as such in the figures of the workforce; a member one whom a party organization of
this register tells of, 预备 or 正式, on the day. Both are the same person by the party organization's own entry.
"""

from dataclasses import dataclass
from datetime import date

from liaoyuan.core.models import Area
from liaoyuan.party.models import MemberRecord
from liaoyuan.people.queries import workforce
from liaoyuan.people.rules.suppression import LEAST

#: Years before the present one.
YEARS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one day; None = hidden."""

    on: date
    workers: int | None
    members: int | None

    @property
    def share(self) -> str:
        """Members per hundred social workers, rounded half up, with one decimal; empty where anything is hidden."""
        if not self.workers or self.members is None:
            return ""
        tenths = (self.members * 2000 + self.workers) // (2 * self.workers)
        return f"{tenths // 10}.{tenths % 10}%"


def by_year(area: Area, today: date) -> list[Line]:
    """Each of the last years' ends, and the last end of a quarter."""
    latest = workforce.published_day(today)
    days = [date(year, 12, 31) for year in range(latest.year - YEARS, latest.year + 1)]
    return [of_day(area, day) for day in [day for day in days if day < latest] + [latest]]


def of_day(area: Area, on: date) -> Line:
    """The figures of a day."""
    found = workforce.grouped(workforce.workers(area, on), "workers")
    persons = {worker.person for worker in found}
    rows = MemberRecord.objects.current().filter(member__voided_at__isnull=True, admitted_on__lte=on)
    rows = rows.exclude(left_on__lte=on)
    return line_of(on, len(persons), len(persons & set(rows.values_list("member__person_id", flat=True))))


def line_of(on: date, workers: int, members: int) -> Line:
    """What is shown of two counts. The number of social workers is known elsewhere, so where members or the others are
    few both are hidden; and where there are no others, since that would tell it of each.
    """
    others = workers - members
    told = not few(members) and not few(others) and (others > 0 or not members)
    return Line(on, None if few(workers) else workers, members if told and not few(workers) else None)


def few(count: int) -> bool:
    """Whether a count of persons is hidden."""
    return 0 < count < LEAST
