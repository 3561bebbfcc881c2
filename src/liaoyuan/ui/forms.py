"""Django forms as plain data for the macros, and the two fields every floor needs: days and money as people write them.

A form parses and shows errors, it never saves. `describe` turns its bound fields into `Field`s: nothing is rendered by
Django's own form templates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from liaoyuan.kit.cells import MESSAGES
from liaoyuan.kit.dates import EARLIEST, parse_date
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.kit.geo import Point, parse_point, written
from liaoyuan.kit.money import format_wan, format_yuan, parse_money
from liaoyuan.ui import marks, texts
from liaoyuan.ui.pager import Query

_BAD = frozenset({Severity.BLOCK, Severity.CONFIRM})
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checks"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "check"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "hidden"),
    (Input, "input"),
)
_CSS = {
    "select": "form-select",
    "check": "form-check-input",
    "checks": "form-check-input",
    "radios": "form-check-input",
}

_FEW = 10  # boxes to tick; the texts of more of them are read faster over the whole width


class Option(NamedTuple):
    """One choice; `group` is the heading it stands under, or empty."""

    id: str
    value: str
    label: str
    chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the macro `field` prints it. `attrs` are the control's attributes, None ones are left out."""

    name: str
    id: str
    label: str
    kind: str
    value: str
    attrs: dict[str, Any]
    options: list[Option]
    help: str
    rule: str
    required: bool
    errors: list[str]
    findings: list[Finding]
    wide: bool

    @property
    def control(self) -> Markup:
        """The control's attributes, written."""
        return marks.attributes(self.attrs)

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """The choices by heading, in their order."""
        return [(group, list(members)) for group, members in groupby(self.options, key=lambda o: o.group)]

    @property
    def filled(self) -> bool:
        """Whether something is typed or chosen."""
        return bool(self.value) or any(o.chosen and o.value for o in self.options)

    @property
    def invalid(self) -> bool:
        """Whether something about the field keeps the form from going on."""
        return bool(self.errors) or any(f.severity in _BAD for f in self.findings)


def describe(
    form: forms.BaseForm,
    findings: Iterable[Finding] = (),
    rules: Mapping[str, str] | None = None,
    wide: Sequence[str] = (),
) -> dict[str, Field]:
    """All fields of a form by name.

    `rules` holds sentences told before one types; `findings` of an action are shown beside their field (the ones
    without a field belong to `problems`); `wide` names take the whole width (text areas and long lists of boxes
    always do).
    """
    told = list(findings)
    return {
        name: _field(form[name], [f for f in told if f.field == name], (rules or {}).get(name, ""), name in wide)
        for name in form.fields
    }


def _field(bound: BoundField, findings: list[Finding], rule: str, wide: bool) -> Field:
    widget = bound.field.widget
    kind = next((name for cls, name in _KINDS if isinstance(widget, cls)), "")
    if not kind:
        msg = f"no macro prints {type(widget).__name__} of the field {bound.name}"
        raise TypeError(msg)
    id_ = bound.auto_id or bound.html_name
    errors = [str(error) for error in bound.errors]
    bad = bool(errors) or any(f.severity in _BAD for f in findings)
    told_by = [
        f"{id_}-{part}"
        for part, there in (("rule", rule), ("hint", bound.help_text), ("findings", errors or findings))
        if there
    ]
    attrs = {**bound.build_widget_attrs({"id": id_}), "aria-describedby": " ".join(told_by) or None}
    context = widget.get_context(bound.html_name, bound.value(), attrs)["widget"]
    css = f"{_CSS.get(kind, 'form-control')}{' is-invalid' if bad else ''} {context['attrs'].get('class', '')}".strip()
    shown = {**context["attrs"], "class": css, "aria-invalid": "true" if bad else None}
    if kind in ("input", "file", "hidden"):
        shown["type"] = context["type"]
    value, options = context["value"], _options(context, id_)
    return Field(
        name=bound.html_name,
        id=id_,
        label=str(bound.label),
        kind=kind,
        value="" if value is None or isinstance(value, list) else str(value),
        attrs={
            key: "" if found is True else found
            for key, found in shown.items()
            if found is not None and found is not False
        },
        options=options,
        help=str(bound.help_text),
        rule=str(rule),
        required=bound.field.required,
        errors=errors,
        findings=findings,
        wide=wide or kind == "textarea" or (kind == "checks" and len(options) > _FEW),
    )


def _options(context: dict[str, Any], id_: str) -> list[Option]:
    found: list[Option] = []
    for group, members, _place in context.get("optgroups", ()):
        for option in members:
            value = "" if option["value"] is None else str(option["value"])
            found.append(
                Option(
                    f"{id_}_{len(found)}",
                    value,
                    texts.translated(option["label"]),
                    bool(option["selected"]),
                    texts.translated(group),
                )
            )
    return found


