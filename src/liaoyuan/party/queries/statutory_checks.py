"""Cross-checks (勾稽) of F04: within the table, with the board of the day, with the ledger; figures of the year."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from liaoyuan.kit.money import format_wan
from liaoyuan.party.models import Instructor
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import statutory
from liaoyuan.party.queries import statutory_facts as told
from liaoyuan.party.queries.coverage import AREA, JOINT, OWN, Asked, Figures


@dataclass(frozen=True, slots=True)
class Check:
    """One cross-check: what must equal what (or not exceed it)."""

    title: str
    left: int
    right: int
    holds: bool


CHECK_TITLES: dict[str, str] = {
    "rows": "行数 = 应统计组织",
    "full_time": "其中专职 ≤ 从业人员数",
    "gaps": "没有党组织覆盖的 = 缺口 B + 缺口 C + 缺口 A 中没有覆盖的",
    "work": "组织覆盖 ≤ 工作覆盖",
    "due": "应建 = 应建已建 + 缺口 A",
    "own": "单独组建的清单家数 = 覆盖看板",
    "joint": "联合组建的清单家数 = 覆盖看板",
    "covered": "党组织覆盖的清单家数 = 覆盖看板",
    "worked": "工作覆盖的清单家数 = 覆盖看板",
    "members": "党员数 = 正式 + 预备",
    "here": "组织关系在本组织 ≤ 党员数",
    "young": "35岁以下 ≤ 党员数",
    "college": "大专以上 ≤ 党员数",
    "developed": "当年发展 ≤ 党员数",
    "activists": "积极分子数 ≤ 申请人数",
    "objects": "发展对象数 ≤ 积极分子数",
    "formal": "党员台账中正式组织关系的人数 = 正式 + 预备",
}


def checks(asked: Asked, sums: Mapping[str, Any], whole: Figures) -> list[Check]:
    """What must fit together within the table, and with the coverage board of the same day."""

    def equal(name: str, left: int, right: int) -> Check:
        return Check(_(CHECK_TITLES[name]), left, right, left == right)

    def most(name: str, left: int, right: int) -> Check:
        return Check(_(CHECK_TITLES[name]), left, right, left <= right)

    listed = _listed(asked)
    found = [
        equal("rows", sums["rows"], whole.base), most("full_time", sums["full_time"], sums["staff"]),
        equal("gaps", whole.base - whole.covered, whole.gaps["B"] + whole.gaps["C"] + listed["open"]),
        most("work", whole.covered, whole.worked), equal("due", whole.due, whole.built + whole.gaps["A"]),
        *(equal(name, listed[name], getattr(whole, name)) for name in ("own", "joint", "covered", "worked")),
    ]  # fmt: skip
    if sums["members"] == "*":
        return found
    return [
        *found, equal("members", sums["members"], sums["formal"] + sums["probationary"]),
        most("here", sums["here"], sums["members"]), most("young", sums["young"], sums["members"]),
        most("college", sums["college"], sums["members"]), most("developed", sums["developed"], sums["members"]),
        most("activists", sums["activists"], sums["applicants"]), most("objects", sums["objects"], sums["activists"]),
        equal("formal", _formal(asked), sums["formal"] + sums["probationary"]),
    ]  # fmt: skip


def _listed(asked: Asked) -> dict[str, int]:
    """How many bodies the lists behind the board hold, counted by the database and not by the board."""
    by = figures.gap_conditions(figures.conditions(asked))
    wanted = {name: by[name] for name in ("own", "joint", "covered", "worked")} | {"open": by["A"] & by["uncovered"]}
    return figures.base(asked).aggregate(**{name: Count("pk", filter=held) for name, held in wanted.items()})


def _formal(asked: Asked) -> int:
    """Members with a formal affiliation through a body of D1, counted from the ledger and not by body."""
    rows = figures.persons(asked, "here", figures.base(asked).values("organization"))
    return int(rows.aggregate(n=Count("member", distinct=True))["n"])


YEAR_TITLES: dict[str, str] = {
    "base": "社会组织数", "parties": "党组织数", "own": "其中单独", "joint": "其中联合", "area": "其中区域、行业",
    "covered": "组织覆盖率", "worked": "工作覆盖率", "instructed": "指导员、联络员数",
}  # fmt: skip


def year(asked: Asked, sums: Mapping[str, Any], whole: Figures) -> list[tuple[str, str, str]]:
    """The figures of the yearly report (handbook §2.10): (title, figure, name of the list or column behind it).

    Forms and secretaries count party organizations, so a joint branch counts once; money is in 万元.
    """
    forms, sources = _parties(asked)
    posts = "、".join(f"{name or _('未填')} {n}" for name, n in sorted(sources.items(), key=lambda s: (-s[1], s[0])))

    def column(name: str, text: Any) -> tuple[str, str, str]:
        return _(statutory.COLUMN_TITLES[name]), str(text), name

    def counted(name: str, text: Any, behind: str = "") -> tuple[str, str, str]:
        return _(YEAR_TITLES[name]), str(text), behind or name

    return [
        counted("base", whole.base), column("staff", sums["staff"]),
        *(column(name, sums[name]) for name in ("members", "committed", "dual")),
        counted("parties", sum(forms.values()), "covered"),
        *(counted(how, forms[how]) for how in (OWN, JOINT, AREA)),
        counted("covered", _share(whole.covered, whole.base)), counted("worked", _share(whole.worked, whole.base)),
        column("secretary_from", posts or "—"), counted("instructed", _instructors(asked)),
        column("place", sums["place"]), column("budget", format_wan(sums["budget"])),
        *(column(name, sums[name]) for name in ("applicants", "activists", "objects", "developed")),
        column("groups", statutory.group_words(sums)),
    ]  # fmt: skip


def _parties(asked: Asked) -> tuple[Counter[str], Counter[str]]:
    """Party organizations that cover bodies of D1 by form, and their secretaries by where they come from."""
    form, kind = "party_organization__formations__form", "party_organization__formations__branch_kind"
    rows = figures.covers(asked).filter(organization__in=figures.base(asked).values("organization")).order_by()
    forms = {party: figures.way_of(form_, kind_)
             for party, form_, kind_ in rows.values_list("party_organization_id", form, kind)}  # fmt: skip
    led = told.secretaries(asked, forms, named=False)
    return Counter(forms.values()), Counter(post.source for post in led.values())


def _instructors(asked: Asked) -> int:
    """Instructors and liaisons whose letter holds for a body of D1."""
    rows = figures.letters(asked).filter(organization__in=figures.base(asked).values("organization"))
    return Instructor.objects.filter(pk__in=rows.values("instructor")).count()


def _share(part: int, whole: int) -> str:
    return f"{round(part * 100 / whole, 1)}%" if whole else "—"
