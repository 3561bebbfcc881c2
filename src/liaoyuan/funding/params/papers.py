"""The attachments of an application: what they are, who sees and uploads them, which ones a round asks for.

The checklist is a dated parameter, a list of names; a place or a programme has one of its own. A name that is no
purpose's title is uploaded as 其他附件.
"""

from collections.abc import Mapping
from typing import Any

from liaoyuan.core.registries import FilePurpose
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.params.table import default_row
from liaoyuan.kit.files.kinds import PHOTOS, FileKind

SUBJECT = "project"
#: The parameter that lists the attachments of an application.
PAPERS_KEY = "papers.grant_application"
#: Experts read attachments at their desk only, see `queries.papers.for_reader`.
_SEEN = (Permission.VIEW, Permission.OWN_VIEW)
_OWN = (Permission.OWN_EDIT,)
_OFFICE = (Permission.EDIT,)

#: Titles are what pages and checklists call them.
GRANT_PURPOSE_TITLES: dict[str, str] = {
    "grant_certificate": "登记证书副本",
    "grant_annual": "年检年报结论",
    "grant_financial": "财务报表",
    "grant_pledge": "承诺书",
    "grant_community": "落地社区意见",
    "grant_photo": "现场照片",
    "grant_paper": "其他附件",
    "grant_scan": "盖章的申报书",
}


def _purpose(code: str, sensitivity: str = "C2", **more: Any) -> FilePurpose:
    return FilePurpose(
        code, GRANT_PURPOSE_TITLES[code], (SUBJECT,), view=_SEEN, edit=_OFFICE, own=_OWN, sensitivity=sensitivity,
        **more,
    )  # fmt: skip


#: The stamped scan enters by its own page, which asks for the code of the version: nobody uploads or changes it else.
SCAN = FilePurpose(
    "grant_scan", GRANT_PURPOSE_TITLES["grant_scan"], (SUBJECT,), view=_SEEN, edit=(),
    kinds=frozenset({str(FileKind.PDF), str(FileKind.JPEG), str(FileKind.PNG)}),
)  # fmt: skip
PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        _purpose("grant_certificate", "C1"),
        _purpose("grant_annual", "C1"),
        _purpose("grant_financial"),
        _purpose("grant_pledge"),
        _purpose("grant_community"),
        _purpose("grant_photo", kinds=frozenset(map(str, PHOTOS)), photo=True, general=True),
        _purpose("grant_paper", general=True),
        SCAN,
    )
}
GRANT_PAPER_PARAMETER_TITLES: dict[str, str] = {PAPERS_KEY: "公益创投申报的附件清单"}
GRANT_PAPER_PARAMETERS: tuple[Mapping[str, Any], ...] = (
    default_row(PAPERS_KEY, ["登记证书副本", "年检年报结论", "财务报表", "承诺书", "落地社区意见"], mark="K"),
)