class Problem(NamedTuple):
    """One line of the error summary; `id` is the control it leads to, empty for the whole form."""

    id: str
    text: str


def problems(form: forms.BaseForm, findings: Iterable[Finding] = ()) -> list[Problem]:
    """Everything that keeps the form from going on, in the order of its fields, the whole form's first."""
    told = [f for f in findings if f.severity in _BAD]
    found = [Problem("", str(error)) for error in form.non_field_errors()]
    found += [Problem("", texts.sentence(f)) for f in told if f.field not in form.fields]
    for name in form.fields:
        bound = form[name]
        id_ = bound.auto_id or bound.html_name
        found += [Problem(id_, f"{bound.label}：{error}") for error in bound.errors]
        found += [Problem(id_, f"{bound.label}：{texts.sentence(f)}") for f in told if f.field == name]
    return found


class Chip(NamedTuple):
    """A filter in force: what it says and the address without it."""

    text: str
    href: str


def chips(form: forms.BaseForm, query: Query) -> list[Chip]:
    """The filters of a bound query form that are in force, each with the address that takes it off."""
    found = []
    for name in form.fields:
        values = [value for key, value in query.pairs if key == form.add_prefix(name) and value]
        if not values or (form.is_bound and name in form.errors):
            continue
        options = {o.value: o.label for o in _field(form[name], [], "", False).options}
        words = "、".join(options.get(value, value) for value in values)
        found.append(Chip(f"{form[name].label}：{words}", query(**{form.add_prefix(name): None})))
    return found


def _read_sentence(code: str, given: object) -> str:
    return _(MESSAGES[code]).format(given=given)


class DateField(forms.Field):
    """A day in any unmistakable Chinese writing: 2018-10-26, 2018年10月26日, 2018.10.26, 20181026.

    A form can ask, so a writing that leaves a doubt (18-10-26, 10/26/2018, 2018年10月) is refused and says why.
    """

    widget = forms.TextInput

    def __init__(self, *, earliest: date = EARLIEST, latest: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show the writing we prefer."""
        return {"placeholder": gettext_lazy("如 2018-10-26"), "autocomplete": "off", "data-kind": "date"}

    def prepare_value(self, value: Any) -> Any:
        """A stored day as ISO text; what was typed stays as it was typed."""
        if isinstance(value, datetime):
            value = value.date()
        return value.isoformat() if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        """The day, or None when left out."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        read = parse_date(value, earliest=self.earliest, latest=self.latest)
        if read.code:
            sentence = _read_sentence(read.code, value)
            raise ValidationError(
                sentence if read.error else f"{sentence}{_('请写成 2018-10-26 的样子。')}", code=read.code
            )
        return date.fromisoformat(read.value) if read.value else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Another writing of the same day is no change."""
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class MoneyField(forms.Field):
    """An amount as integer fen. `unit` (元 or 万元) is what a bare number means; a unit that is typed wins."""

    widget = forms.TextInput

    def __init__(self, *, unit: str = "元", **options: Any) -> None:
        super().__init__(**options)
        self.unit = unit
        if not self.help_text:
            self.help_text = gettext_lazy("单位：元") if unit == "元" else gettext_lazy("单位：万元")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Figures first on a phone's keyboard, though 3万5千元 is understood too."""
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Stored fen in the field's unit; what was typed stays as it was typed."""
        if isinstance(value, int) and not isinstance(value, bool):
            return format_wan(value) if self.unit == "万元" else format_yuan(value)
        return value

    def to_python(self, value: Any) -> int | None:
        """The amount in fen, or None when left out."""
        if value in self.empty_values or isinstance(value, int):
            return None if value in self.empty_values else value
        read = parse_money(value, unit=self.unit)
        if read.code:
            raise ValidationError(_read_sentence(read.code, value), code=read.code)
        return read.value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Another writing of the same amount is no change."""
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class PointField(forms.Field):
    """A pasted point as (longitude, latitude), in the datum of the map it was copied from."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show the writing we prefer."""
        return {"placeholder": "120.2938, 31.5412", "autocomplete": "off", "maxlength": 80}

    def prepare_value(self, value: Any) -> Any:
        """A point as text; what was typed stays as it was typed."""
        return written(value) if isinstance(value, tuple) else value

    def to_python(self, value: Any) -> Point | None:
        """The point, or None when left out."""
        read = parse_point(value)
        if read.code:
            raise ValidationError(_read_sentence(read.code, value), code=read.code)
        return read.value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Another writing of the same point is no change."""
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
