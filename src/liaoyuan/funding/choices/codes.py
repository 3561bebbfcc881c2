"""Permission and event codes of the funding floor. No Django here."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the funding floor. `OWN_…` are over one's own body, the others over areas."""

    VIEW = "funding.view"
    EDIT = "funding.edit"
    CONFIRM = "funding.confirm"
    STATS = "funding.stats"
    NEED_EDIT = "funding.need.edit"
    OWN_VIEW = "funding.own.view"
    OWN_EDIT = "funding.own.edit"
    OWN_CERTIFY = "funding.own.certify"
    PARAMETER_EDIT = "funding.parameter.edit"
    PARAMETER_CONFIRM = "funding.parameter.confirm"


class Event(StrEnum):
    """Event codes of the funding floor."""

    PROGRAMME_ENTERED = "programme.entered"
    PROGRAMME_CHANGED = "programme.changed"
    ROUND_PLANNED = "round.planned"
    ROUND_CHANGED = "round.changed"
    ROUND_FIGURES_PROPOSED = "round.figures_proposed"
    ROUND_FIGURES_CONFIRMED = "round.figures_confirmed"
    ROUND_OPENED = "round.opened"
    ROUND_EXTENDED = "round.extended"
    ROUND_CANCELLED = "round.cancelled"
    POOL_SET = "round.pool_set"
    QUOTA_SET = "round.quota_set"
    NEED_ENTERED = "need.entered"
    NEED_CHANGED = "need.changed"
    NEED_PUBLISHED = "need.published"
    NEED_DROPPED = "need.dropped"
    PROJECT_BEGUN = "project.begun"
    PROJECT_CHANGED = "project.changed"
    PROJECT_TEAM_CHANGED = "project.team_changed"
    PROJECT_BUDGET_CHANGED = "project.budget_changed"
    PROJECT_CERTIFIED = "project.certified"
    PROJECT_SUBMITTED = "project.submitted"
    PROJECT_WITHDRAWN = "project.withdrawn"
    PROJECT_RETURNED = "project.returned"
    PROJECT_DROPPED = "project.dropped"
