"""A small messy workbook as an office keeps it: title, merged header, two doubtful rows. Codes by own arithmetic."""

from pathlib import Path

from openpyxl import Workbook

_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(start: str) -> str:
    """A valid unified code: `start` is 16 characters."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(c, 36) * w for c, w in zip(start[8:], weights, strict=True)) % 11
    body = start + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(_SYMBOLS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _SYMBOLS[(31 - total % 31) % 31]


NAMES = ("滨湖区晨曦演示服务中心", "滨湖区清荷演示协会", "滨湖区远帆演示促进会")
CODES = (code("52329911MJ777001"), code("51329911MJ777002"), code("51329911MJ777003"))


def write(path: Path) -> Path:
    """Row 4: clean; row 5: a month without a day; row 6: the letter O in the code."""
    book = Workbook()
    sheet = book.active
    sheet.append(["滨湖区社会组织台账"])
    sheet.merge_cells("A1:H1")
    sheet.append(["序号", "单位名称", "统一社会信用代码", "类型", "街道", "成立日期", "注册资金（万元）", "专职人数"])
    sheet.append(["一、本月新登记"])
    sheet.append([1, NAMES[0], CODES[0], "民非", "蠡园街道", "2026年9月3日", "3", "１２"])
    sheet.append([2, NAMES[1], CODES[1], "社团", "雪浪街道", "2026.08", "5", 3])
    sheet.append([3, NAMES[2], CODES[2].replace("0", "O", 1), "社团", "太湖街道", "2026/7/1", "3", 2])
    sheet.append(["合计", None, None, None, None, None, "11"])
    book.save(path)
    return path
