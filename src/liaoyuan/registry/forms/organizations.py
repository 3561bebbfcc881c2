"""The forms of a body's facts: a registered body, a filed one; new, changed from a day on, corrected.

They give the normalised fields of docs/guide/fields.md. Masked values are never printed into a form: an empty telephone
number means "as it is", 无 takes it away.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core import zones
from liaoyuan.core.models import Area
from liaoyuan.kit import cells, dates, geo, identifiers, text
from liaoyuan.kit.cells import MESSAGES, Parsed
from liaoyuan.kit.geo import DATUM_TITLES, Datum, Point
from liaoyuan.registry.choices import (
    DISTRICT_FIELD_OF,
    DISTRICT_FIELD_TITLES,
    FIELD_TITLES,
    FILING_CATEGORY_TITLES,
    KIND_TITLES,
    STATUS_TITLES,
    Kind,
)
from liaoyuan.registry.queries.standings import PERSONAL, POINT, SECRET
from liaoyuan.ui.forms import MoneyField, PointField

_UNSET = ("", lazy("（未填）"))
_GIVEN = "given:"
#: Readers' doubts that the rules say again, with their source, beside the field.
_LEFT_TO_RULES = frozenset({"uscc_check", "uscc_17", "uscc_length", "uscc_alphabet", "ric_check"})
_PARTIAL = frozenset({"month_only", "year_only"})
#: What stands for "take the value away" in a masked field.
TAKE_AWAY = "无"
DATES = frozenset({
    "registered_on", "certificate_from", "certificate_to", "term_from", "term_to", "filing_until", "closed_on",
})  # fmt: skip
BOOLS = ("is_charity", "public_fundraising", "tax_deductible")


#: Headings of a form, each with the names of its fields.
type Sections = tuple[tuple[Any, tuple[str, ...]], ...]


class ReadField(forms.Field):
    """A field read by one of kit's readers: what leaves a doubt is refused with its sentence, except `allowed`."""

    widget = forms.TextInput

    def __init__(
        self,
        reader: Callable[[Any], Parsed[Any]],
        *,
        allowed: frozenset[str] = frozenset(),
        longest: int = 0,
        **options: Any,
    ) -> None:
        self.reader, self.allowed, self.longest = reader, allowed, longest
        super().__init__(**options)  # asks for widget_attrs

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The longest text the register holds, no suggestions of the browser."""
        return {"autocomplete": "off", **({"maxlength": self.longest} if self.longest else {})}

    def to_python(self, value: Any) -> Any:
        """The value read, or None when left out."""
        if cells.is_blank(value):
            return None
        read = self.reader(value)
        if read.code and read.code not in self.allowed:
            raise ValidationError(_(MESSAGES[read.code]).format(given=value), code=read.code)
        if self.longest and isinstance(read.value, str) and len(read.value) > self.longest:
            raise ValidationError(_("最多 {n} 个字。").format(n=self.longest))
        return read.value


class SecretField(ReadField):
    """A masked value: left empty it stays, `TAKE_AWAY` takes it away."""

    def to_python(self, value: Any) -> Any:
        """The new value, `TAKE_AWAY`, or None for "as it is"."""
        return TAKE_AWAY if str(value or "").strip() == TAKE_AWAY else super().to_python(value)


class PartialDate(ReadField):
    """A day, or a month or year where no more is known: ISO text of 10, 7 or 4 signs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(lambda cell: dates.parse_date(cell, open_ok=True), allowed=_PARTIAL, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show the writing we prefer."""
        return {"placeholder": "2018-10-26", "autocomplete": "off", "data-kind": "date"}


def _text(label: Any, longest: int, **options: Any) -> ReadField:
    options.setdefault("required", False)
    return ReadField(text.parse_text, label=label, longest=longest, **options)


def _name(label: Any, longest: int, **options: Any) -> ReadField:
    options.setdefault("required", False)
    return ReadField(text.parse_name, label=label, longest=longest, **options)


def _number(label: Any) -> ReadField:
    figures = forms.TextInput(attrs={"inputmode": "numeric"})
    return ReadField(text.parse_int, label=label, required=False, widget=figures)


def _date(label: Any, **options: Any) -> PartialDate:
    options.setdefault("required", False)
    return PartialDate(label=label, **options)


def _choice(label: Any, titles: Mapping[Any, str], **options: Any) -> forms.ChoiceField:
    options.setdefault("required", False)
    first = [] if options["required"] else [_UNSET]
    return forms.ChoiceField(label=label, choices=[*first, *((str(k), v) for k, v in titles.items())], **options)


def _yes_no(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[_UNSET, ("yes", lazy("是")), ("no", lazy("否"))])


class FactsForm(forms.Form):
    """What every form of facts has: place, version, what the user saw, on whose word, confirmation."""

    section_names: Sequence[tuple[Any, Sequence[str]]] = ()

    street = forms.ChoiceField(label=lazy("所属街道"), required=False)
    community = forms.ChoiceField(label=lazy("所属社区"), required=False)
    point = PointField(
        label=lazy("坐标"), required=False,
        help_text=lazy("从地图上复制粘贴，如“120.2938, 31.5412”；存为 WGS-84，留空则没有坐标"),
    )  # fmt: skip
    point_datum = _choice(
        lazy("坐标系"), DATUM_TITLES, initial=str(Datum.GCJ02), required=True, help_text=lazy("从哪种地图上复制的")
    )
    phone = SecretField(text.parse_text, label=lazy("联系电话"), longest=60, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    word_via = forms.ChoiceField(
        label=lazy("代填方式"), required=False,
        choices=[("", lazy("（本机关办理，不是代填）")), ("phone", lazy("电话")), ("paper", lazy("纸质材料")),
                 ("visit", lazy("当面"))],
    )  # fmt: skip
    word_by = _text(lazy("按谁的说法"), 60)
    confirmed = forms.BooleanField(label=lazy("已核对，确认按所填内容登记"), required=False)

    def __init__(
        self, *args: Any, streets: Sequence[Area], communities: Sequence[Area], elsewhere: Sequence[Area] = (),
        registrars: Sequence[Area] = (), given: Mapping[str, str] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name in zones.refused(settings.ZONE, PERSONAL, zones.Op.STORE) & self.fields.keys():
            del self.fields[name]  # this zone does not store it
        given = given or {}
        self.registrars = {area.code: area for area in registrars}
        if len(self.registrars) > 1:
            offered = [(code, area.name) for code, area in self.registrars.items()]
            self.fields["registrar_area"] = forms.ChoiceField(label=_("登记机关所在区划"), choices=offered)
        self.fields["point_datum"].required = False
        self.places = {area.code: area for area in (*streets, *elsewhere, *communities)}
        names = {area.pk: area.name for area in streets}
        outside = [(_("区外"), [(area.code, f"{area.parent} {area.name}") for area in elsewhere])] if elsewhere else []
        self._offer("street", [*((area.code, area.name) for area in streets), *outside], given)
        grouped: dict[str, list[tuple[str, str]]] = {}
        for area in communities:
            grouped.setdefault(names.get(area.parent_id or 0, ""), []).append((area.code, area.name))
        self._offer("community", list(grouped.items()), given)

    def _offer(self, name: str, options: list[Any], given: Mapping[str, str]) -> None:
        other = given.get(name, "")
        extra = [(f"{_GIVEN}{other}", _("{name}（原文，区划表里没有）").format(name=other))] if other else []
        self.fields[name].choices = [_UNSET, *extra, *options]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The community lies in the street; a person's word has a person; days in order."""
        told: dict[str, Any] = super().clean() or {}
        street, community = self.places.get(told.get("street") or ""), self.places.get(told.get("community") or "")
        if street and community and community.parent_id != street.pk:
            self.add_error("community", _("{community}不属于{street}。").format(community=community, street=street))
        if told.get("word_via") and not told.get("word_by"):
            self.add_error("word_by", _("代填要写明按谁的说法。"))
        for first, last in (("certificate_from", "certificate_to"), ("term_from", "term_to"),
                            ("registered_on", "certificate_to"), ("registered_on", "filing_until")):  # fmt: skip
            if told.get(first) and told.get(last) and told[last] < told[first][: len(told[last])]:
                self.add_error(last, _("不能早于“{first}”。").format(first=self.fields[first].label))
        return told

    def registered_by(self) -> Area:
        """The area with whose office the body is registered."""
        chosen = self.cleaned_data.get("registrar_area")
        return self.registrars[chosen] if chosen else next(iter(self.registrars.values()))

    def on_behalf(self) -> str:
        """On whose word the form was filled in, as the event keeps it."""
        via, by = self.cleaned_data.get("word_via"), self.cleaned_data.get("word_by")
        words = dict(self.fields["word_via"].choices)  # type: ignore[attr-defined]
        return f"{words[via]}：{by}" if via and by else ""

    def facts(self) -> dict[str, Any]:
        """Normalised fields, "" or None where nothing is filled in. Masked ones only when something was typed."""
        told = {}
        for name in self.fact_names():
            value = self.cleaned_data.get(name)
            if name in SECRET:
                if value:
                    told[name] = "" if value == TAKE_AWAY else value
            elif name in ("street", "community"):
                told[name] = self._place_name(value)
            elif name == "point":
                told.update(self._point())
            elif name in BOOLS:
                told[name] = {"yes": True, "no": False}.get(value or "")
            else:
                told[name] = value if value is not None or not self._is_text(name) else ""
        return told

    def _point(self) -> dict[str, Any]:
        """The point as it is stored; one that was left as it was shown stays as it was, to the last decimal."""
        point, datum = self.cleaned_data.get("point"), self.cleaned_data.get("point_datum") or str(Datum.GCJ02)
        if point is None:
            return {"longitude": None, "latitude": None, "point_datum": ""}
        seen = self.seen_before()
        kept = (seen.get("longitude"), seen.get("latitude"))
        if datum == seen.get("point_datum") and _is_point(kept) and point == geo.from_wgs84(kept, datum):
            return {"longitude": kept[0], "latitude": kept[1], "point_datum": datum}
        longitude, latitude = geo.to_wgs84(point, datum)
        return {"longitude": longitude, "latitude": latitude, "point_datum": datum}

    def seen_before(self) -> dict[str, Any]:
        """What the user saw when he opened the form."""
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "{}")
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def new_facts(self) -> dict[str, Any]:
        """The facts of a body that is entered: only what is filled in; the district's field follows the ministry's."""
        told = {name: value for name, value in self.facts().items() if value not in ("", None)}
        if told.get("field") in DISTRICT_FIELD_OF:
            told.setdefault("district_field", DISTRICT_FIELD_OF[told["field"]])
        return told

    def fact_names(self) -> list[str]:
        """Names of the facts in the order of the form."""
        named = [name for _title, names in self.section_names for name in names if name in self.fields]
        return [name for name in named if name != "point_datum"]  # told by the point

    def _is_text(self, name: str) -> bool:
        reader = getattr(self.fields[name], "reader", None)
        return name not in DATES and name != "capital_fen" and reader is not text.parse_int

    def _place_name(self, value: str | None) -> str:
        if value and value.startswith(_GIVEN):
            return value.removeprefix(_GIVEN)
        return self.places[value].name if value in self.places else ""

    def place_ids(self) -> dict[str, Any]:
        """Resolved areas by the names that the actions know."""
        found = {}
        for name in ("street", "community"):
            area = self.places.get(self.cleaned_data.get(name) or "")
            found[f"{name}_id"] = area.pk if area else None
        return found

    def changed(self) -> dict[str, Any]:
        """The facts that differ from what the user saw when he opened the form."""
        seen, now = self.seen_before(), self.facts()
        told = {name: value for name, value in now.items() if name in SECRET or seen.get(name, value) != value}
        if told.get("field") in DISTRICT_FIELD_OF and "district_field" in now and not now["district_field"]:
            told["district_field"] = DISTRICT_FIELD_OF[told["field"]]
        return told


