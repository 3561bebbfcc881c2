"""Procedures of the register as cases: facts for the rules, papers, terms, stored values beside the wished ones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from liaoyuan.core import clock, policy
from liaoyuan.core.casekinds import CaseMoment
from liaoyuan.core.choices import CaseDecision, Level, Moment
from liaoyuan.core.models import Area, Case
from liaoyuan.core.queries import cases
from liaoyuan.core.registries import CaseField, Term
from liaoyuan.kit.findings import Finding, Limits, Severity, only_new
from liaoyuan.kit.identifiers import filing_no, parse_filing_no, split_filing_no
from liaoyuan.kit.text import match_key
from liaoyuan.registry.choices import LIVE, REGISTERED, Kind
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.params import procedures as params
from liaoyuan.registry.queries import charity, matching
from liaoyuan.registry.queries import facts as fact_queries
from liaoyuan.registry.rules.procedure_facts import ProcedureFacts

_MOMENTS = {
    CaseMoment.SUBMIT: Moment.PROCEDURE_SUBMIT,
    CaseMoment.DECIDE: Moment.PROCEDURE_DECIDE,
    CaseMoment.DAILY: Moment.PROCEDURE_DAILY,
}
_SET_UP_MOMENTS = (Moment.SAVE, Moment.NAMING, Moment.REGISTRATION)
_LIVE = {str(status) for status in LIVE}
#: Terms of which ORG-REG-04 speaks.
_DECISION_TERMS = ("decision.days", "decision.charity_days")
#: Truths that a kind's form asks; in a case that runs here an empty one means no.
_TRUTHS = {
    params.SET_UP: ("party_pledge", "party_survey", "charter_clause"),
    params.CHANGE: ("audited",),
    params.CHARTER: ("charter_clause",),
    params.RECOGNISE: ("charity_purpose", "ratios_kept", "no_distribution", "remainder_clause", "finance_rules"),
}


def standing_of(organization: Organization) -> Standing:
    """The open standing."""
    return Standing.objects.now_open().select_related("registrar_area", "street", "community").get(
        organization=organization
    )  # fmt: skip


def area_of(organization: Organization) -> int:
    """Whose office a case about the body is."""
    return standing_of(organization).registrar_area_id


def is_registered(organization: Organization) -> bool:
    """Whether the body is a live registered one: procedures of registration are about such."""
    row = standing_of(organization)
    return row.kind in {str(kind) for kind in REGISTERED} and row.status in _LIVE and not organization.is_external


def is_live(organization: Organization) -> bool:
    """Whether the body is live."""
    return organization.live and not organization.is_external


def may_be_recognised(organization: Organization) -> bool:
    """Whether the body is a live registered one that is no charity yet."""
    return is_registered(organization) and not standing_of(organization).is_charity


def body_of(case: Case) -> Organization | None:
    """The body that the case is about."""
    if case.subject_kind != "organization" or not case.subject_id.isdecimal():
        return None
    return Organization.objects.filter(pk=int(case.subject_id)).first()


def stored_of(case: Case) -> dict[str, Any]:
    """What is stored about the case's body, by the names of the fields; empty before there is one."""
    body = body_of(case)
    if body is None:
        return {}
    return matching.stored([body.pk], clock.today(), standing_of(body).registrar_area)[body.pk].fields


def correction_fields(case: Case) -> tuple[CaseField, ...]:
    """What a body may ask to have corrected, by its kind."""
    body = body_of(case)
    filed = body is not None and standing_of(body).kind == Kind.BA
    return params.CORRECT_FILED_FIELDS if filed else params.CORRECT_FIELDS


def papers_of_set_up(case: Case) -> str:
    """The parameter that lists the papers of a set-up, by the kind of body."""
    return {"ST": "procedure.papers.set_up.st", "MF": "procedure.papers.set_up.mf",
            "JJ": "procedure.papers.set_up.jj"}.get(str(case.facts.get("kind", "")), "")  # fmt: skip


def decision_term(case: Case, limits: Limits) -> Term | None:
    """Sixty days, thirty for a charity (ORG-REG-04)."""
    key = "decision.days"
    if case.facts.get("is_charity") is True and "decision.charity_days" in limits:
        key = "decision.charity_days"
    return Term(int(limits[key]), key=key) if key in limits else None


