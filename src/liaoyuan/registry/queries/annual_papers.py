"""Files of an annual report: the record they hang on, and which papers this report must have."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.queries import files
from liaoyuan.core.queries.files import Line, Place
from liaoyuan.core.registries import FileSubject
from liaoyuan.kit.findings import Limits
from liaoyuan.registry.models import AnnualReport
from liaoyuan.registry.params.papers import PURPOSE_TITLES
from liaoyuan.registry.queries.annual_facts import SUBJECT
from liaoyuan.registry.rules.annual_facts import AnnualFacts


def _find(user: Any, key: str) -> AnnualReport | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    rows = AnnualReport.objects.visible_to(user).with_body().select_related("round__area", "organization")
    return rows.filter(pk=int(key)).first()


def _label(report: AnnualReport) -> str:
    name = report.name  # type: ignore[attr-defined]
    word = _("{name}：{year} 年度报告（补报）") if report.makes_up_id else _("{name}：{year} 年度报告")
    return word.format(name=name, year=report.round.year)


def _papers(report: AnnualReport) -> str:
    return f"papers.annual_{report.track}"


def _chain(report: AnnualReport) -> Sequence[str]:
    return policy.chain(report.round.area.path)


SUBJECTS = {
    SUBJECT: FileSubject(
        kind=SUBJECT,
        title="年度报告",
        find=_find,
        holder=lambda report: report.organization,
        label=_label,
        address=lambda report: reverse("registry:annual_report", args=[report.pk]),
        papers=_papers,
        chain=_chain,
    )
}


def wanted(report: AnnualReport, facts: AnnualFacts, limits: Limits) -> list[str]:
    """The papers this report must have: those of its kind, the audit and the rectification report where a rule asks."""
    told = list(limits.get(_papers(report)) or [])
    if report.track == "check" and not report.supervised:
        told = [paper for paper in told if paper != PURPOSE_TITLES["supervisor"]]
    audit = report.kind == "MF" and report.track == "check" and facts.field in (facts.audit_fields or ())
    if audit and limits.is_on("ANN-05"):
        told.append(PURPOSE_TITLES["audit"])
    if facts.last_result in ("basically", "unqualified") and limits.is_on("ANN-06"):
        told.append(PURPOSE_TITLES["rectification"])
    return list(dict.fromkeys(told))


def lines(place: Place, report: AnnualReport, facts: AnnualFacts, limits: Limits, on: date) -> list[Line]:
    """The checklist of the report's papers."""
    return files.checklist(place, wanted(report, facts, limits), on)
