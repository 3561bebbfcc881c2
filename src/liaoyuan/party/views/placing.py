"""Findings beside the field of the form that they are about: rules name facts, forms have names of their own."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from liaoyuan.kit.findings import Finding

#: Fact that a rule names → fields of forms that tell it, the first that the form has.
FIELDS: dict[str, tuple[str, ...]] = {
    "accepted_on": ("on",),
    "affiliation": ("secretary", "member"),
    "confirm_approved_on": ("on",),
    "confirm_meeting_on": ("on",),
    "contacts": ("members",),
    "expected": ("candidates",),
    "extend_months": ("months",),
    "formal": ("target", "kind"),
    "has_committee": ("post", "kind"),
    "introducers": ("members",),
    "issuer": ("issuer_name", "on"),
    "last_review_on": ("on",),
    "member": ("secretary",),
    "present": ("candidates",),
    "publicity_on": ("on",),
    "quota": ("on",),
    "reviewed_on": ("on",),
    "step": ("on",),
    "step_on": ("on",),
    "talked_on": ("on",),
    "voters": ("candidates",),
}


def placed(form: Any, told: Iterable[Finding]) -> list[Finding]:
    """The findings, each beside the field of the form that it is about, where there is one."""
    return [_placed(form, finding) for finding in told]


def _placed(form: Any, finding: Finding) -> Finding:
    if finding.field in form.fields:
        return finding
    there = [name for name in FIELDS.get(finding.field, ()) if name in form.fields]
    return replace(finding, field=there[0]) if there else finding
