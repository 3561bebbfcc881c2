"""Forms of cases: made of the fields that a kind's floor entered as data, and the small ones of each act."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liaoyuan.core import zones
from liaoyuan.core.choices import Level
from liaoyuan.core.models import Area, User
from liaoyuan.core.registries import CaseField, CaseKind
from liaoyuan.core.rules.cases import CASE_DECISION_TITLES, CASE_STATE_TITLES
from liaoyuan.ui import conflicts
from liaoyuan.ui.forms import DateField, MoneyField

#: Kinds of fields that name an area.
_PLACES = (Level.STREET, Level.COMMUNITY)
_UNSET = ("", lazy("（未填）"))
#: What takes a masked value away.
TAKE_AWAY = "无"
HOWS = (("phone", lazy("电话")), ("paper", lazy("纸质材料")), ("visit", lazy("当面")))
_AGREE = (("agree", lazy("建议准予")), ("disagree", lazy("建议不予")))


class CaseQueryForm(forms.Form):
    """The query above the list of cases."""

    q = forms.CharField(label=lazy("名称或编号"), max_length=60, required=False)
    whose = forms.ChoiceField(
        label=lazy("经办"), required=False,
        choices=[("", lazy("全部")), ("mine", lazy("我经办的（含代理）")), ("none", lazy("无人经办"))],
    )  # fmt: skip
    kind = forms.ChoiceField(label=lazy("事项"), required=False)
    state = forms.ChoiceField(label=lazy("状态"), required=False)
    late = forms.ChoiceField(
        label=lazy("期限"), required=False,
        choices=[("", lazy("不限")), ("soon", lazy("30 天内到期")), ("late", lazy("已超期")),
                 ("stopped", lazy("中止中"))],
    )  # fmt: skip
    year = forms.IntegerField(label=lazy("收件年度"), required=False, min_value=1900, max_value=2999)

    def __init__(self, *args: Any, kinds: Iterable[CaseKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *((k.code, _(k.title)) for k in kinds)]  # type: ignore[attr-defined]
        states = [(code, _(title)) for code, title in CASE_STATE_TITLES.items()]
        self.fields["state"].choices = [("", _("未办结")), ("all", _("全部")), *states]  # type: ignore[attr-defined]


def form_field(entry: CaseField, streets: Sequence[Area]) -> forms.Field:
    """A form field made of the data of a case's field."""
    common: dict[str, Any] = {"label": _(entry.title), "required": entry.required, "help_text": _(entry.help)}
    if not entry.help:
        common["help_text"] = ""
    if entry.kind == "date":
        return DateField(**common)
    if entry.kind == "number":
        return forms.IntegerField(min_value=0, max_value=10_000_000, **common)
    if entry.kind == "money":
        return MoneyField(unit="万元", **{**common, "help_text": common["help_text"] or _("单位：万元")})
    if entry.kind == "choice":
        return forms.ChoiceField(choices=[_UNSET, *((c, _(t)) for c, t in entry.choices.items())], **common)
    if entry.kind == "yesno":
        return forms.ChoiceField(choices=[_UNSET, ("yes", _("是")), ("no", _("否"))], **common)
    if entry.kind in _PLACES:
        names = list(dict.fromkeys(area.name for area in streets if area.level == entry.kind))
        first = names[0] if len(names) == 1 and entry.required else None
        return forms.ChoiceField(choices=[_UNSET, *((name, name) for name in names)], initial=first, **common)
    widget = forms.Textarea(attrs={"rows": 4}) if entry.kind == "long" else forms.TextInput()
    return forms.CharField(max_length=entry.longest, widget=widget, **common)


