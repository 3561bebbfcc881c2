"""Preparing an import batch of organizations: all that can be computed while nothing is locked.

The rows are read in portions; what applying will write waits in a spool (`core.bulk`), keys are reserved, the digest
and the search documents are made. `batches.apply_batch` takes over under the lock, if nothing has changed since.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import bulk, search
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Verdict
from liaoyuan.core.models import Area, ImportBatch, ImportMade, ImportRow
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.periods import Period
from liaoyuan.registry.actions import records, secrets, standings, values
from liaoyuan.registry.choices import LIVE
from liaoyuan.registry.models import OPEN, AnnualResult, CreditEntry, Organization, Rating, Standing
from liaoyuan.registry.queries.documents import absorbed, document
from liaoyuan.registry.queries.standings import FACTS, POINT, periods_of

SUBJECT = "organization"
#: Rows that are looked at together.
PORTION = 1000
_READ = ("pk", "number", "verdict", "confirmed", "action", "key", "label", "object_id", "fields", "before")
_IDENTITY = ("code", "code_as_given", "filing_no", "registered_on", "closed_on", "live", "version")
_NEW = ("code", "code_as_given", "filing_no", "registered_on", "closed_on", "is_external", "live", "version",
        "created_at", "created_by_id")  # fmt: skip
_STANDING = ("organization_id", "valid_from", "valid_to", "recorded_at", "recorded_by_id", "assumed", *FACTS)
_WHO = ("organization_id", "recorded_at", "recorded_by_id")
#: What is told of a new record of each kind; "" and False unless said otherwise.
SAID: dict[str, tuple[str, ...]] = {
    "rating": ("level", "valid_from", "valid_to", "assumed", "evidence"),
    "annual": ("year", "result"),
    "credit": ("list_kind", "reason", "valid_from", "valid_to", "arisen_on", "assumed", "evidence", "removal_reason"),
}
_UNSAID = {"valid_to": OPEN, "assumed": False, "evidence": "", "removal_reason": "", "arisen_on": None}
_PLACES = ("registrar_area_id", "street_id", "community_id")
_LIVE = {str(s) for s in LIVE}
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


@dataclass(slots=True)
class Row:
    """A staged row, as far as applying wants to know it."""

    pk: int
    number: int
    verdict: str
    confirmed: bool
    action: str
    key: str
    label: str
    object_id: int | None
    fields: dict[str, Any]
    before: dict[str, Any] | None


def portions(rows: "QuerySet[ImportRow]", *columns: str) -> Iterator[list[Any]]:
    """The rows in the order of the sheet, some at a time; `number` is the first column but one."""
    last = -1
    while part := list(rows.filter(number__gt=last).order_by("number").values_list(*columns)[:PORTION]):
        last = part[-1][1]
        yield part


def digest_line(row: Iterable[Any]) -> bytes:
    """A line of the change table: row number, record, action, values, comparison."""
    return _CANONICAL.encode(list(row)).encode()


def digest(batch: ImportBatch) -> str:
    """SHA-256 over the change table of an applied batch, in the order of the sheet."""
    found = hashlib.sha256()
    for part in portions(batch.rows.with_record(), "pk", "number", "record", "action", "fields", "before"):
        for line in part:
            found.update(digest_line(line[1:]))
    return found.hexdigest()


class Work:
    """What an action on a batch will write, waiting in a spool until `write`."""

    def __init__(self, batch: ImportBatch, spool: bulk.Spool, *, by: Actor, at: datetime) -> None:
        self.batch, self.spool, self.at = batch, spool, at
        user = standings.recorder(by)
        self.user_id = user.pk if user else None
        self._paths: dict[int | None, str] = {None: ""}
        spool.table("organizations", Organization, ("id", *_NEW))
        spool.table("changed", Organization, ("id", *_IDENTITY))
        spool.table("standings", Standing, _STANDING)
        spool.table("superseded", Standing, ("id", "superseded_at"))
        for kind, model in records.MODELS.items():
            spool.table(f"{kind}_first", model, (*_WHO, *SAID[kind]))
            spool.table(f"{kind}_next", model, ("id", *_WHO, *SAID[kind]))
            spool.table(f"{kind}_ended", model, ("id", "superseded_at"))
        spool.table("links", ImportMade, ("row_id", "object_id"))
        spool.table("compared", ImportRow, ("id", "before"))
        search.make_room(spool)

    def histories(self, ids: list[int]) -> dict[int, list[Standing]]:
        """The present facts of these bodies, in order of time."""
        found: dict[int, list[Standing]] = {}
        rows = Standing.objects.filter(organization__in=ids, superseded_at__isnull=True).order_by("valid_from")
        for standing in rows:
            found.setdefault(standing.organization_id, []).append(standing)
        self.know_paths({getattr(s, name) for old in found.values() for s in old for name in _PLACES})
        return found

    def know_paths(self, areas: set[Any]) -> None:
        """Remember the paths of these areas."""
        unknown = areas - self._paths.keys()
        if unknown:
            self._paths.update(Area.objects.filter(pk__in=unknown).values_list("pk", "path"))

    def facts(self, pk: int, history: Iterable[tuple[Period, list[str]]]) -> Iterator[tuple[Any, ...]]:
        """Rows of standings."""
        for period, mark in history:
            said = period.values
            yield (pk, period.start, period.end, self.at, self.user_id, mark, *(said[name] for name in FACTS))

    def where(self, said: Mapping[str, Any]) -> tuple[str, str, str]:
        """The paths of the places that a standing names."""
        registrar, street, community = (self._paths.get(said[name], "") for name in _PLACES)
        return registrar, street, community

    def rewrite(self, organization: Organization, old: list[Standing], history: list[Period]) -> None:
        """Let a body's new history wait, with its numbers as they stand in `organization`, version and document."""
        done, new = _difference(old, history)
        last = history[-1].values
        organization.live = last["status"] in _LIVE and organization.voided_at is None
        organization.version += 1
        self._gone += [(dead, self.at) for dead in done]
        self._facts += self.facts(organization.pk, new)
        self._changed.append((organization.pk, *(getattr(organization, name) for name in _IDENTITY)))
        codes = (organization.code, organization.code_as_given, organization.filing_no)
        self._documents.append(
            document(
                organization.pk, [p.values["name"] for p in reversed(history)], codes, live=organization.live,
                external=organization.is_external, still=True, areas=self.where(last),
                also=self._merged.get(organization.pk),
            )
        )  # fmt: skip

    def begin(self) -> None:
        """Begin a portion of `rewrite`."""
        self._merged = absorbed(None)
        self._gone: list[tuple[int, datetime]] = []
        self._facts: list[tuple[Any, ...]] = []
        self._changed: list[tuple[Any, ...]] = []
        self._documents: list[Mapping[str, Any]] = []

    def end(self) -> None:
        """What was rewritten since `begin` waits."""
        self.spool.add("changed", self._changed)
        self.spool.add("superseded", self._gone)
        self.spool.add("standings", self._facts)
        search.prepare(self.spool, SUBJECT, self._documents, known=True)

    def moved(self) -> list[int]:
        """Under the lock: bodies that somebody changed while their new history was prepared."""
        if not self.spool.has("changed"):
            return []
        gone = self.spool.ask(
            "SELECT c.id FROM {changed} c LEFT JOIN registry_organization o ON o.id = c.id"
            " WHERE o.version IS NULL OR o.version <> c.version - 1 ORDER BY c.id"
        )
        return [key for (key,) in gone]

    def write(self, count: int) -> None:
        """Take over, under the lock and after the checks: what ends, what begins, the documents of `count` bodies."""
        spool = self.spool
        spool.write("organizations")
        spool.update("changed")
        spool.update("superseded")
        spool.write("standings")
        for kind in SAID:
            spool.update(f"{kind}_ended")
            spool.write(f"{kind}_first")
            spool.write(f"{kind}_next")
        spool.write("links")
        spool.update("compared")
        if count >= PORTION // 2:
            bulk.tell_planner(Organization, Standing, Rating, AnnualResult, CreditEntry)
        search.take_over(spool, SUBJECT, count)


