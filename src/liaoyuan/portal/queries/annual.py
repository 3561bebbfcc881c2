"""Conclusions of annual reports as everybody may read them: while their publicity (公示) lasts, and no day else.

A line tells the body's name, number, type and conclusion, and the conclusion of a late report (补报) if there is one;
heads, telephones, papers and the reasons of a conclusion are read nowhere here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from liaoyuan.registry.choices import ANNUAL_RESULT_TITLES
from liaoyuan.registry.models import AnnualReport, AnnualRound


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a part of a name or code, one conclusion. Empty text asks nothing."""

    q: str = ""
    result: str = ""


def standing(on: date) -> list[AnnualRound]:
    """The rounds whose conclusions are published on a day, from the first day of the publicity to the last."""
    rows = AnnualRound.objects.filter(publicity_from__lte=on, publicity_to__gte=on).select_related("area")
    return list(rows.order_by("-year", "area__code"))


def published(round_: AnnualRound) -> Any:
    """The concluded reports of a round; late reports stand beside the missed year, not on lines of their own."""
    rows = AnnualReport.objects.regular().filter(round=round_).exclude(result="").with_body()
    return rows.filter(name__isnull=False, organization__is_external=False)


def asked(round_: AnnualRound, wish: Asked) -> Any:
    """The lines that fulfil a wish, in the order of the names."""
    rows = published(round_)
    text = wish.q.strip()
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(organization__code__icontains=text))
    if wish.result:
        rows = rows.filter(result=wish.result)
    return rows.order_by("name", "pk")


def by_result(round_: AnnualRound) -> dict[str, int]:
    """How many there are of each conclusion, in the order in which they are told."""
    rows = published(round_).order_by().values("result").annotate(n=Count("pk"))
    told = dict(rows.values_list("result", "n"))
    return {code: told[code] for code in ANNUAL_RESULT_TITLES if code in told}
