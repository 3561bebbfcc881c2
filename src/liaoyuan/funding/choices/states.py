"""Where a project stands. No Django here."""

from enum import StrEnum


class ProjectState(StrEnum):
    """States of a project (handbook §3.1)."""

    DRAFT = "draft"
    DROPPED = "dropped"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    ELIGIBLE = "eligible"


#: States that take a slot of the body's quota.
COUNTED = (ProjectState.SUBMITTED, ProjectState.ELIGIBLE)
