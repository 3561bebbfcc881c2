"""What the proposal of a plan knows by itself: its figures, groups, attachments, what stays uncovered and why."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.party.queries import organizations as parties
from liaoyuan.planning.choices.words import COUNT_TITLES, MODE_TITLES, REASON_TITLES, Place
from liaoyuan.planning.models import Plan
from liaoyuan.planning.queries import appointing, cores


def facts(plan: Plan, on: date) -> Mapping[str, str]:
    """Texts of the proposal; bodies by name, members as numbers. `on` is the day of the document, not of the plan."""
    rows = list(plan.bodies.select_related("group").order_by("group__number", "organization_id"))
    names = parties.body_names(row.organization_id for row in rows)
    hosts = parties.names(row.host_id for row in rows)
    units: dict[int, list[str]] = {}
    for row in rows:
        if row.group is not None:
            units.setdefault(row.group.number, []).append(names.get(row.organization_id, ""))
    labels = parties.names(plan.groups.values_list("label_id", flat=True))
    ordered = list(plan.groups.order_by(cores.STABLE_FIRST, "number"))
    weighed = cores.of_groups(ordered)
    groups = [
        _("第 {n} 组：{units}，党员 {members} 名，{how}。").format(
            n=row.number, units="、".join(units.get(row.number, [])), members=row.members,
            how=_("沿用{name}").format(name=labels.get(row.label_id, "")) if row.label_id else _("新建"),
        ) + (_("（稳定）") if row.pk in weighed and weighed[row.pk].is_stable else "")
        for row in ordered
    ]  # fmt: skip
    core = cores.of(plan)
    attached = [
        _("{name}挂靠{host}。").format(name=names.get(row.organization_id, ""), host=hosts.get(row.host_id or 0, ""))
        for row in rows if row.place == Place.ATTACHED
    ]  # fmt: skip
    reasons = Counter(row.reason for row in rows if row.place == Place.UNCOVERED)
    left = [
        _("{reason} {n} 家").format(reason=_(REASON_TITLES.get(code, "")), n=n) for code, n in sorted(reasons.items())
    ]
    return {
        "name": f"{plan.scenario.name} {plan.number}",
        "figures": _figures(plan) + (cores.meaning(core) if core is not None else ""),
        "groups": "\n".join(groups),
        "attached": "\n".join(attached), "uncovered": "、".join(left) + "。" if left else "",
        "instructors": "\n".join(_instructors(plan)),
        "definition": f"{_(COUNT_TITLES[plan.scenario.count])}；{_(MODE_TITLES[plan.scenario.mode])}",
    }  # fmt: skip


def _instructors(plan: Plan) -> list[str]:
    """Each instructor of the last proposal with his caseload and the bodies proposed, then who stays without."""
    found = appointing.latest(plan)
    if found is None:
        return []
    rows = list(found.lines.select_related("instructor").order_by("instructor__name", "instructor", "organization"))
    names = parties.body_names(row.organization_id for row in rows)
    held = appointing.loads_of(found)
    bodies: dict[int, list[str]] = {}
    who = {row.instructor_id: row.instructor for row in rows if row.instructor is not None}
    for row in rows:
        if row.instructor_id is not None:
            bodies.setdefault(row.instructor_id, []).append(names.get(row.organization_id, ""))
    told = _("{name}（{unit}，现联系 {now} 家，拟派 {n} 家，上限 {most} 家）：{bodies}。")
    lines = [
        told.format(name=who[key].name, unit=who[key].unit or _("单位未登记"), now=held[key]["load"], n=len(names_),
                    most=held[key]["most"], bodies="、".join(names_))
        for key, names_ in bodies.items() if key in held
    ]  # fmt: skip
    short = found.needing - found.placed
    return [*lines, _("另有 {n} 家没有排到指导员。").format(n=short)] if short else lines


def _figures(plan: Plan) -> str:
    """The sums in one sentence; how far from the best plan is told as it was proven."""
    told = _(
        "按 {day} 的情况，参加编组的单位 {units} 家，现已编入联合党支部 {now} 家；方案编入 {covered} 家，"
        "设联合党支部 {groups} 个，其中新建 {fresh} 个，{moved} 家离开现有支部。方案与最优方案相差不超过 {share}。"
    )
    return told.format(
        day=plan.scenario.on.isoformat(), units=plan.units, now=plan.now_covered, covered=plan.covered,
        groups=plan.group_count, fresh=plan.new_count, moved=plan.moved, share=f"{plan.gap_ppm / 10_000:.2f}%",
    )  # fmt: skip
