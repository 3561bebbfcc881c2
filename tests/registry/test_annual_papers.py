"""Papers of an annual report: whoever may fill it in may attach them, in his scope, and change only his own."""

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.core.models import Attachment, AuditEvent
from tests.core import file_ground as files
from tests.core.factories import user
from tests.registry import factories as make
from tests.registry.test_annual_reports import report_of
from tests.registry.test_annual_rounds import opened
from tests.registry.test_files_pages import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, settings, monkeypatch):
    settings.FILES = tmp_path / "files"
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-03-20T10:00:00")


@pytest.fixture
def bodies():
    """One of each street of the district, and one elsewhere; the reports of all three."""
    areas = make.binhu()
    told = {
        "heli": make.organization("甲中心", street=areas["heli"], supervisor="滨湖区教育局"),
        "liyuan": make.organization("乙中心", street=areas["liyuan"]),
        "far": make.organization("丙中心", registrar_area=areas["other"], street=areas["other_street"]),
    }
    opened(areas)
    opened({"district": areas["other"]})
    return told


def entered(role: str, scope: str, kind: str = "area") -> Client:
    client = Client()
    client.force_login(user(role, (role, kind, scope), is_demo=True))
    return client


def attached(client: Client, report, paper="盖章的年度工作报告书") -> int:
    return upload(client, report, ("报告.pdf", files.pdf()), paper=paper, follow=False).status_code


@pytest.mark.parametrize(("role", "scope", "wanted"), [
    ("street_office", "320211001", {"heli": 302, "liyuan": 404, "far": 404}),
    ("registry_officer", "320211", {"heli": 302, "liyuan": 302, "far": 404}),
    ("registry_head", "320211", {"heli": 403, "liyuan": 403, "far": 404}),
    ("party_lead", "320211", {"heli": 403, "liyuan": 403, "far": 404}),
])  # fmt: skip
def test_who_may_fill_in_may_attach(bodies, role, scope, wanted):
    client = entered(role, scope)
    reports = {name: report_of(body) for name, body in bodies.items()}
    assert {name: attached(client, report) for name, report in reports.items()} == wanted
    fills = {name: client.get(reverse("registry:annual_fill", args=[r.pk, "work"])).status_code
             for name, r in reports.items()}  # fmt: skip
    assert {name for name, code in fills.items() if code == 200} == {n for n, code in wanted.items() if code == 302}
    given = {int(key) for key in Attachment.objects.values_list("subject_id", flat=True)}
    assert given == {reports[name].pk for name, code in wanted.items() if code == 302}


def test_the_body_s_own_head_attaches_too(bodies):
    client = entered("organization_head", str(bodies["heli"].pk), "organization")
    assert attached(client, report_of(bodies["heli"])) == 302
    assert attached(client, report_of(bodies["liyuan"])) == 404


def test_a_street_attaches_to_the_report_and_not_to_the_record(bodies):
    """What the office may merely see stays so: the register's own files are the registrar's."""
    client = entered("street_office", "320211001")
    assert upload(client, bodies["heli"], ("章程.pdf", files.pdf()), follow=False).status_code == 403
    page = client.get(reverse("core:file_list", args=["annualreport", report_of(bodies["heli"]).pk])).content.decode()
    for paper in ("业务主管单位初审意见", "审计报告", "财务会计报告", "整改报告", "盖章的年度工作报告书"):
        assert f'<option value="{paper}"' in page, paper


def test_one_changes_one_s_own_and_nobody_else_s(bodies):
    report = report_of(bodies["heli"])
    street, officer = entered("street_office", "320211001"), entered("registry_officer", "320211")
    assert (attached(street, report), attached(officer, report)) == (302, 302)
    own, other = (Attachment.objects.get(uploaded_by__username=name) for name in ("street_office", "registry_officer"))

    def removed(client: Client, row: Attachment) -> int:
        return client.post(reverse("core:file_remove", args=[row.pk]), {"reason": "误传"}).status_code

    assert removed(street, other) == 403
    assert removed(street, own) == 302
    assert removed(officer, other) == 302
    assert AuditEvent.objects.filter(code="file.removed").count() == 2
