"""Makers for the tests about awards and money: offices, proposed projects, lists, agreements, instalments."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import document_numbers, files
from liaoyuan.core.models import Area, StoredFile, User
from liaoyuan.funding.actions import agreements, months, paying, pools, publicity, tranches, work
from liaoyuan.funding.models import Agreement, AwardLine, AwardList, Pool, Project, Round, Tranche
from liaoyuan.funding.queries import facts
from liaoyuan.funding.queries import running as running_queries
from liaoyuan.funding.rules.running import last_of
from liaoyuan.kit.files.kinds import FileKind
from tests.core.factories import AT, user
from tests.funding import ground

DAY = timedelta(days=1)
WAN = 1_000_000
ACCOUNT = {"name": "", "bank": "滨湖示例银行", "number": "6222 0000 1111 2345"}


class Desk(NamedTuple):
    """Who works on a round: two of the office, two hosts, two of finance."""

    officer: User
    second: User
    host: User
    other_host: User
    finance: User
    cashier: User


def desk(area: Area) -> Desk:
    """The office with its number of documents."""
    document_numbers.open_issuer(area=area, name="滨湖区民政局", mark="滨民", by=Operator("x"), at=AT)
    roles = ("grants_office", "grants_office", "registry_head", "registry_head", "finance", "finance")
    names = Desk._fields
    return Desk(*(user(f"d{name}", (role, "area", "320211")) for name, role in zip(names, roles, strict=True)))


def proposed(round_: Round, body, head: User, *, title: str = "银发陪伴", total_fen: int = 10 * WAN, **told) -> Project:
    """A project that the review proposes: what the parts before this one came to."""
    row = ground.submitted(ground.written(round_, body, head, title=title, total_fen=total_fen, **told), head)
    Project.objects.filter(pk=row.pk).update(state="proposed")
    return project(row)


def project(row: Project) -> Project:
    """The project again, with what actions read of it."""
    return Project.objects.select_related("round__programme__area", "organization", "sponsor", "area").get(pk=row.pk)


def listed(of: Desk, round_: Round, lines: Sequence[tuple[Project, int]], *, at: datetime = AT) -> AwardList:
    """A published list."""
    made = publicity.draft(
        round_=round_, lines=lines, title="2026 年拟立项公示", receiver="社会组织科", by=of.officer, at=at
    )
    return publicity.publish(award_list=made, by=of.host, at=at)


def over(row: AwardList) -> datetime:
    """The first moment after the days of a list: 0:00 in China of the next day is 16:00 UTC of its last one."""
    return AT + (row.closes_on - AT.date()) + timedelta(hours=14)


def approved(of: Desk, round_: Round, lines: Sequence[tuple[Project, int]]) -> tuple[list[AwardLine], datetime]:
    """Approved lines, and the moment."""
    row = listed(of, round_, lines)
    at = over(row)
    document = publicity.draft_approval(award_list=row, lines=list(row.lines.all()), by=of.officer, at=at)
    publicity.approve(document=document, by=of.host, at=at)
    return list(AwardLine.objects.filter(award_list=row).select_related("project")), at


def account(row: Project, name: str = "") -> dict[str, str]:
    """The body's own account."""
    return {**ACCOUNT, "name": name or facts.body_name(row.organization, AT.date())}


def drafted(of: Desk, row: Project, shares: Sequence[tuple[Pool, int]], *, at: datetime, **told) -> Agreement:
    """A draft agreement."""
    row = project(row)
    given = {"account": account(row), "starts_on": at.date(), "ends_on": at.date() + 270 * DAY, **told}
    return agreements.draft(project=row, shares=shares, by=of.officer, at=at, **given)


def signed(of: Desk, row: Project, shares: Sequence[tuple[Pool, int]], *, at: datetime, **told) -> Agreement:
    """A signed agreement."""
    return agreement(agreements.sign(agreement=drafted(of, row, shares, at=at, **told), by=of.host, at=at))


def agreement(row: Agreement) -> Agreement:
    """The agreement again, with what actions read of it."""
    return Agreement.objects.select_related(
        "project__round__programme__area", "project__organization", "project__sponsor", "document"
    ).get(pk=row.pk)  # fmt: skip


def tranche(row: Agreement, no: int = 1) -> Tranche:
    """An instalment of the agreement again."""
    return Tranche.objects.select_related("agreement", "sheet").get(agreement=row.pk, no=no)


def ordered(of: Desk, row: Agreement, no: int = 1, *, at: datetime) -> Tranche:
    """An instalment that stands in a payment file."""
    tranches.prepare(tranche=tranche(row, no), evidence="协议", by=of.officer, at=at)
    tranches.approve(tranche=tranche(row, no), by=of.host, at=at)
    paying.make_file(round_=agreement(row).project.round, chosen=[tranche(row, no)], by=of.finance, at=at)
    return tranche(row, no)


def paid(of: Desk, row: Agreement, no: int = 1, *, at: datetime) -> Tranche:
    """A paid instalment."""
    one = ordered(of, row, no, at=at)
    return paying.pay(tranche=one, paid_on=day(at), voucher_no=f"F{row.pk}-{no}", by=of.cashier, at=at)


def day(at: datetime) -> date:
    """The day in China."""
    return (at + timedelta(hours=8)).date()


def paper(text: str = "凭证") -> StoredFile:
    """A kept file."""
    return files.keep_made(text.encode(), FileKind.TEXT, sensitivity="C2", at=AT)


def pool(round_: Round, title: str = "区级财政") -> Pool:
    """A pool of the round again."""
    return Pool.objects.get(round=round_, title=title)


def more(round_: Round, by: User, title: str, fen: int) -> Pool:
    """One more pool."""
    return pools.set_pool(round_=round_, source="town", title=title, ceiling_fen=fen, by=by, at=AT)


def running(of: Desk, row: Project, *, fen: int = 10 * WAN, **told) -> tuple[Agreement, datetime]:
    """A project that runs since the day its agreement was signed, and the moment."""
    (line,), at = approved(of, row.round, [(row, fen)])
    told = {"starts_on": day(at), "ends_on": day(at) + 270 * DAY, **told}
    made = signed(of, line.project, [(pool(row.round), fen)], at=at, **told)
    paid(of, made, at=at)
    agreements.start(agreement=agreement(made), started_on=day(at), by=of.officer, at=at)
    return agreement(made), at


def logged(of: Desk, row: Agreement, *, at: datetime) -> None:
    """Every log of a month that is over is handed in."""
    for month in running_queries.of(project(row.project), day(at)).months:
        if month.log is None and last_of(month.first) < day(at):
            months.hand_in(project=project(row.project), month=month.first, note="演示", by=of.officer, at=at)


def worked(row: Project, by: User, on: date, *, at: datetime, counts=None, **told):
    """A record of work."""
    held = running_queries.agreement_of(row)
    place = held.places[0] if held is not None and held.places else "演示社区"
    values = {"held_on": on, "place": place, "title": "入户走访", "served": 10, "volunteers": 2, **told}
    return work.enter(project=project(row), values=values, counts=counts or {}, by=by, at=at)
