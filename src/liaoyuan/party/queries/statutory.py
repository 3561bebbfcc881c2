"""F04 社会组织党建统计表: one line a body of D1, totals from the tables, cross-checks (勾稽) against the board.

What no floor keeps yet stays empty: premises, the party-building budget, applicants and activists, unions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.core import vault
from liaoyuan.party.choices.members import AffiliationKind
from liaoyuan.party.choices.organizations import OFFICER_HOW_TITLES, BranchKind, OfficerHow, OfficerKind
from liaoyuan.party.models import Affiliation, MemberRecord, Officer, PartyOrganization, Term, Unit
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import covering
from liaoyuan.party.queries.coverage import AREA, JOINT, OWN, Asked, Figures
from liaoyuan.party.queries.names import member_names
from liaoyuan.party.rules import coverage as rules
from liaoyuan.registry.choices import KIND_TITLES, Kind
from liaoyuan.registry.models import Standing

#: Columns in the form's order: key → title. 未转入 stands in two, for two of the three numbers are never added.
COLUMN_TITLES: dict[str, str] = {
    "name": "组织名称", "kind": "类型", "staff": "从业人员数", "full_time": "其中专职", "members": "党员数",
    "formal": "其中正式", "probationary": "其中预备", "here": "组织关系在本组织", "committed": "未转入（同意转入）",
    "dual": "未转入（双隶属）", "young": "35岁以下", "college": "大专以上", "form": "党组织形式", "party": "党组织名称",
    "evidence": "成立批复文号", "established": "成立时间", "secretary": "书记", "secretary_from": "书记来源",
    "term": "换届时间", "instructor": "指导员", "liaison": "联络员", "work": "工作覆盖方式", "place": "活动场所㎡",
    "budget": "党建经费(万元)", "applicants": "申请人数", "activists": "积极分子数", "objects": "发展对象数",
    "developed": "当年发展", "groups": "群团(工/团/妇)", "reason": "未组建原因", "note": "备注",
}  # fmt: skip
NUMBERS = ("staff", "full_time", "members", "formal", "probationary", "here", "committed", "dual", "young", "college",
           "developed")  # fmt: skip
#: Numbers of persons who are members: whoever does not see the roster gets none of them.
OF_MEMBERS = NUMBERS[2:]
FORM_TITLES: dict[str, str] = {OWN: "单独", JOINT: "联合", AREA: "依托", "functional": "功能", "": "无"}
WORK_TITLES: dict[str, str] = {
    "covered": "党组织覆盖", "instructor": "指导员", "liaison": "联络员", "": "无"
}  # fmt: skip
_COLLEGE = ("college", "bachelor", "master", "doctor")
CHUNK = 500


class Line(NamedTuple):
    """One line: the body's key, cells by column, the key of its party organization for the way there."""

    pk: int
    cells: Mapping[str, Any]
    party: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """One cross-check: what must equal what (or not exceed it)."""

    title: str
    left: int
    right: int
    holds: bool


def _more(asked: Asked, keys: Any) -> dict[int, tuple[int, int, int]]:
    """(35 and younger, college and above, admitted within the year) of formal members by body."""
    rows = figures.known(Affiliation.objects, asked.known_at).filter(
        valid_from__lte=asked.on, valid_to__gt=asked.on, kind=AffiliationKind.FORMAL.value, organization__in=keys
    )
    told = figures.known(MemberRecord.objects, asked.known_at).filter(
        admitted_on__lte=asked.on, member__voided_at__isnull=True, member__in=rows.values("member")
    )
    told = told.exclude(left_on__lte=asked.on)
    records = {key: (birth, education, admitted) for key, birth, education, admitted in told.values_list(
        "member_id", "birth", "education", "admitted_on")}  # fmt: skip
    found: dict[int, tuple[int, int, int]] = {}
    for body, member in rows.order_by().values_list("organization_id", "member_id").distinct():
        if member not in records:
            continue
        birth, education, admitted = records[member]
        young, college, new = found.get(body, (0, 0, 0))
        found[body] = (young + _young(birth, asked.on), college + (education in _COLLEGE),
                       new + (admitted.year == asked.on.year))  # fmt: skip
    return found


def _young(birth: str, on: date) -> int:
    """1 for a member who is not 35 yet on the day; the month stands for its first day, nothing known for 0."""
    if not birth:
        return 0
    text = vault.decrypt(birth, purpose="member.birth") if vault.is_sealed(birth) else birth
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return int((on.year - year - ((on.month, on.day) < (month, day))) < 35)


