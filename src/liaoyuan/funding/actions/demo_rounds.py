"""Rounds of the demo in every later state: three to practise with, which count nowhere, and one whose list stands now.

Everything is done by the ordinary actions on the days on which it would have been done. Where the server has no Chinese
font no letter can be signed: then only the round that is being reviewed is built.
"""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.documents import pdf
from liaoyuan.core.models import Area
from liaoyuan.funding.actions import (
    agreements,
    amendments,
    consequences,
    eligibility,
    ending,
    handing_in,
    objections,
    refunds,
    rounds,
    scoring,
    visits,
)
from liaoyuan.funding.actions import demo_awards as awards
from liaoyuan.funding.actions import demo_review as review
from liaoyuan.funding.actions import demo_running as running
from liaoyuan.funding.actions.demo_applying import again, applied, opened, passed
from liaoyuan.funding.actions.demo_cast import ACCOUNTANT, FINANCE, HEAD, HOST, OFFICE, Cast, gather
from liaoyuan.funding.choices.review import ReviewOutcome
from liaoyuan.funding.models import Agreement, AwardLine, Programme, Project, ReviewStage, Ruling
from liaoyuan.registry.models import Organization

_MONEY = "协议已签订，账户核对一致"


@transaction.atomic
def build(
    *, programme: Programme, area: Area, others: list[Organization], draw: Random, by: Actor, at: datetime
) -> list[str]:
    """Build the rounds; returns the lines to print."""
    cast = gather(area=area, others=others, draw=draw, by=by, at=at)
    _reviewed(cast, programme)
    if not pdf.has_font():
        return [_("服务器上没有中文字体，不能签发文书，演示里没有公示以后的各届。")]
    _running(cast, programme)
    _signing(cast, programme)
    _published(cast, at)
    return [_("另有三届练习（不计入统计）：在评审、在签约、在实施；一届社区公益专项正在公示。")]


def _reviewed(cast: Cast, programme: Programme) -> None:
    """The round that is being examined and reviewed."""
    row = opened(cast, programme, _("评审演练（演示，不计入统计）"), (40, 26), {
        "eligible_by": -2, "review_by": -12, "publicity_from": -16, "publicity_to": -22, "sign_by": -40,
        "runs_from": -45, "runs_to": -400,
    }, practice=True)  # fmt: skip
    returned = applied(cast, row, 28, own=True)
    text = "预算第 3 行场地费请写明测算依据；团队成员请补充资格证书编号。"
    handing_in.give_back(project=returned, text=text, due_on=cast.on(-3), sections=["budget", "team"],
                         by=cast[OFFICE], at=cast.at(4))  # fmt: skip
    applied(cast, row, 28)
    eligibility.examine(project=applied(cast, row, 28), by=cast[OFFICE], at=cast.at(3))
    barred = applied(cast, row, 27)
    eligibility.examine(project=barred, by=cast[OFFICE], at=cast.at(3))
    reason = "申报书所附合作协议已于去年到期，服务场地无法核实，经两次通知未补交。"
    eligibility.propose_bar(project=barred, reason=reason, by=cast[OFFICE], at=cast.at(2))
    read = [passed(cast, applied(cast, row, 27), 20) for _n in range(3)]
    _half_read(cast, review.begun(cast, row, [one for one in cast.experts if one.user_id != cast["pingwei6"].pk], 10),
               read)  # fmt: skip


def _half_read(cast: Cast, stage: ReviewStage, read: list[Project]) -> None:
    """One project read by all but the last one, far apart and read once more; one by three; one by nobody."""
    apart, some, _none = read
    trial = cast["zhuanjia"]
    for number, reading in enumerate(review.readings(stage)):
        if reading.project_id == apart.pk:
            review.scored(cast, reading, cast.at(6), less=40 if number == 1 else 0)
        elif reading.project_id == some.pk and reading.expert.user_id != trial.pk:
            review.scored(cast, reading, cast.at(5), sign=number % 2 == 0)
    further = next(one for one in cast.experts if one.user_id == cast["pingwei6"].pk)
    review.declared(cast, stage.round, further, 5)
    scoring.discuss(stage=stage, project=again(apart), further=further, by=cast[OFFICE], at=cast.at(4),
                    note="各位专家对服务人数的可达性看法不一，讨论后请一名专家加评。")  # fmt: skip


