"""The list of cases as a sheet: asked on the page, written by a job, the same rows as counted another way."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.core import access
from liaoyuan.core.actions import cases, deciding
from liaoyuan.core.actions import parameters as shipped
from liaoyuan.core.models import AuditEvent, Case, Grant, Job, SeparationSetting
from liaoyuan.kit.sheets import reading
from tests.core import case_ground as ground
from tests.core.factories import user
from tests.core.jobs_ground import work_off
from tests.registry import factories as make

AT = make.AT
DAY = date(2026, 10, 26)
URL = "/cases/export/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(tmp_path, settings, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
    settings.FILES = tmp_path / "shelf"
    with ground.entered():
        yield


@pytest.fixture
def officer(db):
    make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    shipped.sync_shipped(at=AT)
    return make.officer("jia")


@pytest.fixture
def made(officer):
    """Three cases: received, decided five days after its receipt, asked to be supplemented."""

    def hand_in(name: str, days: int) -> Case:
        return cases.submit(kind="test.plain", facts={"name": name, "phone": "13900001234"}, label=name,
                            area=ground.district(), received_on=DAY - timedelta(days), applicant="孙申请",
                            by=officer, at=AT)  # fmt: skip

    second = make.officer("yi")
    plain, done, waiting = hand_in("甲", 1), hand_in("=乙", 70), hand_in("丙", 10)
    cases.opine(case=done, outcome="agree", text="材料齐全", by=officer, at=AT)
    deciding.decide(case=done, decision="approved", on=DAY - timedelta(5), text="", decision_no="滨民许〔2026〕9号",
                    confirmed=True, by=second, at=AT)  # fmt: skip
    cases.ask_supplement(case=waiting, text="缺少章程", on=DAY - timedelta(4), by=officer, at=AT)
    return plain, done, waiting


def fetched(person, query: str = "", form: str = "csv"):
    client = Client()
    client.force_login(person)
    answer = client.post(URL + query, {"form": form})
    job = Job.objects.latest("pk")
    assert answer.status_code == 302 and answer["Location"] == reverse("core:job_detail", args=[job.pk])
    work_off()
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job, client


def lines(person, query: str = "") -> list[dict[str, str]]:
    job, client = fetched(person, query)
    told = b"".join(client.post(reverse("core:job_result", args=[job.pk])).streaming_content)
    return list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"))))


def test_the_sheet_holds_the_cases_of_the_query(officer, made):
    plain, done, waiting = made
    rows = {row["事项编号"]: row for row in lines(officer, "?state=all")}
    assert set(rows) == {c.number for c in Case.objects.all()}
    first, second, third = rows[plain.number], rows[done.number], rows[waiting.number]
    assert (first["状态"], first["收件日期"], first["已用"], first["超期"]) == ("审查中", "2026-10-25", "1", "否")
    assert (second["决定"], second["决定日期"], second["决定文号"]) == ("准予", "2026-10-21", "滨民许〔2026〕9号")
    assert (second["应决定日"], second["已用"], second["超期"]) == ("2026-10-16", "65", "是")
    assert (third["应决定日"], third["已用"], third["中止"]) == ("", "6", "4")
    assert second["名称"].lstrip("'") == "=乙" and not second["名称"].startswith("=")
    assert {row["名称"].lstrip("'") for row in lines(officer)} == {"甲", "=乙", "丙"}, "none is closed"
    assert {row["名称"] for row in lines(officer, "?late=stopped")} == {"丙"}
    assert {row["名称"] for row in lines(officer, "?q=甲&state=all")} == {"甲"}


def test_no_applicant_and_no_content_leaves_and_the_log_says_what_was_asked(officer, made, tmp_path):
    job, client = fetched(officer, "?state=all", "xlsx")
    told = b"".join(client.post(reverse("core:job_result", args=[job.pk])).streaming_content)
    (tmp_path / "cases.xlsx").write_bytes(told)
    rows = list(reading.open_table(tmp_path / "cases.xlsx").rows())
    shown = str(rows)
    assert "事项编号" in shown and "=乙" in shown and "孙申请" not in shown and "1390000" not in shown
    event = AuditEvent.objects.filter(code="read.exported").latest("pk")
    assert event.payload["rows"] == 3 and event.payload["filters"] == {"form": "xlsx", "state": "all"}
    text = str(lines(officer, "?state=all"))
    assert "孙申请" not in text and "1390000" not in text


def test_offices_keep_to_themselves_and_lost_rights_lose_the_result(officer, made):
    other = user("fern", ("registry_officer", "area", make.binhu()["other"].code), is_demo=True)
    assert lines(other, "?state=all") == []
    job, client = fetched(officer, "?state=all")
    assert client.post(reverse("core:job_result", args=[job.pk])).status_code == 200
    Grant.objects.filter(user=officer).update(scope_id=make.binhu()["heli"].code)
    access.forget(officer)
    assert client.post(reverse("core:job_result", args=[job.pk])).status_code == 302


def test_who_may_not_export_is_refused_and_a_format_is_asked(officer, made):
    client = Client()
    client.force_login(user("lead", ("leadership", "area", ground.district().code), is_demo=True))
    assert client.post(URL, {"form": "csv"}).status_code == 403
    client.force_login(officer)
    before = Job.objects.count()
    assert client.post(URL + "?state=all", {"form": "pdf"})["Location"] == "/cases/?state=all"
    assert Job.objects.count() == before
    assert URL + "?state=all" in client.get("/cases/?state=all").content.decode()
