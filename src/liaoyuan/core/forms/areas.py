"""Forms of areas: the query above the list, another name, a point, a new area, an end."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.core.params import LEVEL_TITLES
from liaoyuan.kit.geo import DATUM_TITLES, Datum
from liaoyuan.ui.forms import DateField, PointField

_ALL = ("", gettext_lazy("全部"))


def _choices(titles: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(code), _(title)) for code, title in titles.items()]


class AreaQueryForm(forms.Form):
    """What the list of areas is narrowed by."""

    q = forms.CharField(label=gettext_lazy("名称、曾用名或代码"), max_length=60, required=False)
    level = forms.ChoiceField(label=gettext_lazy("层级"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False,
        choices=[_ALL, ("live", gettext_lazy("没有撤销")), ("abolished", gettext_lazy("已撤销"))],
    )  # fmt: skip
    point = forms.ChoiceField(
        label=gettext_lazy("坐标"), required=False,
        choices=[_ALL, ("yes", gettext_lazy("有坐标")), ("no", gettext_lazy("没有坐标"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        level: Any = self.fields["level"]
        level.choices = [("", _("全部")), *_choices(LEVEL_TITLES)]


class RenameForm(forms.Form):
    """Another name, from which day, or a correction of what was never true."""

    name = forms.CharField(label=gettext_lazy("新名称"), max_length=60)
    on = DateField(label=gettext_lazy("从哪一天起"), help_text=gettext_lazy("更名批准或公布的日期"))
    correction = forms.BooleanField(label=gettext_lazy("只是更正录入错误，不留曾用名"), required=False)


class PointForm(forms.Form):
    """A point as it was copied; left empty the area has none."""

    point = PointField(
        label=gettext_lazy("坐标"), required=False,
        help_text=gettext_lazy("从地图上复制粘贴，如“120.2938, 31.5412”或“北纬31°32′28″ 东经120°17′38″”；留空则删除"),
    )  # fmt: skip
    datum = forms.ChoiceField(label=gettext_lazy("坐标系"), help_text=gettext_lazy("从哪种地图上复制的"))
    confirmed = forms.BooleanField(label=gettext_lazy("已核对，这个点没有错"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        datum: Any = self.fields["datum"]
        datum.choices = _choices(DATUM_TITLES)
        self.initial.setdefault("datum", str(Datum.GCJ02))


class OutlineForm(forms.Form):
    """An outline as a file, in which datum it is told, where it comes from; without a file the present one goes."""

    file = forms.FileField(label=gettext_lazy("边界文件"), max_length=120,
                           help_text=gettext_lazy("GeoJSON，一个面（Polygon 或 MultiPolygon），最大 2 MB"))  # fmt: skip
    datum = forms.ChoiceField(
        label=gettext_lazy("坐标系"), help_text=gettext_lazy("文件里的坐标系；系统换算为 WGS-84，与各组织的坐标一致")
    )
    source = forms.CharField(label=gettext_lazy("来源"), max_length=120,
                             help_text=gettext_lazy("谁提供的、哪一年的，显示在图下"))  # fmt: skip
    confirmed = forms.BooleanField(label=gettext_lazy("已核对，边界没有错"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        datum: Any = self.fields["datum"]
        datum.choices = _choices(DATUM_TITLES)


class NewAreaForm(forms.Form):
    """A street below a district, a community below a street."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    code = forms.CharField(
        label=gettext_lazy("统计用区划代码"), max_length=12, required=False,
        help_text=gettext_lazy("街道、乡镇 9 位，社区、村 12 位；还没有公布的留空，系统给一个暂编代码"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class AbolishForm(forms.Form):
    """The end of an area."""

    on = DateField(label=gettext_lazy("撤销日期"))
    successor = forms.CharField(
        label=gettext_lazy("并入或改设为"), max_length=12, required=False,
        help_text=gettext_lazy("承接它的区划的代码，没有的留空"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class RestoreForm(forms.Form):
    """Why an abolition is taken back."""

    reason = forms.CharField(label=gettext_lazy("说明"), max_length=200)
