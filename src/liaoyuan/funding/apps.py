"""Configuration of the floor `funding`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Configuration of funding."""

    name = "liaoyuan.funding"
    label = "funding"
    verbose_name = "公益创投"

    def ready(self) -> None:
        """Enter rules and words, and the figures of the places."""
        _words()


def _words() -> None:
    """Rules with their parameters, the places whose figures are shipped."""
    from liaoyuan.core import registries
    from liaoyuan.funding.params.profiles import PROFILES
    from liaoyuan.funding.params.shipped import PARAMETER_TITLES, PARAMETERS
    from liaoyuan.funding.rules.table import specs

    registries.add_rules(specs())
    registries.add_parameters(PARAMETERS)
    registries.profiles.update({profile.code: profile for profile in PROFILES})
    registries.parameter_titles.update(PARAMETER_TITLES)
