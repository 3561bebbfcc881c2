"""F13, the budget of a project, as a workbook that reckons: amounts, shares and caps are formulas with the limits in.

Every comparison is made in whole fen, as the rules make it, so that the workbook and `rules.budgets` come to the same
verdict. What a user typed is written as text, never as a formula. Sheet 1 takes the lines, sheet 2 the team, sheet 3
says what each rule makes of it.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES, CAP_BASE_TITLES, HIDDEN_PAY, PRICE_KIND_TITLES, CapBase
from liaoyuan.funding.params.budget_sheet import (
    CHECK_COLUMNS,
    CHECKS_SHEET,
    FAULTY,
    HINTS,
    LINE_COLUMNS,
    LINES_SHEET,
    NO,
    PASSING,
    TEAM_COLUMNS,
    TEAM_SHEET,
    WATCHED,
    YES,
)
from liaoyuan.funding.rules.budgets import GRANT_STAFF, STAFF, group_title
from liaoyuan.funding.rules.facts.budgets import BudgetFacts
from liaoyuan.kit.findings import Limits, Severity

LINES, PEOPLE = 60, 20
FIRST = _FIRST = 4  # the first row of entries, counted from 1
_FEN = 100


class Check(NamedTuple):
    """One line of the third sheet: the rule with its variant, the parameters it uses, of a cap on classes the group.

    `value` and `limit` are formulas in fen, or numbers of rows (`counts`); `broken` is true when the rule is.
    """

    code: str
    variant: str
    uses: tuple[str, ...]
    title: str
    value: str
    limit: str
    broken: str
    group: str = ""
    counts: bool = False


def _range(column: str, last: int) -> str:
    return f"'{LINES_SHEET}'!${column}${_FIRST}:${column}${last}"


def _team(column: str) -> str:
    return f"'{TEAM_SHEET}'!${column}${_FIRST}:${column}${_FIRST + PEOPLE - 1}"


class _Sheet:
    """Names of the ranges of a workbook with so many lines. P … U are hidden: class, fen, who is full-time."""

    def __init__(self, lines: int) -> None:
        self.last = _FIRST + lines - 1
        self.code, self.amount, self.granted, self.own, self.full_time, self.doubtful = (
            _range(column, self.last) for column in "PQRSTU"
        )
        self.price, self.kind = _range("D", self.last), _range("L", self.last)
        self.total, self.grant, self.own_sum = f"SUM({self.amount})", f"SUM({self.granted})", f"SUM({self.own})"

    def of(self, codes: Sequence[str]) -> str:
        """An array of 1 and 0: which lines are of these classes."""
        return "(" + "+".join(f'({self.code}="{code}")' for code in codes) + ")" if codes else "(0)"

    def column(self, base: str) -> str:
        """What counts against a cap of this base."""
        return self.granted if base == CapBase.GRANT else self.amount

    def whole(self, base: str) -> str:
        """The base itself, in fen."""
        return self.grant if base == CapBase.GRANT else self.total

    def pay(self, classes: Sequence[str], base: str) -> str:
        """Full-time pay with what hides under labour and management, in fen."""
        aside = [str(code) for code in HIDDEN_PAY if code not in classes]
        column = self.column(base)
        plain = f"SUMPRODUCT({self.of(classes)}*{column})"
        return f"{plain}+SUMPRODUCT({self.of(aside)}*{self.full_time}*{column})" if aside else plain


def checks(limits: Limits, lines: int = LINES) -> list[Check]:
    """What the third sheet checks: no rule that is switched off, no figure that the place has not set."""
    sheet = _Sheet(lines)
    asked = (*_pay(limits, sheet), *_sums(limits, sheet), *_classes(limits, sheet), *_details(limits, sheet))
    return [check for check in asked if limits.is_on(check.code)]


def _pay(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    percent, base, classes = (limits[key] for key in STAFF)
    if percent is not None:
        value, whole = sheet.pay(classes, base), sheet.whole(base)
        title = f"专职人员工资不超过{CAP_BASE_TITLES[CapBase(base)]}的 {percent}%"
        yield Check("GV-BUD-01", "", STAFF, title, value, _floor(whole, percent), _over(value, whole, percent))
    unfit = f"SUMPRODUCT({sheet.of(classes)}*{sheet.doubtful})"
    title = "领取专职工资的人不是专职，或没有劳动合同、社会保险记录的行数"
    yield Check("GV-BUD-01", "person", STAFF[2:], title, unfit, "0", f"{unfit}>0", counts=True)
    share = limits[GRANT_STAFF[0]]
    if share is not None:
        value, whole = f"SUMPRODUCT({sheet.of(limits[GRANT_STAFF[1]])}*{sheet.granted})", sheet.grant
        title = f"资助资金用于人员费用不超过资助资金的 {share}%"
        yield Check("GV-BUD-02", "", GRANT_STAFF, title, value, _floor(whole, share), _over(value, whole, share))


def _floor(whole: str, percent: int) -> str:
    return f"INT({whole}*{percent}/100)"


def _over(value: str, whole: str, percent: int) -> str:
    return f"({value})*100>{whole}*{percent}"


def _sums(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    grant, total, own = sheet.grant, sheet.total, sheet.own_sum
    bounds = (("", "gv.cap_project_fen", "资助金额的上限", ">"), ("min", "gv.min_project_fen", "资助金额的下限", "<"))
    for variant, key, title, sign in bounds:
        if limits[key] is not None:
            bound = str(limits[key])
            yield Check("GV-BUD-03", variant, (key,), title, grant, bound, f"{grant}{sign}{bound}")
    key = "gv.grant_max_percent"
    most = limits[key]
    if most is not None:
        title = f"资助金额不超过预算总额的 {most}%"
        yield Check("GV-BUD-03", "ratio", (key,), title, grant, _floor(total, most), _over(grant, total, most))
    key = "gv.own_min_percent"
    least = limits[key]
    if least is not None:
        yield Check("GV-BUD-04", "", (key,), f"自筹资金不低于预算总额的 {least}%", own,
                    f"ROUNDUP({total}*{least}/100,0)", f"{own}*100<{total}*{least}")  # fmt: skip


def _classes(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    bases = limits["gv.class.base"]
    for group, percent in limits["gv.class.percent"].items():
        base, uses = bases.get(group, CapBase.TOTAL), ("gv.class.percent", "gv.class.base")
        value, whole = f"SUMPRODUCT({sheet.of(group.split('+'))}*{sheet.column(base)})", sheet.whole(base)
        title = f"{group_title(group)}不超过{CAP_BASE_TITLES[CapBase(base)]}的 {percent}%"
        yield Check("GV-BUD-05", "" if percent else "none", uses if percent else uses[:1],
                    title if percent else f"不得列支{group_title(group)}", value, _floor(whole, percent),
                    _over(value, whole, percent), group)  # fmt: skip
    for group, most in limits["gv.class.max_fen"].items():
        value = f"SUMPRODUCT({sheet.of(group.split('+'))}*{sheet.amount})"
        yield Check("GV-BUD-05", "absolute", ("gv.class.max_fen",), f"{group_title(group)}的金额上限", value, str(most),
                    f"{value}>{most}", group)  # fmt: skip


def _details(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    caps = limits["gv.price.caps"]
    if caps:
        over = "+".join(
            f'SUMPRODUCT(({sheet.kind}="{PRICE_KIND_TITLES[kind]}")*(ROUND({sheet.price}*100,0)>{cap}))'
            for kind, cap in caps.items()
        )
        yield Check("GV-BUD-06", "", ("gv.price.caps",), "单价超过标准的行数", over, "0", f"({over})>0", counts=True)
    wrong = f"SUMPRODUCT(--({sheet.amount}<>{sheet.granted}+{sheet.own}))"
    yield Check("GV-BUD-08", "split", (), "资助与自筹之和不等于金额的行数", wrong, "0", f"{wrong}>0", counts=True)
    key = "gv.time_max_percent"
    beyond = f"SUMPRODUCT(--({_team('E')}+{_team('F')}>{limits[key]}))"
    title = f"投入时间合计超过 {limits[key]}% 的人数"
    yield Check("GV-BUD-09", "", (key,), title, beyond, "0", f"{beyond}>0", counts=True)


def write_budget(
    path: Path, limits: Limits, budget: BudgetFacts | None = None, *, lines: int = LINES,
    more: Callable[[Any, dict[str, Any]], None] | None = None,
) -> list[Check]:  # fmt: skip
    """Write the workbook, empty or with a budget, and return its checks in the order of the third sheet. `more` adds
    sheets of its own to it.

    Raises ValueError for more lines or persons than the sheets take.
    """
    given = budget or BudgetFacts()
    if len(given.lines) > lines or len(given.team) > PEOPLE:
        raise ValueError(f"预算表最多 {lines} 行、团队最多 {PEOPLE} 人。")
    asked = checks(limits, lines)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_calc_mode("auto")
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "hint": book.add_format({"font_color": "#666666"}),
            "head": book.add_format({"bold": True, "bg_color": "#F2E6E4", "border": 1, "text_wrap": True,
                                     "valign": "vcenter"}),
            "text": book.add_format({"border": 1, "num_format": "@", "text_wrap": True, "valign": "vcenter"}),
            "money": book.add_format({"border": 1, "num_format": "#,##0.00", "valign": "vcenter"}),
            "number": book.add_format({"border": 1, "num_format": "General", "valign": "vcenter"}),
            "sum": book.add_format({"border": 1, "num_format": "#,##0.00", "bold": True, "bg_color": "#F7F7F7"}),
            "bad": book.add_format({"font_color": "#B42318", "bold": True}),
        }  # fmt: skip
        _write_lines(book, styles, limits, given, lines)
        _write_team(book, styles, limits, given)
        _write_checks(book, styles, limits, asked)
        if more is not None:
            more(book, styles)
    return asked


def _head(sheet: Any, styles: dict[str, Any], title: str, hint: str, columns: Sequence[tuple[str, int]]) -> None:
    sheet.write_string(0, 0, title, styles["title"])
    sheet.write_string(1, 0, hint, styles["hint"])
    sheet.set_row(_FIRST - 2, 30)
    for number, (name, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(_FIRST - 2, number, name, styles["head"])
    sheet.freeze_panes(_FIRST - 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_lines(book: Any, styles: dict[str, Any], limits: Limits, given: BudgetFacts, lines: int) -> None:
    sheet = book.add_worksheet(LINES_SHEET)
    _head(sheet, styles, LINES_SHEET, HINTS[LINES_SHEET], LINE_COLUMNS)
    classes = [f"{code} {title}" for code, title in BUDGET_CLASS_TITLES.items()]
    last = _FIRST + lines - 1
    sheet.data_validation(
        f"B{_FIRST}:B{last}", {"validate": "list", "source": f"='{CHECKS_SHEET}'!$J$4:$J${3 + len(classes)}"}
    )
    kinds = [PRICE_KIND_TITLES[kind] for kind in limits["gv.price.caps"]]
    if kinds:
        sheet.data_validation(f"L{_FIRST}:L{last}", {"validate": "list", "source": kinds})
    for column in "DFGIJ":
        sheet.data_validation(f"{column}{_FIRST}:{column}{last}", {"validate": "decimal", "criteria": ">=", "value": 0})
    for number in range(lines):
        row = _FIRST + number
        sheet.write_number(row - 1, 0, number + 1, styles["number"])
        for column, style in zip("BCDEFGIJKLMN", _LINE_STYLES, strict=True):
            sheet.write_blank(f"{column}{row}", None, styles[style])
        _reckon(sheet, styles, row)
    for number, line in enumerate(given.lines):
        row = _FIRST + number
        if line.budget_class:
            sheet.write_string(
                f"B{row}", f"{line.budget_class} {BUDGET_CLASS_TITLES[line.budget_class]}", styles["text"]
            )
        for column, text in (("C", line.item), ("K", line.person), ("L", PRICE_KIND_TITLES.get(line.price_kind, ""))):
            sheet.write_string(f"{column}{row}", text, styles["text"])
        amounts = (("D", line.unit_price_fen), ("F", line.quantity), ("I", line.granted_fen), ("J", line.own_fen))
        for column, hundredths in amounts:
            if hundredths is not None:
                sheet.write_number(f"{column}{row}", hundredths / _FEN, styles["number" if column == "F" else "money"])
        if line.times is not None:
            sheet.write_number(f"G{row}", line.times, styles["number"])
    sheet.write_string(last, 1, "合计", styles["sum"])
    for column in "HIJ":
        sheet.write_formula(f"{column}{last + 1}", f"=SUM({column}{_FIRST}:{column}{last})", styles["sum"])
    sheet.set_column("P:U", 8, None, {"hidden": True})
    sheet.conditional_format(f"O{_FIRST}:O{last}", {"type": "no_blanks", "format": styles["bad"]})


_LINE_STYLES = ("text", "text", "money", "text", "number", "number", "money", "money", "text", "text", "text", "text")


def _reckon(sheet: Any, styles: dict[str, Any], row: int) -> None:
    """The formulas of one line: its class, its amounts in fen, whether the paid person is on the full-time list."""
    same = f"({_team('A')}=K{row})"
    unfit = "+".join(f'({_team(column)}="{NO}")' for column in "BCD")
    formulas = {
        "P": f"=LEFT(B{row},3)",
        "Q": f'=IF(COUNT(D{row},F{row})=2,'
             f'ROUND(ROUND(D{row}*100,0)*ROUND(F{row}*100,0)*IF(G{row}="",1,G{row})/100,0),0)',
        "R": f"=ROUND(N(I{row})*100,0)",
        "S": f"=ROUND(N(J{row})*100,0)",
        "T": f'=IF(K{row}="",0,IF(SUMPRODUCT({same}*({_team("B")}="{YES}"))>0,1,0))',
        "U": f'=IF(K{row}="",0,IF(SUMPRODUCT({same}*(({unfit})>0))>0,1,0))',
    }  # fmt: skip
    for column, formula in formulas.items():
        sheet.write_formula(f"{column}{row}", formula)
    sheet.write_formula(f"H{row}", f'=IF(Q{row}=0,"",Q{row}/100)', styles["money"], "")
    sheet.write_formula(f"O{row}", f'=IF(Q{row}<>R{row}+S{row},"资助与自筹之和不等于金额","")', styles["text"], "")


def _write_team(book: Any, styles: dict[str, Any], limits: Limits, given: BudgetFacts) -> None:
    sheet = book.add_worksheet(TEAM_SHEET)
    _head(sheet, styles, TEAM_SHEET, HINTS[TEAM_SHEET], TEAM_COLUMNS)
    last = _FIRST + PEOPLE - 1
    sheet.data_validation(f"B{_FIRST}:D{last}", {"validate": "list", "source": [YES, NO]})
    sheet.data_validation(f"E{_FIRST}:F{last}",
                          {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100})  # fmt: skip
    words = {True: YES, False: NO, None: ""}
    for number in range(PEOPLE):
        row = _FIRST + number
        for column in "ABCD":
            sheet.write_blank(f"{column}{row}", None, styles["text"])
        for column in "EF":
            sheet.write_blank(f"{column}{row}", None, styles["number"])
        most = limits["gv.time_max_percent"]
        sheet.write_formula(f"G{row}", f'=IF(N(E{row})+N(F{row})>{most},"超过 {most}%","")', styles["text"], "")
    for number, member in enumerate(given.team):
        row = _FIRST + number
        for column, text in zip("ABCD", (member.name, words[member.full_time], words[member.contract],
                                         words[member.insured]), strict=True):  # fmt: skip
            sheet.write_string(f"{column}{row}", text, styles["text"])
        for column, share in (("E", member.percent), ("F", member.other_percent)):
            if share is not None:
                sheet.write_number(f"{column}{row}", share, styles["number"])
    sheet.conditional_format(f"G{_FIRST}:G{last}", {"type": "no_blanks", "format": styles["bad"]})


def _write_checks(book: Any, styles: dict[str, Any], limits: Limits, asked: Sequence[Check]) -> None:
    sheet = book.add_worksheet(CHECKS_SHEET)
    _head(sheet, styles, CHECKS_SHEET, HINTS[CHECKS_SHEET], CHECK_COLUMNS)
    for number, check in enumerate(asked):
        row = _FIRST + number
        sheet.write_string(f"A{row}", check.code, styles["text"])
        sheet.write_string(f"B{row}", check.title, styles["text"])
        unit, style = ("", "number") if check.counts else (f"/{_FEN}", "money")
        sheet.write_formula(f"C{row}", f"=({check.value}){unit}", styles[style])
        sheet.write_formula(f"D{row}", f"=({check.limit}){unit}", styles[style])
        weighed = limits.finding(check.code, variant=check.variant, uses=check.uses)
        told = FAULTY if weighed.severity == Severity.BLOCK else WATCHED
        sheet.write_formula(f"E{row}", f'=IF({check.broken},"{told}","{PASSING}")', styles["text"], PASSING)
        sheet.write_string(f"F{row}", weighed.source, styles["text"])
    last = _FIRST + len(asked) - 1
    for word in (FAULTY, WATCHED):
        sheet.conditional_format(f"E{_FIRST}:E{last}", {"type": "cell", "criteria": "==", "value": f'"{word}"',
                                                        "format": styles["bad"]})  # fmt: skip
    for number, (code, title) in enumerate(BUDGET_CLASS_TITLES.items()):
        sheet.write_string(_FIRST - 1 + number, 9, f"{code} {title}")
    sheet.set_column("J:J", 20, None, {"hidden": True})
