"""Objections as pages show them: the office's list, the query number of who objected, what a body may know of it.

A query number is derived from the row and a key of the vault: nothing more is kept, nothing can be guessed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.core import access, vault, zones
from liaoyuan.core.clock import localdate
from liaoyuan.funding.choices.awards import OBJECTION_STATE_TITLES, OPEN_OBJECTIONS, Remedy
from liaoyuan.funding.choices.awards import ObjectionState as State
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.review import OBJECTION_KIND_TITLES
from liaoyuan.funding.models import AwardList, AwardObjection, Project, Round
from liaoyuan.funding.queries import limits, publicity, secrets
from liaoyuan.kit.money import format_yuan

_QUERY = "award_objection.query"
#: None is mistaken for another on paper.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_MARKS = {
    State.RECEIVED: "review", State.TAKEN: "review", State.DECLINED: "closed", State.UPHELD: "reject",
    State.DISMISSED: "ok",
}  # fmt: skip


def _spelled(pk: int, digest: str) -> str:
    rest, signs = int(digest, 16), ""
    for _n in range(12):
        rest, place = divmod(rest, len(_SIGNS))
        signs += _SIGNS[place]
    return f"{pk}-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def number_of(row: AwardObjection) -> str:
    """The query number (查询码) of an objection: its key and twelve signs."""
    return _spelled(row.pk, vault.blind_index(str(row.pk), purpose=_QUERY))


def by_number(given: str) -> AwardObjection | None:
    """The objection of a query number, whatever blanks and case it was typed with."""
    key, _dash, rest = "".join(given.upper().split()).replace("—", "-").replace("－", "-").partition("-")
    if not (key.isascii() and key.isdigit() and len(key) < 12):
        return None
    wanted = rest.replace("-", "")
    known = (_spelled(int(key), one) for one in vault.blind_indexes(str(int(key)), purpose=_QUERY))
    if not any(one.partition("-")[2].replace("-", "") == wanted for one in known):
        return None
    rows = AwardObjection.objects.select_related("award_list__round__programme__area", "line", "document")
    return rows.filter(pk=int(key)).first()


def state_words(row: AwardObjection) -> tuple[str, str]:
    """Mark and word of an objection."""
    return _MARKS[State(row.state)], _(OBJECTION_STATE_TITLES[row.state])


def kind_word(row: AwardObjection) -> str:
    """What it is about, in a word."""
    return _(OBJECTION_KIND_TITLES[row.kind])


def about(row: AwardObjection) -> str:
    """The project, or the whole list."""
    return f"{row.line.number} {row.line.project_title}" if row.line is not None else _("整份名单")


def is_open(row: AwardObjection) -> bool:
    """Whether it waits for an answer."""
    return row.state in OPEN_OBJECTIONS


def days_words(row: AwardObjection, on: date) -> tuple[str, str]:
    """Mark and word of the term while it runs; of an answered one when it was answered."""
    if row.answered_at is not None:
        late = localdate(row.answered_at) > row.due_on
        return ("reject", _("逾期答复")) if late else ("ok", _("按期答复"))
    left = (row.due_on - on).days
    if left < 0:
        return "reject", _("已逾期 {n} 天").format(n=-left)
    return ("review", _("今天到期")) if left == 0 else ("info", _("还剩 {n} 天").format(n=left))


def listed(round_: Round, state: str = "") -> QuerySet[AwardObjection]:
    """The objections of a round. `state` may be a state, or `open` for those that wait."""
    rows = AwardObjection.objects.filter(award_list__round=round_).select_related("award_list", "line", "appeal_of")
    if state == "open":
        rows = rows.unanswered()
    elif state:
        rows = rows.filter(state=state)
    return rows


def of_list(row: AwardList) -> QuerySet[AwardObjection]:
    """The objections to a list, those that wait first by their term."""
    return row.objections.select_related("line").order_by(F("answered_at").asc(nulls_first=True), "due_on", "pk")


def seen(user: Any, pk: int) -> AwardObjection | None:
    """The objection, if the user sees it as an office."""
    rows = AwardObjection.objects.visible_to(user).select_related(
        "award_list__round__programme__area", "award_list__published_by", "line__project", "appeal_of", "document",
        "received_by", "taken_by", "answered_by",
    )  # fmt: skip
    return rows.filter(pk=pk).first()


def of_body(user: Any, pk: int) -> AwardObjection | None:
    """The objection to a project of a body for which the user signs: what his appeal stands against."""
    own = access.reach(user, Permission.OWN_CERTIFY).organizations
    if not own:
        return None
    theirs = Q(line__project__organization__in=own) | Q(line__project__sponsor__in=own)
    rows = AwardObjection.objects.filter(theirs).select_related(
        "award_list__round__programme__area", "line__project"
    )  # fmt: skip
    return rows.filter(pk=pk).first()


def signs_for(user: Any, project: Project) -> bool:
    """Whether the user signs for the body of the project."""
    return access.covers(user, Permission.OWN_CERTIFY, project, write=False)


def revealable(user: Any, row: AwardObjection) -> bool:
    """Whether the user may have shown who objected: who handles the round or decides there, where the zone allows."""
    if not (row.objector or row.contact) or not zones.allowed(settings.ZONE, secrets.OBJECTOR, zones.Op.SHOW):
        return False
    round_ = row.award_list.round
    return any(access.covers(user, one, round_, write=True) for one in (Permission.EDIT, Permission.CONFIRM))


def masked(row: AwardObjection) -> dict[str, str]:
    """Name and contact as the page shows them to whoever has not said why: of the contact nothing."""
    name = vault.decrypt(row.objector, purpose=secrets.OBJECTOR) if row.objector else ""
    return {"objector": zones.mask(secrets.OBJECTOR, name), "contact": "****" if row.contact else ""}


def appeal_due(row: AwardObjection) -> date | None:
    """The last day for an appeal against the answer; None while there is none, and for the answer to an appeal."""
    if row.answered_at is None or row.appeal_of_id is not None:
        return None
    return publicity.answer_due(limits.limits_of(row.award_list.round), localdate(row.answered_at))


def may_appeal(row: AwardObjection, on: date) -> bool:
    """Whether an appeal is still open: in its days, and none lodged yet."""
    due = appeal_due(row)
    return due is not None and on <= due and not row.appeals.exists()


def remedy_words(row: AwardObjection) -> str:
    """What an upheld objection does to the project; for an appeal against a refusal that it is proposed again."""
    if not row.upheld:
        return ""
    if row.remedy == Remedy.CHANGED and row.changed_fen is not None:
        return _("资助金额改为 {fen} 元").format(fen=format_yuan(row.changed_fen))
    if row.remedy == Remedy.REFUSED:
        return _("不予立项")
    return _("恢复拟立项") if row.line is not None and row.line.remedy == Remedy.REFUSED else ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a body may know of an objection to its project: that there is one, about what, its term, its result."""

    objection: int
    about: str
    kind: str
    received_on: date
    due_on: date
    state: tuple[str, str]
    answer: str
    remedy: str
    answered_on: date | None
    is_appeal: bool
    appeal_due: date | None


def told_to_body(project: Project, on: date) -> list[Told]:
    """Objections to a project and to the lists it stands on, without who objected and without the words."""
    lists = project.award_lines.values("award_list")
    rows = AwardObjection.objects.filter(Q(line__project=project) | Q(line__isnull=True, award_list__in=lists))
    later = AwardObjection.objects.filter(appeal_of=OuterRef("pk"))
    rows = rows.select_related("line", "award_list__round__programme__area").annotate(appealed=Exists(later))
    return [_told(row, on) for row in rows.order_by("pk")]


def _told(row: Any, on: date) -> Told:
    due = None if row.appealed or row.line_id is None else appeal_due(row)
    answered = localdate(row.answered_at) if row.answered_at is not None else None
    return Told(
        row.pk, about(row), kind_word(row), row.received_on, row.due_on, state_words(row),
        row.answer if answered is not None else "", remedy_words(row) if answered is not None else "", answered,
        row.appeal_of_id is not None, due if due is not None and on <= due else None,
    )  # fmt: skip
