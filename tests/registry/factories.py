"""Makers of organizations for tests: invented bodies with true histories, one by one or by the thousand."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from liaoyuan.core import bulk, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, User
from liaoyuan.kit import periods as arithmetic
from liaoyuan.kit.identifiers import org_check_char
from liaoyuan.kit.periods import Period
from liaoyuan.registry.actions import standings
from liaoyuan.registry.models import BEGINNING, OPEN, AnnualResult, CreditEntry, Honour, Organization, Rating, Standing
from liaoyuan.registry.params.claims import CLAIM_NOTICE
from liaoyuan.registry.queries.standings import EMPTY, FACTS, periods_of
from liaoyuan.registry.rules.claims import Told
from tests.core.factories import AT, area, binhu, user

__all__ = ["AT", "area", "binhu", "user"]
OPERATOR = Operator("tests")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PREFIX = {"ST": "51", "MF": "52", "JJ": "53", "NB": "59"}


def code(kind: str, number: int, division: str = "320211") -> str:
    """A well-formed 统一社会信用代码 with right check characters."""
    body = f"MJ{number:06d}"
    head = f"{_PREFIX[kind]}{division}{body}{org_check_char(body)}"
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return head + _ALPHABET[-total % 31]


def _areas() -> dict[str, Area]:
    return binhu()


_count = [0]


def organization(
    name: str = "",
    kind: str = "MF",
    *,
    street: Area | None = None,
    registrar_area: Area | None = None,
    registered_on: date | None = date(2015, 5, 4),
    closed_on: date | None = None,
    code: str | None = None,
    filing_no: str | None = None,
    is_external: bool = False,
    phone: str = "",
    representative_id: str = "",
    predecessor: Organization | None = None,
    at: Any = AT,
    **facts: Any,
) -> Organization:
    """One body with one open period from its registration; `facts` are columns of the standing."""
    _count[0] += 1
    number = _count[0]
    areas = _areas()
    place = registrar_area or (street if kind == "BA" and street else areas["district"])
    if code is None:
        code = "" if kind == "BA" else globals()["code"](kind, number)
    if filing_no is None:
        filing_no = f"BA-320211-001-2020-{number:04d}" if kind == "BA" else ""
    made = Organization.objects.create(
        code=code, filing_no=filing_no, registered_on=registered_on, closed_on=closed_on, created_at=at, version=0,
        is_external=is_external, predecessor=predecessor,
    )  # fmt: skip
    if phone:
        facts["phone"] = vault.encrypt(phone, purpose="organization.phone")
    if representative_id:
        facts["representative_id"] = vault.encrypt(representative_id, purpose="organization.representative_id")
    values = {
        **EMPTY, "name": name or f"滨湖区示例{number}服务中心", "kind": kind, "status": "active",
        "registrar_area_id": place.pk, "street_id": street.pk if street else None, **facts,
    }  # fmt: skip
    begin = registered_on or BEGINNING
    history = [Period(begin, OPEN, values)]
    if closed_on:
        status = facts.get("status", "deregistered")
        history = [Period(begin, closed_on, {**values, "status": "active"}),
                   Period(closed_on, OPEN, {**values, "status": status})]  # fmt: skip
    standings.replace_history(organization=made, periods=history, by=None, at=at, assumed=["*"])
    return made


def changed(made: Organization, on: date, *, at: Any = AT, correction: bool = False, **facts: Any) -> Organization:
    """The body with other facts from the day `on` (or corrected), as recorded at `at`."""
    rows = list(Standing.objects.filter(organization=made, superseded_at__isnull=True).order_by("valid_from"))
    write = arithmetic.correct if correction else arithmetic.change
    with transaction.atomic():
        standings.replace_history(organization=made, periods=write(periods_of(rows), facts, on=on), by=None, at=at)
    return made


def rating(
    made: Organization, level: str = "4A", start: date = date(2023, 1, 1), end: date = OPEN, **more: Any
) -> Rating:
    """A rating of the body."""
    return Rating.objects.create(organization=made, level=level, valid_from=start, valid_to=end, recorded_at=AT, **more)


def credit(made: Organization, kind: str = "abnormal", start: date = date(2025, 1, 1), **more: Any) -> CreditEntry:
    """A stay on a credit list."""
    more.setdefault("reason", "未按规定报送年报")
    return CreditEntry.objects.create(organization=made, list_kind=kind, valid_from=start, recorded_at=AT, **more)


def honour(made: Organization, title: str = "先进社会组织", level: str = "district", **more: Any) -> Honour:
    """An honour of the body."""
    more.setdefault("valid_from", date(2024, 3, 5))
    return Honour.objects.create(organization=made, title=title, level=level, recorded_at=AT, **more)


def result(made: Organization, year: int = 2024, word: str = "qualified") -> AnnualResult:
    """An annual conclusion of the body."""
    return AnnualResult.objects.create(organization=made, year=year, result=word, recorded_at=AT)


def officer(username: str = "officer", *grants: tuple[str, str, str], role: str = "registry_officer") -> User:
    """A registry officer of 滨湖区, or with the given grants; a demo account, so that no second factor is asked."""
    _areas()
    return user(username, *(grants or ((role, "area", "320211"),)), is_demo=True)


def head_of(made: Organization, username: str = "head") -> User:
    """The account of a body's head."""
    return user(username, ("organization_head", "organization", str(made.pk)), is_demo=True)