class Prepared(Work):
    """What a batch will write, with what has to be checked under the lock."""

    def __init__(self, batch: ImportBatch, spool: bulk.Spool, *, confirm_review: bool, by: Actor, at: datetime) -> None:
        super().__init__(batch, spool, by=by, at=at)
        self.stamp = batch.stamp
        #: How many bodies are made and changed, fields that hold something, bodies changed since the comparison.
        self.created = self.updated = 0
        self.filled: set[str] = set()
        self.stale: list[str] = []
        #: Bodies whose head is another one now, with the day of the change.
        self.heads: dict[int, date] = {}
        self._digest = hashlib.sha256()
        self._confirm_review = confirm_review
        taken = batch.rows.filter(Q(verdict=Verdict.ACCEPT) | Q(verdict=Verdict.REVIEW))
        if not confirm_review:
            taken = taken.filter(Q(verdict=Verdict.ACCEPT) | Q(confirmed=True))
        fresh = taken.filter(object_id__isnull=True)
        self._ids = iter(bulk.reserve_ids(Organization, fresh.count()))
        self._last_of_key = _last(fresh, "key")
        self._last_of_body = _last(taken.filter(object_id__isnull=False), "object_id")
        for part in portions(batch.rows.all(), *_READ):
            self._prepare([Row(*line) for line in part])
        spool.settled()

    @property
    def digest(self) -> str:
        """SHA-256 over the change table; see `digest`."""
        return self._digest.hexdigest()

    def _taken(self, row: Row) -> bool:
        """Whether the row is written. Of several rows with one key the last one wins, as the person confirmed."""
        if row.verdict == Verdict.REVIEW:
            if not (row.confirmed or self._confirm_review):
                return False
        elif row.verdict != Verdict.ACCEPT:
            return False
        if row.object_id is None:
            return self._last_of_key.get(row.key, row.number) == row.number
        return row.action == "update" and self._last_of_body.get(row.object_id, row.number) == row.number

    def _prepare(self, part: list[Row]) -> None:
        taken = [row for row in part if self._taken(row)]
        filled = {name for row in taken for name, value in row.fields.items() if value}
        secrets.refuse_unstorable(dict.fromkeys(filled, True))
        self.filled |= filled
        self._learn_paths(taken)
        updates = [row for row in taken if row.object_id is not None]
        self._create([row for row in taken if row.object_id is None])
        if updates:
            self._update(updates)
        for row in part:
            if row.object_id is not None:
                self._digest.update(digest_line((row.number, row.object_id, row.action, row.fields, row.before)))

    def _learn_paths(self, rows: list[Row]) -> None:
        places = [(row.before or {}).get("_", {}) for row in rows]
        self.know_paths({self.batch.area_id, *(place.get(name) for place in places for name in _PLACES)})

    def _create(self, rows: list[Row]) -> None:
        organizations: list[tuple[Any, ...]] = []
        facts: list[tuple[Any, ...]] = []
        documents: list[Mapping[str, Any]] = []
        told: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in SAID}
        at, user_id, home = self.at, self.user_id, self._paths[self.batch.area_id]
        for row in rows:
            pk = row.object_id = next(self._ids)
            places = {"registrar_area_id": self.batch.area_id, **(row.before or {}).get("_", {})}
            same = values.identity(row.fields)
            known = values.facts(row.fields, places)
            known["registrar_area_id"] = registrar = places["registrar_area_id"]
            external = not self._paths.get(registrar, home).startswith(home)
            history = values.first_periods(
                known, start=same.get("registered_on"), closed_on=same.get("closed_on"), as_of=self.batch.as_of,
                marks=values.precision(row.fields),
            )  # fmt: skip
            last = history[-1].values
            live = last["status"] in _LIVE
            codes = (same.get("code", ""), same.get("code_as_given", ""), same.get("filing_no", ""))
            days = (same.get("registered_on"), same.get("closed_on"))
            organizations.append((pk, *codes, *days, external, live, 1, at, user_id))
            facts += self.facts(pk, [(p, ["*"] if i == 0 else []) for i, p in enumerate(history)])
            documents.append(
                document(pk, [last["name"]], codes, live=live, external=external, still=True, areas=self.where(last))
            )
            self._first_records(pk, row.fields, told)
        self.spool.add("organizations", organizations)
        self.spool.add("standings", facts)
        for kind, lines in told.items():
            self.spool.add(f"{kind}_first", lines)
        self.spool.add("links", ((row.pk, row.object_id) for row in rows))
        search.prepare(self.spool, SUBJECT, documents, known=False)
        self.created += len(rows)

    def _first_records(self, pk: int, fields: Mapping[str, Any], told: dict[str, list[tuple[Any, ...]]]) -> None:
        """Records of a new body: nothing has to be compared."""
        who = (pk, self.at, self.user_id)
        if fields.get("rating"):
            given, last = fields.get("rated_on"), fields.get("rating_until")
            begin = values.day(given or fields.get("registered_on") or "0001-01-01")
            end = date.fromordinal(values.day(last).toordinal() + 1) if last else OPEN
            told["rating"].append((*who, fields["rating"], begin, end if end > begin else OPEN, not given, ""))
        for year, result in sorted((fields.get("annual_results") or {}).items()):
            told["annual"].append((*who, int(year), result))
        if fields.get("credit_status", "normal") != "normal":
            reason = _("导入的台账列有")
            told["credit"].append((*who, fields["credit_status"], reason, self.batch.as_of, OPEN, None, True, "", ""))

    def _update(self, rows: list[Row]) -> None:
        ids = [row.object_id or 0 for row in rows]
        organizations, kept = Organization.objects.in_bulk(ids), self.histories(ids)
        known = records.known_of(ids, self.batch.as_of)
        steps: list[tuple[Row, list[records.Step]]] = []
        self.begin()
        for row in rows:
            pk = row.object_id or 0
            organization, old = organizations.get(pk), kept.get(pk)
            if organization is None or old is None or organization.version != (row.before or {})["_"].get("version"):
                self.stale.append(row.label)
                continue
            history = _changed(self.batch, row, organization, old)
            if standings.head_changed(periods_of(old), history):
                self.heads[pk] = self.batch.as_of
            fields = _changed_fields(row)
            steps.append((row, records.steps(organization.registered_on, known[pk], fields, as_of=self.batch.as_of)))
            self.rewrite(organization, old, history)
        self.end()
        self._next_records(steps)
        self.spool.add("compared", ((row.pk, row.before) for row, _steps in steps))
        self.updated += len(steps)

    def _next_records(self, told: list[tuple[Row, list[records.Step]]]) -> None:
        """Records that end or begin; what the undo needs goes into the row's `before["_"]`."""
        ends: dict[str, list[tuple[int, datetime]]] = {kind: [] for kind in SAID}
        lines: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in SAID}
        keys = {
            kind: iter(bulk.reserve_ids(model, sum(s.kind == kind and s.values is not None
                                                   for _row, steps in told for s in steps)))
            for kind, model in records.MODELS.items()
        }  # fmt: skip
        for row, steps in told:
            changes: list[records.Change] = []
            for step in steps:
                if step.ends is not None:
                    ends[step.kind].append((step.ends, self.at))
                key = None
                if step.values is not None:
                    said = {**_UNSAID, **step.values}
                    key = next(keys[step.kind])
                    who = (key, row.object_id, self.at, self.user_id)
                    lines[step.kind].append((*who, *(said[name] for name in SAID[step.kind])))
                changes.append([step.kind, step.replaces, key])
            if changes:
                (row.before or {})["_"]["records"] = changes
        for kind in SAID:
            self.spool.add(f"{kind}_ended", ends[kind])
            self.spool.add(f"{kind}_next", lines[kind])

    def taken_meanwhile(self) -> list[str]:
        """Under the lock: bodies that are not what the comparison rested on, by their names or numbers."""
        found = list(self.stale)
        keys = self.moved()
        rows = self.batch.rows.filter(object_id__in=keys[:PORTION], action="update")
        labels = dict(rows.values_list("object_id", "label")) if keys else {}
        found += [labels.get(key, "") for key in keys]
        if self.spool.has("organizations"):
            for name in ("code", "filing_no"):
                taken = self.spool.ask(
                    f"SELECT o.{name} FROM registry_organization o WHERE o.voided_at IS NULL AND o.{name} <> ''"  # noqa: S608
                    f" AND o.{name} IN (SELECT {name} FROM {{organizations}}) ORDER BY o.id"
                )
                found += [number for (number,) in taken]
        return found


