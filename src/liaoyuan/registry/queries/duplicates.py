"""Bodies that may be one and the same (查重): pairs with the reasons why, found by blocks and never by all with all.

A hint is no verdict: an officer looks and decides. Pairs that somebody has called different are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from liaoyuan.core import access, vault
from liaoyuan.core.models import Area
from liaoyuan.kit.text import match_key
from liaoyuan.registry.choices import Kind, Permission
from liaoyuan.registry.models import Different, Standing
from liaoyuan.registry.queries.merging import may_edit
from liaoyuan.registry.queries.standings import SECRET

#: Why two bodies are shown together, the strongest first.
REASON_TITLES = {
    "name": "名称相同",
    "filed": "备案组织与登记组织同名",
    "former": "一家的曾用名是另一家的名称",
    "short": "去掉区划后名称相同",
    "near": "名称只差一个字",
    "place": "负责人和住所相同",
    "phone": "负责人和联系电话相同",
}
#: A block of more bodies says nothing of any two of them (one address for a whole centre).
LARGEST_BLOCK = 12
#: Names shorter than this are not compared letter by letter.
_SHORTEST = 7
_NUMERALS = frozenset("0123456789一二三四五六七八九十甲乙丙丁东西南北")


@dataclass(slots=True)
class Candidate:
    """Two bodies and why; `one` has the lower key."""

    one: int
    other: int
    reasons: list[str] = field(default_factory=list)

    @property
    def weight(self) -> tuple[int, int]:
        """Strong and many reasons first."""
        order = list(REASON_TITLES)
        return min(order.index(r) for r in self.reasons), -len(self.reasons)


@dataclass(frozen=True, slots=True)
class _Body:
    pk: int
    name: str
    filed: bool
    head: str
    address: str
    phone: str


def candidates(user: Any) -> list[Candidate]:
    """Pairs of bodies that the user may edit, in a fixed order."""
    bodies = list(_bodies(user))
    found: dict[tuple[int, int], Candidate] = {}
    for reason, blocks in (
        ("name", _by(bodies, lambda b: b.name)), ("short", _short(bodies)), ("near", _near(bodies)),
        ("place", _by(bodies, lambda b: f"{b.head}@{b.address}" if b.head and len(b.address) > 4 else "")),
        ("phone", _phones(bodies)),
    ):  # fmt: skip
        _note(found, reason, blocks, {b.pk: b for b in bodies})
    _note(found, "former", _former(bodies), {b.pk: b for b in bodies})
    known = set(Different.objects.values_list("low", "high"))
    told = [one for key, one in found.items() if key not in known]
    return sorted(told, key=lambda one: (*one.weight, one.one, one.other))


def _bodies(user: Any) -> Iterator[_Body]:
    paths = {p for code in (Permission.EDIT, Permission.FILING_EDIT) for p in access.reach(user, code).paths}
    rows = Standing.objects.now_open().live()
    if not access.reach(user, Permission.EDIT).everything:
        areas = Area.objects.none()
        for path in sorted(paths):
            areas = areas | Area.objects.within(path)
        rows = rows.filter(registrar_area__in=areas)
    for pk, name, kind, head, address, phone, path in (
        rows.order_by("organization_id")
        .values_list(
            "organization_id", "name", "kind", "legal_representative", "address", "phone", "registrar_area__path"
        )
        .iterator(chunk_size=5000)
    ):
        if may_edit(user, kind, path):
            yield _Body(pk, match_key(name), kind == Kind.BA, match_key(head), match_key(address), phone)


def _by(bodies: Iterable[_Body], key: Any) -> Iterator[list[int]]:
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for body in bodies:
        told = key(body)
        if told:
            blocks[told].append(body.pk)
    yield from blocks.values()


def _short(bodies: list[_Body]) -> Iterator[list[int]]:
    """Names that are the same without the names of areas in front: 无锡市滨湖区甲中心 and 滨湖区甲中心."""
    fronts = sorted(
        {match_key(name) for name in Area.objects.filter(level__in=["province", "city", "district"])
         .values_list("name", flat=True)},
        key=len, reverse=True,
    )  # fmt: skip
    known = frozenset(fronts)

    def key(body: _Body) -> str:
        name = body.name
        while True:
            front = next((name[:n] for n in range(min(8, len(name) - 4), 1, -1) if name[:n] in known), "")
            if not front:
                return name if len(name) > 3 else ""
            name = name[len(front) :]

    yield from _by(bodies, key)


def _near(bodies: list[_Body]) -> Iterator[list[int]]:
    """Names that differ by one character, put in, left out or another: equal once one is taken out of either.

    With two heads that are known to be others they are two bodies whose names were made alike.
    """
    names = {body.pk: body.name for body in bodies}
    heads = {body.pk: body.head for body in bodies}
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for body in bodies:
        if len(body.name) < _SHORTEST:
            continue
        blocks[body.name].append(body.pk)
        for place in {body.name[:n] + body.name[n + 1 :] for n in range(len(body.name))}:
            blocks[place].append(body.pk)
    for block in blocks.values():
        for one, other in combinations(block[: LARGEST_BLOCK * 2], 2):
            alike = heads[one] == heads[other] or not (heads[one] and heads[other])
            if alike and _one_apart(names[one], names[other]):
                yield [one, other]


def _one_apart(one: str, other: str) -> bool:
    """Whether two names differ in one place only, and not by a number or a compass point."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        return one[start + 1 :] == other[start + 1 :] and not {one[start], other[start]} <= _NUMERALS
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[start + 1 :] == shorter[start:] and longer[start] not in _NUMERALS


def _phones(bodies: list[_Body]) -> Iterator[list[int]]:
    """The same head and the same telephone number; numbers are read only where heads agree."""
    heads: defaultdict[str, list[_Body]] = defaultdict(list)
    for body in bodies:
        if body.head and body.phone:
            heads[body.head].append(body)
    for block in heads.values():
        if len(block) < 2:
            continue
        told: defaultdict[str, list[int]] = defaultdict(list)
        for body in block:
            clear = vault.decrypt(body.phone, purpose=SECRET["phone"])
            told["".join(c for c in clear if c.isdigit())].append(body.pk)
        yield from (keys for number, keys in told.items() if number)


def _former(bodies: list[_Body]) -> Iterator[list[int]]:
    present: defaultdict[str, list[int]] = defaultdict(list)
    names = {body.pk: body.name for body in bodies}
    for body in bodies:
        present[body.name].append(body.pk)
    rows = Standing.objects.current().filter(organization__in=names).order_by("organization_id", "valid_from")
    for pk, name in rows.values_list("organization_id", "name").distinct():
        key = match_key(name)
        if key != names[pk]:
            for other in present.get(key, []):
                if other != pk:
                    yield [pk, other]


def _note(
    found: dict[tuple[int, int], Candidate], reason: str, blocks: Iterable[list[int]], bodies: dict[int, _Body]
) -> None:
    for block in blocks:
        if not 2 <= len(block) <= LARGEST_BLOCK:
            continue
        for pair in combinations(sorted(set(block)), 2):
            one = found.setdefault(pair, Candidate(*pair))
            told = reason
            if reason == "name" and bodies[pair[0]].filed != bodies[pair[1]].filed:
                told = "filed"
            if reason in ("short", "near") and {"name", "filed"} & set(one.reasons):
                continue
            if reason == "near" and "short" in one.reasons:
                continue
            if told not in one.reasons:
                one.reasons.append(told)
