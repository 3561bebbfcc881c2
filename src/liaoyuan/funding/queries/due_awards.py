"""Lists, objections and agreements as work that waits. Each source asks a fixed number of times, whatever waits."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import access
from liaoyuan.core.choices import DocumentState
from liaoyuan.core.registries import DueItem, DueSource
from liaoyuan.funding.choices.awards import AgreementState, ListState, ObjectionState, Remedy
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Agreement, AwardLine, AwardList, AwardObjection, Project, Round
from liaoyuan.funding.models.base import within_reach
from liaoyuan.funding.queries import objecting
from liaoyuan.funding.queries.due import told

_AREA = "award_list__round__programme__area"


def _open(user: Any, permission: Permission) -> QuerySet[AwardObjection]:
    """Objections that wait, in the rounds over which the user holds the permission."""
    condition = within_reach(user, permission, _AREA)
    rows = AwardObjection.objects.unanswered().select_related("line")
    return (rows if condition is None else rows.filter(condition)).order_by("due_on", "pk")


def handled(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Objections that are to be taken up, or whose answer is to be drafted; the overdue ones first, and they say so."""
    found, total = told(_open(user, Permission.EDIT).filter(document__isnull=True), limit)
    items = []
    for row in found:
        taken = row.state == ObjectionState.TAKEN
        words = _("异议待拟答复：{about}") if taken else _("异议待受理：{about}")
        if row.due_on < on:
            words = _("异议已逾期，待拟答复：{about}") if taken else _("异议已逾期，待受理：{about}")
        items.append(DueItem(
            words.format(about=objecting.about(row)), row.due_on, reverse("funding:objection_detail", args=[row.pk]),
            _("拟答复") if taken else _("去受理"), code="grant_objection",
        ))  # fmt: skip
    return items, total


