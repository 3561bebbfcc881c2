"""Records of work: entered on the spot, corrected with a reason, taken back with a reason. Nothing is deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.models import (
    Contribution,
    Expense,
    Indicator,
    PlanStep,
    Pledge,
    Project,
    RecordVersion,
    RecordVoucher,
    WorkRecord,
)
from liaoyuan.funding.queries import limits, running, work
from liaoyuan.funding.rules.facts.projects import ProjectFacts
from liaoyuan.kit.findings import Finding, refuse_if_blocked

_PLAIN = ("held_on", "place", "title", "content", "served", "persons", "volunteers")
_MOST = 1_000_000


def may_enter(by: Actor, project: Project) -> bool:
    """Whether the user records the project's work: of the body, or filling in for it at the office."""
    return any(access.covers(by, one, project, write=True) for one in (Permission.OWN_EDIT, Permission.EDIT))


def _locked(project: Project, by: Actor) -> Project:
    if not may_enter(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    row = entering.living_project(project)
    if not running.at_work(row):
        raise entering.refusal("WORK-STATE", _("项目不在实施中，不能登记或更正工作记录。"))
    return row


@transaction.atomic
def enter(
    *, project: Project, values: Mapping[str, Any], counts: Mapping[int, int], vouchers: Sequence[int] = (),
    token: str = "", on_behalf: str = "", by: Actor, at: datetime,
) -> WorkRecord:  # fmt: skip
    """Enter what was done on one day. `counts` gives by indicator what it counts; `vouchers` are keys of expenses.

    The same `token` again gives the record that was made: a form sent twice over a weak line counts once. A day or a
    place outside the agreement (GV-EXE-01) is kept with the record.
    """
    row = _locked(project, by)
    known = WorkRecord.objects.filter(project=row, token=token).first() if token else None
    if known is not None:
        return known
    given = _read(row, values, at)
    findings = _judged(row, given)
    made = WorkRecord.objects.create(
        project=row, number=WorkRecord.objects.filter(project=row).count() + 1, token=token[:36], entered_at=at,
        entered_by=entering.recorder(by), on_behalf=on_behalf.strip()[:60],
        findings=[one.as_dict() for one in findings], **given,
    )  # fmt: skip
    _count(made, counts, vouchers)
    payload = {"record": made.number, "on": made.held_on.isoformat(), "note": made.title}
    events.record(Event.WORK_ENTERED, row, by=by, at=at, findings=findings, payload=payload, on_behalf=on_behalf)
    return made


@transaction.atomic
def correct(
    *, record: WorkRecord, values: Mapping[str, Any], counts: Mapping[int, int], vouchers: Sequence[int] = (),
    reason: str, version: int | None = None, by: Actor, at: datetime,
) -> WorkRecord:  # fmt: skip
    """Correct a record; what it said before is kept with the reason."""
    row = _locked(record.project, by)
    held = _living(record, version)
    if len(reason.strip()) < 2:
        raise entering.refusal("WORK-REASON", _("请写明更正的原因。"), "reason")
    given = _read(row, values, at)
    findings = _judged(row, given)
    RecordVersion.objects.create(
        record=held, number=held.versions.count() + 1, content=work.content(held), reason=reason.strip()[:200],
        made_at=at, made_by=entering.recorder(by),
    )  # fmt: skip
    for name, value in given.items():
        setattr(held, name, value)
    held.findings = [one.as_dict() for one in findings]
    entering.touched(held, *given, "findings")
    _count(held, counts, vouchers)
    payload = {"record": held.number, "on": held.held_on.isoformat(), "note": reason.strip()[:200]}
    events.record(Event.WORK_CORRECTED, row, by=by, at=at, findings=findings, payload=payload)
    return held


@transaction.atomic
def void(*, record: WorkRecord, reason: str, version: int | None = None, by: Actor, at: datetime) -> WorkRecord:
    """Take a record back that was entered wrongly; it stays readable and counts nowhere."""
    row = _locked(record.project, by)
    held = _living(record, version)
    if len(reason.strip()) < 2:
        raise entering.refusal("WORK-REASON", _("请写明作废的原因。"), "reason")
    held.voided_at, held.voided_by, held.voided_because = at, entering.recorder(by), reason.strip()[:200]
    entering.touched(held, "voided_at", "voided_by", "voided_because")
    payload = {"record": held.number, "on": held.held_on.isoformat(), "note": held.voided_because}
    events.record(Event.WORK_VOIDED, row, by=by, at=at, payload=payload)
    return held


def _living(record: WorkRecord, version: int | None) -> WorkRecord:
    held = WorkRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if held.voided_at is not None:
        raise entering.refusal("WORK-VOID", _("这条记录已作废。"))
    if version is not None and held.version != version:
        raise entering.refusal(
            "WORK-STALE", _("您打开页面之后，别人更正了这条记录。您填写的内容还在，请核对后再保存。")
        )
    return held


def _read(row: Project, values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What a record holds, refused by its field where it cannot stand."""
    given = {name: values.get(name) for name in _PLAIN}
    for name, title in (("place", _("地点")), ("title", _("名称"))):
        given[name] = str(given[name] or "").strip()
        if not given[name]:
            raise entering.refusal("WORK-MISSING", _("请填写{title}。"), name, title=title)
    given["title"], given["place"] = given["title"][:60], given["place"][:80]
    given["content"] = str(given["content"] or "").strip()[:2000]
    given["served"], given["volunteers"] = given["served"] or 0, given["volunteers"] or 0
    if given["held_on"] is None or given["held_on"] > localdate(at):
        raise entering.refusal("WORK-DAY", _("日期不能晚于今天。"), "held_on")
    if given["persons"] is not None and given["persons"] > given["served"]:
        raise entering.refusal("WORK-PERSONS", _("服务人数不能多于服务人次。"), "persons")
    given["step"] = _own(PlanStep, row, values.get("step"), "step")
    given["pledge"] = _own(Pledge, row, values.get("pledge"), "pledge")
    return given


def _own(model: type[Any], row: Project, key: int | None, name: str) -> Any:
    """A row of the project by its key."""
    if key is None:
        return None
    found = model.objects.filter(project=row, pk=key).first()
    if found is None:
        raise entering.refusal("WORK-CHOICE", _("请重新选择。"), name)
    return found


def _judged(row: Project, given: Mapping[str, Any]) -> list[Finding]:
    """GV-EXE-01: whether the day and the place lie in the agreement."""
    agreement = running.agreement_of(row)
    if agreement is None:
        raise entering.refusal("WORK-AGREEMENT", _("项目还没有协议。"))
    read = ProjectFacts(
        starts_on=agreement.starts_on, ends_on=agreement.ends_on, activity_on=given["held_on"],
        activity_place=given["place"], places=tuple(agreement.places),
    )  # fmt: skip
    told = policy.evaluate(Moment.PROJECT_ACTIVITY, read, limits.limits_of(row.round), given["held_on"])
    return refuse_if_blocked(told, confirmed=True)


def _count(record: WorkRecord, counts: Mapping[int, int], vouchers: Sequence[int]) -> None:
    """Put what a record counts and its vouchers in the place of what stood there."""
    wanted = {key: count for key, count in counts.items() if count}
    if set(wanted) - set(Indicator.objects.filter(project=record.project_id).values_list("pk", flat=True)):
        raise entering.refusal("WORK-INDICATOR", _("指标已变更，请重新填写。"))
    if any(not 0 < count <= _MOST for count in wanted.values()):
        raise entering.refusal("WORK-COUNT", _("完成数须是不超过一百万的正整数。"))
    record.contributions.all().delete()
    Contribution.objects.bulk_create(
        Contribution(record=record, indicator_id=key, count=count) for key, count in sorted(wanted.items())
    )
    rows = Expense.objects.filter(agreement__project=record.project_id, voided_at__isnull=True, pk__in=list(vouchers))
    kept = sorted(rows.values_list("pk", flat=True))
    if len(kept) != len(set(vouchers)):
        raise entering.refusal("WORK-VOUCHER", _("有一张凭证已作废，请重新选择。"), "vouchers")
    record.vouchers.all().delete()
    RecordVoucher.objects.bulk_create(RecordVoucher(record=record, expense_id=key) for key in kept)
