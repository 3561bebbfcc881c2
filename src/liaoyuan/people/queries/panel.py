"""What the tab 人员 of an organization shows: its posts and staff on a day, counted figures beside declared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _

from liaoyuan.core import policy, registries
from liaoyuan.kit.findings import Finding
from liaoyuan.kit.text import match_key
from liaoyuan.people.choices import POST_TITLES, WORK_TIME_TITLES, PostKind, WorkTime
from liaoyuan.people.models import Employment, Post, Profile, Volunteer
from liaoyuan.people.queries import bodies, honours, posts
from liaoyuan.people.queries.honours import HonourList
from liaoyuan.registry.models import OPEN, Organization, Standing
from liaoyuan.registry.rules.facts import OrganizationFacts

#: Rules of the register that are asked of counted facts too.
RULES = ("GOV-03", "GOV-05")
SHOWN = 50


class PostLine(NamedTuple):
    """One post on the day."""

    pk: int
    person: int
    name: str
    post: str
    term: str
    since: str
    until: str
    paid: bool | None
    evidence: str


class StaffLine(NamedTuple):
    """One employee on the day."""

    person: int
    name: str
    time: str
    job: str
    since: str
    certificate: str


class Compared(NamedTuple):
    """One declared fact beside the counted one, with the difference in words; `differs` None = nothing to compare."""

    title: str
    declared: str
    counted: str
    words: str
    differs: bool | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The whole tab."""

    standing: Standing
    posts: list[PostLine]
    staff: list[StaffLine]
    staff_total: int
    compared: list[Compared]
    judged: list[tuple[Finding, Any]]
    representative: str
    linked: bool
    honours: list[HonourList]
    volunteers: bool


def known_names(organization: Organization, persons: Sequence[int]) -> dict[int, str]:
    """How the body calls these persons."""
    rows = Profile.objects.current().filter(organization=organization, person__in=persons)
    return dict(rows.values_list("person_id", "name"))


def read(organization: Organization, on: date) -> Panel:
    """Everything the tab shows of the body on the day; the caller has checked the scope."""
    standing = bodies.standing(organization, on)
    rows = list(Post.objects.active(on).filter(organization=organization))
    order = {str(kind): i for i, kind in enumerate(PostKind)}
    rows.sort(key=lambda p: (order[p.kind], p.valid_from, p.pk))
    working = Employment.objects.active(on).filter(organization=organization)
    staff = list(working.order_by("work_time", "valid_from", "pk")[:SHOWN])
    names = known_names(organization, [*(p.person_id for p in rows), *(e.person_id for e in staff)])
    times = dict(working.order_by().values("work_time").annotate(n=Count("pk")).values_list("work_time", "n"))
    compared = _compared(standing, rows, names, times)
    return Panel(
        standing=standing,
        posts=[_post_line(post, names) for post in rows],
        staff=[_staff_line(row, names) for row in staff],
        staff_total=sum(times.values()),
        compared=compared,
        judged=judged(rows, standing, on),
        representative=standing.legal_representative,
        linked=any(p.kind in (PostKind.LEGAL, PostKind.PRINCIPAL) for p in rows),
        honours=honours.published(organization.pk, on),
        volunteers=Volunteer.objects.current().filter(organization=organization).exists(),
    )


def since(row: Any) -> str:
    """The first day of a dated row as text; 不详 for an assumed one."""
    return _("不详") if row.assumed else row.valid_from.isoformat()


def until(row: Any) -> str:
    """The last day of a dated row as text; empty when it is open."""
    return "" if row.valid_to == OPEN else date.fromordinal(row.valid_to.toordinal() - 1).isoformat()


def _post_line(post: Post, names: dict[int, str]) -> PostLine:
    term = _("第 {n} 届").format(n=post.term_no) if post.term_no else ""
    return PostLine(
        post.pk, post.person_id, names.get(post.person_id, ""), _(POST_TITLES[PostKind(post.kind)]), term,
        since(post), until(post), post.is_paid, post.evidence,
    )  # fmt: skip


def _staff_line(row: Employment, names: dict[int, str]) -> StaffLine:
    title = _(WORK_TIME_TITLES[WorkTime(row.work_time)])
    return StaffLine(row.person_id, names.get(row.person_id, ""), title, row.job, since(row), "")


def judged(rows: Sequence[Post], standing: Standing, on: date) -> list[tuple[Finding, Any]]:
    """What the register's rules about councils say of the posts as they are, each with its rule."""
    if not rows:
        return []
    told = posts.council_facts(rows, standing)
    facts = OrganizationFacts.from_dict({name: value for name, value in told.items() if value is not None})
    limits = bodies.limits(standing, on)
    found = [f for code in RULES for f in policy.evaluate(code, facts, limits, on)]
    return [(finding, registries.rules.get(finding.code)) for finding in found]


def _compared(standing: Standing, rows: Sequence[Post], names: dict[int, str], times: dict[str, int]) -> list[Compared]:
    found = [_representative(standing, rows, names)]
    counted = posts.counted(rows, standing.kind)
    for title, declared, number in (
        (_("理事数"), standing.council_count, len(counted["council"])),
        (_("监事数"), standing.supervisors_count, len(counted["supervisors"])),
        (_("专职人数"), standing.full_time, times.get("full", 0)),
        (_("兼职人数"), standing.part_time, times.get("part", 0)),
    ):
        if declared is None and not number:
            continue
        found.append(Compared(title, "" if declared is None else str(declared), str(number), *_gap(declared, number)))
    return found


def _gap(declared: int | None, counted: int) -> tuple[str, bool | None]:
    if declared is None:
        return _("登记库没有申报数"), None
    if not counted:
        return _("还没有录入") if declared else _("一致"), None if declared else False
    if declared == counted:
        return _("一致"), False
    if counted < declared:
        return _("申报比录入多 {n} 人：可能还有人没有录入，或申报没有更新").format(n=declared - counted), True
    return _("录入比申报多 {n} 人：可能有人已离任没有办理，或申报没有更新").format(n=counted - declared), True


def _representative(standing: Standing, rows: Sequence[Post], names: dict[int, str]) -> Compared:
    wanted = PostKind.PRINCIPAL if standing.kind == "BA" else PostKind.LEGAL
    title, declared = _(POST_TITLES[wanted]), standing.legal_representative
    held = next((names.get(p.person_id, "") for p in rows if p.kind == wanted), "")
    if not held:
        return Compared(title, declared, "", _("还没有关联到人员") if declared else _("没有申报，也没有录入"), None)
    if not declared:
        return Compared(title, "", held, _("登记库没有申报"), None)
    if match_key(declared) == match_key(held):
        return Compared(title, declared, held, _("一致"), False)
    return Compared(title, declared, held, _("姓名不同：请核对是否已经变更而没有办理变更登记"), True)
