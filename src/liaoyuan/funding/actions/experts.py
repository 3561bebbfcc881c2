"""Experts: entered by the office, declaring their ties before a round, ties entered and taken back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import entering
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.review import ConflictKind, TieSource
from liaoyuan.funding.models import ExpertDeclaration, ExpertTie, GrantExpert, Project, Reading, Round
from liaoyuan.people.models import Person
from liaoyuan.registry.models import Organization

#: What an expert signs; it stands with his signature as it read then.
DECLARATION = (
    "本人与本届申报组织及其负责人的任职、聘用、亲属、合同往来、辅导关系已如实填写；评审中发现应当回避的，立即申请回避；"
    "不打听、不透露评审情况。"
)


def _fields(name: str, employer: str, specialities: Iterable[str]) -> dict[str, Any]:
    if not name.strip():
        raise entering.refusal("EXPERT-NAME", _("请填写专家的姓名。"), "name")
    return {
        "name": name.strip()[:40], "employer": employer.strip()[:80],
        "specialities": sorted({str(field) for field in specialities}),
    }  # fmt: skip


@transaction.atomic
def enter(
    *, area: Area, user: User, name: str, employer: str = "", specialities: Iterable[str] = (),
    person: Person | None = None, by: Actor, at: datetime,
) -> GrantExpert:  # fmt: skip
    """Enter an expert of an area; his account has the right to score."""
    access.require_area(by, Permission.EDIT, area.path)
    entering.lock(rounds=[0])
    if not access.has(user, Permission.REVIEW_SCORE):
        raise entering.refusal(
            "EXPERT-ROLE", _("这个账号没有评审项目的权限，请先由安全管理员授予“评估专家”角色。"), "user"
        )
    if GrantExpert.objects.active().filter(area=area, user=user).exists():
        raise entering.refusal("EXPERT-TWICE", _("这个账号已是本区划的评审专家。"), "user")
    row = GrantExpert.objects.create(
        area=area, user=user, person=person, created_at=at, created_by=entering.recorder(by),
        **_fields(name, employer, specialities),
    )  # fmt: skip
    events.record(Event.EXPERT_ENTERED, row, by=by, at=at)
    return row


def _living(expert: GrantExpert, version: int | None, by: Actor) -> GrantExpert:
    access.require_area(by, Permission.EDIT, expert.area.path)
    row = GrantExpert.objects.select_for_update(of=("self",)).select_related("area", "user").get(pk=expert.pk)
    if version is not None and row.version != version:
        raise entering.refusal("EXPERT-STALE", _("您打开页面之后，别人修改了这名专家。请核对最新内容后再保存。"))
    if row.ended_at is not None:
        raise entering.refusal("EXPERT-ENDED", _("这名专家已停用。"))
    return row


@transaction.atomic
def change(
    *, expert: GrantExpert, name: str, employer: str = "", specialities: Iterable[str] = (),
    person: Person | None = None, version: int | None = None, by: Actor, at: datetime,
) -> GrantExpert:  # fmt: skip
    """Correct what stands of an expert."""
    row = _living(expert, version, by)
    told = {**_fields(name, employer, specialities), "person": person}
    changes = {key: [getattr(row, key), value] for key, value in told.items()
               if key != "person" and getattr(row, key) != value}  # fmt: skip
    for key, value in told.items():
        setattr(row, key, value)
    entering.touched(row, *told)
    events.record(Event.EXPERT_CHANGED, row, by=by, at=at, payload={"changes": changes})
    return row


@transaction.atomic
def end(*, expert: GrantExpert, version: int | None = None, by: Actor, at: datetime) -> GrantExpert:
    """Draw an expert no more. Refused while he has projects that he has not signed."""
    row = _living(expert, version, by)
    open_ = Reading.objects.standing().filter(expert=row, stage__closed_at__isnull=True)
    if open_.exclude(cards__state="signed").exists():
        raise entering.refusal("EXPERT-BUSY", _("这名专家还有没签字的项目，请先撤下或者换人。"))
    row.ended_at, row.ended_by = at, entering.recorder(by)
    entering.touched(row, "ended_at", "ended_by")
    events.record(Event.EXPERT_ENDED, row, by=by, at=at)
    return row


def _tie(expert: GrantExpert, told: Mapping[str, Any], source: TieSource, by: Actor, at: datetime) -> ExpertTie:
    """One tie from a form's line: kind, organization, project, ended_on, note."""
    kind, organization, project = str(told.get("kind", "")), told.get("organization"), told.get("project")
    if kind not in {str(one) for one in ConflictKind}:
        raise entering.refusal("TIE-KIND", _("请选择与申报组织的关系。"), "kind")
    whole = kind in (ConflictKind.ORGANIZER, ConflictKind.APPLICANT)
    if organization is None and project is None and not whole:
        raise entering.refusal("TIE-WHOM", _("请写明与哪个组织或项目有关系。"), "organization")
    ended_on: date | None = told.get("ended_on")
    if ended_on is not None and ended_on > localdate(at):
        raise entering.refusal("TIE-DAY", _("关系结束的日期不能晚于今天；还没有结束的请留空。"), "ended_on")
    return ExpertTie.objects.create(
        expert=expert, kind=kind, organization=organization, project=project, ended_on=ended_on, source=str(source),
        note=str(told.get("note", "")).strip()[:200], recorded_at=at, recorded_by=entering.recorder(by),
    )  # fmt: skip


