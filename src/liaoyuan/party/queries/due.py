"""What waits on this floor: letters that run out, dual affiliations that fall due, foundings to finish.

Each line is computed when it is shown; whoever has complied is not among them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.queries import due
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.kit.findings import Limits
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.members import Stage, TransferState
from liaoyuan.party.choices.organizations import BranchKind, FoundingState
from liaoyuan.party.choices.reorganizing import Change, ChangeState
from liaoyuan.party.models import Affiliation, Formation, Founding, PartyOrganization, Reorganization, Transfer
from liaoyuan.party.models.base import within_reach
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.ending import OVER
from liaoyuan.party.queries.names import member_names


def _reach(user: Any, permission: str, field: str) -> Q:
    condition = within_reach(user, permission, field)
    return Q() if condition is None else condition


def letters(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Letters that are out: to be accepted by the target, or issued anew once they have run out (PB-REL-03, -04). One
    shows when it ends within thirty days, or has been out so long that the sender asks after it.
    """
    until, asked = on + timedelta(days=due.DAYS), on - timedelta(days=_patience(on))
    sends = _reach(user, Permission.MEMBERS_EDIT, "source")
    takes = _reach(user, Permission.MEMBERS_EDIT, "target")
    rows = Transfer.objects.filter(Q(expires_on__lte=until) | Q(issued_on__lte=asked), state=TransferState.ISSUED.value)
    mine = rows.filter((Q(target__isnull=False) & takes) | (Q(source__isnull=False) & sends)).distinct()
    total = mine.count()
    found = list(mine.order_by("expires_on", "pk")[:limit]) if total else []
    named = member_names(row.member_id for row in found)
    items = []
    for row in found:
        over = row.expires_on is not None and row.expires_on < on
        title = _("{name}的组织关系介绍信已过期，须重开") if over else _("{name}的组织关系介绍信待接收")
        items.append(DueItem(
            title.format(name=named.get(row.member_id, "")), row.expires_on,
            reverse("party:transfer_detail", args=[row.pk]), _("重开") if over else _("去办理"), code="PB-REL-03",
        ))  # fmt: skip
    return items, total


def _patience(on: date) -> int:
    """After how many days without an answer the sender of a letter asks (PB-REL-04)."""
    return int(min(policy.limits(on, policy.chain("national")).get("pb.rel.receipt_days", [30, 60])))


