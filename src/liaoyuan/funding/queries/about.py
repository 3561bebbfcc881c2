"""What this floor stores about an account's person: where he is an expert, what he declared, what he certified."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.core.registries import AboutMe
from liaoyuan.funding.models import ExpertDeclaration, GrantExpert, Project


def rows(user: Any) -> Sequence[tuple[str, str, str]]:
    """Lines about the account: expert of which areas, declarations, applications that it certified."""
    told = [
        (_("公益创投评审专家"), f"{row.area.name} {row.name}", "")
        for row in GrantExpert.objects.filter(user=user).select_related("area").order_by("pk")
    ]
    declared = ExpertDeclaration.objects.filter(expert__user=user).count()
    if declared:
        told.append((_("评审回避声明"), _("{n} 份").format(n=declared), ""))
    certified = Project.objects.filter(certified_by=user).count()
    if certified:
        told.append((_("以负责人身份确认的申报书"), _("{n} 份").format(n=certified), ""))
    return told


def subjects(user: Any) -> Sequence[tuple[str, str, str]]:
    """Nothing of this floor is read about a person behind a reason."""
    return []


ABOUT_ME = AboutMe("funding", "公益创投", rows, subjects)
