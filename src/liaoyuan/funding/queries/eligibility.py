"""What an examination says: each finding with its answer, what still stands in the way, what the applicant reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.funding.choices.review import EligibilityOutcome
from liaoyuan.funding.models import Examined, Project
from liaoyuan.funding.queries import completeness, limits
from liaoyuan.kit.findings import Finding, Severity

_WARNING = (str(Severity.WARN), str(Severity.CONFIRM))


@dataclass(frozen=True, slots=True)
class Told:
    """One finding of an examination: its number in the list, as it was kept, and the reason that lets it stand."""

    number: int
    code: str
    severity: str
    message: str
    source: str
    answer: str

    @property
    def open(self) -> bool:
        """Whether it stands in the way: it blocks, or it warns and nobody answered it."""
        return self.severity == Severity.BLOCK or (self.severity in _WARNING and not self.answer)


def examine(project: Project, on: date) -> list[Finding]:
    """What the rules say of an application on the day, compared with all that was handed in. It came in in time."""
    held = limits.limits_of(project.round)
    return [*completeness.missing(project), *completeness.asked(project, on, held, late_agreed=True, every=True)]


def findings(row: Examined) -> list[Told]:
    """The findings of an examination with their answers."""
    return [
        Told(number, str(kept["code"]), str(kept["severity"]), str(kept["message"]), str(kept["source"]),
             str(row.answers.get(str(number), "")))
        for number, kept in enumerate(row.findings)
    ]  # fmt: skip


def _key(kept: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(kept["code"]), str(kept["severity"]), str(kept["message"])


def same(row: Examined, now: list[Finding]) -> bool:
    """Whether the rules still say what was examined."""
    return sorted(map(_key, row.findings)) == sorted(_key(finding.as_dict()) for finding in now)


def current(project: Project) -> Examined | None:
    """The examination that holds."""
    return Examined.objects.current().filter(project=project).first()


def reason_for(project: Project) -> str:
    """Why an application was barred, as its applicant reads it; empty while nothing was decided."""
    row = Examined.objects.current().filter(
        project=project, outcome=str(EligibilityOutcome.INELIGIBLE), decided_at__isnull=False
    ).first()  # fmt: skip
    return row.reason if row is not None else ""
