"""Forms of the audit console: the query above the list, and a head that was kept elsewhere."""

import json
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core import registries
from liaoyuan.core.chain.heads import HeadError, outside_head
from liaoyuan.core.queries.timeline import channels, event_title
from liaoyuan.ui.forms import DateField

#: A head file is some 500 bytes; whatever is larger is none.
_LARGEST = 20_000
_TYPED = re.compile(r"\s*(\d{1,18})[\s,，:：]+([0-9A-Fa-f\s]{64,160})\s*")


class EventQueryForm(forms.Form):
    """Which events the auditor wants to see."""

    person = forms.CharField(label=gettext_lazy("操作人"), max_length=60, required=False)
    code = forms.ChoiceField(label=gettext_lazy("事件"), required=False)
    subject = forms.CharField(label=gettext_lazy("对象（名称或编号）"), max_length=120, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("途径"), required=False)
    start = DateField(label=gettext_lazy("自"), required=False)
    end = DateField(label=gettext_lazy("至"), required=False)
    unsealed = forms.BooleanField(label=gettext_lazy("只看未入链"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(((code, event_title(code)) for code in registries.event_titles), key=lambda pair: pair[0])
        self.fields["code"].choices = [("", _("全部")), *known]  # type: ignore[attr-defined]
        self.fields["channel"].choices = [("", _("全部")), *channels()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A period must not end before it begins."""
        given = super().clean() or {}
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", _("止日不能早于起日。"))
        return given


class HeadForm(forms.Form):
    """A signed head kept outside: its file, its JSON text, or number and hash typed from a print. May be left out."""

    file = forms.FileField(label=gettext_lazy("链头文件"), required=False)
    text = forms.CharField(
        label=gettext_lazy("或者：链头内容"),
        required=False,
        max_length=_LARGEST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy("粘贴链头文件的内容，或者照打印件输入“序号 散列”。"),
    )

    def clean(self) -> dict[str, Any]:
        """Put the head, as plain data, under `head`; None when nothing was given."""
        given = super().clean() or {}
        name, text = "text", given.get("text", "")
        if given.get("file"):
            name = "file"
            text = given["file"].read(_LARGEST + 1)[:_LARGEST].decode("utf-8", "replace")
        given["head"] = None
        if text.strip():
            try:
                given["head"] = _read(text)
                outside_head(given["head"])
            except HeadError as error:
                self.add_error(name, str(error))
        return given


def _read(text: str) -> dict[str, Any]:
    typed = _TYPED.fullmatch(text)
    if typed:
        return {"seq": int(typed[1]), "hash": re.sub(r"\s", "", typed[2])}
    try:
        told = json.loads(text)
    except ValueError as error:
        raise HeadError(_("无法识别：既不是链头文件的内容，也不是“序号 散列”。")) from error
    if not isinstance(told, dict):
        raise HeadError(_("无法识别：既不是链头文件的内容，也不是“序号 散列”。"))
    return told
