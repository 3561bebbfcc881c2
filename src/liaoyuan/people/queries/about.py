"""What this floor stores about an account's person. Accounts are never matched with persons by their names."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.registries import AboutMe
from liaoyuan.people.choices import Permission
from liaoyuan.people.models import Profile
from liaoyuan.people.queries import bodies


def rows(user: Any) -> Sequence[tuple[str, str, str]]:
    """The bodies whose people the account sees, where its own person's data would stand."""
    keys = access.reach(user, Permission.OWN_VIEW).organizations
    told = Profile.objects.current().filter(organization__in=keys).order_by("organization_id")
    counted = told.values_list("organization_id").annotate(n=Count("pk")) if keys else ()
    names = bodies.names(keys) if keys else {}
    words = _("存有 {n} 名人员的资料；其中有没有您本人的，请在名单里查看")
    return [
        (names.get(pk, ""), words.format(n=count), f"{reverse('people:person_list')}?organization={pk}")
        for pk, count in counted
    ]


def subjects(user: Any) -> Sequence[tuple[str, str, str]]:
    """None: whose record an account's person has is not known, and other people's reads are not told to him."""
    return []


ABOUT_ME = AboutMe("people", "人员", rows, subjects)
