"""F13 reckons as the rules do: random budgets, recalculated by LibreOffice, verdict against verdict."""

import itertools
import os
import random
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from liaoyuan.core import policy
from liaoyuan.funding.exports.budget import LINES, PEOPLE, Check, checks, write_budget
from liaoyuan.funding.params.budget_sheet import CHECKS_SHEET, FAULTY, LINE_COLUMNS, LINES_SHEET, PASSING, WATCHED
from liaoyuan.funding.params.shipped import STATEMENTS
from liaoyuan.funding.rules import budgets
from liaoyuan.funding.rules.budgets import group_title
from liaoyuan.funding.rules.facts.budgets import BudgetFacts, BudgetLine, TeamMember
from liaoyuan.kit.findings import Limits
from tests.funding.bites import IN_GUANGZHOU, ON

SOFFICE = shutil.which("soffice")
#: Budgets of an ordinary run; LIAOYUAN_EXAMPLES asks for more.
BUDGETS = int(os.environ.get("LIAOYUAN_EXAMPLES") or 100)
#: LibreOffice shows what is stored in a workbook of another program unless it is told to reckon anew.
_RECKON = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
_NAMES = ("甲某", "乙某", "丙某", "=1+1", "*")
_CODES = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B10", "B11", "B13")


def _limits(place: str, on: date, **values: object) -> Limits:
    held = policy.build(policy.shipped_rows(), on, policy.chain(place), None)
    rows = [replace(held.row(f"gv.{key}".replace("__", ".")), value=v) for key, v in values.items()]
    return held.with_rows(*(replace(row, status="draft") if row.key == "gv.own_min_percent" else row for row in rows))


#: Binhu, Guangzhou 2019 (shares of the grant, own money), the form with unit prices, a place with every figure set, of
#: which one is a draft and only warns.
PLACES = (
    _limits("binhu", ON),
    _limits("guangzhou", IN_GUANGZHOU),
    _limits("form", ON),
    _limits("binhu", ON, staff__base="grant", staff__grant_percent=40, own_min_percent=20, min_project_fen=2_000_000,
            grant_max_percent=80, class__base={"B11": "grant"}, class__max_fen={"B10": 300_000, "B03+B04": 900_000},
            time_max_percent=90),
)  # fmt: skip


