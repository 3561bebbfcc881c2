"""What a rule says about facts: one `Finding`, and the dated `Limits` it was judged by.

A rule never builds a sentence. It names its code, the field and the arguments; the Chinese statement stands in the
app's `params.py`, beside the parameters, and severity and source come from the parameter row that was valid on the
decision date (decisions.md, "Policy").
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from liaoyuan.kit.workdays import Calendar


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
    args: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    params_used: Mapping[str, Any] = dataclasses.field(default_factory=dict)
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
    """The parameters of one decision: key → `Limit`, plus the Chinese messages of the rules and the working days.

    Every rule has a row under its own id (`limits["ORG-ID-02"]`), whose severity weighs its findings and whose value
    says whether the rule is switched on. A row `ID.variant` weighs one variant of a rule by itself, a row `ID@moment`
    takes the rule's place at that moment (`at`). `calendar` is the calendar or a function that reads it when it is
    first asked for.
    """

    __slots__ = ("_calendar", "_messages", "_moments", "_rows", "_values")

    def __init__(
        self,
        rows: Mapping[str, Limit],
        messages: Mapping[str, str],
        calendar: Calendar | Callable[[], Calendar] | None = None,
    ) -> None:
        self._rows = dict(rows)
        self._values = {key: row.value for key, row in self._rows.items()}
        self._messages = messages
        self._calendar = calendar
        self._moments: dict[str, Limits] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: str) -> Any:
        """The value of a parameter. Raises KeyError for a key that no profile in the chain knows."""
        return self._values[key]

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a parameter, or `default` where no row is valid."""
        return self._values.get(key, default)

    def row(self, key: str) -> Limit:
        """The whole row: value, severity, source, status."""
        return self._rows[key]

    def names(self) -> list[str]:
        """The keys that have a valid row, in order."""
        return sorted(self._rows)

    @property
    def calendar(self) -> Calendar:
        """The working days; without one every year is unknown and what is counted is provisional."""
        if not isinstance(self._calendar, Calendar):
            self._calendar = self._calendar() if self._calendar is not None else Calendar(())
        return self._calendar

    def is_on(self, code: str) -> bool:
        """Whether the rule `code` has a valid row that is not switched off.

        A draft cannot switch a rule off, since one person alone writes it: the rule is asked and warns at most.
        """
        row = self._rows.get(code)
        return row is not None and (row.value is not False or row.status == "draft")

    def at(self, moment: str) -> "Limits":
        """The limits as they weigh at one moment: each row `ID@moment` stands in for the row `ID`."""
        found = self._moments.get(moment)
        if found is None:
            rows = dict(self._rows)
            tail = "@" + moment
            for key, row in self._rows.items():
                if key.endswith(tail):
                    rows[key.removesuffix(tail)] = row
            found = Limits(rows, self._messages, lambda: self.calendar)
            self._moments[moment] = found
        return found

    def with_rows(self, *rows: Limit) -> "Limits":
        """The same limits with some rows replaced or added: a trial value, a round's own figures."""
        return Limits(self._rows | {row.key: row for row in rows}, self._messages, lambda: self.calendar)

    def finding(
        self, code: str, /, *, field: str = "", variant: str = "", uses: tuple[str, ...] = (), **args: Any
    ) -> Finding:
        """Build the finding of rule `code`, weighed and cited by its own row and carrying the values of `uses`.

        `variant` picks the message `code.variant`, and the row `code.variant` where there is one. A draft row, the
        rule's own or one it uses, warns at most.
        """
        own = self._rows[code]
        name = f"{code}.{variant}" if variant else code
        row = self._rows.get(name, own)
        severity = row.severity
        used = [self._rows[key] for key in uses if key in self._rows]
        weighing = (row, own, *used)
        if severity in (Severity.BLOCK, Severity.CONFIRM) and any(r.status == "draft" for r in weighing):
            severity = Severity.WARN
        source = "；".join(dict.fromkeys(r.source for r in (row, *used) if r.source))
        return Finding(
            code=code,
            severity=severity,
            message=self._messages[name],
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


def only_new(after: Iterable[Finding], before: Iterable[Finding]) -> list[Finding]:
    """The findings of `after` that `before` did not hold: what a change brings about, not what it found in place."""
    known = {(f.code, f.field, f.message, tuple(sorted(map(str, f.args.items())))) for f in before}
    return [f for f in after if (f.code, f.field, f.message, tuple(sorted(map(str, f.args.items())))) not in known]


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The heaviest severity among the findings, or None when there are none."""
    present = {finding.severity for finding in findings}
    return next((severity for severity in ORDER if severity in present), None)
