"""Forms of the import pages: the upload, and the correction of one row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core import staging
from liaoyuan.core.models import Area
from liaoyuan.ui.forms import DateField

UNITS = (("", gettext_lazy("按列名判断")), ("万元", gettext_lazy("万元")), ("元", gettext_lazy("元")))


class UploadForm(forms.Form):
    """A file, what it is, which registrar's area it belongs to, as of which day, and the unit of money."""

    kind = forms.ChoiceField(label=gettext_lazy("表格种类"))
    area = forms.ModelChoiceField(
        Area.objects.none(), label=gettext_lazy("登记机关所在区划"), to_field_name="code", empty_label=None
    )
    as_of = DateField(
        label=gettext_lazy("数据日期"), help_text=gettext_lazy("表中情况是哪一天的；与库里不同的值从这一天起算")
    )
    unit = forms.ChoiceField(label=gettext_lazy("金额单位"), choices=UNITS, required=False)
    pledge = forms.BooleanField(label=gettext_lazy("这份文件不涉密，不含内部资料"), required=True)
    file = forms.FileField(label=gettext_lazy("选择或拖入表格（.xlsx .xls .ods .csv）"))

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], areas: Any, limit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Too large a file is refused before it is read."""
        file = self.cleaned_data["file"]
        if file.size > self.limit:
            raise forms.ValidationError(_("文件超过 %(n)s MB，请拆分后再传。") % {"n": self.limit // 2**20})
        return file


class RowForm(forms.Form):
    """The cells of one row as texts, to be corrected; reading and judging is the importer's work."""

    def __init__(self, *args: Any, titles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, title in titles.items():
            longest = staging.LONGEST_CELL
            self.fields[name] = forms.CharField(label=title, required=False, max_length=longest, strip=False)
