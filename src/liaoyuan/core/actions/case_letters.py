"""Letters of a case: the decision's is drafted in the examiner's name and signed by who decides."""

from datetime import date, datetime

from liaoyuan.core import access
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import documents
from liaoyuan.core.choices import Permission
from liaoyuan.core.documents.case_letters import LETTERS
from liaoyuan.core.models import Case, Document
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.queries import documents as document_queries


def may_issue(by: Actor, case: Case) -> bool:
    """Whether this person can sign the decision's letter with the decision: an office with its sign, a drafter."""
    reach = access.reach(by, Permission.DOCUMENT_ISSUE)  # an office's sign is that of an area
    return (
        not case.passes_through
        and (reach.everything or any(case.area.path.startswith(path) for path in reach.paths))
        and access.covers(by, Permission.DOCUMENT_ISSUE, case, write=True)
        and any(_drafts(user, case) for user in queries.examiners(case) if user.pk != by.pk)
    )


def may_draft(by: Actor, case: Case) -> bool:
    """Whether this person can draft a letter of the case: the permission, and an office to write in the name of."""
    return not case.passes_through and _drafts(by, case)


def _drafts(user: Actor, case: Case) -> bool:
    return (
        access.covers(user, Permission.DOCUMENT_DRAFT, case, write=True)
        and document_queries.issuer_for(user, case.area) is not None
    )


def issue(*, case: Case, on: date, by: Actor, at: datetime) -> Document:
    """The decision's letter with its number, inside the transaction of the decision. Refused as documents refuse."""
    drafter = next(user for user in reversed(queries.examiners(case)) if user.pk != by.pk and _drafts(user, case))
    reason = {"reason": case.decision_text} if case.decision_text else {}
    mark = f"case:{case.pk}:decision"
    made = documents.draft(
        code=LETTERS[case.decision], subject=case, fields=reason, by=drafter, at=at, mark=mark,
        on_behalf=case.on_behalf,
    )  # fmt: skip
    return documents.issue(document=made, by=by, at=at, dated_on=on)


def draft_supplement(*, case: Case, needed: str, by: Actor, at: datetime) -> Document:
    """A draft of the notice that tells what is missing; who signs letters signs it."""
    mark = f"case:{case.pk}:supplement:{case.version}"
    return documents.draft(
        code=LETTERS["supplement"], subject=case, fields={"needed": needed}, by=by, at=at, mark=mark,
        on_behalf=case.on_behalf,
    )  # fmt: skip