def filing_term(case: Case, limits: Limits) -> Term | None:
    """Working days in which a filing is confirmed; none where no place says so."""
    key = "procedure.days.file"
    days = limits.get(key)
    return Term(int(days), workdays=True, key=key) if days is not None else None


def recognition_term(case: Case, limits: Limits) -> Term | None:
    """Twenty days from receipt."""
    key = "procedure.days.recognise"
    return Term(int(limits[key]), key=key) if key in limits else None


def places_of(case: Case, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The resolved street, and the community in it, of a case's facts."""
    street, community = facts.get("street"), facts.get("community")
    found: dict[str, Any] = {}
    if street:
        told = street_of(case, facts)
        found["street_id"] = told.pk if told else None
    if community:
        rows = Area.objects.live().filter(level=Level.COMMUNITY, name=community)
        rows = rows.filter(parent=found["street_id"]) if street else rows.within(case.area.path)
        found["community_id"] = rows.values_list("pk", flat=True).order_by("code").first()
    return found


def street_of(case: Case, facts: Mapping[str, Any]) -> Area | None:
    """The street that the facts name: within the case's office, or the one in which a community's office lies."""
    name = facts.get("street")
    if case.area.level == Level.COMMUNITY:
        return Area.objects.live().filter(pk=case.area.parent_id or 0, level=Level.STREET, name=name).first()
    return Area.objects.within(case.area.path).live().filter(level=Level.STREET, name=name).first()


def facts_of(case: Case, on: date) -> ProcedureFacts:
    """The case's facts in the rules' own shape, as of a day."""
    told = case.facts
    clock_now = cases.clock_of(case, on)
    body = body_of(case)
    row = standing_of(body) if body is not None else None
    known: dict[str, Any] = {name: told.get(name) for name in ("charter_clause", "audited", "party_pledge",
                             "party_survey", "re_election", "regional", "below_branch", "is_charity",
                             *_TRUTHS[params.RECOGNISE])}  # fmt: skip
    if not case.passes_through:
        known |= {name: bool(told.get(name)) for name in _TRUTHS.get(case.kind, ())}
    known |= {name: _day(told.get(name)) for name in ("consented_on", "charter_consented_on", "liquidated_on",
                                                     "forwarded_on")}  # fmt: skip
    head = told.get("legal_representative")
    return ProcedureFacts(
        kind=row.kind if row is not None else str(told.get("kind", "")),
        received_on=case.received_on if case.term_key in _DECISION_TERMS else None,
        stopped_days=clock_now.stopped if clock_now else None,
        decided_on=case.decided_on,
        filed_on=case.received_on or (clock.localdate(case.applied_at) if case.applied_at else on),
        approved=case.decision == CaseDecision.APPROVED if case.kind == params.SET_UP and case.decision else None,
        changes_head=bool(head and row is not None and match_key(head) != match_key(row.legal_representative)),
        branches=_branches(case) if case.kind == params.BRANCH else None,
        charter_text=str(told.get("charter_text") or ""),
        **known,
    )  # fmt: skip


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _branches(case: Case) -> int:
    """Branches that were approved here, and the one that is asked for."""
    rows = Case.objects.filter(kind=params.BRANCH, subject_kind="organization", subject_id=case.subject_id)
    return rows.filter(decision=CaseDecision.APPROVED).exclude(pk=case.pk).count() + 1


def findings(case: Case, moment: str, on: date) -> list[Finding]:
    """What the rules say of a procedure at a moment."""
    limits = policy.limits(on, policy.chain(case.area.path))
    by = {"registrar": limits, "domicile": limits}
    found = policy.evaluate(_MOMENTS[CaseMoment(moment)], facts_of(case, on), by, on)
    if moment == CaseMoment.DAILY:  # who confirms a filing reads on its page what there is to say of it
        return [*found, *_of_filed_body(case, on)] if case.kind == params.FILE and case.open else found
    if case.kind == params.SET_UP:
        found += _of_new_body(case, by, on)
    if case.kind == params.CHANGE:
        found += _of_changed_body(case, by, on)
    if case.kind == params.FILE:
        found += _of_filed_body(case, on)
    if case.kind == params.RECOGNISE:
        row = standing_of(Organization.objects.get(pk=int(case.subject_id)))
        found += charity.asked_on_recognition(row, on, _day(case.facts.get("penalised_on")))
    if case.kind in (params.BRANCH, params.RECOGNISE):
        found += may_apply(case.subject_id, on)
    return found


def _of_new_body(case: Case, by: Mapping[str, Limits], on: date) -> list[Finding]:
    """ORG-NAME, ORG-REG-01 to 03 and what else is asked of a body that is registered."""
    facts = fact_queries.of_form(case.facts, case.area)
    facts = replace(facts, capital_paid_in=case.facts.get("capital_paid_in"))
    found: dict[tuple[str, str], Finding] = {}
    for moment in _SET_UP_MOMENTS:
        for finding in policy.evaluate(moment, facts, by, on):
            if finding.code != "ORG-ID-01" or case.facts.get("code"):  # the code is given with the decision
                found.setdefault((finding.code, finding.field), finding)
    return list(found.values())


def filed_as(told: Mapping[str, Any]) -> dict[str, Any]:
    """Kind and filing number (in its standard writing) of a body that is filed."""
    return {"kind": str(Kind.BA), "filing_no": parse_filing_no(told.get("filing_no") or "").value or ""}


def next_filing_no(area: Area, year: int) -> str:
    """The filing number that is free next in a street and year, after our own form. The caller holds its lock."""
    division, street = area.code[:6], area.code[6:9] or "000"
    used = Organization.objects.filter(filing_no__startswith=f"BA-{division}-{street}-{year:04}-")
    known = (split_filing_no(number) for number in used.values_list("filing_no", flat=True))
    return filing_no(division, street, year, max((number.seq for number in known if number), default=0) + 1)


def _of_filed_body(case: Case, on: date) -> list[Finding]:
    """ORG-ID-05 and 06, FIL-01, FIL-02 and FIL-04 by the rules of the body's place; dates and place in order."""
    told = case.facts
    street = street_of(case, told)
    registrar = policy.limits(on, policy.chain(case.area.path))
    domicile = policy.limits(on, policy.chain((street or case.area).path))
    facts = fact_queries.of_form({**told, **filed_as(told)}, street or case.area)
    facts = replace(facts, **{name: told.get(name) for name in ("outside_area", "charges_fees", "for_profit")})
    found: dict[tuple[str, str], Finding] = {}
    for asked in (Moment.SAVE, Moment.FILING_CONFIRM):
        for finding in policy.evaluate(asked, facts, {"registrar": registrar, "domicile": domicile}, on):
            if finding.code != "ORG-ID-06" or told.get("filing_no"):  # a number that is not told is given then
                found.setdefault((finding.code, finding.field), finding)
    refused = []
    if told.get("street") and street is None:
        refused.append(_refusal("street", "street", street=told["street"]))
    filed, until = told.get("registered_on") or on.isoformat(), told.get("filing_until")
    if until and until < filed:
        refused.append(_refusal("until", "filing_until", until=until, day=filed))
    return [*refused, *found.values()]


def _refusal(variant: str, field: str, **args: Any) -> Finding:
    code = f"PROCEDURE.{variant}"
    return Finding(code, Severity.BLOCK, params.PROCEDURE_MESSAGES[code], field=field, args=args)


def _of_changed_body(case: Case, by: Mapping[str, Limits], on: date) -> list[Finding]:
    """What the change brings about in the body's own rules."""
    body = body_of(case)
    if body is None:
        return []
    stored = stored_of(case)
    wished = {name: case.facts[name] for name in params.CHANGED if case.facts.get(name) not in (None, "")}
    told = []
    for known in (stored, {**stored, **wished}):
        facts = fact_queries.of_form(known, case.area, organization=body)
        told.append([f for moment in (Moment.SAVE, Moment.NAMING) for f in policy.evaluate(moment, facts, by, on)])
    return only_new(told[1], told[0])


def may_apply(subject_id: str, on: date) -> list[Finding]:
    """ORG-DER-02 for whoever lets a body apply for something new: the guard `organization.apply`."""
    row = Standing.objects.now_open().select_related("registrar_area", "organization").get(organization=int(subject_id))
    limits = policy.limits(on, policy.chain(row.registrar_area.path))
    return policy.evaluate("ORG-DER-02", fact_queries.of_stored(row, on), limits, on)
