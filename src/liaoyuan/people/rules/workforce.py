"""SW, VOL, PRI: certificates, conditions of the exams, hours of service, grounds of processing (handbook §5, §7)."""

from datetime import date

from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.people.choices import LEVEL_TITLES, Basis, CertificateLevel
from liaoyuan.people.rules.facts import PersonFacts

_EXAMS = {
    CertificateLevel.ASSISTANT: "exam.assistant_years",
    CertificateLevel.WORKER: "exam.worker_years",
    CertificateLevel.SENIOR: "exam.senior_years",
}


def certificate(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """SW-01: a certificate is whole and in order, its registration neither too long nor at its end."""
    if not facts.level:
        return []
    for value, what, field in ((facts.number, "管理号", "number"), (facts.approved_on, "批准日期", "approved_on")):
        if not value:
            return [limits.finding("SW-01", field=field, variant="missing", what=what)]
    pairs = (
        (facts.approved_on, "批准日期", facts.registered_on, "登记日期", "registered_on"),
        (facts.registered_on or facts.approved_on, "登记日期" if facts.registered_on else "批准日期",
         facts.registered_until, "登记有效期至", "registered_until"),
    )  # fmt: skip
    for first, earlier, second, later, field in pairs:
        if first is not None and second is not None and second < first:
            return [limits.finding("SW-01", field=field, variant="order", earlier=earlier, later=later)]
    last = facts.registered_until
    if last is None:
        return []
    months = limits["certificate.registered_months"]
    if facts.registered_on is not None and last > add_months(facts.registered_on, months):
        return [
            limits.finding(
                "SW-01", field="registered_until", variant="long", uses=("certificate.registered_months",),
                first=facts.registered_on.isoformat(), last=last.isoformat(), months=months,
            )
        ]  # fmt: skip
    days = (last - on).days
    if days < 0:
        return [limits.finding("SW-01", field="registered_until", variant="over", last=last.isoformat())]
    if days > limits["certificate.remind_days"]:
        return []
    return [limits.finding("SW-01", field="registered_until", uses=("certificate.remind_days",),
                           last=last.isoformat(), days=days)]  # fmt: skip


def exam(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """SW-02: whether education, subject and years allow the exam of the asked level; a helper, never a verdict."""
    if facts.level not in _EXAMS or not facts.education:
        return []
    level = CertificateLevel(facts.level)
    key, title = _EXAMS[level], LEVEL_TITLES[level]
    needed = limits[key].get(facts.education)
    if needed is None:
        return [limits.finding("SW-02", field="education", variant="education", uses=(key,), level=title)]
    before = {
        CertificateLevel.WORKER: CertificateLevel.ASSISTANT if facts.education == "secondary" else None,
        CertificateLevel.SENIOR: CertificateLevel.WORKER,
    }.get(level)
    if before is not None and facts.held != before:
        held = LEVEL_TITLES[before]
        return [limits.finding("SW-02", field="held", variant="held", uses=(key,), level=title, held=held)]
    need = needed[0 if facts.social_work else 1]
    if facts.years is None or facts.years >= need:
        return []
    return [limits.finding("SW-02", field="years", uses=(key,), level=title, need=need, years=facts.years)]


def service_hours(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """VOL-03: hours of one day, and no time told twice."""
    day = (facts.served_on or on).isoformat()
    found = []
    most = limits["volunteer.day_minutes"]
    if facts.day_minutes is not None and facts.day_minutes > most:
        found.append(
            limits.finding("VOL-03", field="hours", uses=("volunteer.day_minutes",), day=day,
                           hours=f"{facts.day_minutes / 60:g}", most=f"{most / 60:g}")
        )  # fmt: skip
    if facts.overlapping:
        found.append(limits.finding("VOL-03", field="started", variant="overlap", day=day))
    return found


def publicity(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """VOL-06: a volunteer is named in public by a consent that holds on the day."""
    if not facts.volunteer:
        return []
    if facts.consented_on is None or facts.consented_on > on:
        return [limits.finding("VOL-06", field="persons", name=facts.volunteer)]
    if facts.withdrawn_on is not None and facts.withdrawn_on <= on:
        day = facts.withdrawn_on.isoformat()
        return [limits.finding("VOL-06", field="persons", variant="withdrawn", name=facts.volunteer, day=day)]
    return []


def grounds(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """PRI-01: sensitive data have a ground; a consent has its number."""
    if not facts.sensitive:
        return []
    if not facts.basis:
        return [limits.finding("PRI-01", field="basis", what="、".join(facts.sensitive))]
    if facts.basis == Basis.CONSENT and not facts.consent_no:
        return [limits.finding("PRI-01", field="consent_no", variant="consent")]
    return []
