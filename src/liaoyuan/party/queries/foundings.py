"""Lists and page lines of applications to found branches, and of founding meetings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.core.models import Area
from liaoyuan.party.choices.members import AFFILIATION_TITLES, MEMBER_STATUS_TITLES, AffiliationKind
from liaoyuan.party.choices.organizations import STANDING_TITLES, FoundingState, Standing
from liaoyuan.party.models import Affiliation, Ceremony, Founding, FoundingUnit, MemberRecord
from liaoyuan.party.queries import founding as queries
from liaoyuan.party.queries import organizations as reading
from liaoyuan.ui.texts import date_short


def ceremonies(user: Any) -> Any:
    """Founding meetings that the user sees, the latest first."""
    return Ceremony.objects.visible_to(user).order_by("-on", "-pk")


def ceremony_choices(area: Area, since: date, on: date) -> list[tuple[int, str]]:
    """Founding meetings of the area between the approval and the day, the latest first."""
    rows = Ceremony.objects.filter(area=area, on__range=(since, on)).order_by("-on", "-pk")[:50]
    return [(row.pk, f"{date_short(row.on)} {row.title}") for row in rows]


def of_ceremony(made: Ceremony) -> list[tuple[Founding, str, list[str], int]]:
    """(founding, kind, units, members) of the branches founded at a meeting."""
    rows = list(made.foundings.select_related("party_organization").annotate(heads=Count("members")).order_by("pk"))
    units = list(FoundingUnit.objects.filter(founding__in=rows).order_by("pk"))
    names = reading.body_names(unit.organization_id for unit in units)
    told: dict[int, list[str]] = {}
    for unit in units:
        told.setdefault(unit.founding_id, []).append(names.get(unit.organization_id or 0, unit.outside_name))
    return [(row, queries.kind_word(row), told.get(row.pk, []), row.heads) for row in rows]


def next_words(row: Founding, *, staff: bool, listed: bool) -> str:
    """What comes next, and who does it; empty when nothing does."""
    case = row.case
    if case is not None and (case.state == CaseState.WITHDRAWN or case.decision == CaseDecision.REFUSED):
        return ""
    if row.state == FoundingState.DRAFT:
        if listed:
            return _("名册已核对，可以提交申请。")
        return _("先核对党员名册，再提交申请。") if staff else _("提交申请以后，由党建牵头部门核对党员名册。")
    if row.state == FoundingState.APPLIED:
        return _("在“办理过程”里交齐材料；核对名册、签署意见以后，由上级党委会议研究批复。")
    if row.state == FoundingState.APPROVED:
        return _("已批复。先安排成立大会，开会以后登记成立。") if staff else _("已批复，等待召开成立大会。")
    if row.state == FoundingState.FOUNDED:
        return _("已成立。把批复和选举（任命）结果报组织部门，登记备案。") if staff else _("已成立，等待备案。")
    return ""


def waiting(user: Any) -> list[Founding]:
    """Approved branches that the user may see and that wait for their founding meeting, at most 20."""
    rows = Founding.objects.visible_to(user).filter(state=FoundingState.APPROVED.value)
    return list(rows.order_by("name", "pk")[:20])


def heads(row: Founding, on: date) -> dict[str, int]:
    """Full members on the roster by as whom they stand; probationers apart."""
    told = {str(kind): 0 for kind in Standing} | {"probationary": 0}
    for line, record in queries.roster_of(row):
        told[line.standing if record.status(on) == "full" else "probationary"] += 1
    return told


def would_be_moving(row: Founding, on: date) -> bool:
    """Whether the branch would be founded with transfers in progress."""
    least = int(reading.limits(row.superior, on)["pb.form.min_formal"])
    return heads(row, on)[Standing.FORMAL] < least


def facts_lines(row: Founding) -> list[tuple[str, str]]:
    """(title, text) of the application's facts."""
    told = [
        (_("申请单位"), reading.body_names([row.applicant_id]).get(row.applicant_id or 0, "")),
        (_("组建形式"), queries.kind_word(row)),
        (_("上级党组织"), reading.name_of(row.superior)),
        (_("依托单位"), queries.carrier_of(row)),
        (_("设立理由"), row.purpose),
        (_("转接到期日"), date_short(row.transfer_due_on)),
        (_("计划结束日期"), date_short(row.task_ends_on)),
        (_("事项编号"), row.case.number if row.case else ""),
        (_("批复文号"), row.case.decision_no if row.case else ""),
        (_("批复日期"), date_short(row.case.decided_on) if row.case else ""),
        (_("成立大会"), f"{date_short(row.ceremony.on)} {row.ceremony.title}" if row.ceremony else ""),
        (_("选举或任命情况"), row.result_note),
        (_("备案日期"), date_short(row.filed_on)),
        (_("备案号"), row.filing_no),
    ]
    return [(title, text) for title, text in told if text]


def roster_lines(row: Founding, on: date) -> list[tuple[str, str, str, str, str, str]]:
    """(name, body, status, as whom, consent, due) of the roster."""
    lines = queries.roster_of(row)
    names = reading.body_names(line.organization_id for line, _r in lines)
    told = []
    for line, record in lines:
        status = record.status(on)
        told.append((
            record.name, names.get(line.organization_id or 0, ""), _(MEMBER_STATUS_TITLES[status]) if status else "",
            _(STANDING_TITLES[Standing(line.standing)]), date_short(line.consented_on),
            date_short(line.transfer_due_on),
        ))  # fmt: skip
    return told


def offered_lines(
    offered: Sequence[tuple[MemberRecord, Affiliation, bool]], described: Mapping[int, Any], on: date
) -> list[dict[str, Any]]:
    """What the page of the roster shows of each member."""
    names = reading.body_names(link.organization_id for _r, link, _t in offered)
    parties = reading.names(link.party_organization_id for _r, link, _t in offered)
    told = []
    for record, link, _there in offered:
        status = record.status(on)
        told.append({
            "name": record.name, "body": names.get(link.organization_id or 0, ""),
            "status": _(MEMBER_STATUS_TITLES[status]) if status else "",
            "kind": _(AFFILIATION_TITLES[AffiliationKind(link.kind)]),
            "home": parties.get(link.party_organization_id or 0, link.outside_name),
            "full_time": link.full_time, "fields": described[record.member_id],
        })  # fmt: skip
    return told
