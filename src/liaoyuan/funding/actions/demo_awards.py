"""The demo's awards and money: lists, approvals, agreements, instalments, vouchers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from liaoyuan.core.actions import files
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import StoredFile
from liaoyuan.funding.actions import agreements, expenses, paying, publicity, tranches
from liaoyuan.funding.actions.demo_applying import again
from liaoyuan.funding.actions.demo_cast import FINANCE, HOST, OFFICE, Cast
from liaoyuan.funding.models import Agreement, AwardLine, AwardList, Pool, Project, Round, Tranche
from liaoyuan.funding.queries import facts, money
from liaoyuan.kit.files.kinds import FileKind

#: What is bought of whom, by class of the budget.
_VOUCHERS = {
    "B01": ("社工工资", "本单位职工"), "B03": ("志愿者交通和误餐", "滨湖示例快餐店"),
    "B06": ("活动场地", "滨湖示例物业公司"), "B07": ("服务手册印刷", "滨湖示例图文店"),
    "B09": ("活动物资", "滨湖示例百货店"),
}  # fmt: skip
_BANK = "滨湖示例银行湖滨支行"


def listed(cast: Cast, round_: Round, rows: Sequence[Project], days: int, *, publish: bool = True) -> AwardList:
    """A list of the projects with what they asked for, published at noon."""
    made = publicity.draft(
        round_=round_, lines=[(row, row.grant_fen) for row in rows], title=f"{round_.title}拟立项公示"[:80],
        text="经资格审查、专家评审和评审委员会审议，拟对下列项目给予资助，现予公示。",
        receiver="滨湖区委社会工作部社会组织科（演示）", channel="区行政中心一楼意见箱（演示）", by=cast[OFFICE],
        at=cast.at(days, 10),
    )  # fmt: skip
    return publicity.publish(award_list=made, by=cast[HOST], at=cast.at(days, 12)) if publish else made


def approved(cast: Cast, held: AwardList, rows: Sequence[Project], days: int, *, sign: bool = True) -> None:
    """Approve the projects of a list whose days are over."""
    lines = list(AwardLine.objects.filter(award_list=held, project__in=[row.pk for row in rows]).order_by("position"))
    paper = publicity.draft_approval(award_list=held, lines=lines, by=cast[OFFICE], at=cast.at(days, 10))
    if sign:
        publicity.approve(document=paper, by=cast[HOST], at=cast.at(days, 14))


def agreed(cast: Cast, row: Project, days: int, *, until: int, sign: bool = True) -> Agreement:
    """An agreement from its day to `until` days before today, of the first pool; signed the same afternoon."""
    row, at = again(row), cast.at(days, 10)
    body = row.sponsor or row.organization
    account = {"name": facts.body_name(body, localdate(at)), "bank": _BANK, "number": f"62220000{row.pk:08d}"}
    pool = Pool.objects.filter(round=row.round).order_by("pk")[0]
    made = agreements.draft(
        project=row, shares=[(pool, row.grant_fen)], account=account, starts_on=cast.on(days), ends_on=cast.on(until),
        by=cast[OFFICE], at=at,
    )  # fmt: skip
    if sign:
        agreements.sign(agreement=agreement(made), by=cast[HOST], at=cast.at(days, 15))
    return agreement(made)


def agreement(row: Agreement) -> Agreement:
    """The agreement as it stands, with what actions read of it."""
    return Agreement.objects.select_related(
        "project__round__programme__area", "project__organization", "project__sponsor", "document"
    ).get(pk=row.pk)  # fmt: skip


def unused(row: Agreement) -> int:
    """What the body has of the grant and has not spent, fen."""
    return money.of_agreement(row).unused


def tranche(row: Agreement, no: int) -> Tranche:
    """An instalment as it stands."""
    return Tranche.objects.select_related("agreement", "sheet").get(agreement=row.pk, no=no)


def prepared(cast: Cast, row: Agreement, no: int, evidence: str, days: int) -> None:
    """An instalment waits for the second person."""
    tranches.prepare(tranche=tranche(row, no), evidence=evidence, by=cast[OFFICE], at=cast.at(days, 10))


def released(cast: Cast, row: Agreement, no: int, evidence: str, days: int) -> None:
    """An instalment waits for the finance office."""
    prepared(cast, row, no, evidence, days)
    tranches.approve(tranche=tranche(row, no), by=cast[HOST], at=cast.at(days, 15))


def ordered(cast: Cast, row: Agreement, no: int, evidence: str, days: int) -> None:
    """An instalment stands in a payment file."""
    released(cast, row, no, evidence, days)
    paying.make_file(round_=row.project.round, chosen=[tranche(row, no)], by=cast[FINANCE], at=cast.at(days, 16))


def paid(cast: Cast, row: Agreement, no: int, evidence: str, days: int) -> None:
    """An instalment is paid the day after it was approved."""
    ordered(cast, row, no, evidence, days)
    paying.pay(tranche=tranche(row, no), paid_on=cast.on(days - 1), voucher_no=f"财付{row.pk:03d}-{no}",
               by=cast[FINANCE], at=cast.at(days - 1, 16))  # fmt: skip


def spent(
    cast: Cast, row: Agreement, username: str, percent: int, days: int
) -> None:  # fmt: skip
    """Vouchers up to so much of every class of the budget, one a week back from the day, all of them of the grant."""
    on_behalf, at = "组织财务送来发票复印件" if username == OFFICE else "", cast.at(days)
    for number, line in enumerate(row.project.lines.order_by("position"), 1):
        title, payee = _VOUCHERS[line.budget_class]
        yuan, budget_class = line.grant_fen * percent // 10_000, line.budget_class
        values = {
            "voucher_no": f"记-{row.pk:03d}-{number:02d}", "spent_on": localdate(at) - timedelta(days=7 * number),
            "payee": payee, "title": title, "budget_class": budget_class, "amount_fen": yuan * 100,
            "grant_fen": yuan * 100,
        }  # fmt: skip
        expenses.enter(agreement=row, values=values, file=paper(f"发票 {values['voucher_no']} {title} {yuan} 元", at),
                       confirmed=True, on_behalf=on_behalf, by=cast[username], at=at)  # fmt: skip


def paper(text: str, at: datetime) -> StoredFile:
    """A kept file that says what it stands for."""
    return files.keep_made(f"{text}（演示）".encode(), FileKind.TEXT, sensitivity="C2", at=at)
