"""What a row of F09 tells of months and of the payment, with every doubt named. No database here."""

from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.core.staging import ReadRow
from liaoyuan.kit.findings import Severity
from liaoyuan.party.imports import dues_columns as columns
from liaoyuan.party.imports.reading import Form, tell

#: How F09 is read: amounts, months, no base in a message.
FORM = Form(columns.LONGEST, columns.MESSAGES, frozenset({"dues_base"}))
_MONTHS = ("month", "made_up")


def years(row: ReadRow, as_of: date) -> None:
    """The year of months that were written without one: the last such month that the day of the data has seen."""
    for name in _MONTHS:
        told = str(row.fields.get(name, ""))
        if told.startswith(columns.BARE):
            month = int(told[5:])
            year = as_of.year if month <= as_of.month else as_of.year - 1
            row.fields[name] = f"{year}-{month:02d}"


def payment(row: ReadRow, as_of: date, today: date) -> None:
    """Whether what a row tells of months and of the payment hangs together, and what it leaves open."""
    fields = row.fields
    years(row, as_of)
    month, made_up = str(fields.get("month", "")), str(fields.get("made_up", ""))
    if max(month, made_up) > as_of.isoformat()[:7]:
        tell(row, "IMP-DUES-FUTURE", Severity.BLOCK, _("月份不能晚于数据日期。"), "month")
    if made_up and month and made_up >= month:
        told = _("补交的月份须早于“月份”；交当月党费的不写补交月份。")
        tell(row, "IMP-DUES-MADE-UP", Severity.BLOCK, told, "made_up")
    _paid(row)
    on = str(fields.get("paid_on", ""))
    if on and (len(on) != 10 or on > min(as_of, today).isoformat()):
        tell(row, "IMP-DUES-DAY", Severity.BLOCK, _("交费日期须是不晚于数据日期的某一天。"), "paid_on")
    elif on and made_up and on[:7] != month:
        told = _("补交的“月份”应是交费的月份，交费日期却在 {month}，请核对。")
        tell(row, "IMP-DUES-MONTH", Severity.CONFIRM, told, "month", month=on[:7])
    elif on and month and not made_up and on[:7] < month:
        tell(row, "IMP-DUES-EARLY", Severity.CONFIRM, _("交费日期早于党费所属的月份，请核对。"), "paid_on")


def _paid(row: ReadRow) -> None:
    """A payment is whole: a day and who took it. One that is denied has neither."""
    fields = row.fields
    nothing = not columns.fen(fields.get("paid"))
    if nothing and not fields.get("paid_on") and fields.get("done") != "paid":
        fields.pop("paid", None)
        fields.pop("payee", None)
        return
    if fields.get("done") == "unpaid":
        told = _("写着未交，却有实交或交费日期，请核对。")
        tell(row, "IMP-DUES-UNPAID", Severity.BLOCK, told, "done")
        return
    doubted = {found.field for found in row.findings if found.severity == Severity.BLOCK}
    for name in ("paid_on", "payee"):
        if not fields.get(name) and name not in doubted:
            told = _("已交的须写明“{title}”。")
            tell(row, "IMP-DUES-PAID", Severity.BLOCK, told, name, title=_(columns.COLLECTED[name][0]))
    if "paid" not in fields and "paid" not in doubted:
        tell(row, "IMP-DUES-SUM", Severity.CONFIRM, _("没有写实交，确认后按应交的数额登记。"), "paid")
