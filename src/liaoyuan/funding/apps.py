"""Configuration of the floor `funding`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Configuration of funding."""

    name = "liaoyuan.funding"
    label = "funding"
    verbose_name = "公益创投"

    def ready(self) -> None:
        """Enter what the floor offers."""
