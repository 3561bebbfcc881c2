"""Reading what a trial of parameters came to: sums, by body, by application, each finding in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from markupsafe import Markup

from liaoyuan.funding.choices.trials import TrialKind
from liaoyuan.funding.models import Round, Trial, TrialLine
from liaoyuan.funding.queries import figures, limits
from liaoyuan.funding.queries import rounds as reading
from liaoyuan.registry.models import Standing


@dataclass(frozen=True, slots=True)
class Sums:
    """How many applications of a kind, what they asked for, what was granted to them. Fen."""

    kind: TrialKind
    count: int
    grant_fen: int
    approved_fen: int


def sums(trial: Trial) -> list[Sums]:
    """All kinds of change in their order."""
    rows = trial.lines.order_by().values("kind").annotate(
        n=Count("pk"), grant=Sum("grant_fen"), approved=Sum("approved_fen")
    )  # fmt: skip
    told = {row["kind"]: row for row in rows}
    return [
        Sums(kind, *((told[kind]["n"], told[kind]["grant"], told[kind]["approved"]) if kind in told else (0, 0, 0)))
        for kind in TrialKind
    ]


def _named(reference: str) -> Subquery:
    """What a body is called now."""
    return Subquery(Standing.objects.now_open().filter(organization=OuterRef(reference)).values("name")[:1])


def by_body(trial: Trial) -> QuerySet[TrialLine, Any]:
    """A line a body, by name: how many of its applications change in each way, and their money. Fen."""
    counts = {str(kind): Count("pk", filter=Q(kind=str(kind))) for kind in TrialKind}
    rows = trial.lines.order_by().values("organization").annotate(
        **counts, grant=Sum("grant_fen"), approved=Sum("approved_fen"), body_name=_named("organization")
    )  # fmt: skip
    return rows.order_by("body_name", "organization")


def listed(trial: Trial, text: str = "", kind: str = "", code: str = "") -> QuerySet[TrialLine]:
    """The lines that fit, with `body_name`, the applicant's present name."""
    rows = trial.lines.select_related("project__round").annotate(body_name=_named("organization"))
    if text.strip():
        asked = text.strip()
        bearing = Standing.objects.now_open().filter(organization=OuterRef("organization"), name__icontains=asked)
        rows = rows.filter(
            Q(project__title__icontains=asked) | Q(project__number__iexact=asked) | Exists(bearing)
        )  # fmt: skip
    if kind:
        rows = rows.filter(kind=kind)
    if code:
        rows = rows.filter(codes__contains=code)
    return rows


def codes(trial: Trial) -> list[str]:
    """The rules that change anywhere in the trial."""
    rows = trial.lines.order_by("codes").values_list("codes", flat=True).distinct()
    return sorted({code for told in rows for code in told.split()})


def said(line: TrialLine) -> Iterator[tuple[bool, str, str, str]]:
    """What is told of each finding of a line: whether it is new, its rule, its sentence with article and figures."""
    for one in line.findings:
        told = "；".join(
            _("{title}：{old} → {new}").format(title=figures.title(key), old=word(key, old), new=word(key, new))
            for key, old, new in one["figures"] if key.startswith("gv.")
        )  # fmt: skip
        basis = "；".join(part for part in (told, one["source"]) if part)
        yield one["way"] == "new", one["code"], one["message"], basis


def word(key: str, value: Any) -> str:
    """A value of a figure as people read it; nothing set is no limit."""
    return _("不限") if value is None else figures.words(key, value)


def changes(trial: Trial) -> list[tuple[str, str]]:
    """What the trial changes: each figure with its value."""
    return [(figures.title(key), word(key, value)) for key, value in trial.values.items()]


def summary(trial: Trial) -> str:
    """What a trial changes, in one line."""
    told = [f"{title} {value}" for title, value in changes(trial)]
    return "；".join([*([place(trial)] if trial.place else []), *told])


def place(trial: Trial) -> str:
    """Whose figures, of which day, stand in for those of the rounds."""
    if not trial.place or trial.place_on is None:
        return ""
    return _("{place} {day} 的参数").format(place=reading.place_title(trial.place), day=trial.place_on.isoformat())


def titles(trial: Trial) -> str:
    """The rounds of a trial."""
    rows = Round.objects.filter(pk__in=trial.rounds).order_by("-year", "-pk")
    return "、".join(rows.values_list("title", flat=True))


def value_in(round_: Round, key: str) -> Any:
    """What a figure is in a round."""
    return limits.limits_of(round_).get(key)


def told(line: TrialLine) -> Markup:
    """The findings of a line as a cell: what comes, what goes, with figures and article."""
    parts = [
        Markup("<li>{sign} {code} {message}<br><span class='text-secondary'>{basis}</span></li>").format(
            sign=_("新增：") if new else _("不再："), code=code, message=message, basis=basis
        )
        for new, code, message, basis in said(line)
    ]
    return Markup("<ul class='list-unstyled'>{}</ul>").format(Markup("").join(parts))
