"""The upload form: which paper, the files, until when it is valid, the pledge."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core.choices import Answer
from liaoyuan.core.params import ANSWER_TITLES, FILE_MESSAGES
from liaoyuan.ui.forms import DateField


class _Several(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what each of them is, the action judges."""

    widget = _Several

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, max_length=500, **kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The uploads as a list."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(_(FILE_MESSAGES["FILE.none"]))
        if len(given) > self.most:
            raise forms.ValidationError(_(FILE_MESSAGES["FILE.many"]).format(limit=self.most))
        return list(given)


class UploadForm(forms.Form):
    """Files for one paper of one record. `papers` are the names one may choose."""

    paper = forms.ChoiceField(
        label=gettext_lazy("材料名称"), error_messages={"required": gettext_lazy("请选择材料名称。")}
    )
    uploads = FilesField(most=20, label=gettext_lazy("把文件拖到这里，或点击选择（可以多选）"))
    valid_until = DateField(
        label=gettext_lazy("有效期至"), required=False, help_text=gettext_lazy("证书等有期限的才填；过期后清单会提示")
    )
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pledge = forms.BooleanField(
        label=gettext_lazy("我承诺：文件不涉密，不含内部资料"),
        error_messages={"required": gettext_lazy("请承诺文件不涉密、不含内部资料。")},
    )

    def __init__(self, *args: Any, papers: Sequence[str], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = [(name, _(name)) for name in papers]  # type: ignore[attr-defined]
        self.fields["uploads"].most = most  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One file replaces one file."""
        given = super().clean() or {}
        if given.get("replaces") and len(given.get("uploads") or []) > 1:
            self.add_error("uploads", _("替换时只能选一个文件。"))
        return given


class AnswerForm(forms.Form):
    """What the uploader says of one photo that looks like others."""

    answer = forms.ChoiceField(
        label=gettext_lazy("这张照片"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择一项。")},
    )  # fmt: skip
    answer_note = forms.CharField(label=gettext_lazy("为什么还要用这张照片"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [(code, _(title)) for code, title in ANSWER_TITLES.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A second use is explained."""
        given = super().clean() or {}
        if given.get("answer") == Answer.AGAIN and len((given.get("answer_note") or "").strip()) < 2:
            self.add_error("answer_note", _("请写明为什么还要用这张照片。"))
        return given
