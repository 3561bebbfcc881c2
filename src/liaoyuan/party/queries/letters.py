"""What the documents of a founding know of it by themselves."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.party.choices.organizations import OFFICER_HOW_TITLES, OfficerHow, Standing
from liaoyuan.party.models import Founding
from liaoyuan.party.queries import founding as queries
from liaoyuan.party.queries import foundings
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.names import member_names
from liaoyuan.ui.texts import date_long


def facts(row: Founding, on: date) -> dict[str, str]:
    """Texts of the places that a document about a founding fills by itself."""
    row = Founding.objects.select_related("superior", "case", "ceremony", "carrier").get(pk=row.pk)
    heads = foundings.heads(row, on)
    applicant = reading.body_names([row.applicant_id]).get(row.applicant_id or 0, "")
    secretary = member_names([row.secretary_id]).get(row.secretary_id or 0, "")
    how = _(OFFICER_HOW_TITLES[OfficerHow(row.secretary_how)]) if row.secretary_how else ""
    return {
        "name": row.name, "branch": row.name, "superior": reading.name_of(row.superior), "applicant": applicant,
        "kind": queries.kind_word(row), "units": "、".join(name for _u, name in queries.units_of(row)),
        "carrier": queries.carrier_of(row), "formal": str(heads[Standing.FORMAL]),
        "committed": str(heads[Standing.COMMITTED]), "due": _day(row.transfer_due_on),
        "reply_no": row.case.decision_no if row.case else "",
        "reply_on": _day(row.case.decided_on) if row.case else "",
        "met_on": _day(row.ceremony.on) if row.ceremony else "", "secretary": secretary, "how": how,
        "reason": row.purpose, "writer": applicant if row.party_organization_id is None else row.name,
        "words": _("经研究，同意设立{name}。").format(name=row.name),
        "outcome": _("{name}同志任书记。").format(name=secretary) if secretary else "",
    }  # fmt: skip


def _day(day: date | None) -> str:
    return date_long(day) if day is not None else ""


#: Titles that name the branch, by the code of the document.
LETTER_TITLES: dict[str, str] = {
    "party_request": "关于设立{name}的请示",
    "party_reply": "关于同意设立{name}的批复",
    "party_method": "{name}选举办法（草案）",
    "party_candidates": "关于{name}委员候选人预备人选的请示",
    "party_result": "关于{name}选举（任命）结果的报告",
    "party_founded": "关于成立{name}的通知",
}


def facts_for(code: str) -> Callable[[Founding, date], dict[str, str]]:
    """The facts of a kind, with the title that names the branch."""

    def told(row: Founding, on: date) -> dict[str, str]:
        known = facts(row, on)
        if code in LETTER_TITLES:
            known["title"] = _(LETTER_TITLES[code]).format(name=row.name)
        return known

    return told
