"""Classes of the budget (F13) and what a limit is measured by. No Django here."""

from enum import StrEnum


class BudgetClass(StrEnum):
    """Classes of the budget (handbook §3.4)."""

    FULL_TIME = "B01"
    PART_TIME = "B02"
    VOLUNTEERS = "B03"
    EXPERTS = "B04"
    MATERIALS = "B05"
    VENUE = "B06"
    PUBLICITY = "B07"
    TRAVEL = "B08"
    SERVED = "B09"
    EQUIPMENT = "B10"
    MANAGEMENT = "B11"
    TAX = "B12"
    AUDIT = "B13"
    OTHER = "B99"


class Base(StrEnum):
    """What a share is measured by: the whole budget, or the grant."""

    TOTAL = "total"
    GRANT = "grant"
