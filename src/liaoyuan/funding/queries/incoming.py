"""The content of an application as it comes in from outside: a file, another program, a kept version.

It has the shape of `contents.content`, whole or some sections of it. What cannot be stored is told cell by cell, named
as section.line.field (lines from 1), and then nothing is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from liaoyuan.core.models import Area
from liaoyuan.core.staging import note
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES, PRICE_KIND_TITLES
from liaoyuan.funding.models import BudgetLine, Indicator, Need, PlanStep, Pledge, Project, Risk, TeamMember
from liaoyuan.funding.params.application_form import DEFAULT_FIELDS, PLEDGE_TITLES, SECTION_TITLES, TEXTS
from liaoyuan.funding.queries import limits
from liaoyuan.funding.queries.bodies import living
from liaoyuan.funding.rules.budgets import line_amount
from liaoyuan.kit.findings import Finding, Severity

#: The repeated rows of each section and the fields of a line; those that a line must fill.
LINES: Mapping[str, tuple[type[models.Model], tuple[str, ...], tuple[str, ...]]] = {
    "team": (TeamMember, ("name", "role", "lead", "full_time", "percent", "qualification"), ("name", "role")),
    "plan": (PlanStep, ("period", "content", "frequency", "place", "persons"), ("period", "content")),
    "outcomes": (Indicator, ("title", "unit", "target", "evidence"), ("title", "unit", "target")),
    "risks": (Risk, ("title", "measure"), ("title", "measure")),
    "pledges": (Pledge, ("kind", "title", "planned_on"), ("kind", "title")),
    "budget": (
        BudgetLine,
        ("budget_class", "title", "price_fen", "price_kind", "unit", "quantity", "times", "grant_fen", "own_fen",
         "basis", "note"),
        ("budget_class", "title", "price_fen"),
    ),
}  # fmt: skip
#: As many lines as a section of the form takes.
MOST_LINES = 80
_MOST = 10**13
_CHOICES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("pledges", "kind"): PLEDGE_TITLES, ("budget", "budget_class"): BUDGET_CLASS_TITLES,
    ("budget", "price_kind"): {"": "", **PRICE_KIND_TITLES},
}  # fmt: skip
_LEAST = {("outcomes", "target"): 1, ("budget", "times"): 1}
_GREATEST = {("team", "percent"): 100, ("budget", "times"): 10_000}


class Incoming:
    """Reads sections for one application; `findings` tells what cannot be stored."""

    def __init__(self, row: Project) -> None:
        self.row = row
        self.findings: list[Finding] = []

    def read(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Values for the actions that save, by section. Unknown sections are told."""
        found: dict[str, Any] = {}
        for section in told:
            if section not in SECTION_TITLES:
                self._tell(section, _("申报书没有这一部分。"))
        for section in SECTION_TITLES:
            given = told.get(section)
            if given is None:
                continue
            if section == "basic":
                found[section] = self._basic(given)
            elif section == "content":
                found[section] = self._texts(given)
            else:
                found[section] = self._lines(section, given)
        return found

    def _tell(self, place: str, sentence: str, **args: Any) -> None:
        self.findings.append(note("FORM-CELL", Severity.BLOCK, sentence, field_name=place, **args))

    def _basic(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "title" in given:
            found["title"] = self._text("basic.title", given["title"], 60, needed=True)
        if "field" in given:
            found["field"] = self._text("basic.field", given["field"], 20)
            allowed = limits.limits_of(self.row.round).get("gv.fields") or DEFAULT_FIELDS
            if found["field"] and found["field"] not in (*allowed, self.row.field):
                self._tell("basic.field", _("这一届没有“{given}”这个领域。"), given=found["field"])
        for name in ("starts_on", "ends_on"):
            if name in given:
                found[name] = self._day(f"basic.{name}", given[name])
        if "area" in given:
            found["area"] = self._area(str(given["area"] or ""))
        if "need" in given:
            wanted = Need.objects.filter(round=self.row.round_id, pk=given["need"] or 0)
            need = wanted.filter(pk=self.row.need_id or 0).first() or wanted.published().first()
            if given["need"] and need is None:
                self._tell("basic.need", _("这一届没有公布这条需求。"))
            found["need"] = need
        if "sponsor" in given:
            found["sponsor"] = living().filter(pk=given["sponsor"] or 0).first()
            if given["sponsor"] and found["sponsor"] is None:
                self._tell("basic.sponsor", _("没有这个支持组织。"))
        return found

    def _area(self, code: str) -> Area | None:
        if not code:
            return None
        path = self.row.round.programme.area.path
        found = Area.objects.live().filter(code=code, level__in=["street", "community"], path__startswith=path).first()
        if found is None:
            self._tell("basic.area", _("本区没有“{given}”这个街道或社区。"), given=code[:60])
        return found

    def _texts(self, given: Mapping[str, Any]) -> dict[str, str]:
        known = {text.key: text for text in TEXTS}
        for key in given:
            if key not in known:
                self._tell(f"content.{key}", _("申报书没有这一项。"))
        return {key: self._text(f"content.{key}", given[key], text.most) for key, text in known.items() if key in given}

    def _lines(self, section: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        if len(given) > MOST_LINES:
            self._tell(section, _("最多 {n} 行。"), n=MOST_LINES)
            return []
        model, fields, needed = LINES[section]
        found = []
        for number, line in enumerate(given, 1):
            told = {
                name: self._cell(section, number, model._meta.get_field(name), line.get(name), name in needed)
                for name in fields
                if name in line or name in needed or name == "quantity"
            }
            if section == "budget":
                self._money(number, line, told)
            found.append(told)
        return found

    def _cell(self, section: str, number: int, column: Any, given: Any, needed: bool) -> Any:
        """One value of a line, by the kind of its column."""
        place = f"{section}.{number}.{column.name}"
        if isinstance(column, models.BooleanField):
            return bool(given)
        if isinstance(column, models.DateField):
            return self._day(place, given)
        if isinstance(column, models.CharField):
            value = self._text(place, given, column.max_length or 200, needed=needed)
            known = _CHOICES.get((section, column.name))
            if known is not None and value and value not in known:
                self._tell(place, _("“{given}”不在可选的值里。"), given=value[:60])
            return value
        if given in (None, ""):
            if needed:
                self._tell(place, _("必须填写。"))
            return None if column.null else column.get_default() or 0
        least, most = _LEAST.get((section, column.name), 0), _GREATEST.get((section, column.name), _MOST)
        if isinstance(column, models.PositiveIntegerField | models.PositiveSmallIntegerField):
            most = min(most, 10_000_000)
        if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
            self._tell(place, _("应为 {least} 至 {most} 的整数。"), least=least, most=most)
            return column.get_default() or 0
        return given

    def _money(self, number: int, line: Mapping[str, Any], told: dict[str, Any]) -> None:
        """What the line costs, who pays how much of it, and whom of the team it pays."""
        told["times"] = told.get("times") or 1
        amount = line_amount(told["price_fen"] or 0, told["quantity"] or 0, told["times"])
        if line.get("own_fen") is None and line.get("grant_fen") is not None:
            told["own_fen"] = amount - told["grant_fen"]
        elif line.get("grant_fen") is None:
            told["grant_fen"] = amount - (told.get("own_fen") or 0)
        told["own_fen"], told["grant_fen"] = told.get("own_fen") or 0, told.get("grant_fen") or 0
        if told["own_fen"] < 0 or told["grant_fen"] < 0:
            self._tell(f"budget.{number}.own_fen", _("自筹配套和资助资金都不能多于金额。"))
        told["member"] = self._text(f"budget.{number}.member", line.get("member") or "", 60)

    def _text(self, place: str, given: Any, most: int, *, needed: bool = False) -> str:
        value = "" if given is None else str(given).strip()
        if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in value):
            self._tell(place, _("含有不能使用的控制字符。"))
            return ""
        if needed and not value:
            self._tell(place, _("必须填写。"))
        if len(value) > most:
            self._tell(place, _("超过 {most} 个字。"), most=most)
        return value[:most]

    def _day(self, place: str, given: Any) -> date | None:
        if given in (None, ""):
            return None
        try:
            value = given if isinstance(given, date) else date.fromisoformat(str(given))
        except ValueError:
            self._tell(place, _("应写成 2026-10-26 的样子。"))
            return None
        if not 2000 <= value.year <= 2100:
            self._tell(place, _("这个日期超出了范围。"))
            return None
        return value
