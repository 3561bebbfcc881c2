"""What a decided procedure does to the register: bodies are set up, filed, changed, recognised, closed. The kinds."""

from datetime import date, datetime
from typing import Any

from liaoyuan.core import events, locks
from liaoyuan.core.access import Actor
from liaoyuan.core.models import Case
from liaoyuan.core.registries import CaseKind
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.registry.actions import charity, organizations
from liaoyuan.registry.choices import DISTRICT_FIELD_OF, Event, Permission, Status
from liaoyuan.registry.models import Organization
from liaoyuan.registry.params import procedures as params
from liaoyuan.registry.queries import procedures as queries

_FACTS = frozenset(entry.name for entry in params.SET_UP_FIELDS) - {
    "capital_paid_in", "party_pledge", "party_survey", "forwarded_on", "charter_clause", "charter_text",
}  # fmt: skip

_FILED_FACTS = frozenset(entry.name for entry in params.FILE_FIELDS) - {
    "outside_area", "charges_fees", "for_profit",
}  # fmt: skip


def _decided(case: Case) -> date:
    if case.decided_on is None:
        raise ValueError("a case is carried out on the day of its decision")
    return case.decided_on


def set_up(*, case: Case, by: Actor, at: datetime) -> tuple[str, str, str]:
    """成立登记: the decision creates the organization; the case is about it from then on."""
    fields: dict[str, Any] = {name: value for name, value in case.facts.items() if name in _FACTS}
    fields.setdefault("registered_on", _decided(case).isoformat())
    made = organizations.create(
        fields=fields, places={**queries.places_of(case, fields), "registrar_area_id": case.area_id}, area=case.area,
        by=by, at=at, confirmed=True, on_behalf=case.on_behalf,
    )  # fmt: skip
    return "organization", str(made.pk), str(fields["name"])


def _body(case: Case) -> Organization:
    body = queries.body_of(case)
    if body is None:
        raise Refused([Finding("PROCEDURE.body", Severity.BLOCK, params.PROCEDURE_MESSAGES["PROCEDURE.body"])])
    return body


def change(*, case: Case, by: Actor, at: datetime) -> None:
    """变更登记: the wished facts hold from the day that was told, else from the decision."""
    wished = {name: case.facts[name] for name in params.CHANGED if case.facts.get(name) not in (None, "")}
    if not wished:
        raise Refused([Finding("PROCEDURE.nothing", Severity.BLOCK, params.PROCEDURE_MESSAGES["PROCEDURE.nothing"])])
    on = date.fromisoformat(case.facts["effective_on"]) if case.facts.get("effective_on") else _decided(case)
    organizations.change(
        organization=_body(case), fields=wished, places=queries.places_of(case, wished),
        before=queries.stored_of(case), on=on, by=by, at=at, confirmed=True, on_behalf=case.on_behalf,
    )  # fmt: skip


def correct(*, case: Case, by: Actor, at: datetime) -> None:
    """信息变更申请: only the fields that the officer accepted are written."""
    wished = {name: case.facts[name] for name in case.accepted or () if name in case.facts}
    organizations.change(
        organization=_body(case), fields=wished, places={}, before=queries.stored_of(case), on=_decided(case), by=by,
        at=at, confirmed=True, on_behalf=case.on_behalf,
    )  # fmt: skip


def deregister(*, case: Case, by: Actor, at: datetime) -> None:
    """注销登记: the body ends on the day that was told, else on that of the decision."""
    on = date.fromisoformat(case.facts["closed_on"]) if case.facts.get("closed_on") else _decided(case)
    organizations.close(
        organization=_body(case), status=Status.DEREGISTERED, on=on, reason=str(case.facts.get("reason", "")), by=by,
        at=at, on_behalf=case.on_behalf,
    )  # fmt: skip


def approve_charter(*, case: Case, by: Actor, at: datetime) -> None:
    """章程核准: a line in the body's timeline; the text is a file of the case."""
    _note(case, Event.CHARTER_APPROVED, str(case.facts.get("summary", "")), by=by, at=at)


def record_branch(*, case: Case, by: Actor, at: datetime) -> None:
    """设立分支机构: a line in the body's timeline."""
    _note(case, Event.BRANCH_RECORDED, str(case.facts.get("branch_name", "")), by=by, at=at)


def file_body(*, case: Case, by: Actor, at: datetime) -> tuple[str, str, str]:
    """备案: the confirmation creates the filed body with its street; without a number it is given the next one."""
    fields: dict[str, Any] = {name: value for name, value in case.facts.items() if name in _FILED_FACTS}
    fields.setdefault("registered_on", _decided(case).isoformat())
    if fields.get("field") in DISTRICT_FIELD_OF:
        fields["district_field"] = DISTRICT_FIELD_OF[fields["field"]]
    fields |= queries.filed_as(case.facts)
    street = queries.street_of(case, case.facts) or case.area
    area = street if street.path.startswith(case.area.path) else case.area
    if not fields["filing_no"]:
        year = date.fromisoformat(fields["registered_on"]).year
        locks.one_at_a_time("registry.filing_number", street.code, year)
        fields["filing_no"] = queries.next_filing_no(street, year)
    made = organizations.create(
        fields=fields, places={**queries.places_of(case, fields), "registrar_area_id": area.pk}, area=area, by=by,
        at=at, confirmed=True, on_behalf=case.on_behalf,
    )  # fmt: skip
    return "organization", str(made.pk), str(fields["name"])