class CaseForm(forms.Form):
    """The fields of a kind, with version and what the user saw. It gives normalised facts and never saves."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(label=lazy("已核对，确认提交"), required=False)

    def __init__(
        self, *args: Any, entries: Sequence[CaseField], streets: Sequence[Area] = (),
        stored: Mapping[str, Any] | None = None, optional: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.entries = {
            entry.name: entry
            for entry in entries
            if not entry.personal or zones.allowed(settings.ZONE, entry.personal, zones.Op.STORE)
        }
        self.stored = stored or {}
        for name, entry in self.entries.items():
            self.fields[name] = form_field(entry, streets)
            if optional or (entry.purpose and self.stored.get(name)):
                self.fields[name].required = False
            if entry.purpose and self.stored.get(name):
                self.fields[name].help_text = _("不改请留空，填“无”删除")
            elif not entry.purpose and self.stored:
                self.initial.setdefault(name, _shown(entry, self.stored.get(name)))

    def facts(self) -> dict[str, Any]:
        """The normalised facts: money in fen, days as ISO text, yes and no as truth; a masked value only if typed."""
        told: dict[str, Any] = {}
        for name, entry in self.entries.items():
            value = self.cleaned_data.get(name)
            if entry.purpose:
                if value:
                    told[name] = "" if value == TAKE_AWAY else value
            elif entry.kind == "yesno":
                told[name] = {"yes": True, "no": False}.get(value or "")
            elif isinstance(value, date):
                told[name] = value.isoformat()
            elif entry.kind in ("text", "long", "choice", *_PLACES):
                told[name] = (value or "").strip()
            else:
                told[name] = value
        return told

    def filled(self) -> dict[str, Any]:
        """The facts that are filled in: what a new case holds."""
        return {name: value for name, value in self.facts().items() if value not in (None, "")}

    def what_is_seen(self) -> dict[str, Any]:
        """The stored facts that the form shows."""
        return {name: self.stored.get(name) for name, entry in self.entries.items() if not entry.purpose}

    def seen_before(self) -> dict[str, Any]:
        """What the user saw when he opened the form."""
        return conflicts.load(self.cleaned_data.get("seen") or "")

    def changes(self) -> dict[str, Any]:
        """The facts that differ from what the user saw."""
        seen = self.seen_before()
        return {
            name: value
            for name, value in self.facts().items()
            if self.entries[name].purpose or (seen.get(name) or "") != (value or "") or _flipped(seen.get(name), value)
        }


def _flipped(was: Any, now: Any) -> bool:
    return (was is False) != (now is False)


def _shown(entry: CaseField, value: Any) -> Any:
    if entry.kind == "yesno":
        return {True: "yes", False: "no"}.get(value, "")
    return value


class NewCaseForm(CaseForm):
    """A case that is handed in: its fields, when and on whose word it came, who runs it."""

    received_on = DateField(label=lazy("收件日期"), required=False)
    applicant = forms.CharField(label=lazy("申请人"), max_length=80, required=False)
    passes_through = forms.BooleanField(label=lazy("由外部系统办理（本系统只登记受理号、日期和结果）"), required=False)
    word_via = forms.ChoiceField(label=lazy("代填方式"), required=False, choices=[("", lazy("（不是代填）")), *HOWS])
    word_by = forms.CharField(label=lazy("按谁的说法"), max_length=60, required=False)

    def __init__(self, *args: Any, offices: Sequence[Area] = (), official: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {area.code: area for area in offices}
        if not official:
            for name in ("received_on", "applicant", "passes_through", "word_via", "word_by"):
                del self.fields[name]
        if len(self.offices) > 1:
            choices = [(code, area.name) for code, area in self.offices.items()]
            self.fields["office"] = forms.ChoiceField(label=_("办理机关所在区划"), choices=choices)

    def clean(self) -> dict[str, Any]:
        """A person's word has a person."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("word_via") and not told.get("word_by"):
            self.add_error("word_by", _("代填要写明按谁的说法。"))
        return told

    def office(self) -> Area | None:
        """The office whose case it is, where the kind has no subject."""
        chosen = self.cleaned_data.get("office")
        return self.offices[chosen] if chosen else next(iter(self.offices.values()), None)

    def on_behalf(self) -> str:
        """On whose word the form was filled in."""
        via, by = self.cleaned_data.get("word_via"), self.cleaned_data.get("word_by")
        return f"{dict(HOWS)[via]}：{by}" if via and by else ""


class ActForm(forms.Form):
    """What the acts of a case ask; each view takes the fields of its act."""

    on = DateField(label=lazy("日期"))
    text = forms.CharField(
        label=lazy("内容"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    outcome = forms.ChoiceField(label=lazy("意见"), choices=_AGREE, widget=forms.RadioSelect)
    decision = forms.ChoiceField(
        label=lazy("决定"), choices=list(CASE_DECISION_TITLES.items()), widget=forms.RadioSelect
    )
    decision_no = forms.CharField(label=lazy("决定文号"), max_length=80, required=False)
    outside_number = forms.CharField(label=lazy("外部系统的受理号或文号"), max_length=80)
    how = forms.CharField(label=lazy("送达方式和签收人"), max_length=120)
    to = forms.ChoiceField(label=lazy("接办人"))
    letter = forms.BooleanField(label=lazy("同时制发文书"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(label=lazy("已核对，确认办理"), required=False)

    def __init__(self, *args: Any, names: Sequence[str], colleagues: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in {*names, "version", "confirmed"}]:
            del self.fields[name]
        self.order_fields([*names, "version", "confirmed"])
        if "to" in self.fields:
            self.fields["to"].choices = [(str(user.pk), f"{user}") for user in colleagues]  # type: ignore[attr-defined]
        if "decision" in self.fields:
            self.fields["decision"].choices = [(c, _(t)) for c, t in CASE_DECISION_TITLES.items()]  # type: ignore[attr-defined]
