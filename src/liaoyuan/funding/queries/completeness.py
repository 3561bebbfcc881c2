"""What an application still lacks before it can be handed in, and what the rules say of it now."""

from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.choices import Moment
from liaoyuan.core.staging import note
from liaoyuan.funding.models import Project
from liaoyuan.funding.params.application_form import SECTION_TITLES, TEXTS
from liaoyuan.funding.queries import facts, limits
from liaoyuan.kit.findings import Finding, Limits, Severity

#: What must stand on the row, by field: its heading.
_NEEDED = {
    "title": "项目名称", "field": "领域", "area": "落地街道（社区）", "starts_on": "开始日期", "ends_on": "结束日期",
}  # fmt: skip


def missing(project: Project) -> list[Finding]:
    """Sections and fields that are empty, each with the name of its section as the finding's field."""
    found = [_lacks("basic", _(title)) for name, title in _NEEDED.items() if not getattr(project, name)]
    found += [_lacks("content", _(text.title)) for text in TEXTS if text.needed and not project.answers.get(text.key)]
    team = list(project.team.all())
    if not any(member.lead for member in team):
        found.append(_lacks("team", _("项目负责人")))
    for section, rows in (("plan", project.steps), ("outcomes", project.indicators), ("risks", project.risks),
                          ("budget", project.lines)):  # fmt: skip
        if not rows.all():
            found.append(_lacks(section, _(SECTION_TITLES[section])))
    return found


def _lacks(section: str, what: str) -> Finding:
    return note("APPLICATION-MISSING", Severity.BLOCK, _("“{section}”里缺少：{what}。"), field_name=section,
                section=_(SECTION_TITLES[section]), what=what)  # fmt: skip


def asked(
    project: Project, on: date, held: Limits | None = None, *, late_agreed: bool = False, every: bool = False
) -> list[Finding]:
    """What the rules of handing in say of the application and its budget on the day, by the round's parameters.

    `every` compares it with all that was handed in, for who examines it.
    """
    by = held if held is not None else limits.limits_of(project.round)
    known = facts.of_application(project, on, held=by, late_agreed=late_agreed, every=every)
    told = policy.evaluate(Moment.GRANT_SUBMIT, known, by, on)
    return [*told, *policy.evaluate(Moment.BUDGET_SUBMIT, facts.of_budget(project, on), by, on)]
