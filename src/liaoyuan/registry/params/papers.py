"""Which papers a body's file should hold (材料清单), and for what files may be attached in the register.

A checklist is a dated parameter, a list of names: an office adds a paper of its own without code. A name that is a
purpose's title has that purpose's class and permissions, any other those of 其他材料.
"""

from collections.abc import Mapping
from typing import Any

from liaoyuan.core.registries import FilePurpose
from liaoyuan.kit.files.kinds import PHOTOS
from liaoyuan.registry.choices import Kind, Permission
from liaoyuan.registry.params.table import FILING, JJ, JJ_LAW, MF, MF_LAW, ST, ST_LAW, row

_SEEN = (Permission.VIEW, Permission.OWN_VIEW)
_KEPT = (Permission.EDIT, Permission.FILING_EDIT)
_OWN = (Permission.OWN_FILE,)
_BODY = ("organization",)
_RECORDS = ("rating", "honour", "ratingentry")
_REPORT: dict[str, Any] = {"on": ("annualreport",), "behalf": (Permission.ANNUAL_FILL,), "general": True}

#: Titles are what pages and checklists call them.
PURPOSE_TITLES: dict[str, str] = {
    "certificate": "登记证书",
    "charter": "章程",
    "appointment": "法定代表人任职文件",
    "domicile": "住所证明",
    "filing": "备案表",
    "roster": "成员名单",
    "opinion": "社区（村）意见",
    "photo": "照片",
    "paper": "其他材料",
    "evidence": "依据",
    "audit": "审计报告",
    "financial": "财务会计报告",
    "rectification": "整改报告",
    "supervisor": "业务主管单位初审意见",
    "signed": "盖章的年度工作报告书",
}


def _purpose(code: str, sensitivity: str = "C2", *, on: tuple[str, ...] = _BODY, **more: Any) -> FilePurpose:
    return FilePurpose(
        code, PURPOSE_TITLES[code], on, view=_SEEN, edit=_KEPT, own=_OWN, sensitivity=sensitivity, **more
    )


PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        _purpose("certificate", "C1"),
        _purpose("charter", "C1"),
        _purpose("appointment"),
        _purpose("domicile"),
        _purpose("filing"),
        # Names and telephone numbers: not for those who merely look things up.
        FilePurpose(
            "roster", PURPOSE_TITLES["roster"], _BODY,
            view=(*_KEPT, Permission.OWN_FILE), edit=_KEPT, own=_OWN, sensitivity="C3",
        ),
        _purpose("opinion"),
        _purpose("photo", kinds=frozenset(map(str, PHOTOS)), photo=True, general=True),
        _purpose("paper", general=True),
        # Experts see what was attached to an assessment that is theirs; other records they do not find.
        FilePurpose(
            "evidence", PURPOSE_TITLES["evidence"], _RECORDS, view=(*_SEEN, Permission.RATING_SCORE), edit=_KEPT,
            own=_OWN, general=True,
        ),
        _purpose("audit", "C1", **_REPORT),
        _purpose("financial", "C1", **_REPORT),
        _purpose("rectification", **_REPORT),
        _purpose("supervisor", **_REPORT),
        _purpose("signed", **_REPORT),
    )
}  # fmt: skip

#: The checklist of each type of body.
KEYS: dict[str, str] = {Kind.ST: "papers.st", Kind.MF: "papers.mf", Kind.JJ: "papers.jj", Kind.BA: "papers.filed"}
PAPER_PARAMETER_TITLES: dict[str, str] = {
    "papers.st": "社会团体的材料清单",
    "papers.mf": "民办非企业单位的材料清单",
    "papers.jj": "基金会的材料清单",
    "papers.filed": "备案社区社会组织的材料清单",
}

_REGISTERED = ["登记证书", "章程", "法定代表人任职文件", "住所证明"]
_FILED = ["备案表", "成员名单", "章程", "社区（村）意见"]
PAPER_PARAMETERS: tuple[Mapping[str, Any], ...] = (
    row("papers.st", _REGISTERED, ST_LAW + "第十一条、第十二条", since=ST, mark="K"),
    row("papers.mf", _REGISTERED, MF_LAW + "第九条", since=MF, mark="K"),
    row("papers.jj", _REGISTERED, JJ_LAW + "第九条", since=JJ, mark="K"),
    row("papers.filed", _FILED, "民发〔2017〕191号及各地备案办法", since=FILING, mark="K"),
)
