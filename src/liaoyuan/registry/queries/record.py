"""One organization's page: its facts on a day as known at a moment, since when they hold, what the rules say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core import policy, registries, vault, zones
from liaoyuan.core.choices import Moment
from liaoyuan.core.queries import areas
from liaoyuan.kit import geo
from liaoyuan.kit.findings import Finding
from liaoyuan.kit.money import format_wan
from liaoyuan.registry.choices import (
    CREDIT_TITLES,
    DISTRICT_FIELD_TITLES,
    FIELD_TITLES,
    FILING_CATEGORY_TITLES,
    KIND_TITLES,
    STATUS_TITLES,
    Kind,
)
from liaoyuan.registry.models import BEGINNING, OPEN, AnnualResult, CreditEntry, Honour, Organization, Rating, Standing
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.queries.matching import dated
from liaoyuan.registry.queries.standings import DECLARED, PERSONAL, SECRET, former_names

#: Groups of facts as the page shows them: (title, ((column, label), …)). Columns of the identity are read from it.
GROUPS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (gettext_lazy("登记信息"), (
        ("number", gettext_lazy("统一社会信用代码")), ("filing_no", gettext_lazy("备案号")),
        ("kind", gettext_lazy("类型")), ("filing_category", gettext_lazy("备案类别")),
        ("registrar", gettext_lazy("登记管理机关")), ("supervisor", gettext_lazy("业务主管单位")),
        ("industry_regulator", gettext_lazy("行业管理部门")), ("party_lead", gettext_lazy("党建领导机关")),
        ("guidance_unit", gettext_lazy("指导单位")), ("registered_on", gettext_lazy("成立日期")),
        ("closed_on", gettext_lazy("终止日期")), ("capital_fen", gettext_lazy("注册资金（万元）")),
        ("field", gettext_lazy("行业分类")), ("district_field", gettext_lazy("所属领域")),
        ("scope", gettext_lazy("业务范围")),
    )),
    (gettext_lazy("人员"), (
        ("legal_representative", gettext_lazy("法定代表人或负责人")),
        ("representative_id", gettext_lazy("负责人身份证号")),
        ("phone", gettext_lazy("联系电话")), ("full_time", gettext_lazy("专职人数")),
        ("part_time", gettext_lazy("兼职人数")), ("party_members_declared", gettext_lazy("党员数（申报）")),
    )),
    (gettext_lazy("治理"), (
        ("council_count", gettext_lazy("理事数")), ("supervisors_count", gettext_lazy("监事数")),
        ("members_unit", gettext_lazy("单位会员数")), ("members_person", gettext_lazy("个人会员数")),
        ("term_from", gettext_lazy("届期起")), ("term_to", gettext_lazy("届期止")),
    )),
    (gettext_lazy("住所"), (
        ("address", gettext_lazy("住所")), ("street_id", gettext_lazy("所属街道")),
        ("community_id", gettext_lazy("所属社区")), ("point", gettext_lazy("坐标")),
    )),
    (gettext_lazy("证书和资格"), (
        ("certificate_from", gettext_lazy("证书有效期起")), ("certificate_to", gettext_lazy("证书有效期止")),
        ("filing_to", gettext_lazy("备案有效期至")), ("is_charity", gettext_lazy("慈善组织")),
        ("public_fundraising", gettext_lazy("公开募捐资格")), ("tax_deductible", gettext_lazy("税前扣除资格")),
        ("note", gettext_lazy("备注")),
    )),
)  # fmt: skip
#: Columns that a registered body, or a filed one, has no use for; shown only where they hold something.
_NOT_FILED = frozenset({
    "number", "registrar", "supervisor", "industry_regulator", "party_lead", "capital_fen", "field", "district_field",
    "scope", "full_time", "part_time", "council_count", "supervisors_count", "members_unit", "term_from", "term_to",
    "certificate_from", "certificate_to", "is_charity", "public_fundraising", "tax_deductible", "representative_id",
})  # fmt: skip
_ONLY_FILED = frozenset({"filing_no", "filing_category", "guidance_unit", "filing_to", "representative_id"})
_MEMBERS = frozenset({"members_unit", "members_person"})
_IDENTITY = frozenset({"number", "filing_no", "registered_on", "closed_on"})
_AREAS = ("street_id", "community_id", "registrar_area_id")
_QUIET = frozenset({"closed_on", "note", "point"})
_TITLES: dict[str, Any] = {
    "kind": KIND_TITLES, "status": STATUS_TITLES, "field": FIELD_TITLES, "district_field": DISTRICT_FIELD_TITLES,
    "filing_category": FILING_CATEGORY_TITLES,
}  # fmt: skip
LABELS: dict[str, Any] = {
    **{column: label for _title, pairs in GROUPS for column, label in pairs},
    "name": gettext_lazy("名称"), "status": gettext_lazy("状态"), "registrar_area_id": gettext_lazy("登记区划"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact of the page. `secret` names the field whose value is masked here and may be revealed."""

    label: str
    value: str
    note: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch of time in which a field kept one value; `until` None = still."""

    label: str
    value: str
    since: date | None
    until: date | None
    recorded_at: datetime
    assumed: bool


@dataclass(slots=True)
class Record:
    """Everything the page needs. `standing` is the one of the day asked, before the beginning the first."""

    organization: Organization
    on: date
    known_at: datetime | None
    rows: list[Standing]
    everything: list[Standing]
    standing: Standing
    too_early: bool
    ratings: list[Rating] = field(default_factory=list)
    honours: list[Honour] = field(default_factory=list)
    credits: list[CreditEntry] = field(default_factory=list)
    results: list[AnnualResult] = field(default_factory=list)
    area_names: Mapping[int, str] = field(default_factory=dict)

    @property
    def rating(self) -> Rating | None:
        """The rating that holds on the day."""
        return next((r for r in self.ratings if r.valid_from <= self.on < r.valid_to), None)

    @property
    def listed(self) -> list[CreditEntry]:
        """Stays on credit lists that last on the day, the gravest first."""
        found = [c for c in self.credits if c.valid_from <= self.on < c.valid_to]
        return sorted(found, key=lambda c: c.list_kind, reverse=True)

    @property
    def former(self) -> list[tuple[str, date, date]]:
        """Former names, newest first."""
        return former_names([row for row in self.rows if row.valid_from <= self.on])[::-1]


def read(organization: Organization, on: date, *, known_at: datetime | None = None) -> Record | None:
    """The record as of `on`, as known now or as recorded by `known_at`; None when nothing was recorded by then."""
    everything = list(
        Standing.objects.filter(organization=organization).select_related("street", "community", "registrar_area")
        .order_by("valid_from", "pk")
    )  # fmt: skip
    rows = [row for row in everything if _known(row, known_at)]
    if not rows:
        return None
    standing = next((row for row in rows if row.valid_from <= on < row.valid_to), rows[0])
    standing.organization = organization
    lists: dict[str, Any] = {}
    for name, model in (("ratings", Rating), ("honours", Honour), ("credits", CreditEntry)):
        found = model.objects.filter(_known_by(known_at), organization=organization)
        lists[name] = list(found.select_related("recorded_by").order_by("-valid_from", "-pk"))
    results = AnnualResult.objects.filter(_known_by(known_at), organization=organization).order_by("-year")
    places = {getattr(standing, name) for name in _AREAS} - {None}
    return Record(organization, on, known_at, rows, everything, standing, on < rows[0].valid_from,
                  results=list(results), area_names=areas.names_on(places, on), **lists)  # fmt: skip


def _known(row: Standing, known_at: datetime | None) -> bool:
    if known_at is None:
        return row.superseded_at is None
    return row.recorded_at <= known_at and (row.superseded_at is None or row.superseded_at > known_at)


def _known_by(known_at: datetime | None) -> Q:
    if known_at is None:
        return Q(superseded_at__isnull=True)
    return Q(recorded_at__lte=known_at) & (Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at))


def groups(record: Record) -> list[tuple[str, list[Shown]]]:
    """Facts grouped as the page shows them; empty ones that the kind has no use for are left out."""
    filed = record.standing.kind == Kind.BA
    useless = _NOT_FILED if filed else _ONLY_FILED | (_MEMBERS if record.standing.kind != Kind.ST else set())
    hidden = zones.refused(settings.ZONE, PERSONAL, zones.Op.SHOW)
    told = []
    for title, pairs in GROUPS:
        shown = []
        for column, label in pairs:
            if column in hidden:
                continue
            value = text_of(record, column)
            if value or not (column in useless or column in _QUIET):
                secret = column if column in SECRET and value else ""
                shown.append(Shown(str(label), value, _since(record, column) if value else "", secret))
        told.append((str(title), shown))
    return told


def text_of(record: Record, column: str) -> str:
    """A fact in words, secrets masked."""
    organization, standing = record.organization, record.standing
    if column == "number":
        given = organization.code_as_given
        return organization.code or (_("{given}（不是完整的代码）").format(given=given) if given else "")
    if column in _IDENTITY:
        value = getattr(organization, column)
        return (dated(value, standing.precision, column) or "") if column.endswith("_on") else value
    if column in _AREAS and getattr(standing, column) in record.area_names:
        return record.area_names[getattr(standing, column)]
    return words(standing, column)


def words(standing: Standing, column: str) -> str:
    """A column of a standing in words, secrets masked; unknown is an empty text."""
    value = getattr(standing, column)
    if column == "street_id":
        return standing.street.name if standing.street else standing.street_as_given
    if column == "community_id":
        return standing.community.name if standing.community else standing.community_as_given
    if column == "registrar_area_id":
        return standing.registrar_area.name
    if column == "point":
        return _point(standing)
    if value is None or value == "":
        return ""
    if column in SECRET:
        return zones.mask(PERSONAL[column], vault.decrypt(value, purpose=SECRET[column]))
    if column in _TITLES:
        return _(_TITLES[column].get(value, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return dated(value, standing.precision, column) or ""
    return format_wan(value) if column == "capital_fen" else str(value)


def _point(standing: Standing) -> str:
    """The point as stored, and as entered where that was another datum."""
    if standing.point is None:
        return ""
    stored = _("{point}（WGS-84）").format(point=geo.written(standing.point))
    if standing.point_datum == geo.Datum.WGS84:
        return stored
    given = geo.written(geo.from_wgs84(standing.point, standing.point_datum))
    return _("{stored}；由 {datum} 的 {given} 换算").format(
        stored=stored, datum=geo.DATUM_NAMES[geo.Datum(standing.point_datum)], given=given
    )


def _since(record: Record, column: str) -> str:
    """Since when a fact holds, where it changed or was declared on a day."""
    if column in _IDENTITY:
        return ""
    first, index = record.rows[0], record.rows.index(record.standing)
    start = record.standing.valid_from
    for row in record.rows[index::-1]:
        if getattr(row, column) != getattr(record.standing, column):
            break
        start = row.valid_from
    if start == first.valid_from:
        return "" if start != BEGINNING or column not in DECLARED else _("起始不详")
    return _("自 {day}").format(day=start.isoformat())


def history(record: Record) -> list[tuple[str, list[Run]]]:
    """Every field that ever held something with its runs, newest first; fields that changed stand first."""
    told = []
    for column, label in LABELS.items():
        if column in _IDENTITY:
            continue
        runs = _runs(record, column, str(label))
        if len(runs) > 1 or runs[0].value:
            told.append((str(label), runs[::-1]))
    return sorted(told, key=lambda entry: len(entry[1]) == 1)


def _runs(record: Record, column: str, label: str) -> list[Run]:
    runs: list[Run] = []
    start = 0
    rows = record.rows
    for i in range(1, len(rows) + 1):
        if i < len(rows) and getattr(rows[i], column) == getattr(rows[start], column):
            continue
        first, last = rows[start], rows[i - 1]
        runs.append(Run(
            label, words(first, column), None if first.valid_from == BEGINNING else first.valid_from,
            None if last.valid_to == OPEN else last.valid_to, _first_recorded(record, first, column),
            start == 0 and column not in DECLARED and ("*" in first.assumed or column in first.assumed),
        ))  # fmt: skip
        start = i
    return runs


def _first_recorded(record: Record, row: Standing, column: str) -> datetime:
    """When the value was first written down for that day: rows are written again whenever another field changes."""
    same = [
        other.recorded_at for other in record.everything
        if other.valid_from <= row.valid_from < other.valid_to and getattr(other, column) == getattr(row, column)
    ]  # fmt: skip
    return min([*same, row.recorded_at])


def judged(record: Record) -> list[tuple[Finding, Any]]:
    """What the rules of saving and of every day say of the record on its day, each with its rule."""
    limits = policy.limits(record.on, policy.chain(record.standing.registrar_area.path))
    facts = fact_queries.of_stored(record.standing, record.on)
    found: dict[tuple[str, str, str], Finding] = {}
    for moment in (Moment.SAVE, Moment.DAILY):
        for finding in policy.evaluate(moment, facts, {"registrar": limits, "domicile": limits}, record.on):
            found.setdefault((finding.code, finding.field, finding.message), finding)
    return [(finding, registries.rules.get(finding.code)) for finding in found.values()]


def relatives(organization: Organization, user: Any) -> list[tuple[str, int, str]]:
    """Predecessor and successors that the user may see: (word, key, name)."""
    wanted = Q(predecessor=organization) | Q(pk=organization.predecessor_id)
    seen = Organization.objects.visible_to(user).filter(wanted).values_list("pk", flat=True)
    names = Standing.objects.now_open().filter(organization__in=list(seen)).order_by("organization_id")
    return [
        (_("前身") if pk == organization.predecessor_id else _("后继"), pk, name)
        for pk, name in names.values_list("organization_id", "name")
    ]


def badges(record: Record) -> list[tuple[str, str]]:
    """(state of the badge, word) of what one should see first."""
    standing = record.standing
    told = [({"active": "ok", "liquidating": "review"}.get(standing.status, "closed"), words(standing, "status"))]
    told.append(("info", words(standing, "kind")))
    if record.rating:
        told.append(("ok", record.rating.level))
    told += [("reject" if entry.list_kind == "serious" else "review", _(CREDIT_TITLES[entry.list_kind]))  # type: ignore[index]
             for entry in record.listed]  # fmt: skip
    if standing.is_charity:
        told.append(("info", _("慈善组织")))
    if record.organization.is_external:
        told.append(("skip", _("外区组织")))
    return told
