"""The tab 资金 of a project: what was promised and paid, each instalment in plain words, what came back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.queries import files
from liaoyuan.funding.actions import expenses
from liaoyuan.funding.choices.awards import ENTRY_TITLES, REFUND_TITLES, RULING_TITLES, AgreementState, RulingKind
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Agreement, Project
from liaoyuan.funding.queries import instalments, money, purse, where
from liaoyuan.funding.queries import projects as queries
from liaoyuan.funding.views import projects, small, tabs
from liaoyuan.ui.pages import render


def there(row: Project | Agreement) -> str:
    """The address of the tab."""
    return reverse("funding:project_money", args=[row.project_id if isinstance(row, Agreement) else row.pk])


def steps(row: Project) -> tuple[tuple[str, str], ...]:
    """The way to a page below the tab."""
    return (*projects.steps(row), (_("资金"), there(row)))


@doors.needs(*projects.SEEN)
@require_safe
def money_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the money of one project is."""
    row = projects.seen(request, pk)
    agreement, today = purse.of_project(row), clock.today()
    told = where.of_project(row, today) if agreement is None else where.of_agreement(agreement, today)
    return render(request, "funding/project_money.html", {
        "title": row.title, "crumbs": small.crumbs(projects.steps(row)[0], (row.title, "")), "project": row,
        "state": queries.state_words(row), "where": told, "turn": instalments.turn_words(told.turn),
        "agreement": agreement, "before": instalments.before_signing(),
        **(_whole(request, row, agreement) if agreement is not None else {}),
        **tabs.of_project(request, row, "money"),
    })  # fmt: skip


def _whole(request: HttpRequest, row: Project, agreement: Agreement) -> dict[str, Any]:
    user, today = request.user, clock.today()
    edits, confirms, pays, inside = (
        access.covers(user, one, row, write=False)
        for one in (Permission.EDIT, Permission.CONFIRM, Permission.PAY, Permission.VIEW)
    )
    signed = agreement.state == AgreementState.SIGNED
    sums = money.of_agreement(agreement)
    opened = [one for one in agreement.rulings.select_related("asked_by", "decided_by")]
    return {
        "sums": sums, "stages": instalments.of_agreement(agreement, today), "inside": inside,
        "conditions": [(_(TRANCHE_TRIGGER_TITLES[one.trigger]), one) for one in agreement.conditions.all()],
        "late": money.late_payments(agreement, today), "unused": money.unused(agreement, today),
        "refunds": [(_(REFUND_TITLES[one.kind]), one) for one in agreement.refunds.all()],
        "rulings": [(_(RULING_TITLES[one.kind]), one, confirms and one.asked_by_id != user.pk) for one in opened],
        "terminates": str(RulingKind.TERMINATE), "hand_overs": list(agreement.hand_overs.select_related("made_by")),
        "entries": [(_(ENTRY_TITLES[one.kind]), one) for one in purse.entries(agreement)] if inside else [],
        "starts": edits and row.state == ProjectState.SIGNED, "meets": confirms and signed,
        "refunds_in": pays and sums.paid > sums.returned,
        "reuses": confirms and sums.held > 0,
        "rules": (edits or confirms) and (signed or sums.paid > sums.returned),
        "hands_over": signed and (confirms or access.covers(user, Permission.OWN_CERTIFY, row, write=False)),
        "spends": expenses.may_enter(doors.person(request), agreement) and agreement.state != AgreementState.DRAFT,
        "files": len(files.of_subjects("agreement", [agreement.pk]).get(str(agreement.pk), [])),
        "files_at": reverse("core:file_list", args=["agreement", agreement.pk]),
    }  # fmt: skip
