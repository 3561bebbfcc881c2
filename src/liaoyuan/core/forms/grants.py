"""Forms of grants, offices, the separation level, the practice clock and invitations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.core.choices import ScopeKind, Separation
from liaoyuan.ui.forms import DateField

SCOPE_TITLES = {
    ScopeKind.AREA: _("区划（含下级）"),
    ScopeKind.ORGANIZATION: _("一个组织"),
    ScopeKind.PARTY: _("一个党组织（含下级）"),
    ScopeKind.ALL: _("全部"),
}
LEVEL_TITLES = {
    Separation.TRIAL: _("试用"),
    Separation.SMALL_OFFICE: _("小型科室"),
    Separation.THREE_OFFICES: _("三员"),
}


class GrantForm(forms.Form):
    """A role over a scope for a time. An organization or party organization is named by its full name or code."""

    role = forms.ChoiceField(label=_("角色"))
    scope_kind = forms.ChoiceField(label=_("范围类别"), choices=[(k.value, t) for k, t in SCOPE_TITLES.items()])
    area = forms.CharField(
        label=_("区划代码"), max_length=12, required=False, help_text=_("如 320211（区）、320211001（街道）")
    )
    organization = forms.CharField(
        label=_("组织或党组织全称，或统一社会信用代码"),
        max_length=120,
        required=False,
        help_text=_("范围为“一个组织”“一个党组织”时填写"),
    )
    valid_from = DateField(label=_("起"), required=False, help_text=_("不填为今天"))
    valid_to = DateField(label=_("止（不含）"), required=False, help_text=_("不填为长期；代理必须填写"))
    deputy_for = forms.CharField(
        label=_("代理谁（登录名）"),
        max_length=40,
        required=False,
        help_text=_("只在代理时填写，范围须与被代理人的授权相同"),
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class LevelForm(forms.Form):
    """A separation level from a day on."""

    level = forms.ChoiceField(label=_("级别"), choices=[(level.value, title) for level, title in LEVEL_TITLES.items()])
    valid_from = DateField(label=_("起"), required=False, help_text=_("不填为今天"))


class ClockForm(forms.Form):
    """The day and hour that business time shall show now; empty = real time."""

    day = DateField(label=_("业务日期"), required=False, help_text=_("不填则恢复真实时间"))
    hour = forms.IntegerField(label=_("时（0–23）"), min_value=0, max_value=23, required=False, initial=9)


class InviteAreaForm(forms.Form):
    """The area whose organizations are invited in one batch."""

    area = forms.ChoiceField(label=_("街道（镇）"))

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class InvitationQueryForm(forms.Form):
    """The query form above the list of invitations."""

    q = forms.CharField(label=_("组织名称"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("open", _("未使用")), ("used", _("已使用")), ("gone", _("已撤回或过期"))],
    )
