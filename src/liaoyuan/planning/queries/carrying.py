"""What became of the groups and attachments of a plan that were accepted: applications, branches that stand."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.party.choices.organizations import FoundingState
from liaoyuan.party.choices.reorganizing import ChangeState
from liaoyuan.party.models import Founding, Reorganization
from liaoyuan.party.queries import founding as foundings
from liaoyuan.planning.models import Plan, PlanGroup, PlanUnit

_STANDS = [FoundingState.FOUNDED.value, FoundingState.FILED.value]
_CARRIED = [ChangeState.CARRIED.value, ChangeState.FILED.value]


def over(prefix: str) -> Q:
    """The condition on an application whose case was refused or withdrawn."""
    return Q(**{f"{prefix}case__state": CaseState.WITHDRAWN.value}) | Q(
        **{f"{prefix}case__decision": CaseDecision.REFUSED.value}
    )


def accepted(plan: Plan) -> tuple[int, int]:
    """(accepted groups and attachments, those of them that are neither founded nor over)."""
    groups = PlanGroup.objects.filter(plan=plan, founding__isnull=False)
    units = PlanUnit.objects.filter(plan=plan, change__isnull=False)
    open_groups = groups.exclude(founding__state__in=_STANDS).exclude(over("founding__"))
    open_units = units.exclude(change__state__in=_CARRIED).exclude(over("change__"))
    return groups.count() + units.count(), open_groups.count() + open_units.count()


def group_words(row: PlanGroup) -> tuple[str, str]:
    """(verdict, word) of how far a group is, for rows with their application and its case."""
    if row.founding is None:
        return "review", _("未采纳")
    return foundings.state_words(row.founding)


def unit_words(row: PlanUnit) -> tuple[str, str]:
    """The same for an attachment."""
    if row.change is None:
        return "review", _("未采纳")
    case = row.change.case
    if case is not None and (case.state == CaseState.WITHDRAWN or case.decision == CaseDecision.REFUSED):
        return "closed", _("不予批准或已撤回")
    return ("ok", _("已批准")) if row.change.state in _CARRIED else ("review", _("正在申请"))


def standing(rows: Iterable[Founding | Reorganization | None]) -> int:
    """How many of the applications led to what they asked for."""
    return sum(1 for row in rows if row is not None and row.state in (*_STANDS, *_CARRIED))