def _line(dice: random.Random, no: int) -> BudgetLine:
    code = dice.choice(_CODES)
    price, quantity, times = dice.randint(1, 90_000), dice.choice((100, 150, 225, 1_000)), dice.choice((None, 1, 3))
    if dice.random() < 0.3:
        price, quantity, times = dice.choice((500_000, 250_000, 100_000)), 100, 1
    amount = budgets.line_amount(price, quantity, 1 if times is None else times)
    granted = dice.choice((amount, amount // 2, 0, amount * 3 // 5))
    own = amount - granted + (dice.choice((-1, 1)) if dice.random() < 0.03 and granted < amount else 0)
    kind = dice.choice(("expert_day", "training_day", "equipment_item")) if dice.random() < 0.2 else ""
    person = dice.choice(_NAMES) if code in ("B01", "B02", "B11") and dice.random() < 0.8 else ""
    return BudgetLine(no, code, f"明细{no}", "", kind, price, quantity, times, amount, granted, own, person)


def _budget(seed: int) -> BudgetFacts:
    dice = random.Random(seed)
    lines = [_line(dice, no) for no in range(1, dice.randint(1, 14))]
    if seed % 4 == 0:  # exactly half of the budget for full-time pay, or one fen more
        half = dice.randint(1_000_000, 4_000_000)
        staff = half + (seed % 8 == 0)
        lines = [BudgetLine(n, code, "", "", "", fen, 100, 1, fen, fen, 0)
                 for n, (code, fen) in enumerate((("B01", staff), ("B06", 2 * half - staff)), 1)]  # fmt: skip
    team = tuple(
        TeamMember(name, dice.random() < 0.6, dice.random() < 0.8, dice.random() < 0.8, dice.randint(0, 100),
                   dice.choice((0, 0, 10, 50)))
        for name in _NAMES[: dice.randint(0, len(_NAMES))]
    )  # fmt: skip
    total = sum(line.amount_fen or 0 for line in lines)
    return BudgetFacts(total, sum(line.granted_fen or 0 for line in lines), sum(line.own_fen or 0 for line in lines),
                       tuple(lines), team)  # fmt: skip


_RULES = {
    "GV-BUD-01": budgets.pay_share, "GV-BUD-02": budgets.pay_of_grant, "GV-BUD-03": budgets.grant,
    "GV-BUD-04": budgets.own_funds, "GV-BUD-05": budgets.classes, "GV-BUD-06": budgets.prices,
    "GV-BUD-08": budgets.sums, "GV-BUD-09": budgets.time,
}  # fmt: skip


def _by_engine(facts: BudgetFacts, limits: Limits) -> set[tuple[str, str, str, bool]]:
    """What the rules find: rule, variant, of caps on classes the group's title, whether it is refused."""
    found = set()
    for code, rule in _RULES.items():
        variants = {text: name.partition(".")[2] for name, text in STATEMENTS[code].messages.items()}
        for finding in rule(facts, limits, on=ON):
            variant = variants[finding.message].removesuffix("hidden")
            group = str(finding.args["title"]) if code == "GV-BUD-05" else ""
            found.add((code, variant, group, str(finding.severity) == "block"))
    return found


def _by_sheet(rows: list[list[object]], asked: list[Check]) -> set[tuple[str, str, str, bool]]:
    """What the workbook says, in the same words."""
    assert {row[4] for row in rows[: len(asked)]} <= {PASSING, FAULTY, WATCHED}
    return {
        (check.code, check.variant, group_title(check.group) if check.group else "", row[4] == FAULTY)
        for check, row in zip(asked, rows, strict=False)
        if row[4] != PASSING
    }


def _recalculated(folder: Path, files: list[Path]) -> list[Path]:
    """The same workbooks after LibreOffice reckoned them anew."""
    settings = folder / "settings" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_RECKON, encoding="utf-8")
    out = folder / "reckoned"
    for some in itertools.batched(map(str, files), 100):
        subprocess.run(
            [str(SOFFICE), f"-env:UserInstallation={(folder / 'settings').as_uri()}", "--headless", "--convert-to",
             "xlsx", "--outdir", str(out), *some],
            check=True, capture_output=True, timeout=540,
        )  # fmt: skip
    return [out / file.name for file in files]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc")
def test_random_budgets_get_the_verdict_of_the_rules(tmp_path: Path):
    cases, files = [], []
    for seed in range(BUDGETS):
        limits, facts = PLACES[seed % len(PLACES) if seed % 4 else 0], _budget(seed)
        file = tmp_path / f"{seed:04}.xlsx"
        cases.append((facts, limits, write_budget(file, limits, facts, lines=20)))
        files.append(file)
    told_in_all = set()
    for seed, (file, (facts, limits, asked)) in enumerate(zip(_recalculated(tmp_path, files), cases, strict=True)):
        book = CalamineWorkbook.from_path(str(file))
        rows = book.get_sheet_by_name(CHECKS_SHEET).to_python()[3:]
        by_sheet = _by_sheet(rows, asked)
        assert by_sheet == _by_engine(facts, limits), (seed, facts)
        told_in_all |= by_sheet
        amounts = [row[7] for row in book.get_sheet_by_name(LINES_SHEET).to_python()[3:]]
        assert [round(float(a) * 100) for a in amounts[: len(facts.lines)]] == [line.amount_fen for line in facts.lines]
        assert round(float(amounts[20]) * 100) == facts.total_fen
    assert {code for code, *_ in told_in_all} == {f"GV-BUD-0{n}" for n in (1, 2, 3, 4, 5, 6, 8, 9)}


def test_the_sheets_have_the_columns_of_the_form(tmp_path: Path):
    """Handbook §3.4: these columns in this order."""
    write_budget(tmp_path / "f13.xlsx", PLACES[0])
    book = CalamineWorkbook.from_path(str(tmp_path / "f13.xlsx"))
    head = [str(cell).removesuffix("（元）") for cell in book.get_sheet_by_name(LINES_SHEET).to_python()[2]]
    wanted = [
        "序号",
        "科目",
        "明细",
        "单价",
        "单位",
        "数量",
        "频次",
        "金额",
        "资助资金",
        "自筹/配套资金",
        "测算依据",
        "备注",
    ]
    assert [name for name in head if name in wanted] == wanted
    assert len([name for name in head if name]) == len(LINE_COLUMNS)
    assert book.sheet_names == [LINES_SHEET, "项目团队", CHECKS_SHEET]


def test_a_figure_that_the_place_has_not_set_is_not_asked():
    own = [check for check in checks(PLACES[0]) if check.code == "GV-BUD-04"]
    assert own == []
    assert [check.variant for check in checks(PLACES[3]) if check.code == "GV-BUD-03"] == ["", "min", "ratio"]
    assert {check.code for check in checks(PLACES[1])} >= {"GV-BUD-02", "GV-BUD-04"}


def test_what_was_typed_is_never_a_formula(tmp_path: Path):
    facts = BudgetFacts(lines=(BudgetLine(1, "B06", "=1+1"),), team=(TeamMember("=HYPERLINK(1)"),))
    write_budget(tmp_path / "f13.xlsx", PLACES[0], facts)
    book = CalamineWorkbook.from_path(str(tmp_path / "f13.xlsx"))
    assert book.get_sheet_by_name(LINES_SHEET).to_python()[3][2] == "=1+1"
    assert book.get_sheet_by_name("项目团队").to_python()[3][0] == "=HYPERLINK(1)"


def test_more_lines_than_the_sheet_takes_are_refused(tmp_path: Path):
    for facts in (BudgetFacts(lines=(BudgetLine(),) * (LINES + 1)), BudgetFacts(team=(TeamMember(),) * (PEOPLE + 1))):
        with pytest.raises(ValueError, match="最多"):
            write_budget(tmp_path / "f13.xlsx", PLACES[0], facts)
    assert not (tmp_path / "f13.xlsx").exists()
