"""F13, the budget of a project, as a workbook that reckons: amounts, shares and caps are formulas with the limits in.

Every comparison is made in whole fen, as the rules make it, so that the workbook and `rules.budgets` come to the same
verdict. What a user typed is written as text, never as a formula. Sheet 1 takes the lines, sheet 2 the team, sheet 3
says what each rule makes of it.
"""

from collections.abc import Iterator, Sequence
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
from liaoyuan.funding.rules.facts.budgets import BudgetFacts
from liaoyuan.kit.findings import Limits

LINES, PEOPLE = 60, 20
_FIRST = 4  # the first row of entries, counted from 1
_FEN = 100


class Check(NamedTuple):
    """One line of the third sheet: the rule and its variant (of a cap on classes the group), what is compared in fen,
    the formula that is true when the rule is broken, whether it only asks for a reason, whether it counts rows instead.
    """

    code: str
    variant: str
    title: str
    value: str
    limit: str
    broken: str
    warns: bool = False
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
    """What the third sheet checks by these limits: a figure that the place has not set is not asked."""
    sheet = _Sheet(lines)
    return [*_pay(limits, sheet), *_sums(limits, sheet), *_classes(limits, sheet), *_details(limits, sheet)]


def _pay(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    percent, base, classes = (limits[f"gv.staff.{key}"] for key in ("percent", "base", "classes"))
    if percent is not None:
        value, whole = sheet.pay(classes, base), sheet.whole(base)
        yield Check("GV-BUD-01", "", f"专职人员工资不超过{CAP_BASE_TITLES[CapBase(base)]}的 {percent}%", value,
                    f"INT({whole}*{percent}/100)", f"({value})*100>{whole}*{percent}")  # fmt: skip
    unfit = f"SUMPRODUCT({sheet.of(classes)}*{sheet.doubtful})"
    yield Check("GV-BUD-01", "person", "领取专职工资的人是专职，有劳动合同和社会保险记录（行数）", f"{unfit}*{_FEN}",
                "0",
                f"{unfit}>0", warns=True)  # fmt: skip
    share = limits["gv.staff.grant_percent"]
    if share is not None:
        value = f"SUMPRODUCT({sheet.of(limits['gv.staff.grant_classes'])}*{sheet.granted})"
        yield Check("GV-BUD-02", "", f"资助资金用于人员费用不超过资助资金的 {share}%", value,
                    f"INT({sheet.grant}*{share}/100)", f"{value}*100>{sheet.grant}*{share}")  # fmt: skip


def _sums(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    most, least, ratio = (limits[f"gv.{key}"] for key in ("cap_project_fen", "min_project_fen", "grant_max_percent"))
    if most is not None:
        yield Check("GV-BUD-03", "", "资助金额的上限", sheet.grant, str(most), f"{sheet.grant}>{most}")
    if least is not None:
        yield Check("GV-BUD-03", "min", "资助金额的下限", sheet.grant, str(least), f"{sheet.grant}<{least}")
    if ratio is not None:
        yield Check("GV-BUD-03", "ratio", f"资助金额不超过预算总额的 {ratio}%", sheet.grant,
                    f"INT({sheet.total}*{ratio}/100)", f"{sheet.grant}*100>{sheet.total}*{ratio}")  # fmt: skip
    own = limits["gv.own_min_percent"]
    if own is not None:
        yield Check("GV-BUD-04", "", f"自筹资金不低于预算总额的 {own}%", sheet.own_sum,
                    f"ROUNDUP({sheet.total}*{own}/100,0)", f"{sheet.own_sum}*100<{sheet.total}*{own}")  # fmt: skip


def _classes(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    bases = limits["gv.class.base"]
    for name, percent in limits["gv.class.percent"].items():
        base = bases.get(name, CapBase.TOTAL)
        value, whole = f"SUMPRODUCT({sheet.of(name.split('+'))}*{sheet.column(base)})", sheet.whole(base)
        title = "、".join(BUDGET_CLASS_TITLES.get(code, code) for code in name.split("+"))
        yield Check("GV-BUD-05", name, f"{title}不超过{CAP_BASE_TITLES[CapBase(base)]}的 {percent}%", value,
                    f"INT({whole}*{percent}/100)", f"{value}*100>{whole}*{percent}")  # fmt: skip
    for name, most in limits["gv.class.max_fen"].items():
        value = f"SUMPRODUCT({sheet.of(name.split('+'))}*{sheet.amount})"
        title = "、".join(BUDGET_CLASS_TITLES.get(code, code) for code in name.split("+"))
        yield Check("GV-BUD-05", f"{name} absolute", f"{title}的金额上限", value, str(most), f"{value}>{most}")


def _details(limits: Limits, sheet: _Sheet) -> Iterator[Check]:
    caps = limits["gv.price.caps"]
    if caps:
        over = "+".join(
            f'SUMPRODUCT(({sheet.kind}="{PRICE_KIND_TITLES[kind]}")*(ROUND({sheet.price}*100,0)>{cap}))'
            for kind, cap in caps.items()
        )
        yield Check("GV-BUD-06", "", "单价超过标准的行数", over, "0", f"({over})>0", warns=True, counts=True)
    wrong = f"SUMPRODUCT(--({sheet.amount}<>{sheet.granted}+{sheet.own}))"
    yield Check("GV-BUD-08", "split", "资助与自筹之和不等于金额的行数", wrong, "0", f"{wrong}>0", counts=True)
    most = limits["gv.time_max_percent"]
    beyond = f"SUMPRODUCT(--({_team('E')}+{_team('F')}>{most}))"
    yield Check("GV-BUD-09", "", f"投入时间合计超过 {most}% 的人数", beyond, "0", f"{beyond}>0", counts=True)


def write_budget(path: Path, limits: Limits, budget: BudgetFacts | None = None, *, lines: int = LINES) -> list[Check]:
    """Write the workbook, empty or with a budget, and return its checks in the order of the third sheet.

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
            "text": book.add_format({"border": 1, "num_format": "@", "text_wrap": True}),
            "money": book.add_format({"border": 1, "num_format": "#,##0.00"}),
            "number": book.add_format({"border": 1, "num_format": "General"}),
            "sum": book.add_format({"border": 1, "num_format": "#,##0.00", "bold": True, "bg_color": "#F7F7F7"}),
            "bad": book.add_format({"font_color": "#B42318", "bold": True}),
        }  # fmt: skip
        _write_lines(book, styles, limits, given, lines)
        _write_team(book, styles, limits, given)
        _write_checks(book, styles, limits, asked)
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
        told = WATCHED if check.warns else FAULTY
        sheet.write_formula(f"E{row}", f'=IF({check.broken},"{told}","{PASSING}")', styles["text"], PASSING)
        sheet.write_string(f"F{row}", limits.row(check.code).source if check.code in limits else "", styles["text"])
    last = _FIRST + len(asked) - 1
    for word in (FAULTY, WATCHED):
        sheet.conditional_format(f"E{_FIRST}:E{last}", {"type": "cell", "criteria": "==", "value": f'"{word}"',
                                                        "format": styles["bad"]})  # fmt: skip
    for number, (code, title) in enumerate(BUDGET_CLASS_TITLES.items()):
        sheet.write_string(_FIRST - 1 + number, 9, f"{code} {title}")
    sheet.set_column("J:J", 20, None, {"hidden": True})
