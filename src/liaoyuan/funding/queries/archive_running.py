"""What the archive holds of a project's running: records of work, reports, the audit, the evaluator's sheets.

Readers tell of many projects at once what there is; writers print one project's. Chinese, as the other papers.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Max

from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.funding.choices.archive import PIECE_TITLES, Piece
from liaoyuan.funding.choices.budget import BUDGET_CLASS_TITLES
from liaoyuan.funding.choices.money import FINAL_GRADE_TITLES, MID_OUTCOME_TITLES
from liaoyuan.funding.choices.review import ACCEPT_ITEM_TITLES
from liaoyuan.funding.choices.running import AUDIT_TITLES, LOG_STATE_TITLES, REPORT_TITLES, ReportKind, ReportState
from liaoyuan.funding.models import Assessment, Project, ProjectAudit, ProjectReport, WorkRecord
from liaoyuan.funding.params.report_form import REPORT_TEXTS
from liaoyuan.funding.queries import consequences
from liaoyuan.funding.queries.archive_papers import KEPT_BACK, Paper, day_of, pairs_of, points_of, table_of
from liaoyuan.funding.queries.work import SUBJECT
from liaoyuan.kit.money import format_yuan

_HANDED = (ReportState.HANDED.value, ReportState.PASSED.value, ReportState.FAILED.value)
#: Project, how many, the latest day.
type Found = Iterable[tuple[int, int, object]]


def works(keys: Sequence[int]) -> Found:
    """Records of work that stand."""
    rows = WorkRecord.objects.filter(project__in=keys, voided_at__isnull=True).order_by().values("project")
    return rows.annotate(n=Count("pk"), on=Max("held_on")).values_list("project", "n", "on")


def reports(keys: Sequence[int], kind: ReportKind) -> Found:
    """Reports of the kind that were handed in and not returned."""
    rows = ProjectReport.objects.filter(project__in=keys, kind=str(kind), state__in=_HANDED).order_by()
    told = rows.values("project").annotate(n=Count("pk"), on=Max("handed_at"))
    return told.values_list("project", "n", "on")


def surveys(keys: Sequence[int]) -> Found:
    """Final reports that tell of a survey."""
    rows = ProjectReport.objects.filter(project__in=keys, state__in=_HANDED, asked__gt=0).order_by()
    return rows.values("project").annotate(n=Count("pk"), on=Max("handed_at")).values_list("project", "n", "on")


def sheets(keys: Sequence[int]) -> Found:
    """Evaluators' sheets of final reports that hold."""
    rows = Assessment.objects.filter(report__project__in=keys, annulled_at__isnull=True,
                                     report__kind=ReportKind.FINAL.value).order_by()  # fmt: skip
    told = rows.values("report__project").annotate(n=Count("pk"), on=Max("signed_at"))
    return told.values_list("report__project", "n", "on")


def audits(keys: Sequence[int]) -> Found:
    """Audits that stand."""
    rows = ProjectAudit.objects.filter(project__in=keys, voided_at__isnull=True).order_by().values("project")
    return rows.annotate(n=Count("pk"), on=Max("reported_on")).values_list("project", "n", "on")


def _files(kind: str, titles: Mapping[str, str]) -> tuple[tuple[tuple[str, StoredFile], ...], tuple[str, ...]]:
    """Files of the subjects, by their key the word that goes before their names; names of those kept back."""
    rows = Attachment.objects.living().filter(subject_kind=kind, subject_id__in=list(titles)).select_related("file")
    found = [(one, f"{titles[one.subject_id]} {one.name}") for one in rows.order_by("pk")]
    open_ones = tuple((name, one.file) for one, name in found if one.sensitivity not in KEPT_BACK)
    return open_ones, tuple(name for one, name in found if one.sensitivity in KEPT_BACK)


def work(row: Project) -> Paper:
    """The records in order of their days with their photos, and the monthly logs."""
    rows = list(row.records.filter(voided_at__isnull=True).order_by("held_on", "number"))
    heads = ("序号", "日期", "名称", "地点", "服务人次", "志愿者人次", "内容")
    told = ((one.number, day_of(one.held_on), one.title, one.place, one.served, one.volunteers, one.content)
            for one in rows)  # fmt: skip
    logs = ((f"{one.month:%Y-%m}", LOG_STATE_TITLES[one.state], day_of(one.handed_at), one.note)
            for one in row.logs.order_by("month"))  # fmt: skip
    files, back = _files(SUBJECT, {str(one.pk): f"{one.number:03d}" for one in rows})
    tables = (*table_of("活动", heads, told), *table_of("月报", ("月份", "情况", "交出日期", "说明"), logs))
    return Paper(PIECE_TITLES[Piece.WORK], (), tables, files, back)


