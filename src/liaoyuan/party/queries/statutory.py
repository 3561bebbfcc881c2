"""F04 社会组织党建统计表: one line a body of D1, totals counted from the tables and not summed over a page.

A joint branch stands on the line of each of its bodies, so do its venues; totals count a branch and a venue once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.party.models import BodyDeclaration, PartyOrganization, Term
from liaoyuan.party.queries import coverage as figures
from liaoyuan.party.queries import covering, declarations
from liaoyuan.party.queries import statutory_facts as told
from liaoyuan.party.queries.coverage import AREA, JOINT, OWN, Asked
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
           "place", "budget", "applicants", "activists", "objects", "developed")  # fmt: skip
#: Numbers of persons who are members or on the way: whoever does not see the roster gets none of them.
OF_MEMBERS = ("members", "formal", "probationary", "here", "committed", "dual", *told.MORE, *told.WAY)
#: What each number means, where it does not say so itself.
NOTE_TITLES: dict[str, str] = {
    "place": "覆盖本组织的党组织登记的、当天没有停用的阵地；合计每处只算一次。",
    "budget": "组织申报的当年党建经费。",
    "applicants": "递交入党申请书、还没有接收为预备党员的人，含积极分子和发展对象。",
    "activists": "其中已确定为入党积极分子的，含发展对象。",
    "objects": "其中已确定为发展对象的。",
    "developed": "组织关系在本组织、当年接收为预备党员的。",
}
FORM_TITLES: dict[str, str] = {OWN: "单独", JOINT: "联合", AREA: "依托", "functional": "功能", "": "无"}
WORK_TITLES: dict[str, str] = {
    "covered": "党组织覆盖", "instructor": "指导员", "liaison": "联络员", "": "无"
}  # fmt: skip
CHUNK = 500


class Line(NamedTuple):
    """One line: the body's key, cells by column (money in fen), its party organization for the way there."""

    pk: int
    cells: Mapping[str, Any]
    party: int | None


def lines(asked: Asked, found: Sequence[Standing], *, exactly: bool) -> list[Line]:
    """The lines of these bodies, in a fixed number of statements."""
    keys = [row.organization_id for row in found]
    claims = covering.claims(asked, keys)
    facts = covering.facts_of(asked, keys, claims)
    parties = {c.key for given in claims.values() for c in given if c.subject == "partyorganization"}
    led, metres = told.secretaries(asked, parties), told.metres(asked, parties)
    terms = Term.objects.current().filter(party_organization__in=parties, ended_on__isnull=True).order_by("number")
    due = {row.party_organization_id: row.extended_to or row.due_on for row in terms}
    since = dict(PartyOrganization.objects.filter(pk__in=parties).values_list("pk", "established_on"))
    functional, declared = told.functional(asked, keys), declarations.of(asked, keys)
    persons = _persons(asked, keys) if exactly else {}
    made = []
    for row in found:
        key = row.organization_id
        here = [claim for claim in claims[key] if claim.subject == "partyorganization"]
        gone = [claim for claim in claims[key] if claim.subject != "partyorganization"]
        first, fact = (here[0] if here else None), facts[key]
        led_by = led.get(first.key) if first else None
        formal, probationary = fact.formal or 0, fact.probationary or 0
        cells = {
            "name": row.name, "kind": _(KIND_TITLES[Kind(row.kind)]),
            "staff": (row.full_time or 0) + (row.part_time or 0), "full_time": row.full_time or 0,
            "members": formal + probationary, "formal": formal, "probationary": probationary,
            "here": formal + probationary, "committed": fact.committed, "dual": fact.dual, **persons.get(key, _NOBODY),
            "form": _(FORM_TITLES[first.how if first else "functional" if key in functional else ""]),
            "party": first.name if first else "", "evidence": first.document if first else "",
            "established": since.get(first.key) if first else None, "secretary": led_by.name if led_by else "",
            "secretary_from": led_by.source if led_by else "", "term": due.get(first.key) if first else None,
            "instructor": "、".join(c.name for c in gone if c.how == "instructor"),
            "liaison": "、".join(c.name for c in gone if c.how == "liaison"),
            "work": _(WORK_TITLES["covered" if here else gone[0].how if gone else ""]),
            "place": sum(metres.get(party, 0) for party in {claim.key for claim in here}),
            "budget": declarations.funds(declared.get(key), asked.on.year),
            "groups": declarations.groups(declared.get(key)), "note": declared[key].note if key in declared else "",
            "reason": "" if here else _reason(fact, asked, exactly),
        }  # fmt: skip
        if not exactly:
            cells |= dict.fromkeys(OF_MEMBERS, "*")
        made.append(Line(key, {name: cells[name] for name in COLUMN_TITLES}, first.key if first else None))
    return made