_YES_NO = {"True": "yes", "False": "no"}


def initial_of(stored: Mapping[str, Any], street: Area | None, community: Area | None) -> dict[str, Any]:
    """What a form of facts shows of a stored body: areas by code, yes and no as words, nothing that is masked."""
    told: dict[str, Any] = {name: value for name, value in stored.items() if name not in SECRET}
    for name, area in (("street", street), ("community", community)):
        given = stored.get(name) or ""
        told[name] = area.code if area else f"{_GIVEN}{given}" if given else ""
    for name in BOOLS:
        told[name] = _YES_NO.get(str(stored.get(name)), "")
    told["code"] = stored.get("code") or stored.get("code_as_given") or ""
    point, datum = (stored.get("longitude"), stored.get("latitude")), stored.get("point_datum")
    told["point"] = geo.from_wgs84(point, datum) if datum and _is_point(point) else None
    told["point_datum"] = datum or str(Datum.GCJ02)
    return told


def _is_point(point: tuple[Any, Any]) -> TypeGuard[Point]:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in point)


def seen_of(form: FactsForm, stored: Mapping[str, Any]) -> str:
    """The stored facts of the form's fields as the form carries them, without what is masked."""
    told = {name: stored.get(name) for name in form.fact_names() if name not in SECRET and name != "point"}
    told.update({name: stored.get(name) for name in POINT})
    told["code"] = stored.get("code") or stored.get("code_as_given") or ""
    return json.dumps(told, ensure_ascii=False)