def _last(rows: "QuerySet[ImportRow]", column: str) -> dict[Any, int]:
    """Of values that several rows bear: the number of the last one."""
    twice = rows.order_by().values_list(column).annotate(n=Count("pk"), last=Max("number")).filter(n__gt=1)
    return {value: last for value, _count, last in twice}


_RATED = frozenset({"rating", "rated_on", "rating_until"})


def _changed_fields(row: Row) -> dict[str, Any]:
    names = set(row.before or {}) - {"_"}
    if names & _RATED:  # a rating is one record: a date that stays as it was is told with the one that moved
        names |= _RATED
    return {name: row.fields[name] for name in names if name in row.fields}


def _changed(batch: ImportBatch, row: Row, organization: Organization, old: list[Standing]) -> list[Period]:
    """The new history of one body; what the undo needs goes into the row's `before["_"]`."""
    fields = _changed_fields(row)
    meta: dict[str, Any] = row.before["_"]  # type: ignore[index]
    same = values.identity(fields)
    meta["identity"] = {n: [plain(getattr(organization, n)), plain(v)] for n, v in same.items()}
    for name, value in same.items():
        setattr(organization, name, value)
    history = periods_of(old)
    facts = values.facts(fields, meta)
    marks = values.precision(fields)
    on = max(batch.as_of, history[0].start)
    here = arithmetic.at(history, on)
    if here is None:
        raise ValueError("a history covers every day from its beginning")
    dated = DATED & facts.keys() | ({"registered_on"} & fields.keys())
    kept_marks = {k: v for k, v in here.values["precision"].items() if k not in dated} | marks
    if kept_marks != here.values["precision"]:
        facts["precision"] = kept_marks
    if facts.get("status") and same.get("closed_on"):
        on = max(same["closed_on"], history[0].start)
    meta["columns"] = {
        name: [
            plain(here.values[name]),
            plain(value),
            on.isoformat(),
            arithmetic.run_end_of_all(history, POINT if name in POINT else (name,), on).isoformat(),
        ]
        for name, value in facts.items()
        if here.values[name] != value
    }
    for name, (_old, _new, start, end) in meta["columns"].items():
        history = arithmetic.put(history, {name: facts[name]}, start=values.day(start), end=values.day(end))
    return _shift_start(history, same.get("registered_on"), meta)


DATED = values.DATES | {"registered_on"}


def _shift_start(history: list[Period], start: date | None, meta: dict[str, Any]) -> list[Period]:
    """A corrected registration date moves the beginning of the history."""
    first = history[0]
    if start is None or start == first.start or start >= first.end:
        return history
    meta["start"] = [first.start.isoformat(), start.isoformat()]
    return [Period(start, first.end, first.values), *history[1:]]


def plain(value: Any) -> Any:
    """A value as staging keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _difference(old: list[Standing], history: list[Period]) -> tuple[list[int], list[tuple[Period, list[str]]]]:
    """Primary keys of rows that no longer hold, and the periods to write with their `assumed` mark."""
    wanted = {(p.start, p.end): p for p in history}
    gone = []
    kept = set()
    for row, period in zip(old, periods_of(old), strict=True):
        same = wanted.get((row.valid_from, row.valid_to))
        if same is not None and dict(same.values) == dict(period.values):
            kept.add((row.valid_from, row.valid_to))
        else:
            gone.append(row.pk)
    marks = list(old[0].assumed)
    return gone, [(p, marks if i == 0 else []) for i, p in enumerate(history) if (p.start, p.end) not in kept]
