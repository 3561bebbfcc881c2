"""What an examination says: each finding with its answer, what still stands in the way, what the applicant reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.core import registries
from liaoyuan.funding.choices.review import EligibilityOutcome
from liaoyuan.funding.models import Examined, Project
from liaoyuan.funding.queries import completeness, figures, limits
from liaoyuan.kit.findings import Finding, Severity

_WARNING = (str(Severity.WARN), str(Severity.CONFIRM))


@dataclass(frozen=True, slots=True)
class Told:
    """One finding of an examination: its number in the list, as it was kept, and the reason that lets it stand.

    `values` are the figures that were applied, each with its name; `rule` is the sentence of the rule that spoke.
    """

    number: int
    code: str
    severity: str
    message: str
    source: str
    answer: str
    values: tuple[tuple[str, str], ...] = ()
    rule: str = ""

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
             str(row.answers.get(str(number), "")), _values(kept), _rule(str(kept["code"])))
        for number, kept in enumerate(row.findings)
    ]  # fmt: skip


def _values(kept: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The figures that a kept finding was judged by, as people read them."""
    used = kept.get("params_used") or {}
    return tuple((figures.title(key), figures.words(key, value)) for key, value in used.items()
                 if key in registries.parameter_titles)  # fmt: skip


def _rule(code: str) -> str:
    """What the rule of a finding says; empty for what only asks for something left out."""
    spec = registries.rules.get(code.partition(".")[0])
    return spec.statement if spec is not None else ""


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
