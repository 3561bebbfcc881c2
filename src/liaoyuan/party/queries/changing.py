"""What the documents of adjusting and dissolving know of the application by themselves."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from liaoyuan.party.choices.reorganizing import Change, Origin
from liaoyuan.party.models import Reorganization
from liaoyuan.party.queries import counts
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import reorganizing as queries
from liaoyuan.ui.texts import date_long

#: Titles that name the party organization, by the code of the document and what is asked for.
CHANGING_TITLES: dict[str, dict[str, str]] = {
    "party_change_request": {Change.ADJUST: "关于调整{name}的请示", Change.DISSOLVE: "关于撤销{name}的请示"},
    "party_change_reply": {Change.ADJUST: "关于同意调整{name}的批复", Change.DISSOLVE: "关于同意撤销{name}的批复"},
    "party_change_notice": {Change.ADJUST: "关于调整{name}的通知", Change.DISSOLVE: "关于撤销{name}的通知"},
    "party_change_report": {
        Change.ADJUST: "关于调整{name}的备案报告", Change.DISSOLVE: "关于撤销{name}的备案报告",
    },
}  # fmt: skip


def shown_on(row: Reorganization, on: date) -> date:
    """The day whose state is set against the wishes: once carried out, the day before."""
    return row.carried_on - timedelta(days=1) if row.carried_on is not None else on


def changes_text(row: Reorganization, on: date) -> str:
    """The adjustment in one line."""
    lines = queries.change_lines(row, shown_on(row, on)) if row.what == Change.ADJUST else []
    told = []
    for what, was, wish in lines:
        if what == _("成员单位"):
            told.append(f"{was}{wish}" if was else wish)
        else:
            told.append(_("{what}由“{was}”改为“{wish}”").format(what=what, was=was or "—", wish=wish))
    return "；".join(told)


def facts(row: Reorganization, on: date) -> dict[str, str]:
    """Texts of the places that a document about an adjustment or dissolution fills by itself."""
    found = queries.find(str(row.pk))
    if found is None:
        return {}
    row, party = found, found.party_organization
    day = shown_on(row, on)
    name = reading.names([party.pk], day).get(party.pk, "")
    applicant = reading.body_names([row.applicant_id]).get(row.applicant_id or 0, "")
    changes = changes_text(row, on)
    dissolves = row.what == Change.DISSOLVE
    words = _("经研究，同意撤销{name}。") if dissolves else _("经研究，同意对{name}作如下调整。")
    case = row.case
    return {
        "branch": name, "superior": reading.name_of(row.approver) or _("上级党委"),
        "applicant": applicant if row.origin == Origin.UNIT else name, "changes": changes, "reason": row.reason,
        "formal": str(counts.of_branches([party.pk], day)[party.pk].formal),
        "units": "、".join(told for _u, told in reading.units_on(party, day)), "where": row.members_to,
        "reply_no": case.decision_no if case else "", "reply_on": _day(case.decided_on) if case else "",
        "done": _("撤销") if dissolves else _("作如下调整：{changes}").format(changes=changes),
        "handed": _("{day}移交{to}").format(day=_day(row.handed_on), to=row.handed_to) if row.handed_on else "",
        "writer": applicant or name, "words": words.format(name=name),
    }  # fmt: skip


def _day(day: date | None) -> str:
    return date_long(day) if day is not None else ""


def facts_for(code: str) -> Callable[[Reorganization, date], dict[str, str]]:
    """The facts of a kind, with the title that names the party organization."""

    def told(row: Reorganization, on: date) -> dict[str, str]:
        known = facts(row, on)
        known["title"] = _(CHANGING_TITLES[code][row.what]).format(name=known.get("branch", ""))
        if code == "party_change_notice":
            known.pop("words", None)
        return known

    return told
