"""Kinds of cases for core's tests: one without a subject, one about a body, entered for the length of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from liaoyuan.core import registries
from liaoyuan.core.models import Area, Case
from liaoyuan.core.registries import CaseField, CaseKind, Term
from liaoyuan.kit.findings import Finding, Severity
from liaoyuan.registry.choices import Permission
from liaoyuan.registry.models import Standing

FIELDS = (
    CaseField("name", "名称", required=True),
    CaseField("words", "说明", "long", longest=2000),
    CaseField("capital", "资金", "money"),
    CaseField("since", "日期", "date"),
    CaseField("yes", "是否", "yesno"),
    CaseField("phone", "联系电话", purpose="organization.phone", personal="organization.phone"),
)
#: What was carried out, by the cases' keys: the tests look here.
CARRIED: list[int] = []


def _findings(case: Case, moment: str, on: date) -> list[Finding]:
    if case.facts.get("name") == "禁止":
        return [Finding("TEST", Severity.BLOCK, "这个名称不行。", field="name")]
    return []


def _carry_out(*, case: Case, by: Any, at: Any) -> None:
    if case.facts.get("name") == "失败":
        raise RuntimeError("carrying out failed")
    CARRIED.append(case.pk)


def _area(record: Any) -> int:
    found = Standing.objects.now_open().filter(organization=record).values_list("registrar_area", flat=True).get()
    return int(found)


PLAIN = CaseKind(
    code="test.plain", title="测试事项", handle=(Permission.EDIT,), decide=(Permission.EDIT,), view=(Permission.VIEW,),
    fields=FIELDS, materials=lambda case: "papers.mf", term=lambda case, limits: Term(60, key="decision.days"),
    findings=_findings, on_decided=_carry_out,
)  # fmt: skip
WORKDAYS = CaseKind(
    code="test.workdays", title="工作日事项", handle=(Permission.EDIT,), decide=(Permission.EDIT,), fields=FIELDS,
    term=lambda case, limits: Term(5, workdays=True),
)  # fmt: skip
BODY = CaseKind(
    code="test.body", title="组织事项", handle=(Permission.EDIT, Permission.FILING_EDIT), decide=(Permission.EDIT,),
    apply=(Permission.OWN_FILE,), subject_kind="organization", area=_area, fields=FIELDS,
)  # fmt: skip
DIRECT = CaseKind(
    code="test.direct", title="直接办理", handle=(Permission.EDIT,), decide=(Permission.EDIT,),
    apply=(Permission.OWN_FILE,), subject_kind="organization", area=_area, fields=FIELDS, direct=True, per_field=True,
    two_persons=False, on_decided=_carry_out, before=lambda case: {"name": "旧名称"},
)  # fmt: skip
KINDS = (PLAIN, WORKDAYS, BODY, DIRECT)


@contextmanager
def entered() -> Iterator[None]:
    """The kinds are known inside."""
    known = dict(registries.case_kinds)
    purposes = dict(registries.case_purposes)
    CARRIED.clear()
    registries.add_case_kinds(*KINDS)
    try:
        yield
    finally:
        registries.case_kinds.clear()
        registries.case_kinds.update(known)
        registries.case_purposes.clear()
        registries.case_purposes.update(purposes)


def district() -> Area:
    """The office of the tests."""
    return Area.objects.get(code="320211")
