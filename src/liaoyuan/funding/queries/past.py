"""Past rounds that came in by a sheet: rounds by year, bodies by what a sheet writes, what is stored of a project."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.funding.choices.past import PAST_OUTCOME_TITLES, PastOutcome
from liaoyuan.funding.choices.rounds import ProgrammeKind, RoundState
from liaoyuan.funding.choices.words import POOL_SOURCE_TITLES
from liaoyuan.funding.models import PastResult, Programme, Project, Round
from liaoyuan.kit.money import format_yuan
from liaoyuan.kit.text import match_key
from liaoyuan.registry.models import Organization, Standing

#: What a project applied for: of one that came in with a past round the sheet knows it, its own sum may be the grant.
ASKED = Coalesce("past__asked_fen", "grant_fen")


def programmes(area: Area) -> list[Programme]:
    """The grant programmes of the area itself."""
    return list(Programme.objects.filter(area=area, kind=str(ProgrammeKind.VENTURE)).order_by("pk"))


def rounds(area: Area) -> list[Round]:
    """Rounds of the area's programmes that were not cancelled and are no exercise."""
    rows = Round.objects.filter(programme__in=programmes(area), practice=False)
    return list(rows.exclude(state=str(RoundState.CANCELLED)).order_by("pk"))


def round_title(year: int, edition: str) -> str:
    """What a round of the year is called that is not known yet."""
    told = edition.strip()
    if told and str(year) in told:
        return told[:80]
    return f"{year} 年{told}{'' if '创投' in told else '公益创投'}"[:80]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that a sheet names; `former` = it bears another name now."""

    pk: int
    name: str
    code: str
    former: bool
    live: bool
    version: int


class Bodies:
    """Bodies by code, filing number, present or former name, those that ended and those of other districts too."""

    def __init__(self) -> None:
        self._known: dict[str, list[Body]] = {}

    def prepare(self, texts: Iterable[str]) -> None:
        """Look up what is not known yet, in one go."""
        wanted = [text for text in dict.fromkeys(texts) if text and text not in self._known]
        if not wanted:
            return
        rows = Organization.objects.known()
        numbered = Q(organization__in=rows.filter(Q(code__in=wanted) | Q(filing_no__in=wanted)).values("pk"))
        told = Standing.objects.current().filter(numbered | Q(name__in=wanted), organization__voided_at__isnull=True)
        bodies = {row.organization_id for row in told.only("organization_id")}
        names = dict(Standing.objects.now_open().filter(organization__in=bodies).values_list("organization", "name"))
        found: dict[str, dict[int, Body]] = {text: {} for text in wanted}
        for row in told.select_related("organization").order_by("organization", "valid_from"):
            held, now = row.organization, names.get(row.organization_id, row.name)
            for text in (held.code, held.filing_no, row.name):
                if text in found:
                    found[text][held.pk] = Body(held.pk, now, held.code, text == row.name != now, held.live,
                                                held.version)  # fmt: skip
        self._known.update({text: list(bodies.values()) for text, bodies in found.items()})

    def find(self, text: str) -> list[Body]:
        """The bodies of this code or name: who bears it now before who bore it, who lives before who ended."""
        found = self._known.get(text, [])
        present = [body for body in found if not body.former] or found
        return [body for body in present if body.live] or present


def stored(round_: Round) -> dict[tuple[int, str], Project]:
    """The round's projects with what the sheet told of each, by body and title."""
    rows = Project.objects.filter(round=round_).select_related("past", "area")
    return {(row.organization_id, match_key(row.title)): row for row in rows}


def fields(row: Project) -> dict[str, Any]:
    """What is stored of a project as the importer writes it; None and "" say nothing."""
    past: PastResult = row.past
    funded = past.granted_fen is not None
    return {
        "field": row.field, "street": row.area.name if row.area else "", "asked": past.asked_fen,
        "total": past.total_fen, "on_site": {True: "yes", False: "no"}.get(past.on_site) if past.on_site is not None
        else None, "score": past.score, "place": past.place, "funded": "yes" if funded else "no",
        "granted": past.granted_fen, "source": past.source, "outcome": past.outcome, "note": past.note,
    }  # fmt: skip


def told(row: Project) -> list[tuple[str, str, str]]:
    """What the sheet told of a project that came in with a past round, for its page; nothing of others."""
    kept = PastResult.objects.filter(project=row).first() if row.round.imported else None
    if kept is None:
        return []
    score = None if kept.score is None else f"{kept.score // 100}.{kept.score % 100:02d}"
    seen = {True: _("是"), False: _("否"), None: ""}[kept.on_site]
    return [
        (_("结果"), _(PAST_OUTCOME_TITLES[kept.outcome]), ""),
        (_("申请金额（元）"), format_yuan(kept.asked_fen), ""),
        (_("预算总额（元）"), "" if kept.total_fen is None else format_yuan(kept.total_fen), ""),
        (_("立项金额（元）"), "" if kept.granted_fen is None else format_yuan(kept.granted_fen), ""),
        (_("资金来源"), _(POOL_SOURCE_TITLES[kept.source]) if kept.source else "", ""),
        (_("进入现场评审"), seen, ""), (_("评审得分"), score or "", ""),
        (_("名次"), "" if kept.place is None else str(kept.place), ""), (_("备注"), kept.note, ""),
    ]  # fmt: skip


def default_outcome(funded: bool) -> PastOutcome:
    """How a project ended of which the sheet does not say it."""
    return PastOutcome.CLOSED if funded else PastOutcome.REFUSED
