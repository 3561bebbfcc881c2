"""The whole archive of a project: every paper that the system prints, then the files that were attached."""

from collections.abc import Callable

from liaoyuan.core.models import Attachment
from liaoyuan.funding.choices.archive import Piece
from liaoyuan.funding.models import Project
from liaoyuan.funding.queries import archive_papers, archive_running
from liaoyuan.funding.queries.archive_papers import KEPT_BACK, Paper

#: What the system itself can print of each piece. A part of the product that brings a piece enters it here.
WRITERS: dict[str, Callable[[Project], Paper]] = {
    Piece.CALL: archive_papers.call,
    Piece.APPLICATION: archive_papers.application,
    Piece.ELIGIBILITY: archive_papers.eligibility,
    Piece.SCORES: archive_papers.scores,
    Piece.PUBLICITY: archive_papers.publicity,
    Piece.CONTRACT: archive_papers.contract,
    Piece.BUDGET: archive_papers.budget,
    Piece.TRANCHES: archive_papers.tranches,
    Piece.WORK: archive_running.work,
    Piece.MID_REPORT: archive_running.mid_report,
    Piece.FINAL_REPORT: archive_running.final_report,
    Piece.ACCOUNTS: archive_running.accounts,
    Piece.CHANGES: archive_papers.changes,
    Piece.AUDIT: archive_running.audit,
    Piece.SATISFACTION: archive_running.satisfaction,
    Piece.ACCEPTANCE: archive_running.acceptance,
}


def papers(row: Project) -> list[Paper]:
    """The papers of a project in the order of the handbook, then its files by the title under which they stand."""
    found = [paper for paper in (writer(row) for writer in WRITERS.values()) if not paper.empty]
    rows = Attachment.objects.living().filter(subject_kind="project", subject_id=str(row.pk)).select_related("file")
    titles: dict[str, list[Attachment]] = {}
    for one in rows.order_by("paper", "pk"):
        titles.setdefault(one.paper or "其他材料", []).append(one)
    for title, files in titles.items():
        open_ones = tuple((one.name, one.file) for one in files if one.sensitivity not in KEPT_BACK)
        back = tuple(one.name for one in files if one.sensitivity in KEPT_BACK)
        found.append(Paper(title, files=open_ones, held_back=back))
    return found
