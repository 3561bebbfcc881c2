"""Who may open which document of a round: it follows the record that it is about."""

from typing import Any

from liaoyuan.core.models import Document
from liaoyuan.funding.models import Agreement, AwardList, AwardObjection
from liaoyuan.funding.params import letters as kits
from liaoyuan.funding.queries import rounds

#: Documents that these pages hand out: notices, approvals and answers to the office, an agreement to its parties too.
CODES = (kits.NOTICE.code, kits.APPROVAL.code, kits.ANSWER.code, kits.CONTRACT.code)


def find(user: Any, pk: int) -> Document | None:
    """The document, if the user sees its subject."""
    row = Document.objects.filter(pk=pk, code__in=CODES).select_related("issuer__area", "pdf", "docx").first()
    if row is None or not row.subject_id.isdecimal():
        return None
    return row if _sees(user, row.code, int(row.subject_id)) else None


def _sees(user: Any, code: str, key: int) -> bool:
    if code == kits.CONTRACT.code:
        return Agreement.objects.visible_to(user).filter(pk=key).exists()
    if code == kits.ANSWER.code:
        return AwardObjection.objects.visible_to(user).filter(pk=key).exists()
    row = AwardList.objects.select_related("round__programme__area").filter(pk=key).first()
    return row is not None and rounds.inside(user, row.round)
