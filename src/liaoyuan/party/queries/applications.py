"""One list of all applications about party organizations: to found, adjust and dissolve; and those of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.kit.text import half_width
from liaoyuan.party.choices.reorganizing import STAGES_OF_WORK, WORK_TITLES, ChangeState
from liaoyuan.party.models import Formation, Founding, PartyOrganization, Reorganization
from liaoyuan.party.queries import changing, founding, reorganizing
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries.ending import OVER
from liaoyuan.ui.texts import date_short


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of the list: a text in the name, a kind of `WORK_TITLES`, a stage ("" = not done, "all")."""

    q: str = ""
    what: str = ""
    state: str = ""


@dataclass(slots=True)
class Line:
    """One application."""

    pk: int
    what: str
    name: str
    href: str
    asker: str
    approver: str
    number: str
    received_on: date | None
    decided_on: date | None
    filed_on: date | None
    state: tuple[str, str]
    told: str = ""


def _staged(rows: Any, state: str, place: int) -> Any:
    """Rows of a stage; `place` is 0 for foundings and 1 for changes."""
    if state == "over":
        return rows.filter(OVER)
    if state in STAGES_OF_WORK:
        return rows.filter(state__in=STAGES_OF_WORK[state][place]).exclude(OVER)
    if state != "all":
        return rows.exclude(state="filed").exclude(OVER)
    return rows


class Listing:
    """Applications that the user may see, foundings and changes in one order."""

    ordered = True

    def __init__(self, user: Any, criteria: Criteria, order: str = "-made_at") -> None:
        found: Any = _staged(Founding.objects.visible_to(user), criteria.state, 0)
        last = Formation.objects.current().filter(party_organization=OuterRef("party_organization"))
        changes: Any = _staged(Reorganization.objects.visible_to(user), criteria.state, 1).annotate(
            last=Subquery(last.order_by("-valid_from").values("name")[:1])
        )
        word = half_width(criteria.q).strip()
        if word:
            found = found.filter(name__icontains=word)
            changes = changes.filter(Q(last__icontains=word) | Q(name__icontains=word))
        if criteria.what and criteria.what != "found":
            found = found.none()
        if criteria.what:
            changes = changes.filter(what=criteria.what)
        one = found.annotate(sort=Value("found", output_field=CharField()), title=F("name"))
        two = changes.annotate(sort=F("what"), title=F("last"))
        names = ("sort", "pk", "title", "made_at")
        rows = one.order_by().values_list(*names).union(two.order_by().values_list(*names), all=True)
        key = order.lstrip("-") if order.lstrip("-") in ("title", "made_at", "sort") else "made_at"
        self.rows = rows.order_by(f"-{key}" if order.startswith("-") else key, "sort", "-pk")

    def count(self) -> int:
        """How many there are."""
        return int(self.rows.count())

    def __getitem__(self, part: slice) -> list[Line]:
        """The lines of a slice with plain bounds."""
        keys = [(what, pk) for what, pk, _title, _at in self.rows[part]]
        told = {line_key: line for line_key, line in (*_foundings(keys), *_changes(keys))}
        return [told[key] for key in keys if key in told]


def _foundings(keys: Sequence[tuple[str, int]]) -> list[tuple[tuple[str, int], Line]]:
    wanted = [pk for what, pk in keys if what == "found"]
    rows = list(Founding.objects.filter(pk__in=wanted).select_related("case")) if wanted else []
    bodies = reading.body_names(row.applicant_id for row in rows)
    above = reading.names(row.superior_id for row in rows)
    told = []
    for row in rows:
        told.append((("found", row.pk), Line(
            row.pk, _(WORK_TITLES["found"]), row.name, reverse("party:founding_detail", args=[row.pk]),
            bodies.get(row.applicant_id or 0, ""), above.get(row.superior_id, ""), row.case.number if row.case else "",
            row.case.received_on if row.case else None, row.case.decided_on if row.case else None, row.filed_on,
            founding.state_words(row), founding.kind_word(row),
        )))  # fmt: skip
    return told


