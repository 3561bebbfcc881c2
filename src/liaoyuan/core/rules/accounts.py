"""Pure rules of accounts: passwords (SEC-01), the lock (SEC-02), who may hold what (SEC-04)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from liaoyuan.core.choices import Office, Separation
from liaoyuan.core.params import ACCOUNT_MESSAGES, LOCK, PASSWORD
from liaoyuan.kit.findings import Finding, Severity

#: Separation levels from the weakest to the strictest.
LEVELS = (Separation.TRIAL, Separation.SMALL_OFFICE, Separation.THREE_OFFICES)
_ADMINISTRATORS = frozenset({Office.SYSTEM, Office.SECURITY})


def refusal(code: str, variant: str = "", field: str = "", **args: object) -> Finding:
    """A blocking finding of the account rules, worded in `core.params`."""
    message = ACCOUNT_MESSAGES[f"{code}.{variant}" if variant else code]
    used = {key: value for key, value in args.items() if key in PASSWORD}
    return Finding(
        code=code,
        severity=Severity.BLOCK,
        message=message,
        field=field,
        args=args,
        params_used=used,
        source="GB/T 22239-2019",
    )


def classes_of(password: str) -> int:
    """How many of the four classes occur: lower case, capitals, digits, anything else (Chinese counts as that)."""
    kinds = {
        "lower" if c.isascii() and c.islower() else "upper" if c.isascii() and c.isupper() else
        "digit" if c.isascii() and c.isdigit() else "other"
        for c in password
    }  # fmt: skip
    return len(kinds)


def password_findings(password: str, *, username: str, reused: bool) -> list[Finding]:
    """SEC-01: length, classes, not the login name, not one of the last five. `reused` is found by the caller."""
    told = []
    if len(password) < PASSWORD["min_length"]:
        told.append(refusal("SEC-01", "length", "password", min_length=PASSWORD["min_length"]))
    if classes_of(password) < PASSWORD["classes"]:
        told.append(refusal("SEC-01", "classes", "password", classes=PASSWORD["classes"]))
    if len(username) >= 3 and username.lower() in password.lower():
        told.append(refusal("SEC-01", "name", "password"))
    if reused:
        told.append(refusal("SEC-01", "history", "password", history=PASSWORD["history"]))
    return told


def is_aged(changed_at: datetime | None, at: datetime) -> bool:
    """SEC-01: whether the password is older than its days. An unknown date is not aged."""
    return changed_at is not None and at - changed_at > timedelta(days=PASSWORD["days"])


def is_locked(locked_until: datetime | None, at: datetime) -> bool:
    """SEC-02: whether the lock still holds; at its last moment it is off."""
    return locked_until is not None and at < locked_until


def after_failure(failed: int, at: datetime) -> tuple[int, datetime | None]:
    """SEC-02: the counter and the lock after one more failure. The counter starts anew with each lock."""
    if failed + 1 >= LOCK["failures"]:
        return 0, at + timedelta(minutes=LOCK["minutes"])
    return failed + 1, None


@dataclass(frozen=True, slots=True)
class Holding:
    """What one account holds: its office, and the offices of its roles ("" = a business role)."""

    office: str
    roles: frozenset[str]

    def plus(self, role_office: str) -> "Holding":
        """The same with one more role."""
        return Holding(self.office, self.roles | {role_office})


def strictest(levels: Iterable[Separation]) -> Separation:
    """The strictest of the levels."""
    return max(levels, key=LEVELS.index)


def separation_findings(level: Separation, holding: Holding) -> list[Finding]:
    """SEC-04: what the level refuses in one account's holding.

    Trial refuses nothing. Small office: the auditor is nobody else and holds no business role, administrators need an
    administrator's office. Three offices: each needs its own office, nobody two, and no business role beside it.
    """
    if level == Separation.TRIAL:
        return []
    offices = frozenset(role for role in holding.roles if role)
    business = "" in holding.roles
    told = []
    if level == Separation.SMALL_OFFICE:
        standing = offices | ({holding.office} if holding.office == Office.AUDIT else frozenset())
        if Office.AUDIT in standing and len(standing) > 1:
            told.append(refusal("SEC-04", "two", "role"))
        if Office.AUDIT in standing and business:
            told.append(refusal("SEC-04", "business", "role"))
        fitting = {Office.AUDIT: {Office.AUDIT}, Office.SYSTEM: _ADMINISTRATORS, Office.SECURITY: _ADMINISTRATORS}
        if any(holding.office not in fitting[Office(office)] for office in offices):
            told.append(refusal("SEC-04", "office", "role"))
        return told
    if len(offices) > 1:
        told.append(refusal("SEC-04", "two", "role"))
    if business and (offices or holding.office):
        told.append(refusal("SEC-04", "business", "role"))
    if any(office != holding.office for office in offices):
        told.append(refusal("SEC-04", "office", "role"))
    return told
