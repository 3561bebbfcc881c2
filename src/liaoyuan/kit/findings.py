"""What a rule says about facts: one `Finding`, and the dated `Limits` it was judged by.

A rule never builds a sentence. It names its code, the field and the arguments; the Chinese statement stands in the
app's `params.py`, beside the parameters, and severity and source come from the parameter row that was valid on the
decision date (decisions.md, "Policy").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs. `confirm` = a person confirms; at import the row waits for review."""

    BLOCK = "block"
    CONFIRM = "confirm"
    WARN = "warn"
    INFO = "info"


class Needs(StrEnum):
    """What lets the case go on in spite of the finding."""

    NONE = "none"
    REASON = "reason"
    CONFIRMATION = "confirmation"
    OVERRIDE = "override"


#: Worst first; `worst()` and the command line's `result` follow this order.
ORDER = (Severity.BLOCK, Severity.CONFIRM, Severity.WARN, Severity.INFO)
_DEFAULT_NEEDS = {
    Severity.BLOCK: Needs.NONE,
    Severity.CONFIRM: Needs.CONFIRMATION,
    Severity.WARN: Needs.REASON,
    Severity.INFO: Needs.NONE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of one rule about one field (or the whole record when `field` is empty).

    `message` is a Chinese msgid with `{name}` places for `args`; `params_used` maps parameter keys to the values that
    were applied; `source` cites the regulation and article.
    """

    code: str
    severity: Severity
    message: str
    field: str = ""
    needs: Needs = Needs.NONE
    args: Mapping[str, Any] = field(default_factory=dict)
    params_used: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    @property
    def text(self) -> str:
        """The Chinese sentence with its arguments filled in."""
        return self.message.format(**self.args)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON shape, as the command line, the API and stored decisions carry it."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "field": self.field,
            "needs": str(self.needs),
            "message": self.text,
            "args": dict(self.args),
            "params_used": dict(self.params_used),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Limit:
    """One parameter as valid on the decision date, with where it comes from."""

    key: str
    value: Any
    severity: Severity = Severity.WARN
    source: str = ""
    status: str = "confirmed"
    valid_from: str = ""
    jurisdiction: str = "national"


class Limits:
    """The parameters of one decision: key → `Limit`, plus the Chinese messages of the rules.

    Every rule has a row under its own id (`limits["ORG-ID-02"]`), whose severity weighs its findings and whose value
    says whether the rule is switched on.
    """

    def __init__(self, rows: Mapping[str, Limit], messages: Mapping[str, str]) -> None:
        self._rows = dict(rows)
        self._messages = messages

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: str) -> Any:
        """The value of a parameter. Raises KeyError for a key that no profile in the chain knows."""
        return self._rows[key].value

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a parameter, or `default` where no row is valid."""
        row = self._rows.get(key)
        return default if row is None else row.value

    def row(self, key: str) -> Limit:
        """The whole row: value, severity, source, status."""
        return self._rows[key]

    def is_on(self, code: str) -> bool:
        """Whether the rule `code` has a valid row that is not switched off."""
        row = self._rows.get(code)
        return row is not None and row.value is not False

    def finding(
        self, code: str, *, field: str = "", variant: str = "", uses: tuple[str, ...] = (), **args: Any
    ) -> Finding:
        """Build the finding of rule `code`, weighed and cited by its own row and carrying the values of `uses`.

        `variant` picks the message `code.variant`. A draft row, the rule's own or one it uses, warns at most.
        """
        row = self._rows[code]
        severity = row.severity
        used = [self._rows[key] for key in uses if key in self._rows]
        if severity in (Severity.BLOCK, Severity.CONFIRM) and any(r.status == "draft" for r in (row, *used)):
            severity = Severity.WARN
        source = "；".join(dict.fromkeys(r.source for r in (row, *used) if r.source))
        return Finding(
            code=code,
            severity=severity,
            message=self._messages[f"{code}.{variant}" if variant else code],
            field=field,
            needs=_DEFAULT_NEEDS[severity],
            args=args,
            params_used={r.key: r.value for r in used},
            source=source,
        )


class Refused(Exception):
    """An action refuses: the findings say why, each beside its field. Nothing was written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("；".join(finding.text for finding in self.findings))


def refuse_if_blocked(findings: Iterable[Finding], *, confirmed: bool = False) -> list[Finding]:
    """Raise `Refused` when a finding blocks, or asks for a confirmation that was not given; else return them all."""
    told = list(findings)
    if any(f.severity == Severity.BLOCK or (f.severity == Severity.CONFIRM and not confirmed) for f in told):
        raise Refused(told)
    return told


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The heaviest severity among the findings, or None when there are none."""
    present = {finding.severity for finding in findings}
    return next((severity for severity in ORDER if severity in present), None)
