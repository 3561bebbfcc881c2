"""Changes of a running project: asked for by the body, judged again by all rules, decided by a second person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering, hand_overs, handing_in, ledger, moving, projects
from liaoyuan.funding.choices.awards import MOVING_TRANCHES, AmendmentState, TrancheState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.money import AmendmentKind
from liaoyuan.funding.choices.states import Requirement
from liaoyuan.funding.models import Agreement, Amendment, BudgetLine, Contribution, Indicator, Project, TeamMember
from liaoyuan.funding.queries import amended, facts, limits, money
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.funding.rules.spreading import replanned
from liaoyuan.kit.findings import Finding, Refused, refuse_if_blocked
from liaoyuan.kit.money import format_yuan


@transaction.atomic
def ask(
    *, agreement: Agreement, after: Mapping[str, Any], reason: str, on_behalf: str = "", by: Actor, at: datetime
) -> Amendment:
    """Ask for a change. `after` holds by kind what shall stand: leader (name), period (two ISO days), target (lines of
    indicators), budget (lines as `projects.save_budget` takes them), place (names). A budget that the rules forbid, or
    whose grant is above the agreement, is refused at once.
    """
    if not access.covers(by, Permission.OWN_EDIT, agreement.project, write=True):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    row = _locked(agreement)
    wanted = {kind: after[kind] for kind in (str(one) for one in AmendmentKind) if kind in after}
    if not wanted or len(reason.strip()) < 2:
        raise entering.refusal("AMENDMENT-EMPTY", _("请选择要变更的内容，并写明理由。"), "reason")
    _shaped(row, wanted)
    findings = [*_judged(row, wanted, localdate(at)), *_needing(row, wanted, localdate(at))]
    moving.move(row.project, "amend", by=by, met=(Requirement.AMENDMENT,))
    entering.touched(row.project, "state")
    made = Amendment.objects.create(
        agreement=row, number=row.amendments.count() + 1, kinds=sorted(wanted), after=wanted,
        before={kind: amended.now(row, kind) for kind in wanted}, reason=reason.strip()[:1000],
        findings=[one.as_dict() for one in findings], asked_at=at, asked_by=entering.recorder(by),
    )  # fmt: skip
    payload = {"agreement": row.pk, "amendment": made.number, "kinds": made.kinds}
    events.record(Event.AMENDMENT_ASKED, row.project, by=by, at=at, findings=findings, payload=payload,
                  on_behalf=on_behalf)  # fmt: skip
    return made


def _locked(agreement: Agreement) -> Agreement:
    project = agreement.project
    entering.lock(rounds=[project.round_id], bodies=[(project.round_id, project.organization_id)])
    return entering.living_agreement(agreement)


def _shaped(row: Agreement, wanted: Mapping[str, Any]) -> None:
    """Refuse what cannot stand, by its field."""
    if "leader" in wanted and not str(wanted["leader"]).strip():
        raise entering.refusal("AMENDMENT-LEADER", _("请填写新的项目负责人。"), "leader")
    if "period" in wanted:
        first, last = (date.fromisoformat(one) for one in wanted["period"])
        if last < first:
            raise entering.refusal("AMENDMENT-PERIOD", _("结束日期不能早于开始日期。"), "period")
    if "target" in wanted and not wanted["target"]:
        raise entering.refusal("AMENDMENT-TARGET", _("至少要有一项指标。"), "target")
    if "place" in wanted and not [one for one in wanted["place"] if one.strip()]:
        raise entering.refusal("AMENDMENT-PLACE", _("请填写实施地点。"), "place")
    if "budget" in wanted:
        granted = sum(line["grant_fen"] for line in wanted["budget"])
        if granted > row.amount_fen:
            told = _("预算里的资助资金 {grant} 元，超过协议金额 {amount} 元。")
            raise entering.refusal("AMENDMENT-GRANT", told, "budget", grant=format_yuan(granted),
                                   amount=format_yuan(row.amount_fen))  # fmt: skip


def _judged(row: Agreement, wanted: Mapping[str, Any], on: date) -> list[Finding]:
    """What the rules of budgets say of the budget that would stand (GV-BUD-*)."""
    made = projects.budget_lines(row.project, wanted["budget"]) if "budget" in wanted else None
    held = limits.limits_of(row.project.round)
    told = policy.evaluate(Moment.BUDGET_CHANGE, facts.of_budget(row.project, on, made), held, on)
    return refuse_if_blocked(told, confirmed=True)


def foretold(row: Agreement, wanted: Mapping[str, Any], on: date) -> list[Finding]:
    """What asking for a change would be told on the day; nothing is written."""
    try:
        _shaped(row, wanted)
        judged = _judged(row, wanted, on)
    except Refused as refused:
        judged = refused.findings
    return [*judged, *_needing(row, wanted, on)]


def _needing(row: Agreement, wanted: Mapping[str, Any], on: date, *, approved: bool | None = None) -> list[Finding]:
    """What of the change needs approval (GV-EXE-02): told when it is asked for, silent once it is approved."""
    changes = amended.classes(row.project, wanted.get("budget"))
    read = ProjectFacts(amended=tuple(sorted(wanted)), approved=approved, classes=tuple(changes))
    return list(policy.evaluate(Moment.PROJECT_AMEND, read, limits.limits_of(row.project.round), on))


def _open(amendment: Amendment, version: int | None, by: Actor) -> tuple[Amendment, Agreement]:
    access.require(by, Permission.CONFIRM, amendment.agreement.project)
    row = _locked(amendment.agreement)
    held = Amendment.objects.select_for_update().get(pk=amendment.pk)
    if held.state != AmendmentState.ASKED or (version is not None and held.version != version):
        raise entering.refusal("AMENDMENT-DECIDED", _("这件变更已作出决定。"))
    person = entering.recorder(by)
    if person is None or held.asked_by_id == person.pk:
        raise entering.refusal("AMENDMENT-SECOND", _("变更须由申请人以外的人决定。"))
    return held, row


@transaction.atomic
def agree(*, amendment: Amendment, opinion: str = "", version: int | None = None, by: Actor, at: datetime) -> Amendment:
    """Agree: the rules are asked again, then the change is written and the whole kept as a version.

    A budget with a smaller grant lowers the agreement: what is not needed goes back to the pools, and the instalments
    that are not paid share what is left.
    """
    held, row = _open(amendment, version, by)
    today, wanted = localdate(at), held.after
    findings = [*_judged(row, wanted, today), *refuse_if_blocked(_needing(row, wanted, today, approved=True))]
    gives = amended.now(row, "leader")
    moving.move(row.project, "agree", by=by, met=(Requirement.SECOND_PERSON, Requirement.RULES))
    _write(row, wanted, by, at)
    row.project.version += 1
    handing_in.saved(row.project)
    entering.touched(row, "starts_on", "ends_on", "places", "amount_fen")
    held.state, held.opinion = str(AmendmentState.AGREED), opinion.strip()[:200]
    held.revision = handing_in.keep(row.project, "amended", by=by, at=at)
    held.decided_at, held.decided_by = at, entering.recorder(by)
    held.findings = [one.as_dict() for one in findings]
    entering.touched(held, "state", "opinion", "revision", "decided_at", "decided_by", "findings")
    payload = {"agreement": row.pk, "amendment": held.number, "kinds": held.kinds, "amount_fen": row.amount_fen}
    events.record(Event.AMENDMENT_AGREED, row.project, by=by, at=at, findings=findings, payload=payload)
    if "leader" in wanted:
        hand_overs.make(agreement=row, gives=gives, takes=str(wanted["leader"]).strip(), reason=held.reason, by=by,
                        at=at)  # fmt: skip
    return held


@transaction.atomic
def keep(*, amendment: Amendment, opinion: str, version: int | None = None, by: Actor, at: datetime) -> Amendment:
    """Do not agree, with the reason: the project goes on as agreed."""
    held, row = _open(amendment, version, by)
    if len(opinion.strip()) < 2:
        raise entering.refusal("AMENDMENT-OPINION", _("请写明不同意的理由。"), "opinion")
    moving.move(row.project, "keep", by=by, met=(Requirement.REASON,))
    entering.touched(row.project, "state")
    held.state, held.opinion = str(AmendmentState.KEPT), opinion.strip()[:200]
    held.decided_at, held.decided_by = at, entering.recorder(by)
    entering.touched(held, "state", "opinion", "decided_at", "decided_by")
    payload = {"agreement": row.pk, "amendment": held.number, "note": held.opinion}
    events.record(Event.AMENDMENT_KEPT, row.project, by=by, at=at, payload=payload)
    return held


def _write(row: Agreement, wanted: Mapping[str, Any], by: Actor, at: datetime) -> None:
    project = row.project
    if "period" in wanted:
        row.starts_on, row.ends_on = (date.fromisoformat(one) for one in wanted["period"])
        project.starts_on, project.ends_on = row.starts_on, row.ends_on
    if "place" in wanted:
        row.places = [one.strip()[:60] for one in wanted["place"] if one.strip()]
    if "leader" in wanted:
        _lead(project, str(wanted["leader"]).strip()[:60])
    if "target" in wanted:
        _indicators(project, wanted["target"])
    if "budget" in wanted:
        _budget(row, projects.budget_lines(project, wanted["budget"]), by, at)


def _indicators(project: Project, lines: Sequence[Mapping[str, Any]]) -> None:
    """Put new targets in the place of the old ones; an indicator of the same name and unit keeps what was done."""
    known = {(one.title, one.unit): one for one in project.indicators.all()}
    for number, line in enumerate(lines, 1):
        row = known.pop((line["title"], line["unit"]), None) or Indicator(project=project)
        row.position, row.title, row.unit, row.target = number, line["title"], line["unit"], line["target"]
        row.evidence = line.get("evidence", "")
        row.save()
    gone = [one.pk for one in known.values()]
    counted = Contribution.objects.filter(indicator__in=gone).select_related("indicator").first()
    if counted is not None:
        told = _("指标“{title}”已有工作记录，不能去掉；可以减小目标数。")
        raise entering.refusal("AMENDMENT-COUNTED", told, "target", title=counted.indicator.title)
    project.indicators.filter(pk__in=gone).delete()


def _lead(project: Project, name: str) -> None:
    """The named member of the team leads; somebody new joins it."""
    project.team.filter(lead=True).update(lead=False)
    member = project.team.filter(name=name).first()
    if member is None:
        last = project.team.count()
        member = TeamMember(project=project, name=name, role=_("项目负责人"), position=last + 1)
    member.lead = True
    member.save()


def _budget(row: Agreement, made: Sequence[BudgetLine], by: Actor, at: datetime) -> None:
    projects.put_budget(row.project, made)
    less = row.amount_fen - row.project.grant_fen
    if not less:
        return
    if row.tranches.filter(state__in=[str(one) for one in MOVING_TRANCHES]).exists():
        raise entering.refusal("AMENDMENT-MOVING", _("有一期正在拨付，付款以后再减少资助金额。"), "budget")
    sums = money.of_agreement(row)
    if less > sums.left:
        told = _("资助金额不能减到已拨的 {paid} 元以下；多拨的按退款办理。")
        raise entering.refusal("AMENDMENT-PAID", told, "budget", paid=format_yuan(sums.paid))
    ledger.release(row, less, reason=_("协议变更"), by=by, at=at)
    row.amount_fen -= less
    waiting = list(row.tranches.filter(state=TrancheState.PLANNED.value).order_by("no"))
    parts = replanned(row.amount_fen - sums.paid, [one.percent for one in waiting])
    for tranche, fen in zip(waiting, parts, strict=True):
        tranche.amount_fen = fen
        entering.touched(tranche, "amount_fen")