def receipts(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Accepted transfers whose receipt slip has not come back to the sender (PB-REL-04); what was entered late, out of
    an old register, is not asked for.
    """
    rows = Transfer.objects.filter(
        _reach(user, Permission.MEMBERS_EDIT, "source"), state=TransferState.ACCEPTED.value, source__isnull=False,
        receipt_on__isnull=True, accepted_on__lte=on - timedelta(days=_patience(on)),
        accepted_on__gte=F("made_at__date"),
    )  # fmt: skip
    total = rows.count()
    found = list(rows.order_by("accepted_on", "pk")[:limit]) if total else []
    named = member_names(row.member_id for row in found)
    told = _("{name}的组织关系已接收，回执未收到")
    return [
        DueItem(
            told.format(name=named.get(row.member_id, "")), row.accepted_on,
            reverse("party:transfer_act", args=[row.pk, "receipt"]), _("登记回执"), code="PB-REL-04",
        )
        for row in found
    ], total  # fmt: skip


def transfers(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Members in dual affiliation whose transfer falls due (PB-REL-07, -08)."""
    until = on + timedelta(days=due.DAYS)
    rows = Affiliation.objects.now_open().sorted_out().filter(
        _reach(user, Permission.MEMBERS_EDIT, "party_organization"), transfer_due_on__lte=until,
        stage__in=[Stage.DUAL.value, Stage.SURVEYED.value],
    )  # fmt: skip
    total = rows.count()
    found = list(rows.order_by("transfer_due_on", "pk")[:limit]) if total else []
    named = member_names(row.member_id for row in found)
    parties = reading.names(row.party_organization_id for row in found)
    told = _("{name}应转入{party}")
    items = [
        DueItem(
            told.format(name=named.get(row.member_id, ""), party=parties.get(row.party_organization_id or 0, "")),
            row.transfer_due_on, f"{reverse('party:transfer_new')}?member={row.member_id}", _("转接组织关系"),
            code="PB-REL-07",
        )
        for row in found
    ]  # fmt: skip
    return items, total


def foundings(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Approved branches that are not founded, founded ones that are not filed (PB-FORM-09)."""
    open_states = [FoundingState.APPROVED.value, FoundingState.FOUNDED.value]
    rows = Founding.objects.filter(_reach(user, Permission.EDIT, "superior"), state__in=open_states)
    total = rows.count()
    found = list(rows.select_related("case", "ceremony", "superior__area").order_by("pk")[:limit]) if total else []
    limits = reading.limits_by_area((row.superior.area for row in found), on)
    return [_line(row, limits[row.superior.area_id]) for row in found], total


def _line(row: Founding, limits: Limits) -> DueItem:
    founded = row.state == FoundingState.FOUNDED
    since = row.ceremony.on if founded and row.ceremony else row.case.decided_on if row.case else None
    key = "pb.form.filing_days" if founded else "pb.form.election_days"
    last = since + timedelta(days=int(limits[key])) if since is not None and key in limits else None
    title = _("{name}已成立，待备案") if founded else _("{name}已批复，待召开成立大会")
    return DueItem(
        title.format(name=row.name), last, reverse("party:founding_detail", args=[row.pk]),
        _("登记备案") if founded else _("登记成立"), code="PB-FORM-09",
    )  # fmt: skip


def changes(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Adjustments and dissolutions that are approved and not filed (art. 7)."""
    rows = Reorganization.objects.filter(
        _reach(user, Permission.EDIT, "party_organization"), state=ChangeState.CARRIED.value
    )
    total = rows.count()
    found = list(rows.select_related("party_organization__area").order_by("carried_on", "pk")[:limit]) if total else []
    named = reading.names(row.party_organization_id for row in found)
    limits = reading.limits_by_area((row.party_organization.area for row in found), on)
    items = []
    for row in found:
        days = limits[row.party_organization.area_id].get("pb.form.filing_days")
        title = (
            _("{name}的撤销已批复，待移交和备案") if row.what == Change.DISSOLVE else _("{name}的调整已批复，待备案")
        )
        last = row.carried_on + timedelta(days=int(days)) if days is not None and row.carried_on else None
        items.append(DueItem(
            title.format(name=named.get(row.party_organization_id, "")), last,
            reverse("party:reorganization_detail", args=[row.pk]), _("去办理"), code="PB-FORM-09",
        ))  # fmt: skip
    return items, total


def tasks(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Temporary branches whose task ends: they are dissolved with it (PB-TMP-02)."""
    applied = Reorganization.objects.filter(what=Change.DISSOLVE.value, state=ChangeState.APPLIED.value).exclude(OVER)
    rows = Formation.objects.now_open().filter(
        _reach(user, Permission.EDIT, "party_organization"), branch_kind=BranchKind.TEMPORARY.value,
        task_ends_on__lte=on + timedelta(days=due.DAYS), party_organization__in=PartyOrganization.objects.living(),
    ).exclude(party_organization__in=applied.values("party_organization"))  # fmt: skip
    total = rows.count()
    told = _("{name}的任务到期，随之撤销")
    items = [
        DueItem(
            told.format(name=row.name), row.task_ends_on,
            reverse("party:reorganization_new", args=[row.party_organization_id, str(Change.DISSOLVE)]), _("申请撤销"),
            code="PB-TMP-02",
        )
        for row in (rows.order_by("task_ends_on", "pk")[:limit] if total else ())
    ]  # fmt: skip
    return items, total


SOURCES: Sequence[DueSource] = (
    DueSource("party.letters", "组织关系介绍信", Permission.MEMBERS_EDIT, letters),
    DueSource("party.receipts", "介绍信回执", Permission.MEMBERS_EDIT, receipts),
    DueSource("party.transfers", "双隶属到期转入", Permission.MEMBERS_EDIT, transfers),
    DueSource("party.foundings", "设立党支部", Permission.EDIT, foundings),
    DueSource("party.changes", "调整、撤销党组织", Permission.EDIT, changes),
    DueSource("party.tasks", "临时党支部到期", Permission.EDIT, tasks),
)
