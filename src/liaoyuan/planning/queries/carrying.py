"""What became of the groups and attachments of a plan that were accepted: applications, branches that stand."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.party.choices.organizations import FoundingState
from liaoyuan.party.choices.reorganizing import ChangeState
from liaoyuan.party.models import Reorganization
from liaoyuan.party.queries import founding as foundings
from liaoyuan.planning.models import InstructorLine, Plan, PlanGroup, PlanUnit

_STANDS = [FoundingState.FOUNDED.value, FoundingState.FILED.value]
_CARRIED = [ChangeState.CARRIED.value, ChangeState.FILED.value]


def over(prefix: str) -> Q:
    """The condition on an application whose case was refused or withdrawn."""
    return Q(**{f"{prefix}case__state": CaseState.WITHDRAWN.value}) | Q(
        **{f"{prefix}case__decision": CaseDecision.REFUSED.value}
    )


def accepted(plan: Plan) -> tuple[int, int]:
    """(accepted groups and attachments, those of them that are neither carried out nor over)."""
    groups = PlanGroup.objects.filter(plan=plan, accepted_at__isnull=False)
    units = PlanUnit.objects.filter(plan=plan, accepted_at__isnull=False)
    done = Q(founding__state__in=_STANDS) | Q(change__state__in=_CARRIED) | over("founding__") | over("change__")
    open_groups = groups.count() - groups.filter(done).count()
    open_units = units.count() - units.filter(Q(change__state__in=_CARRIED) | over("change__")).count()
    return groups.count() + units.count(), open_groups + open_units


def appointed(plan: Plan) -> int:
    """How many instructors' lines of the plan's proposals are accepted."""
    return InstructorLine.objects.filter(proposal__plan=plan, accepted_at__isnull=False).count()


def standing(prefix: str = "") -> Q:
    """The condition on a group that is carried out: its branch stands, or its present branch is adjusted."""
    return Q(**{f"{prefix}founding__state__in": _STANDS}) | Q(**{f"{prefix}change__state__in": _CARRIED})


def group_words(row: PlanGroup) -> tuple[str, str]:
    """(verdict, word) of how far a group is, for rows with their application and its case."""
    if row.founding is not None:
        return foundings.state_words(row.founding)
    return change_words(row.change)


def change_words(row: Reorganization | None) -> tuple[str, str]:
    """The same for an application to adjust a branch, None when there is none."""
    if row is None:
        return "review", _("未采纳")
    case = row.case
    if case is not None and (case.state == CaseState.WITHDRAWN or case.decision == CaseDecision.REFUSED):
        return "closed", _("不予批准或已撤回")
    return ("ok", _("已批准")) if row.state in _CARRIED else ("review", _("正在申请"))


def there(row: PlanGroup | PlanUnit) -> str:
    """The page of the application that came of accepting; empty when there is none."""
    if isinstance(row, PlanGroup) and row.founding_id is not None:
        return reverse("party:founding_detail", args=[row.founding_id])
    return reverse("party:reorganization_detail", args=[row.change_id]) if row.change_id is not None else ""