class RegisteredForm(FactsForm):
    """A registered body (F01)."""

    section_names: Sections = (
        (lazy("登记信息"), ("name", "kind", "code", "registered_on", "registrar", "supervisor", "industry_regulator",
                       "party_lead", "capital_fen", "field", "district_field", "scope")),
        (lazy("住所"), ("address", "street", "community", "point", "point_datum")),
        (lazy("人员"), ("legal_representative", "phone", "full_time", "part_time", "party_members_declared")),
        (lazy("治理"), ("members_person", "members_unit", "council_count", "supervisors_count", "term_from",
                       "term_to")),
        (lazy("证书和资格"), ("certificate_from", "certificate_to", *BOOLS, "note")),
    )  # fmt: skip

    name = _name(lazy("名称"), 120, required=True)
    kind = _choice(lazy("类型"), {k: v for k, v in KIND_TITLES.items() if k != Kind.BA}, required=True)
    code = ReadField(
        identifiers.parse_uscc, label=lazy("统一社会信用代码"), allowed=_LEFT_TO_RULES, longest=40, required=False
    )
    registered_on = _date(lazy("成立日期"), required=True)
    registrar = _name(lazy("登记管理机关"), 60)
    supervisor = _name(lazy("业务主管单位"), 80, help_text=lazy("直接登记的不填"))
    industry_regulator = _name(lazy("行业管理部门"), 80)
    party_lead = _name(lazy("党建领导机关"), 80)
    capital_fen = MoneyField(label=lazy("注册资金"), unit="万元", required=False)
    field = _choice(lazy("行业分类"), FIELD_TITLES)
    district_field = _choice(lazy("所属领域"), DISTRICT_FIELD_TITLES, help_text=lazy("不填则按行业分类推定"))
    scope = _text(lazy("业务范围"), 2000, widget=forms.Textarea(attrs={"rows": 3}))
    address = _text(lazy("住所"), 200)
    legal_representative = _name(lazy("法定代表人"), 60)
    full_time = _number(lazy("专职人数"))
    part_time = _number(lazy("兼职人数"))
    party_members_declared = _number(lazy("党员数（申报）"))
    members_person = _number(lazy("个人会员数"))
    members_unit = _number(lazy("单位会员数"))
    council_count = _number(lazy("理事数"))
    supervisors_count = _number(lazy("监事数"))
    term_from = _date(lazy("届期起"))
    term_to = _date(lazy("届期止"))
    certificate_from = _date(lazy("证书有效期起"))
    certificate_to = _date(lazy("证书有效期止"))
    is_charity = _yes_no(lazy("慈善组织"))
    public_fundraising = _yes_no(lazy("公开募捐资格"))
    tax_deductible = _yes_no(lazy("税前扣除资格"))
    note = _text(lazy("备注"), 1000)


