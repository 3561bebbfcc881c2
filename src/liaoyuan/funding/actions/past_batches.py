"""Applying and undoing the import of a past round: set actions, each one short transaction.

What a row wrote stands in its `before["_"]["written"]`: the project, its version, what it was before, and what it made
on the way (programme, round, body). Undo compensates, or refuses and undoes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Sum
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events, locks, registries, staging
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import BatchState, Event
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.funding.actions import entering, rounds
from liaoyuan.funding.choices.past import PAST_STATES, UNFUNDED, PastOutcome
from liaoyuan.funding.choices.rounds import PoolSource, RoundState
from liaoyuan.funding.choices.states import COUNTED, ProjectState
from liaoyuan.funding.choices.words import POOL_SOURCE_TITLES
from liaoyuan.funding.models import PastResult, Pool, Programme, Project, Round, Slot
from liaoyuan.funding.queries import limits, past
from liaoyuan.funding.queries.rounds import place_of
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.kit.text import match_key
from liaoyuan.people.actions import batches as shared
from liaoyuan.registry.actions import external
from liaoyuan.registry.models import Organization

#: Fields of a row that `PastResult` and the project hold, as they are told.
_TOLD = ("field", "asked", "total", "on_site", "score", "place", "granted", "source", "note")
_ON_SITE = {"yes": True, "no": False}
_MANY = 3


def _meta(row: ImportRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def apply_batch(*, batch: ImportBatch, confirm_review: bool = False, by: Actor, at: datetime) -> ImportBatch:
    """Write the accepted rows, and the review rows that are confirmed, as rounds that are over.

    Refused when a project or a body changed since the comparison, or the round was set up meanwhile (IMP-STALE).
    """
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    rows = shared.writable(batch, confirm_review=confirm_review)
    with transaction.atomic():
        locks.one_at_a_time("funding.import")
        entering.lock(rounds=[0])
        batch = ImportBatch.objects.select_for_update().select_related("area").get(pk=batch.pk)
        shared.require_state(batch, BatchState.STAGED)
        writer = _Writer(batch, by=by, at=at)
        writer.require_fresh(rows)
        for row in rows:
            writer.write(row)
        for held in writer.rounds.values():
            _pools(held)
        ImportRow.objects.bulk_update(rows, ["object_id", "before"], batch_size=500)
        shared.close_applied(batch, rows, confirm_review=confirm_review, by=by, at=at)
    return batch


class _Writer:
    """Writes the rows of one batch; keeps in each what undo needs."""

    def __init__(self, batch: ImportBatch, *, by: Actor, at: datetime) -> None:
        self.batch, self.by, self.at = batch, by, at
        self.rounds: dict[int, Round] = {}
        self._titled: dict[tuple[int, str], Round] = {}
        self._programme: Programme | None = None
        self._bodies: dict[str, Organization] = {}
        self._slots: dict[int, Counter[int]] = {}

    def require_fresh(self, rows: Iterable[ImportRow]) -> None:
        """Nothing that the comparison rested on has changed."""
        metas = {row.pk: (row, _meta(row)) for row in rows}
        projects = Project.objects.in_bulk([meta["project"] for _row, meta in metas.values() if meta["project"]])
        bodies = Organization.objects.known().in_bulk([meta["body"] for _row, meta in metas.values() if meta["body"]])
        held = {one.pk: one for one in past.rounds(self.batch.area)}
        names = {(one.programme_id, one.title) for one in held.values()} | {(None, one.title) for one in held.values()}
        codes = [str(row.fields.get("code") or "") for row, meta in metas.values() if not meta["body"]]
        known = set(Organization.objects.known().filter(code__in=[code for code in codes if code], live=True)
                    .values_list("code", flat=True))  # fmt: skip
        kept = {pk: past.stored(held[pk]) for pk in {m["round"] for _r, m in metas.values()} if pk in held}
        stale = []
        for row, meta in metas.values():
            body = bodies.get(meta["body"] or 0)
            project = projects.get(meta["project"] or 0)
            told = (meta["body"], match_key(str(row.fields.get("title", ""))))
            if (
                (meta["body"] and (body is None or body.version != meta["body_version"]))
                or (not meta["body"] and row.fields.get("code") in known)
                or (meta["project"] and (project is None or project.version != meta["version"]))
                or (meta["round"] and meta["round"] not in held)
                or (meta["round"] is None and (meta["programme"], meta["round_title"]) in names)
                or (meta["project"] is None and told in kept.get(meta["round"], {}))
            ):
                stale.append(row.label)
        if stale:
            told_ = _("比对之后有 {n} 行涉及的内容被修改（如 {first}），请重新比对后再导入。")
            raise Refused([staging.note("IMP-STALE", Severity.BLOCK, told_, n=len(stale), first=stale[0])])

    def write(self, row: ImportRow) -> None:
        """One project, with the round and the body that it needs."""
        meta, made = _meta(row), dict[str, int]()
        if meta["project"]:
            project = Project.objects.select_related("round", "past", "area").get(pk=meta["project"])
            self.rounds[project.round_id] = project.round
            was = {**past.fields(project), "street": project.area_id}
            self._set(project, {**was, **_news(row, was)}, was["outcome"])
        else:
            was = None
            held = self._round(row, meta, made)
            body = self._body(row, meta, made)
            project = Project(round=held, organization=body, number=self._number(row, held),
                              title=str(row.fields["title"]), created_at=self.at, version=0,
                              created_by=entering.recorder(self.by),
                              submitted_at=clock.moment(held.opens_on))  # fmt: skip
            self._set(project, _news(row, {}), "")
        row.object_id = project.pk
        meta["written"] = {"project": project.pk, "version": project.version, "was": was, "made": made}

    def _set(self, project: Project, told: Mapping[str, Any], before: str) -> None:
        """Put what the sheet tells on the project and its result, and take or give back its slot."""
        funded = told.get("funded") == "yes"
        outcome = PastOutcome(told.get("outcome") or past.default_outcome(funded))
        if (outcome in UNFUNDED) == funded:
            outcome = past.default_outcome(funded)
        granted = told.get("granted") if funded else None
        project.field, project.area_id = told.get("field") or "", told.get("street")
        project.grant_fen = granted or told["asked"]
        project.total_fen = project.base_fen = max(told.get("total") or 0, project.grant_fen)
        project.own_fen = project.total_fen - project.grant_fen
        project.state = str(PAST_STATES[outcome])
        project.version += 1
        project.save()
        PastResult.objects.update_or_create(project=project, defaults={
            "outcome": str(outcome), "asked_fen": told["asked"], "total_fen": told.get("total"),
            "granted_fen": granted, "source": told.get("source") or "", "score": told.get("score"),
            "place": told.get("place"), "on_site": _ON_SITE.get(str(told.get("on_site"))),
            "note": told.get("note") or "", "recorded_at": self.at, "recorded_by": entering.recorder(self.by),
        })  # fmt: skip
        self._slot(project, before)

    def _slot(self, project: Project, before: str) -> None:
        counted = ProjectState(project.state) in COUNTED
        if before and counted == (PAST_STATES[PastOutcome(before)] in COUNTED):
            return
        if not counted:
            Slot.objects.filter(project=project).delete()
            return
        taken = set(Slot.objects.filter(round=project.round_id, organization=project.organization_id)
                    .values_list("slot", flat=True))  # fmt: skip
        slot = next(n for n in range(1, len(taken) + 2) if n not in taken)
        most = limits.limits_of(project.round).get("gv.max_apply") or _MANY
        Slot.objects.create(round=project.round, organization_id=project.organization_id, project=project, slot=slot,
                            cap=max(most, slot))  # fmt: skip

    def _number(self, row: ImportRow, held: Round) -> str:
        """The number that the sheet gives, else the next of the round."""
        held.last_number += 1
        given = str(row.fields.get("number") or "")
        while not given and Project.objects.filter(round=held, number=f"{held.year}-{held.last_number:03d}").exists():
            held.last_number += 1
        held.save(update_fields=["last_number"])
        return given or f"{held.year}-{held.last_number:03d}"

    def _round(self, row: ImportRow, meta: Mapping[str, Any], made: dict[str, int]) -> Round:
        """The round that came in before, or a new one that is over: its days are assumed."""
        if meta["round"]:
            if meta["round"] not in self.rounds:
                self.rounds[meta["round"]] = Round.objects.select_related("programme__area").get(pk=meta["round"])
            return self.rounds[meta["round"]]
        programme = self._plan(meta, made)
        key = (programme.pk, str(meta["round_title"]))
        if key not in self._titled:
            year = int(row.fields["year"])
            closes = min(date(year, 12, 31), self.batch.as_of)
            self._titled[key] = Round.objects.create(
                programme=programme, year=year, title=meta["round_title"], place=place_of(self.batch.area),
                imported=True, state=str(RoundState.ENDED), opens_on=date(year, 1, 1), closes_on=closes,
                opened_at=clock.moment(date(year, 1, 1)), ended_at=clock.moment(closes), created_at=self.at,
                created_by=entering.recorder(self.by),
            )  # fmt: skip
            made["round"] = self._titled[key].pk
            self.rounds[self._titled[key].pk] = self._titled[key]
        return self._titled[key]

    def _plan(self, meta: Mapping[str, Any], made: dict[str, int]) -> Programme:
        if meta["programme"]:
            return Programme.objects.select_related("area").get(pk=meta["programme"])
        if self._programme is None:
            area = self.batch.area
            fields = {"name": _("{area}公益创投").format(area=area.name), "host": area.name}
            code = f"{area.code}-venture"
            if Programme.objects.filter(code=code).exists():
                code = f"{area.code}-venture-{self.batch.pk}"
            self._programme = rounds.enter_programme(area=area, code=code, fields=fields, by=self.by, at=self.at)
            made["programme"] = self._programme.pk
        return self._programme

    def _body(self, row: ImportRow, meta: Mapping[str, Any], made: dict[str, int]) -> Organization:
        if meta["body"]:
            return Organization.objects.get(pk=meta["body"])
        code, name = str(row.fields.get("code") or ""), str(row.fields["organization"])
        key = code or match_key(name)
        if key not in self._bodies:
            self._bodies[key] = external.enter(name=name, code=code, area=self.batch.area, by=self.by, at=self.at)
            made["body"] = self._bodies[key].pk
        return self._bodies[key]


def _news(row: ImportRow, was: Mapping[str, Any]) -> dict[str, Any]:
    """What the row says: an empty cell says nothing. An end that does not go with a new funding is left out."""
    told = {name: row.fields[name] for name in _TOLD if row.fields.get(name) not in (None, "")}
    if _meta(row)["area"]:
        told["street"] = _meta(row)["area"]
    if "funded" in row.fields:
        told["funded"] = row.fields["funded"]
    if row.fields.get("outcome"):
        told["outcome"] = row.fields["outcome"]
    elif was and told.get("funded", was["funded"]) != was["funded"]:
        told["outcome"] = ""
    return told


def _pools(held: Round) -> None:
    """The money of a past round: what was granted of each source is its whole ceiling."""
    rows = PastResult.objects.filter(project__round=held, granted_fen__isnull=False).order_by()
    wanted: Counter[str] = Counter()
    for row in rows.values("source").annotate(fen=Sum("granted_fen")):
        wanted[row["source"] or str(PoolSource.OTHER)] += row["fen"]
    kept = {pool.source: pool for pool in Pool.objects.filter(round=held)}
    for source, fen in sorted(wanted.items()):
        pool = kept.pop(source, None) or Pool(round=held, source=source, title=_(POOL_SOURCE_TITLES[source]))
        pool.ceiling_fen = pool.committed_fen = fen
        pool.save()
    Pool.objects.filter(pk__in=[pool.pk for pool in kept.values()]).delete()


def undo_batch(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """Take an applied batch back: projects, round, programme and bodies that it brought in are gone.

    Refused, with the rows whose project was changed or used since; then nothing is undone.
    """
    access.require_area(by, registries.import_kinds[batch.kind].permission, batch.area.path)
    with transaction.atomic():
        locks.one_at_a_time("funding.import")
        entering.lock(rounds=[0])
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        shared.require_state(batch, BatchState.APPLIED)
        rows = [row for row in batch.rows.filter(object_id__isnull=False).order_by("number") if "written" in _meta(row)]
        found = Project.objects.select_related("round", "past", "area").in_bulk([row.object_id for row in rows])
        _refuse([row for row in rows if not _untouched(row, found)])
        writer = _Writer(batch, by=by, at=at)
        held = {project.round_id: project.round for project in found.values()}
        for row in reversed(rows):
            _take_back(row, found[row.object_id or 0], writer)
        for round_ in held.values():
            _pools(round_)
        for row in reversed(rows):
            _unmake(_meta(row)["written"]["made"], by=by, at=at)
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, at, entering.recorder(by)
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        told = {"file": batch.file_name, "rows": len(rows), "digest": shared.digest(batch)}
        events.record(Event.IMPORT_UNDONE, batch, by=by, at=at, payload=told)
    return batch


def _refuse(touched: list[ImportRow]) -> None:
    if touched:
        told = _("第 {row} 行“{name}”在导入之后又被修改，整批没有撤销。")
        raise Refused([
            staging.note("IMP-UNDO", Severity.BLOCK, told, row=row.number, name=row.label) for row in touched[:100]
        ])  # fmt: skip


def _untouched(row: ImportRow, found: Mapping[int, Project]) -> bool:
    project, written = found.get(row.object_id or 0), _meta(row)["written"]
    return project is not None and project.version == written["version"]


def _take_back(row: ImportRow, project: Project, writer: _Writer) -> None:
    """What the row wrote of a project. A project that it brought in and that is used by now refuses the whole."""
    was = _meta(row)["written"]["was"]
    if was is not None:
        writer._set(project, was, project.past.outcome)
        return
    Slot.objects.filter(project=project).delete()
    project.past.delete()
    try:
        project.delete()
    except ProtectedError:
        _refuse([row])


def _unmake(made: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    """What a row made on the way and nobody else uses by now."""
    body = Organization.objects.known().filter(pk=made.get("body") or 0, is_external=True, version=1).first()
    if body is not None and not Project.objects.of_body(body).exists():
        external.void(organization=body, by=by, at=at)
    round_ = Round.objects.filter(pk=made.get("round") or 0, imported=True, projects__isnull=True).first()
    if round_ is not None:
        round_.delete()
    programme = Programme.objects.filter(pk=made.get("programme") or 0, rounds__isnull=True).first()
    if programme is not None:
        programme.delete()
