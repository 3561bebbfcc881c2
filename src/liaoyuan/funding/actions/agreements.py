"""Agreements: drafted with their money, cancelled, signed by issuing the document, started; an award given up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy, sensitive, vault, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import documents
from liaoyuan.core.choices import Event as Core
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Document
from liaoyuan.funding.actions import entering, handing_in, ledger, moving, projects
from liaoyuan.funding.choices.awards import AgreementState, TrancheState
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.money import TrancheTrigger
from liaoyuan.funding.choices.states import ProjectState, Requirement
from liaoyuan.funding.models import Agreement, Pool, Project, Tranche, TrancheCondition
from liaoyuan.funding.queries import facts, letters, limits, money, publicity, secrets
from liaoyuan.funding.rules.payments import plan
from liaoyuan.kit.findings import Finding, refuse_if_blocked
from liaoyuan.kit.money import format_yuan

_SHORTEST, _LONGEST = 8, 30
#: Requirements of signing that `ready` has made sure of.
_SIGNED = (Requirement.AGREEMENT, Requirement.RULES)


@transaction.atomic
def draft(
    *, project: Project, shares: Sequence[tuple[Pool, int]], account: Mapping[str, str], starts_on: date,
    ends_on: date, places: Iterable[str] = (), lines: Sequence[Mapping[str, Any]] | None = None, terms: str = "",
    version: int | None = None, by: Actor, at: datetime,
) -> Agreement:  # fmt: skip
    """Draft the agreement of an approved project; from now on its money is taken of the pools.

    `shares` are (pool, fen); `account` has name, bank, number; `lines` is the budget of the agreement where less was
    approved than asked for. Refused beyond the approved amount, for an account of somebody else (GV-CON-02), for a
    budget whose grant is another sum, and where a pool has too little left.
    """
    access.require(by, Permission.EDIT, project)
    entering.lock(rounds=[project.round_id], bodies=[(project.round_id, project.organization_id)])
    row = entering.living_project(project, version)
    award = publicity.approved_line(row)
    if row.state != ProjectState.APPROVED or award is None:
        raise entering.refusal("AGREEMENT-STATE", _("只有已立项的项目才能签订协议。"))
    if Agreement.objects.living().filter(project=row).exists():
        raise entering.refusal("AGREEMENT-TWICE", _("这个项目已有协议。"))
    amount = _amount(row, shares)
    if ends_on < starts_on:
        raise entering.refusal("AGREEMENT-DAYS", _("结束日期不能早于开始日期。"), "ends_on")
    body = row.sponsor or row.organization
    number = _number(account.get("number", ""), at)
    made = Agreement(
        project=row, award=award, organization=body, body_name=facts.body_name(body, localdate(at)),
        amount_fen=amount, starts_on=starts_on, ends_on=ends_on,
        places=[place.strip()[:60] for place in places if place.strip()] or ([row.area.name] if row.area else []),
        account_name=account.get("name", "").strip()[:120], account_bank=account.get("bank", "").strip()[:120],
        account_number=vault.encrypt(number, purpose=secrets.ACCOUNT), account_tail=number[-4:], drafted_at=at,
        drafted_by=entering.recorder(by),
    )  # fmt: skip
    if not made.account_name or not made.account_bank:
        raise entering.refusal("AGREEMENT-ACCOUNT", _("请填写收款账户的户名和开户银行。"), "account_name")
    made.save(force_insert=True)
    ledger.commit(made, shares, reason=_("协议起草"), by=by, at=at)
    if lines is not None:
        projects.put_budget(row, projects.budget_lines(row, lines))
        handing_in.saved(row)
    refuse_if_blocked([f for f in judged(made, row, localdate(at)) if f.code != "GV-CON-01"], confirmed=True)
    made.document = documents.draft(code="grant_agreement", subject=made, fields={"terms": terms}, by=by, at=at)
    made.save(update_fields=["document"])
    payload = {"agreement": made.pk, "amount_fen": amount}
    events.record(Event.AGREEMENT_DRAFTED, row, by=by, at=at, payload=payload)
    return made


def _amount(row: Project, shares: Sequence[tuple[Pool, int]]) -> int:
    if not shares or any(fen <= 0 for _pool, fen in shares):
        raise entering.refusal("AGREEMENT-SHARES", _("请填写从每个资金池使用的金额。"), "shares")
    if len({pool.pk for pool, _fen in shares}) != len(shares):
        raise entering.refusal("AGREEMENT-SHARES", _("同一个资金池只列一行。"), "shares")
    if any(pool.round_id != row.round_id for pool, _fen in shares):
        raise entering.refusal("AGREEMENT-SHARES", _("资金池不属于这一届。"), "shares")
    return sum(fen for _pool, fen in shares)


def _number(given: str, at: datetime) -> str:
    """The account number without spaces; refused where this zone or this level of separation keeps none."""
    number = "".join(given.split()).replace("-", "")
    if not number.isascii() or not number.isdigit() or not _SHORTEST <= len(number) <= _LONGEST:
        raise entering.refusal("AGREEMENT-ACCOUNT", _("账号应为 8 至 30 位数字。"), "account_number")
    refuse_if_blocked(sensitive.findings({"account_number": number}, {"account_number": "账号"}, localdate(at)))
    if not zones.allowed(settings.ZONE, secrets.ACCOUNT, zones.Op.STORE):
        raise entering.refusal("AGREEMENT-ZONE", _("这里不保存账号。"), "account_number")
    return number


def judged(agreement: Agreement, project: Project, on: date) -> list[Finding]:
    """What the rules say of the agreement and of its budget on the day, with what the product itself holds.

    A place whose figures are drafts is warned by the rules; who is paid and how much stands beyond that.
    """
    held = limits.limits_of(project.round)
    agreement.project = project
    read = money.facts_of(agreement, on)
    found = list(policy.evaluate(Moment.AGREEMENT_SIGN, read, held, on))
    found += policy.evaluate(Moment.BUDGET_CONTRACT, facts.of_budget(project, on), held, on)
    if project.grant_fen != agreement.amount_fen:
        told = _("预算里的资助资金 {grant} 元不等于协议金额 {amount} 元，请先调整预算。")
        raise entering.refusal("AGREEMENT-BUDGET", told, "lines", grant=format_yuan(project.grant_fen),
                               amount=format_yuan(agreement.amount_fen))  # fmt: skip
    if read.approved_fen is None or agreement.amount_fen > read.approved_fen:
        told = _("协议金额 {amount} 元，超过批准的 {approved} 元。")
        raise entering.refusal("GV-CON-02", told, "shares", amount=format_yuan(agreement.amount_fen),
                               approved=format_yuan(read.approved_fen or 0))  # fmt: skip
    if agreement.account_name != read.body:
        told = _("收款账户的户名“{account}”不是签约组织{signing}。")
        raise entering.refusal("GV-CON-02", told, "account_name", account=agreement.account_name, signing=read.body)
    return found


@transaction.atomic
def cancel(*, agreement: Agreement, reason: str, by: Actor, at: datetime) -> Agreement:
    """Give a draft up: its money goes back to the pools."""
    access.require(by, Permission.EDIT, agreement.project)
    entering.lock(rounds=[agreement.project.round_id])
    row = entering.living_agreement(agreement)
    if len(reason.strip()) < 2:
        raise entering.refusal("AGREEMENT-REASON", _("请写明取消的原因。"), "reason")
    _cancel(row, reason, by, at)
    if row.document is not None:
        documents.discard(document=row.document, reason=reason, by=by, at=at)
    return row


def _cancel(row: Agreement, reason: str, by: Actor, at: datetime) -> None:
    if row.state != AgreementState.DRAFT:
        raise entering.refusal("AGREEMENT-STATE", _("协议已签订或已取消；已签订的按终止办理。"))
    ledger.release(row, row.amount_fen, reason=_("协议取消"), by=by, at=at)
    row.state, row.ended_at, row.ended_by = str(AgreementState.CANCELLED), at, entering.recorder(by)
    row.ended_reason = reason.strip()[:200]
    entering.touched(row, "state", "ended_at", "ended_by", "ended_reason")
    payload = {"agreement": row.pk, "amount_fen": row.amount_fen, "note": row.ended_reason}
    events.record(Event.AGREEMENT_CANCELLED, row.project, by=by, at=at, payload=payload)


def sign(*, agreement: Agreement, signed_on: date | None = None, by: Actor, at: datetime) -> Agreement:
    """All parties have signed: the document takes its number, the facts are frozen, the instalments planned."""
    if agreement.document is None:
        raise entering.refusal("AGREEMENT-STATE", _("这份协议没有协议书。"))
    documents.issue(document=agreement.document, dated_on=signed_on, by=by, at=at)
    return Agreement.objects.select_related("project__round__programme__area").get(pk=agreement.pk)


def ready(document: Document, by: Actor, at: datetime) -> None:
    """Asked before an agreement takes its number: the rules of signing on the day of signing."""
    found: Agreement = letters.subject_of(document)
    entering.lock(rounds=[found.project.round_id])
    row = entering.living_agreement(found)
    if row.state != AgreementState.DRAFT:
        raise entering.refusal("AGREEMENT-STATE", _("协议已签订或已取消；已签订的按终止办理。"))
    day = document.dated_on or localdate(at)
    row.signed_on = day
    told = judged(row, row.project, localdate(at))
    line = row.award
    if publicity.open_objections(line) or not line.award_list.over(day):
        raise entering.refusal("GV-CON-01", _("公示期满、没有未答复的异议，才能签订协议。"), "signed_on")
    refuse_if_blocked(told, confirmed=True)


def follow(document: Document, step: str, by: Actor, at: datetime) -> None:
    """What the steps of the document do to the agreement."""
    if step == Core.DOCUMENT_WITHDRAWN:
        raise entering.refusal("AGREEMENT-STATE", _("协议签订后不能撤销，按终止办理。"))
    if step == Core.DOCUMENT_DISCARDED:
        row: Agreement = letters.subject_of(document)
        if row.state == AgreementState.DRAFT:
            raise entering.refusal("AGREEMENT-STATE", _("请用“取消协议”，资金同时退回资金池。"))
    if step == Core.DOCUMENT_ISSUED:
        _signed(entering.living_agreement(letters.subject_of(document)), document, by, at)


def _signed(row: Agreement, document: Document, by: Actor, at: datetime) -> None:
    project, today = row.project, localdate(at)
    row.signed_on = document.dated_on or today
    findings = refuse_if_blocked(judged(row, project, today), confirmed=True)
    row.facts = money.plain(money.facts_of(row, today)) | {
        "grant_fen": project.grant_fen, "total_fen": project.total_fen, "pay_fen": project.pay_fen,
        "leader": next((one.name for one in project.team.all() if one.lead), ""),
        "shares": [[share.pool_id, share.amount_fen] for share in row.shares.all()],
    }  # fmt: skip
    row.findings = [finding.as_dict() for finding in findings]
    row.state, row.signed_at, row.signed_by = str(AgreementState.SIGNED), at, entering.recorder(by)
    entering.touched(row, "signed_on", "facts", "findings", "state", "signed_at", "signed_by")
    held = limits.limits_of(project.round)
    percents, triggers = tuple(held["gv.tranche.percents"]), tuple(held["gv.tranche.triggers"])
    Tranche.objects.bulk_create(
        Tranche(agreement=row, no=no, percent=percent, trigger=trigger, amount_fen=fen)
        for no, (percent, trigger, fen) in enumerate(
            zip(percents, triggers, plan(percents, row.amount_fen), strict=True), 1
        )
    )
    note(row, TrancheTrigger.SIGNED, row.signed_on, document.number, by=by, at=at)
    moving.move(project, "sign", by=by, met=_SIGNED)
    entering.touched(project, "state")
    handing_in.keep(project, "signed", by=by, at=at)
    payload = {"agreement": row.pk, "number": document.number, "amount_fen": row.amount_fen,
               "on": row.signed_on.isoformat()}  # fmt: skip
    events.record(Event.AGREEMENT_SIGNED, project, by=by, at=at, findings=findings, payload=payload)


def note(
    row: Agreement, trigger: TrancheTrigger, met_on: date, evidence: str, *, by: Actor, at: datetime
) -> TrancheCondition:
    """Enter that a condition of instalments is met; the first day stays. Inside the transaction of an action."""
    made, new = TrancheCondition.objects.get_or_create(
        agreement=row, trigger=str(trigger),
        defaults={"met_on": met_on, "evidence": evidence.strip()[:200], "noted_at": at,
                  "noted_by": entering.recorder(by)},
    )  # fmt: skip
    if new:
        payload = {"agreement": row.pk, "trigger": made.trigger, "on": met_on.isoformat()}
        events.record(Event.CONDITION_MET, row.project, by=by, at=at, payload=payload)
    return made


@transaction.atomic
def meet(
    *, agreement: Agreement, trigger: str, met_on: date, evidence: str, by: Actor, at: datetime
) -> TrancheCondition:
    """Enter that a later condition is met (mid check passed, accepted, audited), with what shows it."""
    access.require(by, Permission.CONFIRM, agreement.project)
    entering.lock(rounds=[agreement.project.round_id])
    row = entering.living_agreement(agreement)
    later = {str(one) for one in TrancheTrigger} - {TrancheTrigger.SIGNED, TrancheTrigger.STARTED}
    if trigger not in later or row.state != AgreementState.SIGNED:
        raise entering.refusal("CONDITION-KIND", _("请选择拨付条件；签约和启动由办理自动登记。"), "trigger")
    if not evidence.strip():
        raise entering.refusal("CONDITION-EVIDENCE", _("请写明佐证（评估结论、报告文号）。"), "evidence")
    if not (row.signed_on or met_on) <= met_on <= localdate(at):
        raise entering.refusal("CONDITION-DAY", _("具备的日期不能早于签约、晚于今天。"), "met_on")
    return note(row, TrancheTrigger(trigger), met_on, evidence, by=by, at=at)


@transaction.atomic
def start(*, agreement: Agreement, started_on: date, by: Actor, at: datetime) -> Agreement:
    """The project begins to run: its first instalment is arranged, unless that one waits for the beginning itself."""
    access.require(by, Permission.EDIT, agreement.project)
    entering.lock(rounds=[agreement.project.round_id])
    row = entering.living_agreement(agreement)
    if not (row.signed_on or started_on) <= started_on <= localdate(at):
        raise entering.refusal("START-DAY", _("开始实施的日期不能早于签约、晚于今天。"), "started_on")
    first = row.tranches.order_by("no").first()
    arranged = first is not None and (
        first.trigger == TrancheTrigger.STARTED
        or first.state in (TrancheState.APPROVED, TrancheState.ORDERED, TrancheState.PAID)
    )
    moving.move(row.project, "start", by=by, met=(Requirement.FIRST_PAYMENT,) if arranged else ())
    entering.touched(row.project, "state")
    row.started_on = started_on
    entering.touched(row, "started_on")
    note(row, TrancheTrigger.STARTED, started_on, "", by=by, at=at)
    payload = {"agreement": row.pk, "on": started_on.isoformat()}
    events.record(Event.AGREEMENT_STARTED, row.project, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def decline(
    *, project: Project, reason: str, version: int | None = None, on_behalf: str = "", by: Actor, at: datetime
) -> Project:
    """The body gives its award up before it has signed: a draft agreement falls, its slots are free again."""
    access.require(by, Permission.OWN_CERTIFY, project)
    bodies = [(project.round_id, project.organization_id), (project.round_id, project.sponsor_id)]
    entering.lock(rounds=[project.round_id], bodies=bodies)
    row = entering.living_project(project, version)
    if len(reason.strip()) < 2:
        raise entering.refusal("PROJECT-REASON", _("请写明放弃的原因。"), "reason")
    moving.move(row, "decline", by=by, met=(Requirement.REASON,))
    draft_ = Agreement.objects.living().filter(project=row).first()
    if draft_ is not None:
        held = entering.living_agreement(draft_)
        _cancel(held, reason, by, at)
    row.slots.all().delete()
    row.ended_at, row.ended_by, row.ended_reason = at, entering.recorder(by), reason.strip()[:200]
    entering.touched(row, "state", "ended_at", "ended_by", "ended_reason")
    payload = {"number": row.number, "note": row.ended_reason}
    events.record(Event.PROJECT_DECLINED, row, by=by, at=at, payload=payload, on_behalf=on_behalf)
    return row
