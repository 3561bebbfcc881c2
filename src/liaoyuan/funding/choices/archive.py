"""The pieces of a project's archive (handbook §6.1) and how each stands. No Django."""

from enum import StrEnum


class Piece(StrEnum):
    """A piece of the archive, by code."""

    CALL = "call"
    APPLICATION = "application"
    ELIGIBILITY = "eligibility"
    SCORES = "scores"
    PUBLICITY = "publicity"
    CONTRACT = "contract"
    BUDGET = "budget"
    TRANCHES = "tranches"
    WORK = "work"
    MID_REPORT = "mid_report"
    FINAL_REPORT = "final_report"
    ACCOUNTS = "accounts"
    CHANGES = "changes"
    AUDIT = "audit"
    SATISFACTION = "satisfaction"
    ACCEPTANCE = "acceptance"
    PERFORMANCE = "performance"


#: Titles as the parameter `gv.archive.papers` lists them.
PIECE_TITLES: dict[str, str] = {
    Piece.CALL: "征集公告",
    Piece.APPLICATION: "申报书",
    Piece.ELIGIBILITY: "资格审查记录",
    Piece.SCORES: "评分表",
    Piece.PUBLICITY: "公示记录",
    Piece.CONTRACT: "协议",
    Piece.BUDGET: "预算表",
    Piece.TRANCHES: "拨付凭证",
    Piece.WORK: "活动记录",
    Piece.MID_REPORT: "中期报告",
    Piece.FINAL_REPORT: "结项报告",
    Piece.ACCOUNTS: "决算表",
    Piece.CHANGES: "变更材料",
    Piece.AUDIT: "审计报告",
    Piece.SATISFACTION: "满意度调查",
    Piece.ACCEPTANCE: "评估意见",
    Piece.PERFORMANCE: "绩效公开",
}


class PieceState(StrEnum):
    """How a piece stands: in the file, not needed by itself, not needed as two persons found, asked for, missing."""

    GIVEN = "given"
    NEEDLESS = "needless"
    WAIVED = "waived"
    ASKED = "asked"
    MISSING = "missing"


PIECE_STATE_TITLES: dict[str, str] = {
    PieceState.GIVEN: "已有",
    PieceState.NEEDLESS: "不涉及",
    PieceState.WAIVED: "已核定不需要",
    PieceState.ASKED: "待核定",
    PieceState.MISSING: "缺",
}


class WaiverState(StrEnum):
    """A proposal that a piece is not needed: waits, was agreed to, was not."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