@transaction.atomic
def declare(
    *, round_: Round, expert: GrantExpert, ties: Iterable[Mapping[str, Any]] = (), by: Actor, at: datetime
) -> ExpertDeclaration:
    """An expert signs for a round, naming what ties him to whom, before he sees who applies."""
    entering.lock(rounds=[round_.pk])
    if entering.recorder(by) is None or expert.user_id != by.pk or not access.has(by, Permission.REVIEW_SCORE):
        raise PermissionDenied(str(Permission.REVIEW_SCORE))
    if not round_.programme.area.path.startswith(expert.area.path):
        raise entering.refusal("EXPERT-AREA", _("您不是这个区划的评审专家。"))
    if ExpertDeclaration.objects.filter(round=round_, expert=expert).exists():
        raise entering.refusal("DECLARED", _("您已签署本届的回避声明。"))
    made = [_tie(expert, told, TieSource.DECLARED, by, at) for told in ties]
    row = ExpertDeclaration.objects.create(
        round=round_, expert=expert, text=DECLARATION, signed_at=at, signed_by=entering.recorder(by)
    )
    payload = {"round": round_.pk, "ties": len(made)}
    events.record(Event.EXPERT_DECLARED, expert, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def record_tie(
    *, expert: GrantExpert, kind: str, organization: Organization | None = None, project: Project | None = None,
    ended_on: date | None = None, note: str = "", by: Actor, at: datetime,
) -> ExpertTie:  # fmt: skip
    """The office enters what it knows of an expert's tie: a contract, a training, a kinship."""
    row = _living(expert, None, by)
    told = {"kind": kind, "organization": organization, "project": project, "ended_on": ended_on, "note": note}
    made = _tie(row, told, TieSource.OFFICE, by, at)
    events.record(Event.EXPERT_TIE_RECORDED, row, by=by, at=at, payload={"kind": kind, "tie": made.pk})
    return made


@transaction.atomic
def drop_tie(*, tie: ExpertTie, reason: str, by: Actor, at: datetime) -> ExpertTie:
    """Take back a tie that was entered by mistake; it stays in the record."""
    row = _living(tie.expert, None, by)
    held = ExpertTie.objects.select_for_update().get(pk=tie.pk)
    if held.superseded_at is not None:
        raise entering.refusal("TIE-GONE", _("这条关系已撤销。"))
    if not reason.strip():
        raise entering.refusal("TIE-REASON", _("请写明撤销的理由。"), "reason")
    held.superseded_at = at
    held.save(update_fields=["superseded_at"])
    payload = {"kind": held.kind, "tie": held.pk, "dropped": True, "note": reason.strip()[:200]}
    events.record(Event.EXPERT_TIE_RECORDED, row, by=by, at=at, payload=payload)
    return held


def keep_tie(expert: GrantExpert, told: Mapping[str, Any], *, by: Actor, at: datetime) -> ExpertTie:
    """An expert who sees a project and stands aside: his tie holds from now on. In the caller's transaction."""
    return _tie(expert, told, TieSource.RECUSED, by, at)
