"""What must not be left hanging when a party organization is dissolved (支部工作条例 art. 7): pure, no clock.

Each finding says what to do. Officers, the running term, units, groups and, in a branch for a task, participations end
with the dissolution itself; what belongs to persons or other bodies is settled before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from liaoyuan.kit.findings import Finding, Severity

ENDING_MESSAGES: dict[str, str] = {
    "PARTY-END-MEMBERS": "还有 {count} 名党员的组织关系在这里，请先转出（组织关系转接）。",
    "PARTY-END-BELOW": "还有 {count} 个下级党组织，请先调整到别的上级。",
    "PARTY-END-TRANSFERS": "还有 {count} 件组织关系转接没有办完，请先接收、退回或撤销。",
    "PARTY-END-APPLICANTS": "还有 {count} 名入党申请人在这里培养，请先转到别的党支部。",
    "PARTY-END-DUES": "还有 {count} 笔党费没有交清，请先登记交纳或办理减免。",
    "PARTY-END-DUAL": "还有 {count} 名编入的党员没有办结，请先转入、转到别的党支部或结束编入。",
    "PARTY-END-MEETINGS": "还有 {count} 次会议没有办结，请先完成记录并办结，或者取消。",
    "PARTY-END-HELD": "那一天以后还召开过 {count} 次会议，撤销日期请写在最后一次会议以后。",
    "PARTY-END-VENUES": "还有 {count} 处阵地在用，请先停用，或由别的党组织登记接管。",
    "PARTY-END-BOOKINGS": "还有 {count} 次阵地预约没有到期，请先取消预约。",
    "PARTY-END-FOUNDING": "还有设立或调整的申请没有办结，请先办结或撤回。",
    "PARTY-END-TERM": "第 {count} 届任期和现任班子随撤销结束，不需另办。",
}
_FIELDS = {
    "PARTY-END-MEMBERS": "formal", "PARTY-END-BELOW": "below", "PARTY-END-TRANSFERS": "transfers",
    "PARTY-END-APPLICANTS": "applicants", "PARTY-END-DUES": "dues", "PARTY-END-DUAL": "dual",
    "PARTY-END-MEETINGS": "meetings", "PARTY-END-HELD": "held",
    "PARTY-END-VENUES": "venues", "PARTY-END-BOOKINGS": "bookings",
    "PARTY-END-FOUNDING": "applications",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EndingFacts:
    """What hangs on a party organization on one day, as numbers. `task`: it was set up for a task, whose participants
    stay in their own branches. `term` is the number of the running term, 0 without one.
    """

    formal: int = 0
    below: int = 0
    transfers: int = 0
    applicants: int = 0
    dues: int = 0
    dual: int = 0
    meetings: int = 0
    held: int = 0
    venues: int = 0
    bookings: int = 0
    applications: int = 0
    term: int = 0
    task: bool = False


def hanging(facts: EndingFacts) -> list[Finding]:
    """What is left, worst first: everything blocks but the running term, which is only told."""
    return list(_hanging(facts))


def _hanging(facts: EndingFacts) -> Iterator[Finding]:
    for code, name in _FIELDS.items():
        count = getattr(facts, name)
        if count and not (facts.task and name == "dual"):
            yield Finding(code, Severity.BLOCK, ENDING_MESSAGES[code], field="on", args={"count": count})
    if facts.term:
        code = "PARTY-END-TERM"
        yield Finding(code, Severity.INFO, ENDING_MESSAGES[code], args={"count": facts.term})