def lines(asked: Asked, found: Sequence[Standing], *, exactly: bool) -> list[Line]:
    """The lines of these bodies, in a fixed number of statements."""
    keys = [row.organization_id for row in found]
    claims = covering.claims(asked, keys)
    facts = covering.facts_of(asked, keys, claims)
    more = _more(asked, keys) if exactly else {}
    parties = {c.key for told in claims.values() for c in told if c.subject == "partyorganization"}
    led = _secretaries(asked, parties)
    terms = Term.objects.current().filter(party_organization__in=parties, ended_on__isnull=True).order_by("number")
    due = {row.party_organization_id: row.extended_to or row.due_on for row in terms}
    since = dict(PartyOrganization.objects.filter(pk__in=parties).values_list("pk", "established_on"))
    functional = _functional(asked, keys)
    made = []
    for row in found:
        key = row.organization_id
        here = [claim for claim in claims[key] if claim.subject == "partyorganization"]
        first, fact = (here[0] if here else None), facts[key]
        secretary, how = led.get(first.key, ("", "")) if first else ("", "")
        young, college, new = more.get(key, (0, 0, 0))
        gone = [claim for claim in claims[key] if claim.subject != "partyorganization"]
        cells = {
            "name": row.name, "kind": _(KIND_TITLES[Kind(row.kind)]),
            "staff": (row.full_time or 0) + (row.part_time or 0), "full_time": row.full_time or 0,
            "members": (fact.formal or 0) + (fact.probationary or 0), "formal": fact.formal,
            "probationary": fact.probationary, "here": (fact.formal or 0) + (fact.probationary or 0),
            "committed": fact.committed, "dual": fact.dual, "young": young, "college": college, "developed": new,
            "form": _(FORM_TITLES[first.how if first else "functional" if key in functional else ""]),
            "party": first.name if first else "", "evidence": first.document if first else "",
            "established": since.get(first.key) if first else None, "secretary": secretary, "secretary_from": how,
            "term": due.get(first.key) if first else None,
            "instructor": "、".join(c.name for c in gone if c.how == "instructor"),
            "liaison": "、".join(c.name for c in gone if c.how == "liaison"),
            "work": _(WORK_TITLES["covered" if here else gone[0].how if gone else ""]),
            "reason": "" if here else _reason(fact, asked, exactly),
        }  # fmt: skip
        if not exactly:
            cells |= dict.fromkeys(OF_MEMBERS, "*")
        made.append(Line(key, {name: cells.get(name, "") for name in COLUMN_TITLES}, first.key if first else None))
    return made


def _reason(fact: Any, asked: Asked, exactly: bool) -> str:
    told = rules.gaps(fact, asked.limits, on=asked.on)
    if not told:
        return ""
    return _(told[0].message).format(**told[0].args) if exactly else ""


def _functional(asked: Asked, keys: Sequence[int]) -> set[int]:
    """Bodies that a functional branch names: shown, not counted."""
    rows = figures.known(Unit.objects, asked.known_at).filter(
        organization__in=keys, valid_from__lte=asked.on, valid_to__gt=asked.on,
        party_organization__formations__superseded_at__isnull=True,
        party_organization__formations__valid_from__lte=asked.on,
        party_organization__formations__valid_to__gt=asked.on,
        party_organization__formations__branch_kind=BranchKind.FUNCTIONAL.value,
    )  # fmt: skip
    return set(rows.values_list("organization_id", flat=True))


def _secretaries(asked: Asked, parties: set[int]) -> dict[int, tuple[str, str]]:
    """(name, how the post was reached) by party organization."""
    rows = figures.known(Officer.objects, asked.known_at).filter(
        party_organization__in=parties, kind=OfficerKind.SECRETARY.value, valid_from__lte=asked.on,
        valid_to__gt=asked.on,
    )  # fmt: skip
    told = rows.values_list("party_organization_id", "member_id", "how")
    held = {party: (member, how) for party, member, how in told}
    names = member_names(member for member, _how in held.values())
    return {party: (names.get(member, ""), _(OFFICER_HOW_TITLES[OfficerHow(how)]))
            for party, (member, how) in held.items()}  # fmt: skip