def _signing(cast: Cast, programme: Programme) -> None:
    """The round whose agreements are being signed and whose first instalments are on their way."""
    row = opened(cast, programme, _("签约演练（演示，不计入统计）"), (95, 80), {
        "eligible_by": 74, "review_by": 60, "publicity_from": 55, "publicity_to": 46, "sign_by": -10, "runs_from": -12,
        "runs_to": -340,
    }, practice=True)  # fmt: skip
    rows = [applied(cast, row, 85, own=not number) for number in range(6)]
    rows = [passed(cast, one, 78) for one in rows]
    review.closed(cast, row, cast.experts[:3], 70)
    rows = review.proposed(cast, rows, 60)
    own, released, ordered, prepared, free, waiting = rows
    held = awards.listed(cast, row, rows, 55)
    awards.approved(cast, held, [own, released, ordered, prepared, free], 40)
    awards.approved(cast, held, [waiting], 3, sign=False)
    awards.agreed(cast, own, 4, until=-330, sign=False)
    made = [awards.agreed(cast, one, 30, until=-320) for one in (released, ordered, prepared)]
    awards.ordered(cast, made[1], 1, _MONEY, 9)
    awards.released(cast, made[0], 1, _MONEY, 5)
    awards.prepared(cast, made[2], 1, _MONEY, 2)


def _running(cast: Cast, programme: Programme) -> None:
    """The round of last season: projects that run, that report, that ended well or badly; others were not chosen."""
    row = opened(cast, programme, _("实施演练（演示，不计入统计）"), (330, 312), {
        "eligible_by": 304, "review_by": 290, "publicity_from": 285, "publicity_to": 276, "sign_by": 262,
        "runs_from": 255, "runs_to": -60,
    }, practice=True)  # fmt: skip
    rows = [applied(cast, row, 316, own=number in (0, 1, 4)) for number in range(8)]
    barred = rows.pop()
    rows = [passed(cast, one, 306) for one in rows]
    _barred(cast, barred)
    review.closed(cast, row, cast.experts[:3], 300, weak=rows[-1].pk)
    chosen = review.proposed(cast, rows[:5], 290)
    reason = "资金按名次轮到时不足，列入候补；前面的项目放弃或终止时依次递补。"
    review.put_back(cast, rows[5], ReviewOutcome.RESERVE, reason, 290)
    reason = "评审平均分低于 60 分：服务对象与在册名单重复，预算里的设备与服务内容无关。"
    review.put_back(cast, rows[6], ReviewOutcome.REFUSED, reason, 290)
    held = awards.listed(cast, row, chosen, 286)
    awards.approved(cast, held, chosen, 272)
    until = (-75, 62, 62, -60, -60)
    made = [awards.agreed(cast, one, 264, until=last) for one, last in zip(chosen, until, strict=True)]
    for one in made:
        awards.paid(cast, one, 1, _MONEY, 260)
        agreements.start(agreement=awards.agreement(one), started_on=cast.on(254), by=cast[OFFICE], at=cast.at(254))
    _goes_on(cast, made[0])
    _reported(cast, made[1], own=True)
    _reported(cast, made[2], own=False)
    _closed(cast, made[2])
    _ended(cast, made[3])
    _checked(cast, made[4])


