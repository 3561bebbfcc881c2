"""Party organizations and coverage as the interface tells them: within the caller's scope, no person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q

from liaoyuan.party.choices.organizations import Form
from liaoyuan.party.models import Formation, Officer, PartyOrganization, Term, Unit
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import uncovered
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.party.queries.uncovered import Judged
from liaoyuan.party.rules import coverage as rules
from liaoyuan.registry.models import Organization, Standing


def lines(user: Any, found: Sequence[Formation], on: date) -> list[dict[str, Any]]:
    """The formations with what is told beside them, in a fixed number of statements."""
    keys = [row.party_organization_id for row in found]
    units = Unit.objects.active(on).filter(party_organization__in=keys).order_by()
    many = dict(units.values_list("party_organization").annotate(n=Count("pk")))
    above = _above(on)
    wanted = {row.superior_id for row in found if row.superior_id}
    chief = {row.party_organization_id: _committee(row.superior_id, above) for row in found}
    seen = set(PartyOrganization.objects.visible_to(user).filter(pk__in=wanted | {key for key in chief.values() if key})
               .values_list("pk", flat=True))  # fmt: skip
    names = reading.names([*wanted, *chief.values()], on)
    terms = _terms(keys, on)
    return [
        {
            "id": row.party_organization_id, "name": row.name, "form": row.form, "kind": row.branch_kind,
            "area": row.party_organization.area.code,
            "superior": row.superior_id if row.superior_id in seen else None,
            "superior_name": names.get(row.superior_id or 0, row.superior_name),
            "committee": committee if (committee := chief[row.party_organization_id]) in seen else None,
            "committee_name": names.get(committee or 0, ""),
            "established_on": row.party_organization.established_on,
            "dissolved_on": _past(row.party_organization.dissolved_on, on), "since": row.valid_from,
            "evidence": row.evidence, "approved_on": row.approved_on, "may_transfer": row.may_transfer,
            "units": many.get(row.party_organization_id, 0), "term": terms.get(row.party_organization_id),
        }
        for row in found
    ]  # fmt: skip


def _past(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


def _above(on: date) -> dict[int, tuple[str, int | None]]:
    """(form, superior) of every committee and general branch on the day; a branch is nobody's superior."""
    rows = Formation.objects.active(on).exclude(form=Form.BRANCH.value).order_by("valid_from")
    return {key: (form, up) for key, form, up in rows.values_list("party_organization_id", "form", "superior_id")}


def _committee(key: int | None, above: Mapping[int, tuple[str, int | None]]) -> int | None:
    """The nearest committee from a superior upwards."""
    passed: set[int] = set()
    while key is not None and key in above and key not in passed:
        passed.add(key)
        form, up = above[key]
        if form == Form.COMMITTEE:
            return key
        key = up
    return None


def _terms(keys: Sequence[int], on: date) -> dict[int, dict[str, Any]]:
    rows = Term.objects.current().filter(party_organization__in=keys, began_on__lte=on).order_by("number")
    rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
    held = Officer.objects.active(on).filter(party_organization__in=keys).order_by()
    posts = dict(held.values_list("party_organization").annotate(n=Count("pk")))
    return {
        row.party_organization_id: {
            "number": row.number, "began_on": row.began_on, "due_on": row.extended_to or row.due_on,
            "posts": posts.get(row.party_organization_id, 0),
        }
        for row in rows
    }  # fmt: skip


def detail(user: Any, pk: int, on: date) -> dict[str, Any] | None:
    """One party organization on the day; None when it is out of sight or was not there."""
    rows = Formation.objects.active(on).visible_to(user).filter(party_organization=pk)
    row = rows.select_related("party_organization__area").first()
    if row is None:
        return None
    below = Formation.objects.active(on).visible_to(user).filter(superior=pk).order_by("name", "pk")
    return {
        **lines(user, [row], on)[0], "as_of": on, "units_covered": _units(pk, on),
        "below": list(below.values_list("party_organization_id", flat=True)),
    }  # fmt: skip


def _units(pk: int, on: date) -> list[dict[str, Any]]:
    rows = list(Unit.objects.active(on).filter(party_organization=pk).select_related("organization"))
    bodies = [row.organization_id for row in rows if row.organization_id]
    told = Standing.objects.current().filter(organization__in=bodies, valid_from__lte=on, valid_to__gt=on)
    names = dict(told.values_list("organization_id", "name"))
    return [
        {
            "organization": row.organization_id, "name": names.get(row.organization_id or 0, row.outside_name),
            "number": number_of(row.organization) if row.organization else "", "since": row.valid_from,
            "evidence": row.evidence, "evidence_on": row.evidence_on,
        }
        for row in sorted(rows, key=lambda row: (row.valid_from, row.pk))
    ]  # fmt: skip


def number_of(body: Organization) -> str:
    """The credit code, or what was given for one, or the number of the filing."""
    return body.code or body.code_as_given or body.filing_no or ""


def verdicts(user: Any, asked: Asked, found: Sequence[Standing]) -> list[dict[str, Any]]:
    """The bodies with their verdicts, in a fixed number of statements."""
    exactly = uncovered.roster(user, asked)
    return [_verdict(one, exactly=exactly) for one in uncovered.judge(asked, found)]


def _verdict(one: Judged, *, exactly: bool) -> dict[str, Any]:
    row, (formal, probationary, committed, dual) = one.row, one.heads
    members = {"formal": formal, "probationary": probationary, "committed": committed, "dual": dual,
               "declared": row.party_members_declared}  # fmt: skip
    return {
        "id": row.organization_id, "name": row.name, "number": number_of(row.organization), "kind": row.kind,
        "street": row.street.name if row.street else "", "covered": rules.covered(one.facts),
        "worked": rules.worked_on(one.facts),
        "gaps": [{"gap": gap, "code": code, "reason": told} for gap, code, told in one.reasons(exactly=exactly)],
        "way": str(one.way.kind) if one.open else "", "way_reason": one.lawful(exactly=exactly),
        "next_actor": one.acts(), "members": members if exactly else None,
        "claims": [
            {
                "how": claim.how, "party_organization": claim.key if ours else None,
                "name": claim.name if ours else "", "since": claim.since, "document": claim.document,
                "document_on": claim.document_on, "until": claim.until,
            }
            for claim in one.claims
            for ours in [claim.subject == reading.SUBJECT]
        ],
    }  # fmt: skip
