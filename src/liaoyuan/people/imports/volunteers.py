"""The import of F19, records of volunteers' service: matching, comparing, judging. 评价 is dropped."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.findings import Severity
from liaoyuan.people.actions import service_batches
from liaoyuan.people.choices import Permission
from liaoyuan.people.imports import columns
from liaoyuan.people.imports.people import Bodies, seal, shown
from liaoyuan.people.imports.reading import RowReader, tell
from liaoyuan.people.models import VolunteerService
from liaoyuan.people.queries import matching, secrets
from liaoyuan.people.rules.facts import PersonFacts

#: What of a service is compared; person, body, day, activity and beginning are its key.
COMPARED = ("minutes", "ended", "content", "place", "category", "recorder", "confirmer")


class ServiceSession:
    """One import of F19."""

    secret = frozenset({"id_number"})

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.as_of = as_of
        self.reader = RowReader(columns.SERVICE, zone=settings.ZONE)
        self.bodies = Bodies(area)
        self.plan = policy.plan("VOL-03", policy.limits(as_of, policy.chain(area.path)))
        #: Minutes and times of earlier rows of the file, by person (or the row's key) and day.
        self._told: dict[tuple[str, str], dict[str, tuple[int, str, str]]] = defaultdict(dict)

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row; hours and times make minutes."""
        row = self.reader.read(number, cells)
        fields = row.fields
        for name, word in (("activity", _("活动名称")), ("on", _("日期"))):
            if not fields.get(name) and not any(f.field == name for f in row.findings):
                tell(row, "IMP-MISSING", Severity.BLOCK, _("没有填写“{title}”。"), name, title=word)
        if fields.get("on") and (len(str(fields["on"])) != 10 or str(fields["on"]) > self.as_of.isoformat()):
            tell(row, "IMP-SERVICE-DAY", Severity.BLOCK, _("服务日期须是不晚于数据日期的某一天。"), "on")
        self._minutes(row)
        return row

    @staticmethod
    def _minutes(row: ReadRow) -> None:
        fields = row.fields
        told = int((Decimal(fields.pop("hours")) * 60).to_integral_value()) if fields.get("hours") else None
        first, last = fields.get("started"), fields.get("ended")
        spent = _clock(last) - _clock(first) if first and last else None
        if told is None and spent is None:
            if not any(f.field in ("hours", "times") for f in row.findings):
                tell(row, "IMP-HOURS-MISSING", Severity.BLOCK, _("没有时长，也没有起止时间。"), "hours")
        elif told is not None and spent is not None and abs(told - spent) > 1:
            sentence = _("时长与起止时间不符，按起止时间为 {n} 分钟，已按所填时长，请核对。")
            tell(row, "IMP-HOURS-DIFFER", Severity.CONFIRM, sentence, "hours", n=spent)
        minutes = told if told is not None else spent
        if minutes is not None:
            fields["minutes"] = minutes
            if minutes <= 0:
                tell(row, "IMP-HOURS-ZERO", Severity.BLOCK, _("时长须大于零。"), "hours")

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        self.bodies.prepare(chunk)
        for row in chunk:
            body = self.bodies.find(row)
            row.before = {"_": {"organization": body.pk if body else None}}
        indexes = {id(row): secrets.index(str(row.fields.get("id_number", ""))) for row in chunk}
        known = matching.by_number(str(row.fields.get("id_number", "")) for row in chunk)
        pairs = [(_body(row), row) for row in chunk if _body(row)]
        named = matching.namesakes((o, matching.name_key(row.label)) for o, row in pairs)
        numbered = matching.volunteers((o, str(row.fields.get("number", ""))) for o, row in pairs)
        for row in chunk:
            self._match(row, indexes[id(row)], known, named, numbered)
        days = [date.fromisoformat(row.fields["on"]) for row in chunk if len(str(row.fields.get("on", ""))) == 10]
        served: dict[tuple[int, str], list[VolunteerService]] = defaultdict(list)
        for service in matching.served([row.object_id for row in chunk if row.object_id], days):
            served[service.person_id, service.on.isoformat()].append(service)
        versions = service_batches.versions([row.object_id for row in chunk if row.object_id])
        for row in chunk:
            row.before["_"]["version"] = versions.get(row.object_id or 0)  # type: ignore[index]
            self._compare(row, served.get((row.object_id or 0, str(row.fields.get("on", ""))), []))

    def _match(
        self, row: ReadRow, index: str, known: Mapping[str, tuple[int, int]],
        named: Mapping[tuple[int, str], list[matching.Namesake]], numbered: Mapping[tuple[int, str], list[int]],
    ) -> None:  # fmt: skip
        organization = _body(row)
        row.before["_"]["index"] = index  # type: ignore[index]
        number = str(row.fields.get("number", ""))
        who = index[:24] or number or matching.name_key(row.label)
        fields = row.fields
        row.key = f"{organization}:{who}:{fields.get('on')}:{matching.name_key(str(fields.get('activity', '')))}"[:100]
        row.key += f":{fields.get('started', '')}"
        if organization is None:
            return
        if index and index in known:
            row.object_id = known[index][0]
            return
        same = [n for n in named.get((organization, matching.name_key(row.label)), []) if not (index and n.id_index)]
        by_number = numbered.get((organization, number), []) if number else []
        if by_number:
            row.object_id = by_number[0]
            if row.object_id not in {n.person for n in same}:
                tell(row, "IMP-NUMBER-NAME", Severity.CONFIRM, _("这个志愿者编号属于另一个姓名，请核对。"), "number")
        elif len(same) > 1:
            tell(
                row,
                "IMP-NAME-TWICE",
                Severity.BLOCK,
                _("本组织有 {n} 名同名人员，请填写证件号或志愿者编号。"),
                "name",
                n=len(same),
            )
        elif same:
            row.object_id = same[0].person

    def _compare(self, row: ReadRow, served: list[VolunteerService]) -> None:
        fields = row.fields
        meta = row.before["_"]  # type: ignore[index]
        key = (fields.get("activity"), fields.get("started") or "")
        same = next((s for s in served if s.organization_id == meta["organization"]
                     and (s.activity, _text(s.started)) == key), None)  # fmt: skip
        changes = {}
        if same is not None:
            stored = {n: _text(getattr(same, n)) if n == "ended" else getattr(same, n) for n in COMPARED}
            changes = {n: [stored[n], fields[n]] for n in COMPARED if n in fields and fields[n] != stored[n]}
        meta["service"] = same.pk if same else None
        row.action = "create" if same is None else "update" if changes else "unchanged"
        row.before = {**(changes if same else {}), "_": meta}
        self._hours(row, [s for s in served if same is None or s.pk != same.pk])

    def _hours(self, row: ReadRow, served: list[VolunteerService]) -> None:
        fields = row.fields
        on, minutes = str(fields.get("on", "")), int(fields.get("minutes") or 0)
        if len(on) != 10 or not minutes:
            return
        who = str(row.object_id) if row.object_id else row.key.split(":")[1]
        earlier = self._told[who, on]
        mine = (minutes, str(fields.get("started", "")), str(fields.get("ended", "")))
        if row.key in earlier:
            return  # the same service again: told as a duplicate
        spans = [*((s.minutes, _text(s.started), _text(s.ended)) for s in served), *earlier.values()]
        overlap = bool(mine[1] and mine[2]) and any(a and b and a < mine[2] and mine[1] < b for _m, a, b in spans)
        facts = PersonFacts(served_on=date.fromisoformat(on), day_minutes=minutes + sum(m for m, _a, _b in spans),
                            overlapping=overlap)  # fmt: skip
        row.findings += self.plan.run(facts, self.as_of)
        earlier[row.key] = mine

    def seal(self, row: ReadRow) -> None:
        """Encrypt the number."""
        seal(row)

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields with the number masked."""
        return shown(fields)


def _body(row: ReadRow) -> Any:
    return (row.before or {}).get("_", {}).get("organization")


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _text(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""


KIND = ImportKind(
    kind="volunteers",
    title="志愿者服务记录表",
    permission=Permission.IMPORT,
    fields={**columns.titles(columns.SERVICE), "minutes": "时长（分钟）", "started": "起", "ended": "止"},
    synonyms=columns.synonyms(columns.SERVICE),
    session=ServiceSession,
    subject_kind="person",
    apply=service_batches.apply_batch,
    undo=service_batches.undo_batch,
    dropped=columns.DROPPED,
    personal={"id_number": "person.id_number", "name": "person.name"},
)
