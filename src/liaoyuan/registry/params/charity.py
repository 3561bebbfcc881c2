"""Words of fundraising reports."""

from liaoyuan.registry.choices import ReportKind

REPORT_TITLES: dict[str, str] = {ReportKind.PROGRESS: "公开进展", ReportKind.FINAL: "全面公开"}
