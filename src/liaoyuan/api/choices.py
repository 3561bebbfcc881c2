"""Permission and event codes of the machine door. No Django here."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the machine door."""

    TOKEN_USE = "api.token.use"  # noqa: S105 - a permission code
    TOKEN_REVOKE = "api.token.revoke"  # noqa: S105 - a permission code


class Event(StrEnum):
    """Event codes of the machine door."""

    TOKEN_CREATED = "api_token.created"  # noqa: S105 - an event code
    TOKEN_REVOKED = "api_token.revoked"  # noqa: S105 - an event code
