"""What ends soon in the register: ratings, certificates, council terms, filings. Asked of the rules, never overdue.

The rules say from when on a body is reminded (RAT-03, GOV-05, FIL-03); the certificate is the product's own reminder.
A day that has passed is no longer 待办: it stands in 整理清单.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access, policy
from liaoyuan.core.models import Area
from liaoyuan.core.queries import due
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.kit.dates import add_months
from liaoyuan.registry.choices import Kind, Permission
from liaoyuan.registry.models import OPEN, Rating, Standing
from liaoyuan.registry.models.organizations import StandingQuerySet
from liaoyuan.registry.queries.portraits import Judge, Portrait, portraits, records_on, rows_of

#: Kinds of ends by the rule that reminds of them; the certificate has none.
RULES = {"rating": "RAT-03", "term": "GOV-05", "filing": "FIL-03"}
TITLES = {"rating": "评估等级到期", "certificate": "登记证书到期", "term": "理事会届满", "filing": "备案到期"}
_DAY = timedelta(days=1)


class End(NamedTuple):
    """One thing that ends: of whom, what, on which last day."""

    last: date
    kind: str
    organization: int
    name: str
    detail: str
    filed: bool
    path: str

    @property
    def title(self) -> str:
        """The line of 待办."""
        if self.kind == "rating":
            return _("“{name}”的 {level} 等级到期").format(name=self.name, level=self.detail)
        told = {
            "certificate": _("“{name}”的登记证书到期"),
            "term": _("“{name}”的理事会届满"),
            "filing": _("“{name}”的备案到期，须确认"),
        }[self.kind]
        return told.format(name=self.name)

    @property
    def button(self) -> str:
        """What is to be done."""
        return {
            "rating": _("通知复评"), "certificate": _("换发证书"), "term": _("通知换届"), "filing": _("确认备案"),
        }[self.kind]  # fmt: skip


def workable(user: Any) -> StandingQuerySet:
    """Live bodies whose rows the user may write: registered ones by the registrar's area, filed ones by theirs."""
    condition = Q(pk__in=[])
    for permission, filed in ((Permission.EDIT, False), (Permission.FILING_EDIT, True)):
        reach = access.reach(user, permission)
        kinds = Q(kind=Kind.BA) if filed else ~Q(kind=Kind.BA)
        if reach.everything:
            condition |= kinds
        for path in reach.paths:
            condition |= kinds & Q(registrar_area__in=Area.objects.within(path))
    return Standing.objects.now_open().live().filter(condition)


def own(user: Any) -> StandingQuerySet:
    """Live bodies that the user acts for."""
    mine = access.reach(user, Permission.OWN_VIEW).organizations
    return Standing.objects.now_open().live().filter(organization__in=mine)


def ends(
    user: Any, on: date, days: int, *, past: int = 0, of: Sequence[int] | None = None,
    among: Callable[[Any], StandingQuerySet] = workable, kinds: Sequence[str] = tuple(TITLES),
) -> list[End]:  # fmt: skip
    """Everything that ends from `past` days before the day `on` until `days` later, earliest first, among the bodies
    the user works on, or other bodies of his; `of` narrows to some organizations, `kinds` to some ends.
    """
    since, until = on - timedelta(days=past), on + timedelta(days=days)
    rows = among(user).filter(_may_end(since, until))
    candidates = rows_of(rows if of is None else rows.filter(organization__in=of))
    if not candidates:
        return []
    records = records_on(on, [row.organization for row in candidates], namesakes=False)
    rules = {kind: rule for kind, rule in RULES.items() if kind in kinds}
    judge = Judge(on, *rules.values())
    told = [_ends_of(portrait, judge, since, until, tuple(rules)) for portrait in portraits(candidates, records)]
    found = [end for ends_ in told for end in ends_ if end.kind in kinds]
    return sorted(found, key=lambda end: (end.last, end.name, end.kind))


def _may_end(since: date, until: date) -> Q:
    """Standings worth asking the rules about: a printed last day in the window, or one that follows from a beginning.

    The figures by which a day follows are gathered from every place; the rules then judge by the right one.
    """
    window = (since, until)
    printed = Rating.objects.current().filter(valid_to__range=(since + _DAY, until + _DAY))
    condition = (
        Q(certificate_to__range=window)
        | Q(term_to__range=window)
        | Q(filing_to__range=window)
        | Q(organization__in=printed.values("organization"))
    )
    for begun in _begun("rating.valid_months", 1, since, until):
        follows = Rating.objects.current().filter(valid_to=OPEN, assumed=False, valid_from__range=begun)
        condition |= Q(organization__in=follows.values("organization"))
    for begun in _begun("term.max_years", 12, since, until):
        condition |= Q(term_to__isnull=True, term_from__range=begun)
    for begun in _begun("filing.valid_months", 1, since, until):
        condition |= Q(kind=Kind.BA, filing_to__isnull=True, organization__registered_on__range=begun)
    return condition


def _begun(key: str, months: int, on: date, until: date) -> list[tuple[date, date]]:
    """When what ends in the window began, for each figure that some place has; some days wider for short months."""
    figures = {row.value for row in policy.rows_in_force() if row.key == key and row.value is not None}
    return [
        (add_months(on, -figure * months) - 3 * _DAY, add_months(until, -figure * months) + 3 * _DAY)
        for figure in sorted(figures)
    ]


def _ends_of(portrait: Portrait, judge: Judge, since: date, until: date, ruled: Sequence[str]) -> Iterator[End]:
    row = portrait.row

    def end(kind: str, last: date, detail: str = "") -> End:
        return End(last, kind, row.organization, row.name, detail, row.filed, row.place)

    if row.certificate_to is not None and since <= row.certificate_to <= until and not row.filed:
        yield end("certificate", row.certificate_to)
    for kind, plan in zip(ruled, judge.plans(row), strict=True):
        for finding in plan.run(portrait.facts, judge.on):
            last = date.fromisoformat(finding.args["last"])
            if since <= last <= until:
                yield end(kind, last, portrait.facts.rating if kind == "rating" else "")


def todo(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """The ends of the next thirty days as lines of 待办."""
    found = ends(user, on, due.DAYS)
    items = [
        DueItem(
            title=end.title,
            due_on=end.last,
            url=reverse("registry:organization_detail", args=[end.organization]),
            button=end.button,
            code=end.kind,
        )
        for end in found[:limit]
    ]
    return items, len(found)


#: The source of this floor. Street offices file but do not register: whoever may write anything is asked.
SOURCES = (DueSource("registry.ends", "登记与备案到期", "", todo),)
