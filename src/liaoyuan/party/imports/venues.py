"""The import of F24, venues: whose they are, which stand already, what differs. Photos and bookings are no columns."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.staging import ReadRow
from liaoyuan.kit import text
from liaoyuan.kit.cells import Parsed, accept
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.party.actions import venue_batches
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.imports.columns import MEMBERS
from liaoyuan.party.imports.dues import branch_of
from liaoyuan.party.imports.reading import Form, read_form, tell
from liaoyuan.party.models import Venue
from liaoyuan.party.params.venue_sheets import VENUES
from liaoyuan.party.queries import dues_matching
from liaoyuan.party.queries import venues as queries
from liaoyuan.people.imports.columns import Table, choice
from liaoyuan.registry.imports.columns import as_written, name_as_written

_OPEN = {
    "可预约": "yes", "可以": "yes", "是": "yes", "yes": "yes", "不可预约": "no", "不可以": "no", "否": "no", "no": "no",
}  # fmt: skip


def _list(cell: Any) -> Parsed[list[str]]:
    """Names one after the other, however they are parted."""
    told = text.cell_text(cell)
    for sign in ("\n", "；", ";", "，", ",", "|"):
        told = told.replace(sign, "、")
    return accept([name for part in told.split("、") if (name := " ".join(part.split()))])


#: F24 阵地登记表, in the order of the form; then what our own export adds.
COLUMNS: Table = {
    "name": ("名称", name_as_written, ("名称", "阵地名称", "活动室名称")),
    "address": ("地址", as_written, ("地址", "地点", "阵地地址")),
    "square_metres": ("面积（㎡）", text.parse_int, ("面积（㎡）", "面积", "面积㎡", "面积(平方米)", "面积(㎡)")),
    "shared_by": ("共建单位", _list, ("共建单位", "共享单位", "共建共享单位")),
    "hours": ("开放时间", as_written, ("开放时间", "开放时段")),
    "keeper": ("负责人", name_as_written, ("负责人", "管理员", "阵地负责人")),
    "equipment": ("设备", as_written, ("设备", "设施设备", "设备情况")),
    "is_open": ("预约", choice(_OPEN), ("预约", "可否预约", "是否可预约")),
    "party": ("党组织", name_as_written, ("党组织", *MEMBERS["branch"][2])),
    "provider": ("提供单位", name_as_written, ("提供单位", "场地提供单位")),
    "signs": ("六有", _list, ("六有", "“六有”情况", "六有情况")),
}  # fmt: skip
_FORM = Form({"name": 80, "address": 120, "hours": 120, "keeper": 60, "party": 120, "provider": 120}, {})
_COMPARED = ("name", "address", "square_metres", "shared_by", "hours", "keeper", "equipment", "is_open", "provider",
             "signs")  # fmt: skip


class VenueSession:
    """One import of F24."""

    secret: frozenset[str] = frozenset()

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None) -> None:
        self.as_of = as_of
        self.parties = dues_matching.Branches(area)

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = read_form(_FORM, COLUMNS, number, cells, ("name", "address", "party"))
        row.label = str(row.fields.get("name", ""))
        return row

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        for row in chunk:
            name = str(row.fields.get("party", ""))
            party = branch_of(row, self.parties, name, "party") if name else None
            row.before = {"_": {"party": party, "venue": None, "version": None}}
        keys = {party for row in chunk if (party := _meta(row)["party"])}
        known: dict[tuple[int, str], list[Venue]] = {}
        for venue in Venue.objects.filter(party_organization__in=keys).order_by("closed_on", "pk"):
            known.setdefault((venue.party_organization_id, match_key(venue.name)), []).append(venue)
        for row in chunk:
            party = _meta(row)["party"]
            if party is not None and row.label:
                row.key = f"{party}:{match_key(row.label)[:100]}"
                self._compare(row, known.get((party, match_key(row.label)), []))

    def _compare(self, row: ReadRow, stand: list[Venue]) -> None:
        party = self.parties.by_key[_meta(row)["party"]]
        unknown = [item for item in row.fields.get("signs", ()) if item not in queries.items_of(party, self.as_of)]
        same = next((venue for venue in stand if venue.closed_on is None), None)
        if unknown and not (same is not None and set(unknown) <= set(same.signs)):
            told = _("“六有”里没有“{given}”，请核对。")
            tell(row, "IMP-VENUE-SIGNS", Severity.BLOCK, told, "signs", given=unknown[0][:30])
        if same is None:
            row.action = "create"
            if stand:
                told = _("同名的阵地已停用，确认后登记为新的阵地。")
                tell(row, "IMP-VENUE-CLOSED", Severity.CONFIRM, told, "name")
            return
        kept = stored(same)
        changes = {name: [kept[name], row.fields[name]] for name in _COMPARED
                   if name in row.fields and row.fields[name] != kept[name]}  # fmt: skip
        row.action = "update" if changes else "unchanged"
        row.before = {**changes, "_": {**_meta(row), "venue": same.pk, "version": same.version}}

    def seal(self, row: ReadRow) -> None:
        """A venue has nothing to hide."""

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        if isinstance(value, list):
            return "、".join(value) or "（空）"
        if name == "is_open" and value:
            return "可预约" if value == "yes" else "不可预约"
        return "（空）" if value in (None, "") else str(value)

    @classmethod
    def shown(cls, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields for a report."""
        return {name: cls.words(name, value) if isinstance(value, list) else value for name, value in fields.items()}


def _meta(row: ReadRow) -> dict[str, Any]:
    found: dict[str, Any] = (row.before or {})["_"]
    return found


def stored(venue: Venue) -> dict[str, Any]:
    """A venue as the importer writes it."""
    return {
        **{name: getattr(venue, name) for name in ("name", "address", "square_metres", "hours", "keeper", "equipment",
                                                   "provider", "signs")},
        "shared_by": [line.strip() for line in venue.shared_by.splitlines() if line.strip()],
        "is_open": "yes" if venue.is_open else "no",
    }  # fmt: skip


KIND = ImportKind(
    kind="venues",
    title="阵地登记表",
    permission=Permission.IMPORT,
    fields={name: entry[0] for name, entry in COLUMNS.items()},
    synonyms={name: entry[2] for name, entry in COLUMNS.items()},
    session=VenueSession,
    subject_kind=queries.FILES.kind,
    apply=venue_batches.apply_batch,
    undo=venue_batches.undo_batch,
    personal={"keeper": "person.name"},
    ignored=frozenset({"序号", "编号", "错误说明", "照片", ""}),
    columns=tuple(column for column in VENUES if column.key != "photos"),
)  # fmt: skip
