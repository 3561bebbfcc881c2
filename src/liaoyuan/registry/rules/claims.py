"""Pure rules of claims: what may be submitted, in which state a claim is, what its claimant is told."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.registry.choices import ClaimState, Post
from liaoyuan.registry.params.claims import CLAIM_DAYS, CLAIM_MESSAGES, CLAIM_NOTICE

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a claimant wrote, cleaned. `notice` is the version of the notice that was agreed to, "" = none."""

    claimant: str
    post: str
    mobile: str
    words: str
    notice: str


def refusal(variant: str, field: str = "", severity: Severity = Severity.BLOCK, **args: object) -> Finding:
    """A finding about claims, worded in `registry.params.claims`."""
    source = "个人信息保护法第17条" if variant == "notice" else ""
    return Finding("CLAIM", severity, CLAIM_MESSAGES[f"CLAIM.{variant}"], field=field, args=args, source=source)


def may_submit(told: Told, *, needs_mobile: bool) -> list[Finding]:
    """What is missing. Where sensitive fields may not be filled no mobile number is asked for."""
    found = []
    if not 1 <= len(told.claimant) <= 40:
        found.append(refusal("claimant", "claimant"))
    if told.post not in set(Post):
        found.append(refusal("post", "post"))
    if needs_mobile and not _MOBILE.fullmatch(told.mobile):
        found.append(refusal("mobile", "mobile"))
    if not 2 <= len(told.words) <= 200:
        found.append(refusal("words", "words"))
    if told.notice != CLAIM_NOTICE:
        found.append(refusal("notice", "notice"))
    return found


def state(decision: str, made_on: date, on: date) -> ClaimState:
    """Decided, else waiting until 24:00 of its last day, else out of date."""
    if decision:
        return ClaimState(decision)
    return ClaimState.OPEN if on <= made_on + timedelta(days=CLAIM_DAYS) else ClaimState.EXPIRED
