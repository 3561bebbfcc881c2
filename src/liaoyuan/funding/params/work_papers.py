"""Photos and papers of a running project's records of work. Photos lose where they were taken.

Photos on which those served can be known are of class C3: kept sealed, each download is a read event.
"""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.kit.files.kinds import PHOTOS

_SEEN = (Permission.VIEW, Permission.OWN_VIEW)
_KEPT = (Permission.OWN_EDIT, Permission.EDIT)
PAPER_TITLES: dict[str, str] = {
    "work_photo": "活动照片",
    "work_photo_served": "认得出服务对象的照片",
    "audit_report": "审计报告",
    "work_paper": "签到表、方案和其他材料",
}
PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        FilePurpose("work_photo", PAPER_TITLES["work_photo"], ("workrecord",), view=_SEEN, edit=_KEPT,
                    kinds=frozenset(map(str, PHOTOS)), photo=True, general=True),
        FilePurpose("work_photo_served", PAPER_TITLES["work_photo_served"], ("workrecord",), view=_SEEN, edit=_KEPT,
                    kinds=frozenset(map(str, PHOTOS)), photo=True, general=True, sensitivity="C3"),
        FilePurpose("audit_report", PAPER_TITLES["audit_report"], ("projectaudit",), view=_SEEN,
                    edit=(Permission.EDIT, Permission.EVALUATE), general=True),
        FilePurpose("work_paper", PAPER_TITLES["work_paper"], ("workrecord",), view=_SEEN, edit=_KEPT, general=True),
    )
}  # fmt: skip