def _barred(cast: Cast, row: Project) -> None:
    """An application that two persons barred."""
    eligibility.examine(project=row, by=cast[OFFICE], at=cast.at(308))
    eligibility.propose_bar(project=row, reason="申报时组织已列入活动异常名录，至资格审查结束未移出。",
                            by=cast[OFFICE], at=cast.at(307))  # fmt: skip
    eligibility.confirm_bar(project=row, by=cast[HOST], at=cast.at(306))


def _goes_on(cast: Cast, held: Agreement) -> None:
    """The own project that runs: the middle is passed, a log is late, a visit found faults, a change waits."""
    row = held.project
    running.worked(cast, row, range(246, 96, -16), own=True, percent=56)
    awards.spent(cast, held, ACCOUNTANT, 48, 130)
    running.logged(cast, row, cast.at(92), own=True)
    report = running.reported(cast, row, "mid", 90, own=True)
    running.assessed(cast, report, 84)
    running.passed_mid(cast, row, 82)
    running.logged(cast, row, cast.at(78, 9), own=True)
    awards.paid(cast, awards.agreement(held), 2, "中期评估合格", 78)
    running.worked(cast, row, range(70, 0, -18), own=True, percent=18)
    running.logged(cast, row, cast.at(0), own=True, but=1)
    visit = visits.plan(project=again(row), planned_on=cast.on(6), by=cast[OFFICE], at=cast.at(12))
    visits.record(
        visit=visit, visited_on=cast.on(2), visitors="创投承办、社区社工站",
        seen="查看活动室、签到表和照片，旁听一场活动。",
        faults="两场活动的签到表缺服务对象签名；物资领用没有登记。", by=cast[OFFICE], at=cast.at(1),
    )  # fmt: skip
    amendments.ask(
        agreement=awards.agreement(held), by=cast[HEAD], at=cast.at(1, 16),
        after={"leader": cast.person(), "period": [held.starts_on.isoformat(), cast.on(-90).isoformat()]},
        reason="原负责人休产假，由项目社工接任；两场户外活动因雨改期，实施期顺延半个月。",
    )  # fmt: skip


def _reported(cast: Cast, held: Agreement, *, own: bool) -> None:
    """A project of half a year whose final report has its sheet and waits for the host."""
    row = held.project
    running.worked(cast, row, range(248, 60, -9), own=own)
    running.logged(cast, row, cast.at(140), own=own)
    running.assessed(cast, running.reported(cast, row, "mid", 140, own=own), 136)
    running.passed_mid(cast, row, 135)
    running.logged(cast, row, cast.at(130, 9), own=own)
    awards.paid(cast, awards.agreement(held), 2, "中期评估合格", 130)
    awards.spent(cast, held, ACCOUNTANT if own else OFFICE, 77, 70)
    running.logged(cast, row, cast.at(48), own=own)
    running.assessed(cast, running.reported(cast, row, "final", 45, own=own), 40)


def _closed(cast: Cast, held: Agreement) -> None:
    """It was accepted, paid out, what was left came back, and the archive is closed; it is to be commended."""
    row = held.project
    running.accepted(cast, row, 36)
    awards.paid(cast, awards.agreement(held), 3, "结项评估合格", 34)
    left = awards.unused(held)
    if left:
        refunds.enter(agreement=awards.agreement(held), kind="unused", amount_fen=left, received_on=cast.on(28),
                      voucher_no="退-001", note="项目结余退回", by=cast[FINANCE], at=cast.at(28))  # fmt: skip
    running.archived(cast, row, 24)
    consequences.commend(project=again(row), title="年度优秀公益项目", given_on=cast.on(20), by=cast[OFFICE],
                         reason="指标超额完成，经验在三个社区推广。", at=cast.at(20))  # fmt: skip


