"""What is to be done for people on the way into the party: a user's own 待办, and whom he reminds (催办).

Both are computed when shown. A reminder leaves the house as a text for a group: it names party organizations, steps and
days, never a person.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.registries import DueItem, DueSource, Owing, Reminder
from liaoyuan.kit.findings import Limits
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Applicant, PartyOrganization
from liaoyuan.party.queries import applicants, courses
from liaoyuan.party.queries import development_lines as lines
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.courses import Course
from liaoyuan.party.queries.development_lines import Next


class Duty(NamedTuple):
    """A step that is to be made soon, of whom, at which branch."""

    course: Course
    line: Next
    branch: str


def limits_by_area(rows: Iterable[Applicant], on: date) -> dict[int, Limits]:
    """The parameters of today by the area of the branch."""
    return reading.limits_by_area((row.party_organization.area for row in rows), on)


def duties(user: Any, on: date) -> list[Duty]:
    """What the user himself has to record soon, the nearest term first, then by how long it could have been done."""
    rows = list(Applicant.objects.open().visible_to(user).select_related("party_organization__area"))
    told = courses.of_many(rows)
    limits = limits_by_area(rows, on)
    own = _Own(user, {row.party_organization_id: row.party_organization for row in rows}.values(), on)
    named = reading.names({row.party_organization_id for row in rows})
    found = []
    for course in told.values():
        party = course.applicant.party_organization
        for line in lines.nexts(course, limits[party.area_id]):
            if line.due(on) and own.records(party, line.step):
                found.append(Duty(course, line, named.get(party.pk, "")))
    return sorted(found, key=lambda d: (d.line.latest or date.max, d.line.earliest or date.max, d.course.applicant.pk))


class _Own:
    """Which steps the user records, asked once a party organization."""

    def __init__(self, user: Any, parties: Iterable[PartyOrganization], on: date) -> None:
        self.user, self._committees = user, applicants.committees(parties, on)
        self._known: dict[tuple[int, str], bool] = {}

    def records(self, party: PartyOrganization, step: int) -> bool:
        """Whether the user records the step for people of the party organization."""
        sort = "decides" if step in applicants.DECIDED else "superior" if step in applicants.SUPERIOR else "branch"
        key = (party.pk, sort)
        if key not in self._known:
            over = party if sort == "branch" else self._committees[party.pk]
            permission = Permission.APPROVE if sort == "decides" else Permission.MEMBERS_EDIT
            self._known[key] = access.covers(self.user, permission, over, write=False)
        return self._known[key]


def items(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """The duties as lines of 待办."""
    found = duties(user, on)
    told = [
        DueItem(
            _("{name}（{branch}）：{step}").format(name=d.course.record.name, branch=d.branch, step=d.line.title),
            d.line.latest or d.line.earliest, reverse("party:applicant_detail", args=[d.course.applicant.pk]),
            _("办理"), code=f"development.{d.line.step}",
        )
        for d in found[:limit]
    ]  # fmt: skip
    return told, len(found)


def owing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Who must act next: the branch or the superior committee, by step, with a day in the span.

    The day is the last lawful one; where no term runs but a year must be full, the first lawful one until then.
    """
    rows = list(
        Applicant.objects.open().reached_by(user, Permission.MEMBERS_EDIT).select_related("party_organization__area")
    )
    told, limits = courses.of_many(rows), limits_by_area(rows, on)
    branches = {row.party_organization_id: row.party_organization for row in rows}
    above = applicants.committees(branches.values(), on)
    found: dict[tuple[int, int, int], list[Next]] = {}
    for course in told.values():
        party = course.applicant.party_organization
        for line in lines.nexts(course, limits[party.area_id]):
            day = line.reminded(on)
            if day is not None and since <= day <= until:
                acts = above[party.pk].pk if line.step in applicants.SUPERIOR else party.pk
                found.setdefault((acts, party.pk, line.step), []).append(line)
    named = reading.names({key for acts, branch, _step in found for key in (acts, branch)})
    wanted = None if keys is None else set(keys)
    areas = {row.pk: row.area.name for row in branches.values()}
    owed = [
        Owing(
            key=f"{acts}-{branch}-{step}", subject=(reading.SUBJECT, str(acts)), name=named.get(acts, ""),
            what=_what(step, many, named.get(branch, "") if acts != branch else ""),
            due_on=min(day for line in many if (day := line.reminded(on)) is not None), place=areas[branch],
            url=f"{reverse('party:applicant_list')}?{urlencode({'below': branch, 'state': 'due'})}",
        )
        for (acts, branch, step), many in found.items()
    ]  # fmt: skip
    owed = [one for one in owed if wanted is None or one.key in wanted]
    return sorted(owed, key=lambda one: (one.due_on or until, one.key))


def _what(step: int, many: Sequence[Next], branch: str) -> str:
    """The step, for how many, of which branch where the superior acts."""
    head = lines.title_of(step)
    first = _("{step}（{branch}）").format(step=head, branch=branch) if branch else head
    if all(line.latest is None for line in many):
        return _("{what}，{n} 名到期后可以办理").format(what=first, n=len(many))
    return _("{what}，{n} 名须在期限内办理").format(what=first, n=len(many))


SOURCES: Sequence[DueSource] = (DueSource("party.development", "发展党员", Permission.MEMBERS_VIEW, items),)
REMINDER = Reminder(
    "party.development", "发展党员", "下列党组织有发展党员的步骤须在期限内办理，请抓紧安排：", Permission.MEMBERS_EDIT,
    owing,
)  # fmt: skip
