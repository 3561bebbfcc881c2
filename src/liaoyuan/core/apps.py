"""Core: areas, users, roles and scopes, policy, audit, imports, search."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Configuration of core."""

    name = "liaoyuan.core"
    label = "core"
    verbose_name = "平台"
