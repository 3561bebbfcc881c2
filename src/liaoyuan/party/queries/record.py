"""One party organization's page: its facts on a day, units, officers, what stands below it, who covers what."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.kit.findings import Finding
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.organizations import (
    BRANCH_KIND_TITLES,
    FORM_TITLES,
    OFFICER_HOW_TITLES,
    OFFICER_TITLES,
    BranchKind,
    Form,
    OfficerHow,
    OfficerKind,
)
from liaoyuan.party.models import Formation, Officer, PartyOrganization, Term
from liaoyuan.party.queries import counts, directory, standing, terms
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.registry.models import Organization
from liaoyuan.ui.texts import date_short


@dataclass(slots=True)
class Record:
    """What the page shows. `units` are (name, address or "", evidence, since); `officers` (name, post, how, since,
    key).
    """

    party: PartyOrganization
    formation: Formation
    heads: counts.Heads
    moving: bool
    facts: list[tuple[str, Any, str]] = field(default_factory=list)
    units: list[tuple[str, str, str, date]] = field(default_factory=list)
    officers: list[tuple[str, str, str, date, int]] = field(default_factory=list)
    below: list[directory.Line] = field(default_factory=list)
    below_total: int = 0
    terms: list[Term] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


_MOST_BELOW = 50


def read(party: PartyOrganization, on: date, user: Any) -> Record:
    """The record as on the day `on`."""
    row = reading.formation(party, on)
    heads = counts.of_branches([party.pk], on)[party.pk]
    moving = row.form == Form.BRANCH and (party.regular_on is None or party.regular_on > on)
    found = Record(party, row, heads, moving)
    found.facts = _facts(party, row, on, user)
    units = list(reading.units_on(party, on))
    seen = set(
        Organization.objects.visible_to(user)
        .filter(pk__in=[unit.organization_id for unit, _name in units if unit.organization_id])
        .values_list("pk", flat=True)
    )
    for unit, name in units:
        key = unit.organization_id
        href = reverse("registry:organization_detail", args=[key]) if key in seen else ""
        found.units.append((name, href, unit.evidence or row.evidence, unit.valid_from))
    posts = list(Officer.objects.active(on).filter(party_organization=party))
    named = member_names(post.member_id for post in posts)
    order = list(OfficerKind)
    for post in sorted(posts, key=lambda post: order.index(OfficerKind(post.kind))):
        how = _(OFFICER_HOW_TITLES[OfficerHow(post.how)])
        title = _(OFFICER_TITLES[OfficerKind(post.kind)])
        found.officers.append((named.get(post.member_id, ""), title, how, post.valid_from, post.pk))
    criteria = directory.Criteria(on=on, below=party.pk)
    under = directory.rows(user, criteria).exclude(party_organization=party)
    found.below_total = under.count()
    found.below = directory.lines(list(under.order_by("party_organization__path")[:_MOST_BELOW]), on, user)
    found.terms = list(Term.objects.current().filter(party_organization=party).order_by("-number"))
    found.findings = [*standing.findings(party, row, heads, on), *terms.findings(party, on)]
    return found


def _facts(party: PartyOrganization, row: Formation, on: date, user: Any) -> list[tuple[str, Any, str]]:
    """(title, text, address or "")."""
    superior = reading.names([row.superior_id], on).get(row.superior_id or 0, row.superior_name)
    seen = reading.opened(user, [row.superior_id])
    above = reverse("party:organization_detail", args=[row.superior_id]) if seen else ""
    told: list[tuple[str, Any, str]] = [
        (_("层级"), _(FORM_TITLES[Form(row.form)]), ""),
        (_("组建形式"), _(BRANCH_KIND_TITLES[BranchKind(row.branch_kind)]) if row.branch_kind else "", ""),
        (_("上级党组织"), superior, above),
        (_("依托单位"), _carrier(row), ""),
        (_("成立日期"), date_short(party.established_on), ""),
        (_("批复文号"), row.evidence, ""),
        (_("批复日期"), date_short(row.approved_on), ""),
        (_("计划结束日期"), date_short(row.task_ends_on), ""),
        (_("转接到期日"), date_short(row.transfer_due_on) if party.regular_on is None else "", ""),
        (_("可开具介绍信"), _("是") if row.may_transfer else "", ""),
        (_("所属区划"), party.area.name, ""),
    ]
    if party.dissolved_on is not None:
        told += [(_("撤销日期"), date_short(party.dissolved_on), ""), (_("撤销事由"), party.dissolved_reason, "")]
    return [line for line in told if line[1]]


def _carrier(row: Formation) -> str:
    return reading.body_names([row.carrier_id]).get(row.carrier_id or 0, row.carrier_name)


def may_edit(user: Any, party: PartyOrganization) -> bool:
    """Whether the user may adjust the party organization."""
    return party.dissolved_on is None and access.covers(user, Permission.EDIT, party, write=False)