def _ended(cast: Cast, held: Agreement) -> None:
    """It stopped: the agreement was ended, the money not spent was asked back and part of it came."""
    row = held.project
    running.worked(cast, row, (240, 221), own=False, percent=9)
    awards.spent(cast, held, OFFICE, 12, 170)
    ruling = ending.ask(
        agreement=awards.agreement(held), kind="terminate", by=cast[OFFICE], at=cast.at(150),
        reason="项目负责人和两名社工离职，连续三个月没有服务记录，组织书面表示无力继续实施。",
    )  # fmt: skip
    ending.terminate(ruling=_whole(ruling), by=cast[HOST], at=cast.at(146))
    sanction = consequences.propose(
        project=again(row), grounds=["breach"], measures=["ban"], found_on=cast.on(145), by=cast[OFFICE],
        facts="无正当理由停止实施三个月，经两次书面催告未恢复（协议第七条）。", at=cast.at(144),
    )  # fmt: skip
    consequences.decide(sanction=sanction, agreed=True, opinion="事实清楚，期限内没有陈述意见。", by=cast[HOST],
                        at=cast.at(130))  # fmt: skip
    owed = awards.unused(held)
    ruling = ending.ask(agreement=awards.agreement(held), kind="recover", amount_fen=owed, due_on=cast.on(60),
                        reason="未使用的资助资金退回区级财政。", by=cast[OFFICE], at=cast.at(128))  # fmt: skip
    ending.recover(ruling=_whole(ruling), by=cast[HOST], at=cast.at(124))
    refunds.enter(agreement=awards.agreement(held), kind="recovered", amount_fen=owed * 3 // 5,
                  received_on=cast.on(80), voucher_no="退-002", note="第一笔", by=cast[FINANCE],
                  at=cast.at(80))  # fmt: skip


def _whole(row: Ruling) -> Ruling:
    return Ruling.objects.select_related("agreement__project__round__programme__area").get(pk=row.pk)


def _checked(cast: Cast, held: Agreement) -> None:
    """It runs, and its report of the middle waits for the evaluator."""
    row = held.project
    running.worked(cast, row, range(244, 60, -22), own=True, percent=58)
    awards.spent(cast, held, ACCOUNTANT, 41, 100)
    running.logged(cast, row, cast.at(58), own=True)
    running.reported(cast, row, "mid", 55, own=True)
    running.logged(cast, row, cast.at(0), own=True)


def _published(cast: Cast, at: datetime) -> None:
    """The round whose list stands now, so that residents see one; somebody has objected."""
    programme = rounds.enter_programme(
        area=cast.area, code="320211-community", by=cast.by, at=cast.at(62),
        fields={"name": _("滨湖区社区公益专项（演示）"), "host": "滨湖区委社会工作部（演示）",
                "organizer": "演示承办中心"},
    )  # fmt: skip
    year = cast.on(60).year
    row = opened(cast, programme, _("{year} 年滨湖区社区公益专项（演示）").format(year=year), (60, 46), {
        "eligible_by": 40, "review_by": 20, "publicity_from": 2, "publicity_to": -6, "sign_by": -20, "runs_from": -25,
        "runs_to": -330,
    }, practice=False)  # fmt: skip
    rows = [passed(cast, applied(cast, row, 50, own=not number), 42) for number in range(5)]
    review.closed(cast, row, cast.experts[:5], 30, weak=rows[-1].pk)
    chosen = review.proposed(cast, rows[:3], 10)
    reason = "与本区其他项目服务内容相近，列入候补，请完善差异化方案。"
    review.put_back(cast, rows[3], ReviewOutcome.RESERVE, reason, 10)
    reason = "评审平均分低于 60 分：需求没有调研依据，指标不能核对。"
    review.put_back(cast, rows[4], ReviewOutcome.REFUSED, reason, 10)
    held = awards.listed(cast, row, chosen, 2)
    line = AwardLine.objects.get(award_list=held, project=chosen[0])
    objections.lodge(
        award_list=held, line=line, kind="facts", objector="居民代表（演示）", contact="0510-00000000", by=None,
        text="名单里的服务点在本小区，居民没有听说过这个项目，请核实申报书里的走访情况。", at=at - timedelta(hours=20),
    )  # fmt: skip
