"""Makers for the tests about archives: a project that is over, with its money paid and its papers attached."""

from liaoyuan.core.actions import files
from liaoyuan.core.models import Attachment
from liaoyuan.funding.models import Project, Round, Tranche
from liaoyuan.funding.queries import archive
from liaoyuan.kit.files.kinds import FileKind
from tests.core.factories import AT
from tests.funding import granting

WAN = 1_000_000


def over(desk: granting.Desk, round_: Round, row: Project, fen: int = 10 * WAN) -> Project:
    """The project approved, signed, paid in full and accepted; the checks between are other parts' business."""
    _lines, at = granting.approved(desk, round_, [(row, fen)])
    signed = granting.signed(desk, row, [(granting.pool(round_), fen)], at=at)
    granting.paid(desk, signed, at=at)
    Tranche.objects.filter(agreement=signed).exclude(no=1).update(state="cancelled")
    paid = granting.tranche(signed).amount_fen
    signed.shares.update(amount_fen=paid)
    signed.expenses.create(
        budget_class="B06", voucher_no="记-1", spent_on=granting.day(at), payee="滨湖示例文具店", title="材料",
        amount_fen=paid, grant_fen=paid, file=granting.paper("发票一"), entered_at=at,
    )  # fmt: skip
    Project.objects.filter(pk=row.pk).update(state="accepted")
    return granting.project(row)


def attached(row: Project, paper: str, by, *, name: str = "", sensitivity: str = "C2", text: str = "") -> Attachment:
    """A scan attached to the project under a title of its list."""
    kept = files.keep_made((text or f"{paper}扫描件").encode(), FileKind.TEXT, sensitivity=sensitivity, at=AT)
    return Attachment.objects.create(
        file=kept, subject_kind="project", subject_id=str(row.pk), purpose="grant_archive", paper=paper,
        name=name or f"{paper}.txt", sensitivity=sensitivity, uploaded_at=AT, uploaded_by=by, pledged_at=AT,
    )  # fmt: skip


def lacking(row: Project) -> list[str]:
    """Titles of what the file still lacks."""
    return archive.of(granting.project(row)).missing


def completed(row: Project, by) -> None:
    """Attach whatever is lacking."""
    for paper in lacking(row):
        attached(row, paper, by)
