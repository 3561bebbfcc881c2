"""The import of organizations (F01) and filed bodies (F02): matching, comparing, judging."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core import policy, vault, zones
from liaoyuan.core.choices import Moment
from liaoyuan.core.models import Area
from liaoyuan.core.queries.areas import AreaNames, province_of
from liaoyuan.core.registries import ImportKind
from liaoyuan.core.rules.areas import point_findings
from liaoyuan.core.staging import ReadRow, note
from liaoyuan.kit.findings import Severity
from liaoyuan.kit.text import match_key
from liaoyuan.registry.actions import batches
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.imports import columns
from liaoyuan.registry.imports.reading import RowReader, key_of
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.queries import matching
from liaoyuan.registry.queries.standings import PERSONAL, SECRET


class OrganizationSession:
    """One import of organizations: reads rows, finds whom they speak of, compares, asks the rules."""

    secret = frozenset(SECRET)

    def __init__(self, *, area: Area, as_of: date, at: datetime, unit: str | None, table: Mapping[str, Any]) -> None:
        self.area = area
        self.as_of = as_of
        self.names = AreaNames(area)
        self.reader = RowReader(table, unit=unit)
        limits = policy.limits(as_of, policy.chain(area.path))
        self.plan = policy.plan(Moment.IMPORT, {"registrar": limits, "domicile": limits})
        self.area_names = fact_queries.area_names(area)
        self._division: dict[int, str] = {}
        self._streets: dict[str, tuple[Area | None, bool]] = {}
        self._communities: dict[tuple[str, int | None], tuple[Area | None, bool]] = {}
        self._registrars: dict[str, Area] = {}
        self._province = ""

    def read(self, number: int, cells: Mapping[str, Any]) -> ReadRow:
        """Interpret the cells of one row."""
        row = self.reader.read(number, cells)
        self._place(row)
        return row

    def again(self, number: int, fields: Mapping[str, Any], *, object_id: int | None) -> ReadRow:
        """A row of normalised fields that no sheet brought; `object_id` says whose it is, whatever its code."""
        row = ReadRow(number, fields=dict(fields), label=str(fields.get("name", "")), object_id=object_id)
        row.key = f"#{object_id}" if object_id else key_of(row)
        self._place(row)
        return row

    def _place(self, row: ReadRow) -> None:
        fields, found = row.fields, {}
        street: Area | None = None
        given = str(fields.get("street", ""))
        if given:
            if given not in self._streets:
                self._streets[given] = self.names.street(given)
            street, sure = self._streets[given]
            found["street_id"] = street.pk if street else None
            if street is not None:
                fields["street"] = street.name
            if not sure:
                row.findings.append(
                    note(
                        "IMP-STREET-UNKNOWN",
                        Severity.CONFIRM,
                        _("区划表里没有街道“{given}”，请核对。"),
                        field_name="street",
                        given=given,
                    )
                )
        self._place_community(row, street, found)
        registrar = str(fields.get("registrar", ""))
        if registrar not in self._registrars:
            self._registrars[registrar] = self.names.registrar(registrar) if registrar else self.area
        area = self._registrars[registrar]
        if fields.get("kind") == "BA" and street is not None and area.pk == self.area.pk:
            area = street
        if not area.path.startswith(self.area.path):
            row.findings.append(
                note(
                    "IMP-REGISTRAR-OUTSIDE",
                    Severity.CONFIRM,
                    _("登记管理机关“{given}”不属于{area}：确认后只作为外区组织保存，不计入本区统计。"),
                    field_name="registrar",
                    given=registrar,
                    area=self.area.name,
                )
            )
        self._division.setdefault(area.pk, area.code[:6])
        found["registrar_area_id"] = area.pk
        row.before = {"_": found}

    def _place_community(self, row: ReadRow, street: Area | None, found: dict[str, Any]) -> None:
        given = str(row.fields.get("community", ""))
        if not given:
            return
        key = (given, street.pk if street else None)
        if key not in self._communities:
            self._communities[key] = self.names.community(given, street)
        community, sure = self._communities[key]
        found["community_id"] = community.pk if community else None
        if community is not None:
            row.fields["community"] = community.name
        if not sure:
            row.findings.append(
                note(
                    "IMP-COMMUNITY-UNKNOWN",
                    Severity.WARN,
                    _("区划表里没有社区“{given}”，按原文保存。"),
                    field_name="community",
                    given=given,
                )
            )

    def resolve(self, chunk: list[ReadRow]) -> None:
        """Match, compare and judge a chunk of data rows."""
        by_code, by_filing, by_name = matching.holders(
            [r.fields.get("code", "") for r in chunk],
            [r.fields.get("filing_no", "") for r in chunk],
            [r.label for r in chunk],
        )
        for row in chunk:
            self._match(row, by_code, by_filing, by_name)
        known = matching.stored([r.object_id for r in chunk if r.object_id], self.as_of, self.area)
        for row in chunk:
            if row.object_id:
                self._compare(row, known[row.object_id])
            self._judge_point(row)
            code = str(row.fields.get("code", ""))
            facts = fact_queries.of_import(
                row.fields,
                division=self._division[(row.before or {})["_"]["registrar_area_id"]],
                names=self.area_names,
                same_name_code=fact_queries.first_other(by_name.get(row.label, ()), row.object_id, code),
            )
            row.findings += self.plan.run(facts, self.as_of)
            self._forget_known_doubt(row)

    @staticmethod
    def _forget_known_doubt(row: ReadRow) -> None:
        """A doubt about a code that stands in the register just so was decided when it came there."""
        if row.object_id and not {"code", "code_as_given", "kind"} & (row.before or {}).keys():
            row.findings = [f for f in row.findings if f.field != "code" or f.severity != Severity.CONFIRM]

    def _match(
        self,
        row: ReadRow,
        by_code: Mapping[str, list[int]],
        by_filing: Mapping[str, list[int]],
        by_name: Mapping[str, list[tuple[int, str, str]]],
    ) -> None:
        code, filing_no = row.fields.get("code", ""), row.fields.get("filing_no", "")
        if row.object_id:
            taken = [pk for pk in (*by_code.get(code, []), *by_filing.get(filing_no, [])) if pk != row.object_id]
            if taken:
                message = _("这个代码或备案号在库里属于另一个组织，请先核对。")
                row.findings.append(note("IMP-OTHER-BODY", Severity.BLOCK, message, field_name="code"))
            return
        hits = by_code.get(code, []) or by_filing.get(filing_no, [])
        if not hits and not (code or filing_no):
            street = match_key(str(row.fields.get("street", "")))
            same = [pk for pk, where, _code in by_name.get(row.label, []) if where == street]
            if len(same) > 1:
                row.findings.append(
                    note(
                        "IMP-NAME-TWICE",
                        Severity.CONFIRM,
                        _("登记库里有 {n} 个同名组织，无法判断是哪一个。"),
                        field_name="name",
                        n=len(same),
                    )
                )
            hits = same[:1] if len(same) == 1 else []
        if hits:
            row.object_id, row.action = hits[0], "update"

    def _judge_point(self, row: ReadRow) -> None:
        """A point outside the registrar's province waits for a person, unless it already stands so."""
        longitude, latitude = row.fields.get("longitude"), row.fields.get("latitude")
        if longitude is None or latitude is None:
            return
        if row.object_id and not {"longitude", "latitude"} & (row.before or {}).keys():
            return
        if not self._province:
            self._province = province_of(self.area)
        row.findings += point_findings((longitude, latitude), self.area.code, self._province, field="longitude")

    def _compare(self, row: ReadRow, stored: matching.Stored) -> None:
        changes: dict[str, Any] = {}
        same_point = all(row.fields.get(n) == stored.fields.get(n) for n in ("longitude", "latitude"))
        unrated = not row.fields.get("rating") and not stored.fields.get("rating")
        for name, value in row.fields.items():
            kept = stored.fields.get(name)
            if same_point and name == "point_datum":
                continue  # told in another datum, it is the same point
            if unrated and name in ("rated_on", "rating_until"):
                continue  # dates of a rating that nobody named: told as a finding, not stored
            if name == "annual_results":
                new = {y: r for y, r in value.items() if (kept or {}).get(y) != r}
                if new:
                    changes[name] = [{y: (kept or {}).get(y) for y in new}, new]
            elif name == "credit_status":
                if value != (kept or "normal"):
                    changes[name] = [kept or "normal", value]
            elif name == "name" and match_key(str(kept)) == match_key(value):
                continue  # only width or spacing differs: no change of the name
            elif name != "code_as_given" and value != kept:
                changes[name] = [kept, value]
        if not stored.own and changes:
            row.findings.append(note("IMP-NOT-OWN", Severity.BLOCK, _("这个组织由其他机关登记，不能在这里修改。")))
        if "name" in changes and match_key(stored.name) != match_key(row.label):
            row.findings.append(
                note(
                    "IMP-OTHER-NAME",
                    Severity.CONFIRM,
                    _("这个代码在库里属于“{stored}”，请确认是更名还是填错。"),
                    field_name="name",
                    stored=stored.name,
                )
            )
        row.action = "update" if changes else "unchanged"
        meta = (row.before or {}).get("_", {})
        row.before = {**changes, "_": {**meta, "version": stored.version}}

    def seal(self, row: ReadRow) -> None:
        """Encrypt what must not stand in clear, in the fields and in the comparison."""
        for name, purpose in SECRET.items():
            if row.fields.get(name):
                row.fields[name] = vault.encrypt(str(row.fields[name]), purpose=purpose)
            if row.before and name in row.before:
                row.before[name] = ["", row.fields[name]]

    @staticmethod
    def opened(fields: Mapping[str, Any]) -> dict[str, Any]:
        """Sealed fields in clear, in memory only."""
        return {
            name: vault.decrypt(str(value), purpose=SECRET[name]) if name in SECRET and value else value
            for name, value in fields.items()
        }

    @staticmethod
    def words(name: str, value: Any) -> str:
        """A normalised value as a person reads it."""
        return columns.words(name, value)

    @staticmethod
    def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a stored row for a report: secrets decrypted and masked."""
        out = dict(fields)
        for name, purpose in SECRET.items():
            if out.get(name):
                out[name] = zones.mask(PERSONAL[name], vault.decrypt(str(out[name]), purpose=purpose))
        return out


def _session(table: Mapping[str, Any]) -> Any:
    return lambda **kwargs: OrganizationSession(table=table, **kwargs)


_KIND_FILL = {"kind": columns.KINDS}

KINDS = (
    ImportKind(
        kind="organizations",
        title="社会组织台账",
        permission=Permission.IMPORT,
        fields=columns.titles(columns.ORGANIZATION),
        synonyms=columns.synonyms(columns.ORGANIZATION),
        session=_session(columns.ORGANIZATION),
        subject_kind="organization",
        personal=PERSONAL,
        apply=batches.apply_batch,
        undo=batches.undo_batch,
        fill_down=_KIND_FILL,
    ),
    ImportKind(
        kind="filings",
        title="备案社区社会组织登记表",
        permission=Permission.FILING_EDIT,
        fields=columns.titles(columns.FILING),
        synonyms=columns.synonyms(columns.FILING),
        session=_session(columns.FILING),
        subject_kind="organization",
        personal=PERSONAL,
        apply=batches.apply_batch,
        undo=batches.undo_batch,
    ),
)

__all__ = ["KINDS", "OrganizationSession"]
