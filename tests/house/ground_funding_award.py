"""Lists, objections and agreements that the house walks through: of the district, and of the next one."""

from datetime import datetime, timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, User
from liaoyuan.funding.actions import agreements, objections, publicity, rounds
from liaoyuan.funding.models import Agreement, AwardLine, AwardList, AwardObjection, Pool, Programme, Project, Round
from liaoyuan.registry.models import Organization
from tests.core.factories import AT, user
from tests.funding import granting
from tests.funding import ground as funding

TEXT = "申报内容与事实不符，请核实。"


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization]) -> None:
    """Lists in every state with their objections, approvals and agreements, about the body inside; one each away."""
    now = clock.now()
    office, second = users["registry_officer"], user("award-host", ("registry_head", "area", "320211"))
    opened = _round(keys["programme"])
    made = _Maker(opened, bodies["inside"], users["organization_head"], "320211001")
    beside = _Maker(opened, bodies["next_street"], funding.head(bodies["next_street"], "award-head"), "320211004")
    keys |= {"award_today": clock.today().isoformat(), "award_round": opened.pk}
    keys["award_draft"] = _drafted([beside.project()], office, now).pk
    standing = _listed([made.project() for _n in range(4)], office, second, now)
    lines = list(standing.lines.order_by("position"))
    keys |= {"award_list": standing.pk, "award_notice": standing.document_id, "award_project": lines[0].project_id}
    names = ("award_objection", "award_taken", "award_proposed", "award_answered")
    for name, line in zip(names, lines, strict=True):
        host = user(f"{name}-by", ("registry_head", "area", "320211"))
        keys[name] = _objected(standing, line, name, office, host, now)
    past = now - timedelta(days=20)
    rows = [made.project(), made.project(), beside.project(), beside.project(), beside.project()]
    free, drafted, signed, first, waiting = _listed(rows, office, second, past).lines.order_by("position")
    over = free.award_list
    keys |= {"award_over": over.pk, "award_line": waiting.pk, "award_project_free": free.project_id}
    document = publicity.draft_approval(award_list=over, lines=[free, drafted, signed], by=office, at=now)
    publicity.approve(document=document, by=second, at=now)
    keys["award_approval"] = publicity.draft_approval(award_list=over, lines=[first], by=office, at=now).pk
    keys |= _agreed("", drafted, office, now)
    row = _agreement(signed, office, now)
    keys["award_signed"] = agreements.sign(agreement=granting.agreement(row), by=second, at=now).pk
    _away(keys, bodies["outside"], now, past)


def _round(programme: int) -> Round:
    """One more round of the district: what is approved in it counts in no other."""
    today = clock.today()
    days = {"opens_on": AT.date(), "closes_on": today + timedelta(days=6), "eligible_by": today + timedelta(days=30),
            "runs_from": today + timedelta(days=60), "runs_to": today + timedelta(days=360)}  # fmt: skip
    by = Operator("house")
    made = funding.planned(Programme.objects.get(pk=programme), by, title="评过的一届", **days)
    return rounds.open_round(round_=made, by=by, at=AT)


class _Maker:
    """Proposed projects of a body, as the review would leave them."""

    def __init__(self, round_: Round, body: Organization, head: User, place: str) -> None:
        self.round_, self.body, self.head = round_, body, head
        self.area, self.number = Area.objects.get(code=place), 0

    def project(self) -> Project:
        self.number += 1
        row = funding.written(self.round_, self.body, self.head, title=f"演示公示{self.number}", area=self.area)
        row.team.update(name=f"演示社工{row.pk}")  # nobody who works in the other applications of the ground, too
        told = {
            "state": "proposed",
            "answers": {"about": f"演示{row.pk}"},
            "number": f"示{self.body.pk}-{self.number}",
            "submitted_at": AT,
        }
        Project.objects.filter(pk=row.pk).update(**told)
        return granting.project(row)


def _drafted(rows: list[Project], by: User, at: datetime) -> AwardList:
    told = {"title": "演示拟立项公示", "receiver": "社会组织科", "channel": "演示信箱"}
    return publicity.draft(
        round_=rows[0].round, lines=[(row, row.grant_fen) for row in rows], by=by, at=at, **told
    )  # fmt: skip


def _listed(rows: list[Project], by: User, host: User, at: datetime) -> AwardList:
    return publicity.publish(award_list=_drafted(rows, by, at), by=host, at=at)


def _objected(row: AwardList, line: AwardLine, name: str, by: User, host: User, at: datetime) -> int:
    """An objection in the state of its name."""
    told = {"kind": "facts", "text": TEXT, "objector": "示例异议人", "contact": "13800000000"}
    made = objections.lodge(award_list=row, line=line, by=None, at=at, **told)
    if name != "award_objection":
        objections.take(objection=made, by=by, at=at)
    if name in ("award_proposed", "award_answered"):
        objections.propose(objection=made, upheld=False, answer="经核实，情况不属实。", by=by, at=at)
    if name == "award_answered":
        objections.answer(objection=AwardObjection.objects.get(pk=made.pk), by=host, at=at)
    return int(made.pk)


def _agreement(line: AwardLine, by: User, at: datetime) -> Agreement:
    row = granting.project(line.project)
    pool = Pool.objects.filter(round=row.round).order_by("pk")[0]
    return agreements.draft(
        project=row, shares=[(pool, row.grant_fen)], account=granting.account(row), starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=270), by=by, at=at,
    )  # fmt: skip


def _agreed(suffix: str, line: AwardLine, by: User, at: datetime) -> dict[str, int]:
    row = _agreement(line, by, at)
    return {f"award_agreement{suffix}": row.pk, f"award_contract{suffix}": row.document_id or 0,
            f"award_project_agreed{suffix}": row.project_id}  # fmt: skip


def _away(keys: dict[str, Any], body: Organization, now: datetime, past: datetime) -> None:
    """The next district's list with an objection, its approval and agreement."""
    office, host = (
        user(f"award-{role}-away", (role, "area", "320213")) for role in ("grants_office", "registry_head")
    )  # fmt: skip
    round_ = Round.objects.get(pk=keys["round_open_outside"])
    made = _Maker(round_, body, funding.head(body, "award-head-away"), "320213001")
    over = _listed([made.project() for _n in range(3)], office, host, past)
    first, second, third = over.lines.order_by("position")
    keys |= {"award_outside": over.pk, "award_notice_outside": over.document_id}
    publicity.approve(document=publicity.draft_approval(award_list=over, lines=[first], by=office, at=now), by=host,
                      at=now)  # fmt: skip
    keys |= _agreed("_outside", first, office, now)
    keys["award_objection_outside"] = _objected(over, second, "award_objection", office, host,
                                                past + timedelta(days=1))  # fmt: skip
    keys["award_approval_outside"] = publicity.draft_approval(award_list=over, lines=[third], by=office, at=now).pk