def totals(asked: Asked, *, exactly: bool) -> dict[str, Any]:
    """Sums of the numbers over all bodies of D1, not over a page."""
    base = figures.base(asked)
    told = base.aggregate(rows=Count("pk"), full=Coalesce(Sum("full_time"), 0), part=Coalesce(Sum("part_time"), 0))
    found: dict[str, Any] = {"rows": told["rows"], "staff": told["full"] + told["part"], "full_time": told["full"]}
    if not exactly:
        return found | dict.fromkeys(OF_MEMBERS, "*")
    keys = base.values("organization")
    here = set(keys.values_list("organization", flat=True))
    heads = [head for body, head in asked.heads.items() if body in here]
    for place, name in enumerate(("formal", "probationary", "committed", "dual")):
        found[name] = sum(head[place] for head in heads)
    found["members"] = found["here"] = found["formal"] + found["probationary"]
    more = _more(asked, keys).values()
    for place, name in enumerate(("young", "college", "developed")):
        found[name] = sum(line[place] for line in more)
    return found


def checks(asked: Asked, told: Mapping[str, Any], whole: Figures) -> list[Check]:
    """What must fit together within the table, and with the coverage board of the same day."""

    def equal(title: str, left: int, right: int) -> Check:
        return Check(_(title), left, right, left == right)

    def most(title: str, left: int, right: int) -> Check:
        return Check(_(title), left, right, left <= right)

    found = [
        equal(CHECK_TITLES["rows"], told["rows"], whole.base),
        most(CHECK_TITLES["full_time"], told["full_time"], told["staff"]),
        equal(CHECK_TITLES["gaps"], whole.base - whole.covered,
              whole.gaps["B"] + whole.gaps["C"] + _uncovered_due(asked)),
        most(CHECK_TITLES["work"], whole.covered, whole.worked),
        equal(CHECK_TITLES["due"], whole.due, whole.built + whole.gaps["A"]),
    ]  # fmt: skip
    if told["members"] == "*":
        return found
    return [
        *found, equal(CHECK_TITLES["members"], told["members"], told["formal"] + told["probationary"]),
        equal(CHECK_TITLES["here"], told["members"], told["here"]),
        most(CHECK_TITLES["college"], told["college"], told["members"]),
        most(CHECK_TITLES["developed"], told["developed"], told["members"]),
        equal(CHECK_TITLES["formal"], _formal(asked), told["formal"] + told["probationary"]),
    ]  # fmt: skip


CHECK_TITLES: dict[str, str] = {
    "rows": "行数 = 应统计组织（D1）",
    "full_time": "其中专职 ≤ 从业人员数",
    "gaps": "没有党组织覆盖的 = 缺口 B + 缺口 C + 缺口 A 中没有覆盖的",
    "work": "组织覆盖 ≤ 工作覆盖",
    "due": "应建 = 应建已建 + 缺口 A",
    "members": "党员数 = 正式 + 预备",
    "here": "党员数 = 组织关系在本组织",
    "college": "大专以上 ≤ 党员数",
    "developed": "当年发展 ≤ 党员数",
    "formal": "党员台账中正式组织关系的人数 = 正式 + 预备",
}


def _uncovered_due(asked: Asked) -> int:
    by = figures.gap_conditions(figures.conditions(asked))
    return figures.base(asked).filter(by["A"] & by["uncovered"]).count()


def _formal(asked: Asked) -> int:
    """Members with a formal affiliation through a body of D1, counted from the ledger and not by body."""
    rows = figures.known(Affiliation.objects, asked.known_at).filter(
        valid_from__lte=asked.on, valid_to__gt=asked.on, kind=AffiliationKind.FORMAL.value,
        organization__in=figures.base(asked).values("organization"), member__voided_at__isnull=True,
    )  # fmt: skip
    told = figures.known(MemberRecord.objects, asked.known_at).filter(admitted_on__lte=asked.on)
    here = told.exclude(left_on__lte=asked.on)
    return rows.filter(member__in=here.values("member")).values("member").distinct().count()


def every(asked: Asked, *, exactly: bool, tell: Any = None) -> Iterator[list[Any]]:
    """All lines in the order of names, chunk by chunk, as lists of cells; then the line of sums."""
    keys = list(figures.base(asked).order_by("name", "organization_id").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        rows = {row.pk: row for row in Standing.objects.filter(pk__in=keys[start : start + CHUNK])}
        part = [rows[key] for key in keys[start : start + CHUNK]]
        for line in lines(asked, part, exactly=exactly):
            yield [_plain(value) for value in line.cells.values()]
        if tell is not None:
            tell(min(start + CHUNK, len(keys)), len(keys))
    sums = totals(asked, exactly=exactly)
    yield [_("合计") if name == "name" else sums.get(name, "") for name in COLUMN_TITLES]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else "" if value is None else value
