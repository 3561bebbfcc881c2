"""Models of the machine door. The re-exports below are what Django and the other rooms import."""

from liaoyuan.api.models.tokens import ApiToken

__all__ = ["ApiToken"]
