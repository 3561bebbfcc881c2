"""What waits in party building for who leads it: gaps, applications, elections, transfers, visits. Computed live."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.coverage import GAP_TITLES
from liaoyuan.party.choices.members import Stage
from liaoyuan.party.choices.reorganizing import STAGE_OF_WORK_TITLES
from liaoyuan.party.models import Affiliation, Visit
from liaoyuan.party.queries import coverage, coverage_stats, terms, transfers, visits_due
from liaoyuan.party.queries.applications import Criteria, Listing
from liaoyuan.party.queries.coverage import Asked

#: What is told of each line, by its name.
LINE_TITLES: dict[str, str] = {
    "over": "任期已届满", "90": "90 日内换届", "open": "组织关系转接办理中", "expired": "介绍信已过期",
    "dual": "双隶属到期未转入", "visits": "到期未走访的组织", "follow_ups": "走访发现的问题逾期未办结",
}  # fmt: skip
GROUP_TITLES: dict[str, str] = {
    "applications": "党组织设立调整", "terms": "换届", "transfers": "组织关系", "visits": "指导员走访",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits: what, how many, where they are."""

    title: str
    count: int
    href: str


def area_of(user: Any) -> Area | None:
    """The widest area whose coverage the user may ask for."""
    return min(coverage_stats.areas_for(user), key=lambda area: (len(area.code), area.code), default=None)


def cards(area: Area, on: date) -> list[tuple[str, Any, str, str, str]]:
    """Gaps A to D and the two shares, each with its list, as the page's cards show them."""
    whole, _cells = coverage.figures(Asked(area, on))

    def href(shown: str) -> str:
        told = {"shown": shown, "area": area.code, "as_of": on.isoformat()}
        return f"{reverse('party:coverage_bodies')}?{urlencode(told)}"

    def share(title: str, part: int, of: int, shown: str) -> tuple[str, Any, str, str, str]:
        rate = coverage_stats.rate(part, of)
        note = _("{part} / {of} 家").format(part=part, of=of)
        return title, "—" if rate is None else f"{rate}%", "", href(shown), note

    return [
        *((_("缺口 {letter}：{title}").format(letter=gap, title=_(title)), whole.gaps[gap], _("家"), href(gap), "")
          for gap, title in GAP_TITLES.items()),
        share(_("组织覆盖率"), whole.covered, whole.base, "covered"),
        share(_("工作覆盖率"), whole.worked, whole.base, "worked"),
    ]  # fmt: skip


def waiting(user: Any, on: date) -> list[tuple[str, list[Line]]]:
    """What waits by sort; a line of nothing says 0, so that one sees that it was asked."""
    application, term, transfer = (reverse(f"party:{name}_list") for name in ("application", "term", "transfer"))
    told = {
        "applications": [
            Line(
                _(STAGE_OF_WORK_TITLES[state]),
                Listing(user, Criteria(state=state)).count(),
                f"{application}?state={state}",
            )
            for state in ("applied", "after")
        ],
        "terms": [
            _line(state, terms.rows(user, terms.Criteria(on=on, state=state)).count(), f"{term}?state={state}")
            for state in ("over", "90")
        ],
    }
    if access.has(user, Permission.MEMBERS_VIEW):
        told["transfers"] = [
            _line("open", transfers.rows(user, transfers.Criteria(on=on)).count(), transfer),
            _line("expired", transfers.rows(user, transfers.Criteria(on=on, state=transfers.EXPIRED)).count(),
                  f"{transfer}?state={transfers.EXPIRED}"),
            _line("dual", _dual(user, on), reverse("party:conversion")),
        ]  # fmt: skip
    late = Visit.objects.visible_to(user).open().filter(follow_due_on__lt=on)
    told["visits"] = [
        _line("visits", len(visits_due.owed(visits_due.led(user, on, Permission.VIEW), on)),
              f"{reverse('party:instructor_list')}?state=due"),
        _line("follow_ups", late.count(), f"{reverse('party:visit_list')}?state=late"),
    ]  # fmt: skip
    return [(_(GROUP_TITLES[name]), lines) for name, lines in told.items()]


def _line(name: str, count: int, href: str) -> Line:
    return Line(_(LINE_TITLES[name]), count, href)


def _dual(user: Any, on: date) -> int:
    """Members in dual affiliation whose transfer is due, at party organizations whose roster the user sees."""
    rows = Affiliation.objects.now_open().sorted_out().visible_to(user).filter(transfer_due_on__lt=on)
    return rows.filter(stage__in=[Stage.DUAL.value, Stage.SURVEYED.value]).count()