def claim_words(**more: Any) -> Told:
    """What an invented claimant writes."""
    words = {"claimant": "赵某", "post": "head", "mobile": "13800138000", "words": "请拨打登记的联系电话"}
    return Told(**{**words, "notice": CLAIM_NOTICE, **more})


_CORES = ("阳光", "九和", "金太湖", "蠡湖", "青禾", "爱心桥", "同心", "乐龄", "星火", "融和")
_WORDS = ("养老服务", "社会工作", "科技创新", "文化艺术", "体育运动", "职业培训", "助残服务", "婚姻家庭", "志愿服务")
_FORMS = {"MF": "中心", "ST": "协会", "JJ": "基金会", "BA": "队"}


def many(scale: int = 1, *, registrar: Area, streets: list[Area], seed: int = 7) -> int:
    """Load `scale` × 1,572 bodies in bulk (381 MF, 131 ST, 1 JJ, 1,059 BA), a few closed; returns how many."""
    draw = random.Random(seed)
    kinds = [k for k, n in (("MF", 381), ("ST", 131), ("JJ", 1), ("BA", 1059)) for _ in range(n)] * scale
    draw.shuffle(kinds)
    communities: dict[int, list[int]] = {}
    for pk, parent in Area.objects.filter(parent__in=streets).values_list("pk", "parent_id"):
        communities.setdefault(parent, []).append(pk)
    bodies, rows, ratings = [], [], []
    with transaction.atomic():
        ids = bulk.reserve_ids(Organization, len(kinds))
        for number, (pk, kind) in enumerate(zip(ids, kinds, strict=True)):
            begin = date(2005, 1, 1) + timedelta(days=draw.randrange(7600))
            street = draw.choice(streets)
            bodies.append((
                pk, code(kind, number % 1_000_000) if kind != "BA" else "", "",
                f"BA-{street.code[:6]}-{street.code[6:]}-{begin.year}-{number:06d}" if kind == "BA" else "",
                begin, None, False, True, 1, AT, None,
            ))  # fmt: skip
            values = _values(draw, kind, number, registrar, street, communities.get(street.pk) or [None])
            rows.append((pk, begin, OPEN, AT, None, ["*"], *(values[name] for name in FACTS)))
            if kind != "BA" and draw.random() < 0.35:
                level = draw.choice(("5A", "4A", "3A"))
                ratings.append((pk, level, date(2023, 6, 1), date(2028, 6, 1), False, AT, None, ""))
        bulk.load(Organization, ("id", "code", "code_as_given", "filing_no", "registered_on", "closed_on",
                                 "is_external", "live", "version", "created_at", "created_by_id"), bodies)  # fmt: skip
        bulk.load(Standing, ("organization_id", "valid_from", "valid_to", "recorded_at", "recorded_by_id", "assumed",
                             *FACTS), rows)  # fmt: skip
        bulk.load(Rating, ("organization_id", "level", "valid_from", "valid_to", "assumed", "recorded_at",
                           "recorded_by_id", "evidence"), ratings)  # fmt: skip
    return len(kinds)


def _values(
    draw: random.Random, kind: str, number: int, registrar: Area, street: Area, communities: list[Any]
) -> Mapping[str, Any]:
    name = f"滨湖区{draw.choice(_CORES)}{draw.choice(_WORDS)}{number}{_FORMS[kind]}"
    return {
        **EMPTY, "name": name, "kind": kind, "registrar_area_id": street.pk if kind == "BA" else registrar.pk,
        "registrar": "滨湖区民政局" if kind != "BA" else "", "supervisor": "滨湖区教育局" if kind != "BA" else "",
        "street_id": street.pk, "community_id": draw.choice(communities), "field": f"{draw.randrange(1, 15):02d}",
        "district_field": draw.choice(("education", "culture", "livelihood", "")),
        "legal_representative": draw.choice(("张某", "李某", "王某")), "full_time": draw.randrange(40),
        "address": f"{street.name}示例路{number % 300}号", "capital_fen": draw.choice((3_000_000, 10_000_000)),
        "status": "liquidating" if draw.random() < 0.01 else "active", "precision": {}, "traits": [],
        "filing_category": "service" if kind == "BA" else "", "scope": "为社区居民提供专业服务，承接政府购买服务项目。",
    }  # fmt: skip