def _changes(keys: Sequence[tuple[str, int]]) -> list[tuple[tuple[str, int], Line]]:
    wanted = [pk for what, pk in keys if what != "found"]
    rows = list(Reorganization.objects.filter(pk__in=wanted).select_related("case")) if wanted else []
    return [((row.what, row.pk), line) for row, line in zip(rows, lines(rows), strict=True)]


def lines(rows: Sequence[Reorganization]) -> list[Line]:
    """Lines of adjustments and dissolutions."""
    bodies = reading.body_names(row.applicant_id for row in rows)
    parties = reading.names(key for row in rows for key in (row.party_organization_id, row.approver_id))
    told = []
    for row in rows:
        asker = bodies.get(row.applicant_id or 0, "") or reorganizing.origin_word(row)
        told.append(Line(
            row.pk, _(WORK_TITLES[row.what]), parties.get(row.party_organization_id, ""),
            reverse("party:reorganization_detail", args=[row.pk]), asker, parties.get(row.approver_id or 0, ""),
            row.case.number if row.case else "", row.case.received_on if row.case else None,
            row.case.decided_on if row.case else None, row.filed_on, reorganizing.state_words(row), row.reason,
        ))  # fmt: skip
    return told


def of_party(party: PartyOrganization, user: Any) -> list[Line]:
    """The applications about one party organization that the user may see, the latest first: its founding as well."""
    rows = Reorganization.objects.visible_to(user).filter(party_organization=party).select_related("case")
    told = lines(list(rows.order_by("-pk")[:50]))
    made = Founding.objects.visible_to(user).filter(party_organization=party).values_list("pk", flat=True)
    return told + [line for _key, line in _foundings([("found", pk) for pk in made])]


def facts_lines(row: Reorganization) -> list[tuple[str, str]]:
    """(title, text) of an application's facts."""
    bodies = reading.body_names([row.applicant_id])
    told = [
        (_("申请方式"), reorganizing.origin_word(row)),
        (_("申请单位"), bodies.get(row.applicant_id or 0, "")),
        (_("批准的党委"), reading.name_of(row.approver) or _("所属区划的党建部门")),
        (_("理由"), row.reason),
        (_("党员去向"), row.members_to),
        (_("事项编号"), row.case.number if row.case else ""),
        (_("批复文号"), row.case.decision_no if row.case else ""),
        (_("生效日期"), date_short(row.carried_on)),
        (_("移交日期"), date_short(row.handed_on)),
        (_("移交给"), row.handed_to),
        (_("移交清单"), row.handed_note),
        (_("备案日期"), date_short(row.filed_on)),
        (_("备案号"), row.filing_no),
    ]
    return [(title, text) for title, text in told if text]


def next_words(row: Reorganization, *, staff: bool) -> str:
    """What comes before the approval, and who does it; empty after it."""
    if row.state == ChangeState.DRAFT:
        return _("核对核查结果，没有禁止的事项就可以提交批准的党委。")
    if row.state != ChangeState.APPLIED or row.case is None or not row.case.open:
        return ""
    if staff:
        return _("在“办理过程”里收材料、签署意见，由批准的党委会议研究批复。")
    return _("等待批准的党委研究批复；材料和进度在“办理过程”里。")


def unfinished(row: Reorganization) -> list[str]:
    """What is still to be done after the approval, in order."""
    if row.state != ChangeState.CARRIED:
        return []
    told = []
    if row.officers and not reorganizing.officers_done(row):
        told.append(_("选举或任命班子：在党组织页面登记任职、换届，或召开党员大会选举。"))
    if row.what == "dissolve" and row.handed_on is None:
        told.append(_("登记材料、印章的移交。"))
    return [*told, _("登记备案。")]


def change_table(row: Reorganization, on: date) -> list[tuple[str, str, str]]:
    """(what, as it is, as it would be), of the day before once it was carried out."""
    return reorganizing.change_lines(row, changing.shown_on(row, on)) if row.what == "adjust" else []
