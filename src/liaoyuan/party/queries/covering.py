"""One body's coverage on a day: what covers it on which document, its numbers, the facts as the rules read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from liaoyuan.party.models import Formation, Visit
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import held
from liaoyuan.party.queries.coverage import AREA, JOINT, OWN, Asked
from liaoyuan.party.rules.facts.coverage import CoverageFacts
from liaoyuan.registry.choices import Kind


@dataclass(frozen=True, slots=True)
class Claim:
    """Why a body counts as covered or worked on: by whom, since when, on which document.

    `how` is own, joint, area, instructor or liaison. `document` is the number, `subject` and `key` name the record that
    keeps the document's files, `case` the application that led to it. `until` is the last day of a letter.
    """

    organization: int
    how: str
    name: str
    since: date
    document: str
    document_on: date | None
    until: date | None
    subject: str
    key: int
    case: int | None = None


def how_of(row: Formation) -> str:
    """own, joint or area, for a formation that covers."""
    return figures.way_of(row.form, row.branch_kind)


def party_claims(asked: Asked, keys: Iterable[int]) -> list[Claim]:
    """Claims of party organizations over these bodies, in two statements."""
    rows = figures.covers(asked).filter(organization__in=list(keys)).select_related("party_organization")
    units = list(rows.order_by("organization", "valid_from", "pk").distinct())
    told = figures.known(Formation.objects, asked.known_at).filter(valid_from__lte=asked.on, valid_to__gt=asked.on)
    rests = {row.party_organization_id: row for row in told.filter(
        party_organization__in={unit.party_organization_id for unit in units})}  # fmt: skip
    found = []
    for unit in units:
        row, party = rests[unit.party_organization_id], unit.party_organization
        found.append(Claim(
            organization=unit.organization_id or 0, how=how_of(row), name=row.name,
            since=max(unit.valid_from, party.established_on or unit.valid_from),
            document=unit.evidence or row.evidence, document_on=unit.evidence_on or row.approved_on, until=None,
            subject="partyorganization", key=party.pk, case=row.case_id,
        ))  # fmt: skip
    return sorted(found, key=lambda claim: (claim.organization, (OWN, JOINT, AREA).index(claim.how), claim.since))


def letter_claims(asked: Asked, keys: Iterable[int]) -> list[Claim]:
    """Claims of instructors and liaisons over these bodies, in one statement."""
    rows = figures.letters(asked).filter(organization__in=list(keys)).select_related("instructor")
    return [
        Claim(
            organization=row.organization_id, how=row.kind, name=row.instructor.name, since=row.valid_from,
            document=row.letter, document_on=row.letter_from, until=row.letter_until,
            subject="instructorassignment", key=row.pk,
        )
        for row in rows.order_by("organization", "valid_from", "pk")
    ]  # fmt: skip


def claims(asked: Asked, keys: Sequence[int]) -> dict[int, list[Claim]]:
    """All claims by body."""
    found: dict[int, list[Claim]] = {key: [] for key in keys}
    for claim in [*party_claims(asked, keys), *letter_claims(asked, keys)]:
        found[claim.organization].append(claim)
    return found


def last_visits(asked: Asked, keys: Iterable[int]) -> dict[int, date]:
    """The day of the last visit by body."""
    rows = Visit.objects.filter(organization__in=list(keys), on__lte=asked.on)
    if asked.known_at is not None:
        rows = rows.filter(made_at__lte=asked.known_at)
    return dict(rows.order_by("on").values_list("organization_id", "on"))


def facts_of(asked: Asked, keys: Sequence[int], told: dict[int, list[Claim]] | None = None) -> dict[int, CoverageFacts]:
    """The facts of these bodies as the rules read them, in a fixed number of statements."""
    by = told if told is not None else claims(asked, keys)
    heads = figures.heads_of(asked, list(keys))
    parties = {c.key for found in by.values() for c in found if c.subject == "partyorganization"}
    met, visited = held.last_meetings(parties, asked.on, asked.known_at), last_visits(asked, keys)
    rows = figures.known(figures.Standing.objects, asked.known_at).filter(
        organization__in=list(keys), valid_from__lte=asked.on, valid_to__gt=asked.on
    )
    states = {key: (status, kind) for key, status, kind in rows.values_list("organization_id", "status", "kind")}
    idle = set(figures.shells(asked.on, asked.known_at).filter(organization__in=list(keys))
               .values_list("organization_id", flat=True))  # fmt: skip
    return {
        key: _facts(by[key], heads.get(key, (0, 0, 0, 0)), met, visited.get(key), *states.get(key, ("", "")),
                    key in idle)
        for key in keys
    }  # fmt: skip


def _facts(
    told: Sequence[Claim], heads: tuple[int, int, int, int], met: dict[int, date], visit: date | None, status: str,
    kind: str, shell: bool,
) -> CoverageFacts:  # fmt: skip
    formal, probationary, committed, dual = heads
    here = [claim for claim in told if claim.subject == "partyorganization"]
    sent = [claim for claim in told if claim.subject != "partyorganization"]
    ways = {claim.how for claim in here}
    first = next(iter([*here, *sent]), None)
    return CoverageFacts(
        formal=formal, committed=committed, dual=dual, probationary=probationary, own_branch=OWN in ways,
        joint_branch=JOINT in ways, area_branch=AREA in ways,
        covered_since=min((claim.since for claim in here), default=None), has_instructor=bool(sent),
        instructor_since=max((claim.since for claim in sent), default=None),
        last_meeting_on=max((met[claim.key] for claim in here if claim.key in met), default=None),
        last_visit_on=visit, claimed=bool(told), document=_document(first),
        document_until=first.until if first else None, counted=True, status=status, is_shell=shell,
        is_filed=kind == Kind.BA,
    )  # fmt: skip


def _document(claim: Claim | None) -> str:
    if claim is None:
        return ""
    return claim.document or (f"#{claim.case}" if claim.case else "")
