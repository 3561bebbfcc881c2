"""Writing an application: begun by a body or for it, saved section by section, copied from an earlier one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.budget import HIDDEN_PAY, CapBase
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.rounds import RoundPhase
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import BudgetLine, Indicator, Need, PlanStep, Pledge, Project, Risk, Round, TeamMember
from liaoyuan.funding.queries import contents, limits
from liaoyuan.funding.rules.budgets import line_amount
from liaoyuan.kit.findings import Limits
from liaoyuan.registry.choices import Kind
from liaoyuan.registry.models import Organization, Standing

#: States in which an application is written.
WRITABLE = (ProjectState.DRAFT, ProjectState.RETURNED)
#: Fields of the section "basic" that stand on the row.
BASIC = ("title", "field", "area", "need", "sponsor", "starts_on", "ends_on")
_ROWS: dict[str, tuple[type[Any], str]] = {
    "plan": (PlanStep, "steps"), "outcomes": (Indicator, "indicators"), "risks": (Risk, "risks"),
    "pledges": (Pledge, "pledges"),
}  # fmt: skip


def may_write(by: Actor, project: Project) -> bool:
    """Whether the user writes the application: for the body, its sponsor, or filling in for it at the office."""
    return access.covers(by, Permission.OWN_EDIT, project, write=True) or access.covers(
        by, Permission.EDIT, project, write=True
    )


def _require_body(by: Actor, organization: Organization, round_: Round) -> None:
    if access.covers(by, Permission.OWN_EDIT, organization, write=True):
        return
    if not access.covers(by, Permission.EDIT, round_, write=True):
        raise PermissionDenied(str(Permission.OWN_EDIT))


@transaction.atomic
def begin(
    *, round_: Round, organization: Organization, title: str, sponsor: Organization | None = None,
    copied_from: Project | None = None, need: Need | None = None, on_behalf: str = "", by: Actor, at: datetime,
) -> Project:  # fmt: skip
    """Begin a draft. Refused unless the round takes applications and the body lives; the quota is asked at handing in.

    `copied_from` brings everything but dates, need and money asked for; nothing has to be typed anew.
    """
    _require_body(by, organization, round_)
    if round_.phase(localdate(at)) != RoundPhase.OPEN:
        raise entering.refusal("ROUND-CLOSED", _("这一届现在不接受申报。"))
    if round_.practice is False and (organization.voided_at is not None or not organization.live):
        raise entering.refusal("BODY-GONE", _("这个组织已终止或作废，不能申报。"))
    if copied_from is not None and not may_write(by, copied_from):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    if need is not None and need.round_id != round_.pk:
        raise entering.refusal("NEED-ROUND", _("这条需求不属于这一届。"), "need")
    row = Project.objects.create(
        round=round_, organization=organization, sponsor=sponsor, need=need, copied_from=copied_from,
        title=title.strip()[:60] or _("未命名的项目"), created_at=at, created_by=entering.recorder(by),
    )  # fmt: skip
    if copied_from is not None:
        _copy(copied_from, row, limits.limits_of(round_))
    payload = {"round": round_.pk, "copied_from": copied_from.pk if copied_from is not None else None}
    events.record(Event.PROJECT_BEGUN, row, by=by, at=at, payload=payload, on_behalf=on_behalf)
    return row


def _copy(source: Project, row: Project, held: Limits) -> None:
    row.answers, row.field, row.area, row.sponsor = dict(source.answers), source.field, source.area, source.sponsor
    members: dict[int, TeamMember] = {}
    for member in source.team.all():
        old = member.pk
        member.pk, member._state.adding, member.project = None, True, row
        member.save(force_insert=True)
        members[old] = member
    for model, name in _ROWS.values():
        rows = list(getattr(source, name).all())
        for one in rows:
            one.pk, one._state.adding, one.project = None, True, row
            if isinstance(one, Pledge):
                one.planned_on = None
        model.objects.bulk_create(rows)
    lines = list(source.lines.all())
    for line in lines:
        line.pk, line._state.adding, line.project, line.item_kind = None, True, row, ""
        line.member = members.get(line.member_id or 0)
    BudgetLine.objects.bulk_create(lines)
    _sum(row, held)
    row.save()


def _locked(project: Project, version: int | None, by: Actor, at: datetime) -> Project:
    """The draft under its body's lock, if it may be written now: within the window, or returned and not overdue."""
    if not may_write(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    entering.lock(bodies=[(project.round_id, project.organization_id)])
    row = entering.living_project(project, version)
    if row.state not in WRITABLE:
        raise entering.refusal("PROJECT-STATE", _("申报书已提交，不能再改。要改请先撤回，或等待退回补正。"))
    if row.state == ProjectState.DRAFT and row.round.phase(localdate(at)) != RoundPhase.OPEN:
        raise entering.refusal("ROUND-CLOSED", _("申报期已过，不能再改。"))
    return row


def _changed(row: Project, event: Event, section: str, *, by: Actor, at: datetime, on_behalf: str = "") -> None:
    row.certified_at = row.certified_by = row.certified_version = None
    row.version += 1
    row.save()
    events.record(event, row, by=by, at=at, payload={"section": section}, on_behalf=on_behalf)


@transaction.atomic
def save_basic(
    *, project: Project, values: Mapping[str, Any], version: int | None = None, on_behalf: str = "", by: Actor,
    at: datetime,
) -> Project:  # fmt: skip
    """Save name, field, place, need, sponsor, period. A draft may be incomplete; handing in asks for the rest."""
    row = _locked(project, version, by, at)
    for name in BASIC:
        if name in values:
            setattr(row, name, values[name])
    row.title = str(row.title).strip()[:60] or _("未命名的项目")
    if row.starts_on is not None and row.ends_on is not None and row.ends_on < row.starts_on:
        raise entering.refusal("PROJECT-DAYS", _("结束日期不能早于开始日期。"), "ends_on")
    if row.need is not None and row.need.round_id != row.round_id:
        raise entering.refusal("NEED-ROUND", _("这条需求不属于这一届。"), "need")
    if row.sponsor is not None:
        _sponsor_stands(row, by)
    _changed(row, Event.PROJECT_CHANGED, "basic", by=by, at=at, on_behalf=on_behalf)
    return row


def _sponsor_stands(row: Project, by: Actor) -> None:
    """A sponsor is a registered body that lives and is not the applicant itself."""
    sponsor = row.sponsor
    if sponsor is None or sponsor.pk == row.organization_id:
        raise entering.refusal("SPONSOR-SELF", _("支持组织须是另一个已登记的组织。"), "sponsor")
    standing = Standing.objects.now_open().filter(organization=sponsor).first()
    if standing is None or not sponsor.live or standing.kind == Kind.BA:
        raise entering.refusal("SPONSOR-KIND", _("支持组织须是存续的已登记组织。"), "sponsor")


@transaction.atomic
def save_texts(
    *, project: Project, values: Mapping[str, str], version: int | None = None, on_behalf: str = "", by: Actor,
    at: datetime,
) -> Project:  # fmt: skip
    """Save texts of the form by key; those that are not named stay."""
    row = _locked(project, version, by, at)
    row.answers = {**row.answers, **contents.texts(values)}
    _changed(row, Event.PROJECT_CHANGED, "content", by=by, at=at, on_behalf=on_behalf)
    return row


@transaction.atomic
def save_rows(
    *, project: Project, section: str, lines: Sequence[Mapping[str, Any]], version: int | None = None,
    on_behalf: str = "", by: Actor, at: datetime,
) -> Project:  # fmt: skip
    """Replace the repeated rows of a section: plan, outcomes, risks or pledges."""
    row = _locked(project, version, by, at)
    model, name = _ROWS[section]
    getattr(row, name).all().delete()
    model.objects.bulk_create(model(project=row, position=n, **line) for n, line in enumerate(lines, 1))
    _changed(row, Event.PROJECT_CHANGED, section, by=by, at=at, on_behalf=on_behalf)
    return row


@transaction.atomic
def save_team(
    *, project: Project, lines: Sequence[Mapping[str, Any]], version: int | None = None, on_behalf: str = "",
    by: Actor, at: datetime,
) -> Project:  # fmt: skip
    """Set the team. A line: pk of a member that stays or None, name, role, lead, full_time, percent, person.

    Refused when a member whom the budget pays is left out, and when more than one leads.
    """
    row = _locked(project, version, by, at)
    if sum(bool(line.get("lead")) for line in lines) > 1:
        raise entering.refusal("TEAM-LEAD", _("项目负责人只能有一名。"), "lead")
    known = {member.pk: member for member in row.team.all()}
    kept = {line.get("pk") for line in lines} & set(known)
    gone = set(known) - kept
    paid = BudgetLine.objects.filter(member__in=gone).select_related("member").first()
    if paid is not None and paid.member is not None:
        told = _("预算“{line}”是付给{name}的，请先改预算，再从团队里删去。")
        raise entering.refusal("TEAM-PAID", told, "name", line=paid.title, name=paid.member.name)
    TeamMember.objects.filter(pk__in=gone).delete()
    for number, line in enumerate(lines, 1):
        member = known.get(line.get("pk") or 0) or TeamMember(project=row)
        for name in ("name", "role", "lead", "full_time", "percent", "qualification", "person"):
            if name in line:
                setattr(member, name, line[name])
        member.position = number
        member.save()
    _sum(row, limits.limits_of(row.round))
    _changed(row, Event.PROJECT_TEAM_CHANGED, "team", by=by, at=at, on_behalf=on_behalf)
    return row


@transaction.atomic
def save_budget(
    *, project: Project, lines: Sequence[Mapping[str, Any]], version: int | None = None, on_behalf: str = "",
    by: Actor, at: datetime,
) -> Project:  # fmt: skip
    """Replace the budget. A line: budget_class, title, price_fen, unit, quantity (hundredths), times, grant_fen,
    own_fen, price_kind, member (key of the team), basis, note. What does not add up is refused by line number.
    """
    row = _locked(project, version, by, at)
    put_budget(row, budget_lines(row, lines))
    _changed(row, Event.PROJECT_BUDGET_CHANGED, "budget", by=by, at=at, on_behalf=on_behalf)
    return row


def budget_lines(row: Project, lines: Sequence[Mapping[str, Any]]) -> list[BudgetLine]:
    """The lines of a budget, not saved; what does not add up is refused by line number."""
    members = {member.pk: member for member in row.team.all()}
    return [_budget_line(row, number, line, members) for number, line in enumerate(lines, 1)]


def put_budget(row: Project, made: Sequence[BudgetLine]) -> None:
    """Put lines in the place of the budget, and its sums on the row, which is not saved."""
    row.lines.all().delete()
    BudgetLine.objects.bulk_create(made)
    _sum(row, limits.limits_of(row.round))


def _budget_line(row: Project, number: int, line: Mapping[str, Any], members: Mapping[int, TeamMember]) -> BudgetLine:
    amount = line_amount(line["price_fen"], line["quantity"], line["times"])
    if line["grant_fen"] + line["own_fen"] != amount:
        told = _("第 {number} 行“{title}”：资助与自筹之和 {sum} 元不等于单价×数量×频次 {amount} 元。")
        raise entering.refusal("GV-BUD-08", told, "lines", number=number, title=line["title"],
                               sum=f"{(line['grant_fen'] + line['own_fen']) / 100:.2f}",
                               amount=f"{amount / 100:.2f}")  # fmt: skip
    return BudgetLine(
        project=row, position=number, amount_fen=amount, member=members.get(line.get("member") or 0),
        **{name: line[name] for name in ("budget_class", "title", "price_fen", "quantity", "times", "grant_fen",
                                         "own_fen")},
        **{name: line.get(name, "") for name in ("unit", "price_kind", "basis", "note")},
    )  # fmt: skip


def _sum(row: Project, held: Limits) -> None:
    """Put the sums of the budget on the row: the whole, the grant, full-time pay and what it is measured by."""
    lines = list(BudgetLine.objects.filter(project=row).select_related("member"))
    row.total_fen = sum(line.amount_fen for line in lines)
    row.grant_fen = sum(line.grant_fen for line in lines)
    row.own_fen = row.total_fen - row.grant_fen
    of_grant = held.get("gv.staff.base") == CapBase.GRANT
    row.base_fen = row.grant_fen if of_grant else row.total_fen
    classes = frozenset(held.get("gv.staff.classes") or ())
    row.pay_fen = _added(
        (line for line in lines if line.budget_class in classes
         or (line.budget_class in HIDDEN_PAY and line.member is not None and line.member.full_time)), of_grant
    )  # fmt: skip
    paid = frozenset(held.get("gv.staff.grant_classes") or ())
    row.staff_fen = _added((line for line in lines if line.budget_class in paid), True)


def _added(lines: Iterable[BudgetLine], granted: bool) -> int:
    return sum(line.grant_fen if granted else line.amount_fen for line in lines)