def _report(row: Project, kind: ReportKind) -> ProjectReport | None:
    rows: list[ProjectReport] = list(row.reports.filter(kind=str(kind), state__in=_HANDED).order_by("-number")[:1])
    return rows[0] if rows else None


def _written(row: Project, kind: ReportKind, piece: Piece) -> Paper:
    one = _report(row, kind)
    if one is None:
        return Paper(PIECE_TITLES[piece])
    texts = tuple((text.title, one.texts.get(text.key, "")) for text in REPORT_TEXTS[kind])
    heads = ("指标", "单位", "目标", "完成", "完成率（%）")
    done = table_of("指标", heads, one.figures.get("indicators", ()))
    held = table_of("活动清单", ("日期", "名称", "地点", "人次", "志愿者"), one.figures.get("activities", ()))
    return Paper(PIECE_TITLES[piece], pairs_of(("提交日期", day_of(one.handed_at)), *texts), (*done, *held))


def mid_report(row: Project) -> Paper:
    """The mid-term report that was not returned."""
    return _written(row, ReportKind.MID, Piece.MID_REPORT)


def final_report(row: Project) -> Paper:
    """The final report that was not returned."""
    return _written(row, ReportKind.FINAL, Piece.FINAL_REPORT)


def accounts(row: Project) -> Paper:
    """Budget against what was spent by class, as the final report told it."""
    one = _report(row, ReportKind.FINAL)
    heads = ("科目", "预算（元）", "其中资助（元）", "支出（元）", "其中资助（元）")
    told = (
        (BUDGET_CLASS_TITLES.get(code, code), *(format_yuan(fen) for fen in sums))
        for code, *sums in (one.figures.get("money", ()) if one is not None else ())
    )
    return Paper(PIECE_TITLES[Piece.ACCOUNTS], (), table_of("决算", heads, told))


def satisfaction(row: Project) -> Paper:
    """How many were asked in a survey, and how content they are."""
    rows = row.reports.filter(state__in=_HANDED, asked__gt=0).order_by("pk")
    told = ((REPORT_TITLES[one.kind], one.asked, points_of(one.satisfaction), one.texts.get("survey", ""))
            for one in rows)  # fmt: skip
    return Paper(PIECE_TITLES[Piece.SATISFACTION], (), table_of("调查", ("报告", "人数", "满意度", "方法"), told))


def acceptance(row: Project) -> Paper:
    """The evaluators' sheets that hold."""
    rows = Assessment.objects.filter(report__project=row, annulled_at__isnull=True).select_related("report")
    sheets = list(rows.order_by("pk"))
    heads = ("报告", "总分", "等次", "中期结论", "意见", "签字日期")
    told = (
        (REPORT_TITLES[one.report.kind], points_of(one.total), FINAL_GRADE_TITLES[one.grade],
         MID_OUTCOME_TITLES.get(one.outcome, ""), one.opinion, day_of(one.signed_at)) for one in sheets
    )  # fmt: skip
    items = ((REPORT_TITLES[one.report.kind], ACCEPT_ITEM_TITLES.get(code, code), points_of(marks))
             for one in sheets for code, marks in one.marks.items())  # fmt: skip
    tables = (*table_of("评估", heads, told), *table_of("分项", ("报告", "项目", "得分"), items))
    return Paper(PIECE_TITLES[Piece.ACCEPTANCE], (), tables)


def audit(row: Project) -> Paper:
    """The audits that stand with their reports."""
    rows = list(row.audits.filter(voided_at__isnull=True).order_by("reported_on", "pk"))
    told = ((one.auditor, day_of(one.reported_on), AUDIT_TITLES[one.conclusion], one.note) for one in rows)
    files, back = _files(consequences.AUDIT, {str(one.pk): day_of(one.reported_on) for one in rows})
    tables = table_of("审计", ("审计机构", "报告日期", "结论", "说明"), told)
    return Paper(PIECE_TITLES[Piece.AUDIT], (), tables, files, back)