def recognise(*, case: Case, by: Actor, at: datetime) -> None:
    """慈善组织认定: the body is a charity from the day of the decision; its right to raise funds stays as it is."""
    body = _body(case)
    penalised = case.facts.get("penalised_on")
    charity.recognise(
        organization=body, on=_decided(case), public_fundraising=bool(queries.standing_of(body).public_fundraising),
        penalised_on=date.fromisoformat(penalised) if penalised else None,
        evidence=case.decision_no or case.outside_number or case.number, by=by, at=at, confirmed=True,
        on_behalf=case.on_behalf,
    )  # fmt: skip


def _note(case: Case, event: Event, text: str, *, by: Actor, at: datetime) -> None:
    told = {"case": case.pk, "note": text[:200], "on": _decided(case).isoformat()}
    events.record(event, (case.subject_kind, case.subject_id, case.label), by=by, at=at, payload=told)


_HANDLE = (Permission.EDIT,)
_EITHER = (Permission.EDIT, Permission.FILING_EDIT)
_FILE = (Permission.FILING_EDIT,)
_DECIDE = (Permission.CASE_DECIDE,)


def _about_body(code: str, order: int, **more: Any) -> CaseKind:
    common: dict[str, Any] = {
        "handle": _HANDLE, "decide": _DECIDE, "view": (Permission.VIEW,), "subject_kind": "organization",
        "area": queries.area_of, "may_open": queries.is_registered, "findings": queries.findings,
    }  # fmt: skip
    return CaseKind(
        code=code, title=params.PROCEDURE_TITLES[code], note=params.PROCEDURE_NOTE_TITLES[code], order=order,
        **common | more,
    )  # fmt: skip


KINDS = (
    CaseKind(
        code=params.SET_UP, title=params.PROCEDURE_TITLES[params.SET_UP],
        note=params.PROCEDURE_NOTE_TITLES[params.SET_UP], handle=_HANDLE, decide=_DECIDE, view=(Permission.VIEW,),
        fields=params.SET_UP_FIELDS, materials=queries.papers_of_set_up, term=queries.decision_term,
        mode="procedure.mode.set_up", findings=queries.findings, on_decided=set_up, order=10,
    ),
    _about_body(
        params.CHANGE, 20, fields=params.CHANGE_FIELDS, materials=lambda case: "procedure.papers.change",
        mode="procedure.mode.change", before=queries.stored_of, on_decided=change, apply=(Permission.OWN_FILE,),
    ),
    _about_body(
        params.CHARTER, 30, fields=params.CHARTER_FIELDS, materials=lambda case: "procedure.papers.charter",
        mode="procedure.mode.charter", on_decided=approve_charter, apply=(Permission.OWN_FILE,),
    ),
    _about_body(
        params.BRANCH, 40, fields=params.BRANCH_FIELDS, materials=lambda case: "procedure.papers.branch",
        mode="procedure.mode.branch", on_decided=record_branch,
    ),
    _about_body(
        params.DEREGISTER, 50, fields=params.DEREGISTER_FIELDS, materials=lambda case: "procedure.papers.deregister",
        mode="procedure.mode.deregister", on_decided=deregister, apply=(Permission.OWN_FILE,),
    ),
    CaseKind(
        code=params.FILE, title=params.PROCEDURE_TITLES[params.FILE], note=params.PROCEDURE_NOTE_TITLES[params.FILE],
        handle=_FILE, decide=_FILE, view=(Permission.VIEW,), fields=params.FILE_FIELDS,
        materials=lambda case: "procedure.papers.file", term=queries.filing_term, findings=queries.findings,
        on_decided=file_body, two_persons=False, order=15,
    ),
    _about_body(
        params.RECOGNISE, 60, fields=params.RECOGNISE_FIELDS, materials=lambda case: "procedure.papers.recognise",
        mode="procedure.mode.recognise", term=queries.recognition_term, may_open=queries.may_be_recognised,
        on_decided=recognise, apply=(Permission.OWN_FILE,),
    ),
    _about_body(
        params.CORRECT, 5, handle=_EITHER, decide=_EITHER, apply=(Permission.OWN_FILE,), may_open=queries.is_live,
        fields=(*params.CORRECT_FIELDS, *params.CORRECT_FILED_FIELDS), fields_of=queries.correction_fields,
        before=queries.stored_of, on_decided=correct, per_field=True, direct=True, two_persons=False, findings=None,
    ),
)  # fmt: skip
