"""Who is reminded: the office that owes an answer to an objection, and bodies that have not signed their agreement.

Of an objection only its project is told, never who objected.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.registries import Owing, Reminder
from liaoyuan.funding.choices.awards import AgreementState
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Agreement, AwardObjection
from liaoyuan.funding.models.base import within_reach
from liaoyuan.funding.queries import objecting
from liaoyuan.registry.queries import reminding
from liaoyuan.registry.queries.standings import SECRET


def _wanted(keys: Sequence[str] | None) -> list[int] | None:
    return None if keys is None else [int(key) for key in keys if key.isdecimal() and len(key) < 19]


def answers(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Objections without an answer: the office that runs the round owes it."""
    condition = Q(due_on__gte=since, due_on__lte=until)
    for permission in (Permission.EDIT, Permission.CONFIRM):
        if access.any_of(user, [permission]):
            reach = within_reach(user, permission, "award_list__round__programme__area")
            break
    else:
        return []
    rows = AwardObjection.objects.unanswered().filter(condition).select_related("line", "award_list__round__programme")
    rows = rows if reach is None else rows.filter(reach)
    wanted = _wanted(keys)
    rows = rows if wanted is None else rows.filter(pk__in=wanted)
    return [_answer(row) for row in rows.order_by("due_on", "pk")]


def _answer(row: AwardObjection) -> Owing:
    round_ = row.award_list.round
    office = round_.programme.organizer or round_.programme.host
    what = _("答复公示异议：{about}").format(about=objecting.about(row))
    return Owing(str(row.pk), ("round", str(round_.pk)), office, what, row.due_on, person=row.award_list.receiver,
                 url=reverse("funding:objection_detail", args=[row.pk]))  # fmt: skip


def _unsigned(since: date, until: date) -> Any:
    rows = Agreement.objects.filter(state=AgreementState.DRAFT.value, project__round__sign_by__range=(since, until))
    return rows.select_related("project__round").order_by("project__round__sign_by", "pk")


def _lines(rows: Any) -> list[Owing]:
    found = list(rows)
    told = reminding.called(row.organization_id for row in found)
    return [
        reminding.line(
            str(row.pk), row.organization_id, told[row.organization_id],
            _("签署“{title}”的协议").format(title=row.project.title), row.project.round.sign_by,
        )
        for row in found if row.organization_id in told
    ]  # fmt: skip


def signing(user: Any, on: date, since: date, until: date, keys: Sequence[str] | None = None) -> list[Owing]:
    """Bodies whose agreement is drafted and not signed, by the last day of signing of the round."""
    condition = within_reach(user, Permission.EDIT, "project__round__programme__area")
    rows = _unsigned(since, until)
    rows = rows if condition is None else rows.filter(condition)
    wanted = _wanted(keys)
    return _lines(rows if wanted is None else rows.filter(pk__in=wanted))


def own_signing(user: Any, on: date, since: date, until: date) -> list[Owing]:
    """What own bodies have to sign, for the calendar."""
    keys = access.reach(user, Permission.OWN_EDIT).organizations
    return _lines(_unsigned(since, until).filter(organization__in=keys)) if keys else []


ANSWERS = Reminder(
    "funding.answer", "公示异议答复", "下列公示异议须在期限内答复：", f"{Permission.EDIT}|{Permission.CONFIRM}",
    answers,
)  # fmt: skip
SIGNING = Reminder(
    "funding.signing", "签署公益创投协议", "下列组织的公益创投协议还没有签署，请尽快办理：", Permission.EDIT, signing,
    "organization.phone", SECRET["phone"], own=own_signing,
)  # fmt: skip
REMINDERS = (ANSWERS, SIGNING)
