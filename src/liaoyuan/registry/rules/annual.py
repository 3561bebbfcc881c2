"""ANN: who takes part in an annual round, by when, with which papers; what a missed one brings (handbook §1.6)."""

from datetime import date

from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.rules.annual_facts import AnnualFacts


def day_of(year: int, text: str) -> date:
    """The day "MM-DD" of a year; 02-29 becomes the last day of February where there is none."""
    month, day = int(text[:2]), int(text[3:])
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def reminded(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-01: associations and private units report to the supervisor, then to the registrar; reminded, then late."""
    if facts.kind not in ("ST", "MF") or facts.year is None or facts.concluded or facts.filed_on is not None:
        return []
    if facts.supervised and facts.submitted_on is None:
        own, key, field = facts.supervisor_due, "annual.supervisor_due", "supervisor_due"
    else:
        own, key, field = facts.registrar_due, "annual.registrar_due", "registrar_due"
    return _due(limits, "ANN-01", facts, own, key, field, on)


def foundation(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-02: a foundation reports to the registrar directly, with an accountant's audit."""
    if facts.kind != "JJ" or facts.year is None or facts.concluded:
        return []
    if facts.audit_attached is False:
        return [limits.finding("ANN-02", field="audit", variant="audit")]
    if facts.filed_on is not None:
        return []
    return _due(limits, "ANN-02", facts, facts.registrar_due, "annual.foundation_due", "registrar_due", on)


def _due(
    limits: Limits, code: str, facts: AnnualFacts, own: date | None, key: str, field: str, on: date
) -> list[Finding]:
    assert facts.year is not None  # noqa: S101 - asked by the callers
    last = own or day_of(facts.year + 1, limits[key])
    uses = ("annual.remind_days",) if own else (key, "annual.remind_days")
    days = (last - on).days
    told = {"year": facts.year, "last": last.isoformat()}
    if days < 0:
        return [limits.finding(code, field=field, variant=f"{field}_over", uses=uses[:-1], days=-days, **told)]
    if days > max(limits["annual.remind_days"], default=-1):
        return []
    return [limits.finding(code, field=field, variant=field, uses=uses, days=days, **told)]


def charity(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-03: a charity hands in a report with a financial report, not the inspection; the wrong form is refused."""
    if facts.is_charity is None or not facts.track:
        return []
    if facts.is_charity and facts.track != "charity":
        return [limits.finding("ANN-03", field="track")]
    if not facts.is_charity and facts.track == "charity":
        return [limits.finding("ANN-03", field="track", variant="other")]
    if facts.track == "charity" and facts.financial_attached is False:
        return [limits.finding("ANN-03", field="financial", variant="financial")]
    return []


def in_scope(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-04: a body registered after the round's last day does not take part."""
    if facts.registered_on is None or facts.year is None:
        return []
    last = facts.cutoff_on
    uses: tuple[str, ...] = ()
    if last is None:
        told = (limits.get("annual.cutoff") or {}).get(facts.kind)
        if told is None:
            return []
        last, uses = day_of(facts.year, told), ("annual.cutoff",)
    if facts.registered_on <= last:
        return []
    return [
        limits.finding(
            "ANN-04", field="registered_on", uses=uses, registered=facts.registered_on.isoformat(),
            last=last.isoformat(),
        )
    ]  # fmt: skip


def audited(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-05: private units in some fields attach an audit."""
    if facts.kind != "MF" or facts.track == "charity" or facts.audit_attached is not False:
        return []
    uses = ("annual.audit_fields",) if facts.audit_fields is None else ()
    wanted = limits.get("annual.audit_fields") or () if facts.audit_fields is None else facts.audit_fields
    if facts.field not in wanted:
        return []
    return [limits.finding("ANN-05", field="audit", uses=uses)]


def rectified(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-06: after 基本合格 or 不合格 a rectification report is attached."""
    if facts.last_result not in ("basically", "unqualified") or facts.rectification_attached is not False:
        return []
    words = {"basically": "基本合格", "unqualified": "不合格"}
    return [limits.finding("ANN-06", field="rectification", result=words[facts.last_result])]


def members_add_up(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-07: unit and individual members together are the total."""
    unit, person, total = facts.members_unit, facts.members_person, facts.members_total
    if facts.kind != "ST" or unit is None or person is None or total is None or unit + person == total:
        return []
    return [limits.finding("ANN-07", field="members_total", unit=unit, person=person, sum=unit + person, total=total)]


def missed(facts: AnnualFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ANN-08: a missed year calls for a proposal for the abnormal list, some missed years for one of revocation."""
    years = facts.missed_years or 0
    if years >= limits["annual.missed_revocation"]:
        return [limits.finding("ANN-08", variant="revocation", uses=("annual.missed_revocation",), years=years)]
    if years >= limits["annual.missed_abnormal"]:
        return [limits.finding("ANN-08", uses=("annual.missed_abnormal",), years=years)]
    return []