_NOBODY = dict.fromkeys((*told.MORE, *told.WAY), 0)


def _persons(asked: Asked, keys: Any) -> dict[int, dict[str, int]]:
    """By body the counts of `told.MORE` and `told.WAY`, of bodies with any."""
    more, way = told.members_more(asked, keys), told.on_the_way(asked, keys)
    zero = (0, 0, 0)
    return {
        key: {**dict(zip(told.MORE, more.get(key, zero), strict=True)),
              **dict(zip(told.WAY, way.get(key, zero), strict=True))}
        for key in more.keys() | way.keys()
    }  # fmt: skip


def _reason(fact: Any, asked: Asked, exactly: bool) -> str:
    found = rules.gaps(fact, asked.limits, on=asked.on)
    if not found:
        return ""
    return _(found[0].message).format(**found[0].args) if exactly else ""


def totals(asked: Asked, *, exactly: bool) -> dict[str, Any]:
    """Sums of the numbers over all bodies of D1; money in fen. A venue counts once."""
    base = figures.base(asked)
    sums = base.aggregate(rows=Count("pk"), full=Coalesce(Sum("full_time"), 0), part=Coalesce(Sum("part_time"), 0))
    keys = base.values("organization")
    found: dict[str, Any] = {"rows": sums["rows"], "staff": sums["full"] + sums["part"], "full_time": sums["full"]}
    found["place"] = sum(told.metres(asked, parties_of(asked)).values())
    rows = figures.known(BodyDeclaration.objects, asked.known_at).filter(
        organization__in=keys, valid_from__lte=asked.on, valid_to__gt=asked.on
    )
    of_year = Sum("funds_fen", filter=Q(funds_year=asked.on.year))
    there = {name: Count("pk", filter=Q(**{name: True})) for name in declarations.GROUPS}
    found |= rows.aggregate(budget=Coalesce(of_year, 0), **there)
    if not exactly:
        return found | dict.fromkeys(OF_MEMBERS, "*")
    here = set(keys.values_list("organization", flat=True))
    heads = [head for body, head in asked.heads.items() if body in here]
    for place, name in enumerate(("formal", "probationary", "committed", "dual")):
        found[name] = sum(head[place] for head in heads)
    found["members"] = found["here"] = found["formal"] + found["probationary"]
    persons = _persons(asked, keys).values()
    for name in (*told.MORE, *told.WAY):
        found[name] = sum(line[name] for line in persons)
    return found


def parties_of(asked: Asked) -> set[int]:
    """Party organizations that cover a body of D1."""
    rows = figures.covers(asked).filter(organization__in=figures.base(asked).values("organization"))
    return set(rows.order_by().values_list("party_organization_id", flat=True))


def group_words(found: Mapping[str, Any]) -> str:
    """工 3、团 1、妇 2: in how many bodies there is one."""
    return "、".join(f"{_(title)} {found[name]}" for name, title in declarations.GROUP_TITLES.items())


def every(asked: Asked, *, exactly: bool, tell: Any = None) -> Iterator[list[Any]]:
    """All lines in the order of names, chunk by chunk, as lists of cells; then the line of sums."""
    keys = list(figures.base(asked).order_by("name", "organization_id").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        rows = {row.pk: row for row in Standing.objects.filter(pk__in=keys[start : start + CHUNK])}
        part = [rows[key] for key in keys[start : start + CHUNK]]
        for line in lines(asked, part, exactly=exactly):
            yield [_plain(name, value) for name, value in line.cells.items()]
        if tell is not None:
            tell(min(start + CHUNK, len(keys)), len(keys))
    sums = totals(asked, exactly=exactly)
    sums |= {"name": _("合计"), "groups": group_words(sums)}
    yield [_plain(name, sums.get(name, "")) for name in COLUMN_TITLES]


def _plain(name: str, value: Any) -> Any:
    if name == "budget":
        return "" if value is None else Decimal(value) / 1_000_000
    return value.isoformat() if isinstance(value, date) else "" if value is None else value
