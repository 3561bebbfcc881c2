"""What each paper of a project's archive says, up to its money: pairs, texts and tables, for PDF and data alike.

Experts are named by their codes, accounts by their last digits; who objected is not told (handbook §7.2). Chinese,
whatever the reader's language: the archive is an official file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Document, StoredFile
from liaoyuan.funding.choices.archive import PIECE_TITLES, Piece
from liaoyuan.funding.choices.awards import (
    AMENDMENT_STATE_TITLES,
    OBJECTION_STATE_TITLES,
    REFUND_TITLES,
    RULING_TITLES,
    TRANCHE_STATE_TITLES,
)
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.money import AMENDMENT_TITLES, TRANCHE_TRIGGER_TITLES
from liaoyuan.funding.choices.review import (
    ELIGIBILITY_OUTCOME_TITLES,
    OBJECTION_KIND_TITLES,
    SCORE_ITEM_TITLES,
    STAGE_KIND_TITLES,
)
from liaoyuan.funding.models import Agreement, AwardLine, AwardObjection, Project, RankingLine, Reading, ScoreCard
from liaoyuan.funding.queries import contents, revisions
from liaoyuan.funding.queries.facts import body_name
from liaoyuan.funding.rules import remarks
from liaoyuan.kit.money import format_yuan

#: Classes of files that do not leave the system in an archive.
KEPT_BACK = frozenset({"C3", "C4"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a paper; amounts are texts in yuan."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: pairs of word and text, tables, the files that belong to it (name and content)."""

    title: str
    pairs: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    files: tuple[tuple[str, StoredFile], ...] = field(default=())
    #: Names of files that are left out because of what stands in them.
    held_back: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to print."""
        return not self.pairs and not self.tables and not self.files


def day_of(value: Any) -> str:
    """A day as ISO writes it; of a moment, the day in China."""
    if value is None:
        return ""
    return (localdate(value) if hasattr(value, "hour") else value).isoformat()


def points_of(hundredths: int | None) -> str:
    """Hundredths of a point as people write points."""
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}"


def pairs_of(*told: tuple[str, Any]) -> tuple[tuple[str, str], ...]:
    """Word and text of each that says something."""
    return tuple((word, str(value)) for word, value in told if value not in (None, ""))


def table_of(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> tuple[Table, ...]:
    """The table, unless it has no rows."""
    found = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)
    return (Table(title, tuple(heads), found),) if found else ()


def _issued(*documents: Document | None) -> tuple[tuple[str, StoredFile], ...]:
    """The PDFs of signed documents."""
    return tuple(
        (f"{one.title} {one.number}.pdf".replace("  ", " "), one.pdf)
        for one in documents if one is not None and one.pdf is not None and one.sensitivity not in KEPT_BACK
    )  # fmt: skip


def call(row: Project) -> Paper:
    """The call of the round."""
    round_ = row.round
    return Paper(PIECE_TITLES[Piece.CALL], pairs_of(
        ("届", round_.title), ("主办单位", round_.programme.host), ("承办单位", round_.programme.organizer),
        ("发布日期", day_of(round_.opened_at)), ("申报期", f"{round_.opens_on} 至 {round_.closes_on}"),
        ("公告", round_.call),
    ))  # fmt: skip


def application(row: Project) -> Paper:
    """The application as it was handed in."""
    told = revisions.readable(contents.content(contents.whole(row)))
    pairs = pairs_of(
        ("项目名称", row.title), ("编号", row.number), ("申报组织", body_name(row.organization, _on(row))),
        ("支持组织", body_name(row.sponsor, _on(row)) if row.sponsor is not None else ""), ("届", row.round.title),
        ("落地街道（社区）", row.area.name if row.area is not None else ""),
        ("项目期限", f"{day_of(row.starts_on)} 至 {day_of(row.ends_on)}"),
        ("预算总额（元）", format_yuan(row.total_fen)),
        ("申请资助（元）", format_yuan(row.grant_fen)), ("自筹配套（元）", format_yuan(row.own_fen)),
        ("提交日期", day_of(row.submitted_at)),
    )  # fmt: skip
    for _heading, texts, _lines in told:
        pairs += tuple((word, text) for word, text, _note in texts)
    tables = tuple(
        Table(heading, (heading,), tuple((line,) for line in lines)) for heading, _texts, lines in told if lines
    )
    return Paper(PIECE_TITLES[Piece.APPLICATION], pairs, tables)


def _on(row: Project) -> Any:
    return localdate(row.submitted_at) if row.submitted_at is not None else row.round.closes_on


def eligibility(row: Project) -> Paper:
    """What was examined and decided."""
    tables: tuple[Table, ...] = ()
    for one in row.examinations.filter(decided_at__isnull=False).order_by("pk"):
        outcome = ELIGIBILITY_OUTCOME_TITLES.get(one.outcome, one.outcome)
        told = [(f["code"], f["message"], f["source"], one.answers.get(str(n), "")) for n, f in enumerate(one.findings)]
        head = (f"{day_of(one.decided_at)} {outcome}", one.reason, "", "")
        tables += table_of(f"{day_of(one.on)} 核查", ("规则", "核查结果", "依据", "逐条说明"), [head, *told])
    return Paper(PIECE_TITLES[Piece.ELIGIBILITY], (), tables)


def expert_codes(row: Project) -> dict[int, str]:
    """A code for each expert of the round, in the order in which they were entered; names stay inside."""
    keys = Reading.objects.filter(stage__round=row.round_id).order_by("expert").values_list("expert", flat=True)
    return {key: f"专家{number:02d}" for number, key in enumerate(keys.distinct(), 1)}


def scores(row: Project) -> Paper:
    """The signed sheets, experts by their codes."""
    codes = expert_codes(row)
    cards = ScoreCard.objects.signed().filter(reading__project=row).select_related("reading__stage")
    lines = []
    for card in cards.prefetch_related("scores").order_by("reading__stage", "reading__expert", "pk"):
        items = "，".join(
            f"{SCORE_ITEM_TITLES.get(s.item, s.item)} {points_of(s.hundredths)}" for s in card.scores.all()
        )
        lines.append((STAGE_KIND_TITLES.get(card.reading.stage.kind, ""), codes[card.reading.expert_id], items,
                      points_of(card.total), remarks.words(card.remark), day_of(card.signed_at)))  # fmt: skip
    ranked = RankingLine.objects.filter(project=row).order_by("-snapshot__number").first()
    pairs = pairs_of(("名次", ranked.place), ("平均分", points_of(ranked.mean))) if ranked is not None else ()
    heads = ("阶段", "专家", "各项得分", "总分", "建议金额和评语", "签字日期")
    return Paper(PIECE_TITLES[Piece.SCORES], pairs, table_of("评分", heads, lines))


def publicity(row: Project) -> Paper:
    """Where and how long it was published, the objections."""
    lines = AwardLine.objects.filter(project=row, award_list__published_at__isnull=False).order_by("pk")
    rows = list(lines.select_related("award_list__document__pdf", "approval__pdf"))
    shown = table_of("公示和立项", ("公示", "公示期", "拟资助（元）", "批准（元）", "批准日期"), (
        (one.award_list.title, f"{day_of(one.award_list.opens_on)} 至 {day_of(one.award_list.closes_on)}",
         format_yuan(one.amount_fen), format_yuan(one.approved_fen) if one.approved_fen else "",
         day_of(one.approved_at))
        for one in rows
    ))  # fmt: skip
    objections = AwardObjection.objects.filter(line__project=row).order_by("pk")
    told = table_of("异议（不记异议人）", ("收到日期", "内容", "结果", "答复日期"), (
        (day_of(one.received_on), OBJECTION_KIND_TITLES.get(one.kind, ""), OBJECTION_STATE_TITLES[one.state],
         day_of(one.answered_at)) for one in objections
    ))  # fmt: skip
    files = _issued(*(document for one in rows for document in (one.award_list.document, one.approval)))
    return Paper(PIECE_TITLES[Piece.PUBLICITY], (), (*shown, *told), files)


def _agreement(row: Project) -> Agreement | None:
    found = Agreement.objects.living().filter(project=row, signed_on__isnull=False)
    return found.select_related("document__pdf").first()


def contract(row: Project) -> Paper:
    """The agreement."""
    one = _agreement(row)
    if one is None:
        return Paper(PIECE_TITLES[Piece.CONTRACT])
    pairs = pairs_of(
        ("签约组织", one.body_name), ("协议金额（元）", format_yuan(one.amount_fen)),
        ("签订日期", day_of(one.signed_on)),
        ("实施期", f"{day_of(one.starts_on)} 至 {day_of(one.ends_on)}"), ("实施地点", "、".join(map(str, one.places))),
        ("户名", one.account_name), ("开户银行", one.account_bank), ("账号", f"****{one.account_tail}"),
    )  # fmt: skip
    rulings = table_of("终止和追回", ("决定日期", "类别", "事由", "追回金额（元）"), (
        (day_of(r.decided_at), RULING_TITLES[r.kind], r.reason, format_yuan(r.amount_fen) if r.amount_fen else "")
        for r in one.rulings.filter(decided_at__isnull=False)
    ))  # fmt: skip
    return Paper(PIECE_TITLES[Piece.CONTRACT], pairs, rulings, _issued(one.document))


def budget(row: Project) -> Paper:
    """The budget."""
    heads = (
        "序号",
        "科目",
        "明细",
        "单价（元）",
        "数量",
        "频次",
        "金额（元）",
        "资助资金（元）",
        "自筹配套（元）",
        "测算依据",
    )
    return Paper(PIECE_TITLES[Piece.BUDGET], (), table_of("预算", heads, (
        (number, BUDGET_CLASS_TITLES.get(one.budget_class, ""), one.title, format_yuan(one.price_fen),
         points_of(one.quantity), one.times, format_yuan(one.amount_fen), format_yuan(one.grant_fen),
         format_yuan(one.own_fen), one.basis)
        for number, one in enumerate(row.lines.order_by("position", "pk"), 1)
    )))  # fmt: skip


def tranches(row: Project) -> Paper:
    """What was paid, spent and given back, with the vouchers."""
    one = _agreement(row)
    if one is None:
        return Paper(PIECE_TITLES[Piece.TRANCHES])
    rows = list(one.tranches.select_related("sheet__pdf", "voucher").order_by("no"))
    paid = table_of("分期拨付", ("期次", "条件", "金额（元）", "状态", "付款日期", "付款凭证号"), (
        (t.no, TRANCHE_TRIGGER_TITLES.get(t.trigger, ""), format_yuan(t.amount_fen), TRANCHE_STATE_TITLES[t.state],
         day_of(t.paid_on), t.voucher_no) for t in rows
    ))  # fmt: skip
    spent = list(one.expenses.filter(voided_at__isnull=True).select_related("file").order_by("spent_on", "pk"))
    costs = table_of("支出", ("日期", "科目", "凭证号", "收款方", "事由", "金额（元）", "其中资助资金（元）"), (
        (day_of(e.spent_on), BUDGET_CLASS_TITLES.get(e.budget_class, ""), e.voucher_no, e.payee, e.title,
         format_yuan(e.amount_fen), format_yuan(e.grant_fen)) for e in spent
    ))  # fmt: skip
    back = table_of("退回", ("到账日期", "类别", "金额（元）", "凭证号", "说明"), (
        (day_of(r.received_on), REFUND_TITLES[r.kind], format_yuan(r.amount_fen), r.voucher_no, r.note)
        for r in one.refunds.order_by("pk")
    ))  # fmt: skip
    files = [*_issued(*(t.sheet for t in rows))]
    files += [(f"第{t.no}期付款凭证.{t.voucher.kind}", t.voucher) for t in rows if t.voucher is not None]
    files += [(f"支出凭证{n:03d} {e.voucher_no}.{e.file.kind}", e.file) for n, e in enumerate(spent, 1)]
    return Paper(PIECE_TITLES[Piece.TRANCHES], (), (*paid, *costs, *back), tuple(files))


def changes(row: Project) -> Paper:
    """What was changed while it ran."""
    one = _agreement(row)
    rows = one.amendments.order_by("number") if one is not None else ()
    heads = ("序号", "申请日期", "变更的内容", "理由", "结果", "决定日期", "意见")
    return Paper(PIECE_TITLES[Piece.CHANGES], (), table_of("变更", heads, (
        (a.number, day_of(a.asked_at), "、".join(AMENDMENT_TITLES.get(k, k) for k in a.kinds), a.reason,
         AMENDMENT_STATE_TITLES[a.state], day_of(a.decided_at), a.opinion) for a in rows
    )))  # fmt: skip
