"""Configuration of the floor `party`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """Configuration of party."""

    name = "liaoyuan.party"
    label = "party"
    verbose_name = "党建"

    def ready(self) -> None:
        """Enter the rules of party building and their parameters."""
        from liaoyuan.core import registries
        from liaoyuan.party.params.shipped import PARAMETER_TITLES, PARAMETERS
        from liaoyuan.party.rules.table import specs

        registries.add_rules(specs())
        registries.add_parameters(PARAMETERS)
        registries.parameter_titles.update(PARAMETER_TITLES)
