"""States and kinds of programmes, rounds, pools, quotas, needs. No Django here."""

from enum import StrEnum


class ProgrammeKind(StrEnum):
    """What is given: grants to projects that bodies propose, or services that a purchaser describes."""

    VENTURE = "venture"
    PURCHASE = "purchase"


class RoundState(StrEnum):
    """Where a round stands. Whether it still takes applications follows from its dates, not from its state."""

    PLANNED = "planned"
    OPEN = "open"
    ENDED = "ended"
    CANCELLED = "cancelled"


class RoundPhase(StrEnum):
    """What a round looks like today: its state and its dates together. Computed, never stored."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    ENDED = "ended"
    CANCELLED = "cancelled"


class PoolSource(StrEnum):
    """Whose money a pool is."""

    DISTRICT = "district"
    TOWN = "town"
    LOTTERY = "lottery"
    UPPER = "upper"
    DONATION = "donation"
    OTHER = "other"


class QuotaKind(StrEnum):
    """By what a quota counts projects: street or town of the service, field, type of the body, or all of the round."""

    STREET = "street"
    FIELD = "field"
    TYPE = "type"
    ALL = "all"


class NeedState(StrEnum):
    """A need collected from a community."""

    COLLECTED = "collected"
    PUBLISHED = "published"
    DROPPED = "dropped"


class NeedOrigin(StrEnum):
    """Who told a need."""

    COMMUNITY = "community"
    STREET = "street"
    RESIDENTS = "residents"
    BODY = "body"