class FilingForm(FactsForm):
    """A filed community body (F02)."""

    section_names: Sections = (
        (lazy("备案"), ("name", "filing_no", "category", "registered_on", "filing_until", "guidance_unit")),
        (lazy("地点"), ("street", "community", "address", "point", "point_datum")),
        (lazy("人员"), ("legal_representative", "phone", "id_number", "member_count", "party_members_declared",
                       "note")),
    )  # fmt: skip

    name = _name(lazy("名称"), 120, required=True)
    filing_no = ReadField(identifiers.parse_filing_no, label=lazy("备案号"), longest=40, required=False)
    category = _choice(lazy("类别"), FILING_CATEGORY_TITLES)
    registered_on = _date(lazy("备案日期"), required=True)
    filing_until = _date(lazy("备案有效期至"), help_text=lazy("长期有效的不填"))
    guidance_unit = _name(lazy("指导单位"), 80)
    address = _text(lazy("活动场所"), 200)
    legal_representative = _name(lazy("负责人"), 60)
    id_number = SecretField(identifiers.parse_ric, label=lazy("负责人身份证号"), longest=40, required=False)
    member_count = _number(lazy("成员数"))
    party_members_declared = _number(lazy("党员数（申报）"))
    note = _text(lazy("备注"), 1000)

    def facts(self) -> dict[str, Any]:
        """The facts of a filed body; its kind is always BA."""
        return {**super().facts(), "kind": str(Kind.BA)}


class CorrectRegisteredForm(RegisteredForm):
    """A registered body whose entry is corrected: its state too."""

    section_names: Sections = (*RegisteredForm.section_names, (lazy("状态"), ("status", "closed_on")))

    status = _choice(lazy("状态"), STATUS_TITLES, required=True)
    closed_on = _date(lazy("终止日期"))


class CorrectFilingForm(FilingForm):
    """A filed body whose entry is corrected: its state too."""

    section_names: Sections = (*FilingForm.section_names, (lazy("状态"), ("status", "closed_on")))

    status = _choice(lazy("状态"), STATUS_TITLES, required=True)
    closed_on = _date(lazy("终止日期"))


class EffectForm(forms.Form):
    """From which day a change holds."""

    on = PartialDate(label=lazy("从哪一天起"), help_text=lazy("变更核准或发生的日期"))

    def clean_on(self) -> Any:
        """A whole day."""
        if self.cleaned_data["on"] and len(self.cleaned_data["on"]) != 10:
            raise ValidationError(_("请写到日，如 2018-10-26。"))
        return self.cleaned_data["on"]


class CloseForm(forms.Form):
    """The end of a body, or the beginning of its liquidation."""

    status = _choice(lazy("情形"), {k: v for k, v in STATUS_TITLES.items() if k != "active"}, required=True)
    on = PartialDate(label=lazy("日期"))
    reason = _text(lazy("事由"), 200, required=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    clean_on = EffectForm.clean_on