def answered(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Answers that wait to be signed by this person: neither drafted by him, nor to his own list or first answer."""
    rows = _open(user, Permission.CONFIRM).filter(document__isnull=False)
    mine = Q(document__drafted_by=user.pk) | Q(award_list__published_by=user.pk) | Q(appeal_of__answered_by=user.pk)
    found, total = told(rows.exclude(pk__in=rows.filter(mine).values("pk")), limit)
    return [
        DueItem(_("异议答复待签发：{about}").format(about=objecting.about(row)), row.due_on,
                reverse("funding:objection_detail", args=[row.pk]), _("去签发"), code="grant_answer")
        for row in found
    ], total  # fmt: skip


def _lists(user: Any, permission: Permission) -> QuerySet[AwardList]:
    condition = within_reach(user, permission, "round__programme__area")
    rows = AwardList.objects.all()
    return (rows if condition is None else rows.filter(condition)).order_by("closes_on", "pk")


def published(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Drafted lists that this person may publish."""
    rows = _lists(user, Permission.CONFIRM).filter(state=ListState.DRAFT.value, document__isnull=False)
    rows = rows.exclude(document__drafted_by=user.pk).select_related("round")
    found, total = told(rows.order_by("pk"), limit)
    return [
        DueItem(_("“{title}”待发布公示").format(title=row.title), row.round.publicity_from,
                reverse("funding:award_detail", args=[row.pk]), _("去发布"), code="grant_publish")
        for row in found
    ], total  # fmt: skip


def approved(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Lists whose days are over and on which projects wait for an approval over which no objection stands."""
    waits = AwardLine.objects.filter(award_list=OuterRef("pk"), approval__isnull=True)
    waits = waits.exclude(remedy=Remedy.REFUSED.value)
    open_ = AwardObjection.objects.unanswered()
    held = open_.filter(award_list=OuterRef("award_list")).filter(Q(line=OuterRef("pk")) | Q(line__isnull=True))
    rows = _lists(user, Permission.EDIT).filter(state=ListState.PUBLISHED.value, closes_on__lt=on)
    rows = rows.filter(Exists(waits.exclude(Exists(held)))).select_related("round")
    found, total = told(rows, limit)
    return [
        DueItem(_("“{title}”公示期满，待起草立项批复").format(title=row.title), row.round.sign_by,
                reverse("funding:award_detail", args=[row.pk]), _("去起草"), code="grant_approval")
        for row in found
    ], total  # fmt: skip


def signed_approvals(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Lists with an approval that waits for this person's signature."""
    waits = AwardLine.objects.filter(award_list=OuterRef("pk"), approval__state=DocumentState.DRAFT, approved_at=None)
    waits = waits.exclude(approval__drafted_by=user.pk)
    rows = _lists(user, Permission.CONFIRM).filter(state=ListState.PUBLISHED.value)
    rows = rows.filter(Exists(waits)).select_related("round")
    found, total = told(rows, limit)
    return [
        DueItem(_("“{title}”的立项批复待签发").format(title=row.title), row.round.sign_by,
                reverse("funding:award_detail", args=[row.pk]), _("去签发"), code="grant_approve")
        for row in found
    ], total  # fmt: skip


def _counted(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """How many rows a round, as a subquery over rounds."""
    return rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(n=Count("pk")).values("n")


def _rounds(user: Any, permission: Permission, rows: QuerySet[Any], key: str = "round") -> QuerySet[Round]:
    """Rounds over which the user holds the permission with `many` such rows, those to be signed first before others."""
    many = Subquery(_counted(rows, key), output_field=IntegerField())
    found = Round.objects.run_by(user, permission).annotate(many=many).filter(many__gt=0)
    return found.order_by(F("sign_by").asc(nulls_last=True), "pk")


def drafted(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Rounds in which approved projects have no agreement yet: one line a round."""
    living = Agreement.objects.living().filter(project=OuterRef("pk"))
    waits = Project.objects.filter(state=ProjectState.APPROVED.value).exclude(Exists(living))
    found, total = told(_rounds(user, Permission.EDIT, waits), limit)
    return [
        DueItem(_("“{title}”：{n} 个项目待起草协议").format(title=row.title, n=row.many), row.sign_by,
                f"{reverse('funding:agreement_list', args=[row.pk])}?state=none", _("去起草"), code="grant_agreement")
        for row in found
    ], total  # fmt: skip


def signed(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Rounds in which agreements that somebody else drafted wait to be entered as signed: one line a round."""
    waits = Agreement.objects.filter(state=AgreementState.DRAFT.value).exclude(document__drafted_by=user.pk)
    found, total = told(_rounds(user, Permission.CONFIRM, waits, "project__round"), limit)
    return [
        DueItem(_("“{title}”：{n} 份协议待登记签订").format(title=row.title, n=row.many), row.sign_by,
                f"{reverse('funding:agreement_list', args=[row.pk])}?state=draft", _("去登记"), code="grant_sign")
        for row in found
    ], total  # fmt: skip


def own_signing(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Agreements of own bodies that are to be printed, signed and handed over."""
    keys = access.reach(user, Permission.OWN_EDIT).organizations
    if not keys:
        return [], 0
    own = Q(project__organization__in=keys) | Q(project__sponsor__in=keys)
    rows = Agreement.objects.filter(own, state=AgreementState.DRAFT.value).select_related("project__round")
    found, total = told(rows.order_by(F("project__round__sign_by").asc(nulls_last=True), "pk"), limit)
    return [
        DueItem(_("请签署“{title}”的协议").format(title=row.project.title), row.project.round.sign_by,
                reverse("funding:agreement", args=[row.project_id]), _("去签署"), code="grant_own_agreement")
        for row in found
    ], total  # fmt: skip


def own_refused(*, user: Any, on: date, limit: int) -> tuple[list[DueItem], int]:
    """Projects of own bodies that fell by an objection, while an appeal is open. `_SPAN` bounds what is looked at."""
    keys = access.reach(user, Permission.OWN_CERTIFY).organizations
    if not keys:
        return [], 0
    own = Q(line__project__organization__in=keys) | Q(line__project__sponsor__in=keys)
    rows = AwardObjection.objects.filter(
        own, state=ObjectionState.UPHELD.value, line__project__state=ProjectState.REFUSED.value,
        answered_at__date__gte=on - _SPAN, appeal_of__isnull=True, appeals__isnull=True,
    )  # fmt: skip
    told = []
    for row in rows.select_related("line", "award_list__round__programme__area").order_by("answered_at", "pk"):
        due = objecting.appeal_due(row)
        if due is not None and on <= due and row.line is not None:
            told.append(DueItem(
                _("“{title}”不予立项，不服的可以申诉").format(title=row.line.project_title), due,
                reverse("funding:project_publicity", args=[row.line.project_id]), _("去看"), code="grant_own_refused",
            ))  # fmt: skip
    return told[:limit], len(told)


#: No term of an appeal is longer: further back nothing is looked for.
_SPAN = timedelta(days=60)
SOURCES = (
    DueSource("funding.objections", "公示异议", Permission.EDIT, handled),
    DueSource("funding.answers", "异议答复签发", Permission.CONFIRM, answered),
    DueSource("funding.lists", "公示发布", Permission.CONFIRM, published),
    DueSource("funding.approvals", "立项批复起草", Permission.EDIT, approved),
    DueSource("funding.approving", "立项批复签发", Permission.CONFIRM, signed_approvals),
    DueSource("funding.agreements", "协议起草", Permission.EDIT, drafted),
    DueSource("funding.signing", "协议签订", Permission.CONFIRM, signed),
    DueSource("funding.own_agreements", "签署协议", Permission.OWN_EDIT, own_signing),
    DueSource("funding.own_refused", "不予立项的申诉", Permission.OWN_CERTIFY, own_refused),
)
