"""Long work as a person and a program meet it: asked, watched, fetched, cancelled, refused when rights have changed."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.core import clock, jobs, shelf
from liaoyuan.core.actions import imports
from liaoyuan.core.models import AuditEvent, Grant, ImportBatch, Job
from liaoyuan.kit.sheets import writing
from liaoyuan.registry.models import Organization
from liaoyuan.registry.queries import exporting
from liaoyuan.registry.queries.listing import Criteria, Listing
from liaoyuan.registry.queries.lookup import Place
from liaoyuan.registry.views import organizations as views
from tests.api.conftest import Caller, token_of
from tests.core.factories import user
from tests.core.jobs_ground import work_off
from tests.registry import factories as make
from tests.registry.test_import_kills import HEAD, body

pytestmark = pytest.mark.django_db
EXPORT = reverse("registry:organization_export")


@pytest.fixture(autouse=True)
def own_shelf(tmp_path, settings):
    """Rows go with the test's transaction; so do the files."""
    settings.FILES = tmp_path / "shelf"


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer("officer")


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def small(monkeypatch):
    """Every export, sheet and batch is large enough for a job."""
    monkeypatch.setattr(views, "EXPORT_AT_ONCE", 1)
    monkeypatch.setattr(imports, "READ_AT_ONCE", 0)
    monkeypatch.setattr(imports, "APPLY_AT_ONCE", 0)


@pytest.fixture
def bodies(areas):
    return [make.organization(f"任务{n}中心", street=areas["heli"], phone="13912345678") for n in range(5)]


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def sheet(path, rows):
    writing.write_csv(path, [writing.Column(head) for head in HEAD], iter(rows))
    return path


def upload(client, path, areas):
    with path.open("rb") as file:
        return client.post(
            reverse("core:import_list"),
            {"kind": "organizations", "area": "320211", "as_of": "2026-10-26", "pledge": "on", "file": file},
        )


def test_a_large_export_is_a_job_whose_file_is_that_of_the_direct_one(client, officer, bodies, monkeypatch):
    direct = content(client.post(f"{EXPORT}?kind=MF", {"form": "xlsx"}))
    events = AuditEvent.objects.filter(code="read.exported").count()
    monkeypatch.setattr(views, "EXPORT_AT_ONCE", 4)
    answer = client.post(f"{EXPORT}?kind=MF", {"form": "xlsx"})
    job = Job.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/jobs/{job.pk}/"
    assert client.post(f"{EXPORT}?kind=MF", {"form": "xlsx"})["Location"] == answer["Location"], "asked twice, one job"
    page = client.get(answer["Location"])
    assert 'hx-trigger="every 2s"' in page.content.decode() and "刷新" in page.content.decode()
    fetch = reverse("core:job_result", args=[job.pk])
    assert client.post(fetch).status_code == 302, "nothing to fetch yet"
    assert work_off() == 1
    part = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part and "data-reload-when-done" in part and "<html" not in part
    assert "已备好，可以下载" in client.get("/todo/").content.decode()
    answer = client.post(fetch)
    assert content(answer) == direct
    assert answer["Content-Length"] == str(len(direct))
    assert "任务" in client.get("/jobs/").content.decode()
    assert "已备好，可以下载" not in client.get("/todo/").content.decode()
    event = AuditEvent.objects.filter(code="read.exported").latest("pk")
    assert AuditEvent.objects.filter(code="read.exported").count() == events + 1
    assert (event.actor, event.channel, event.payload["rows"]) == (officer, "task", 5)
    assert content(client.post(fetch)) == direct, "found again"


def test_only_the_requester_with_the_same_rights_has_the_result(client, officer, bodies, small, areas):
    client.post(EXPORT, {"form": "csv"})
    work_off()
    job = Job.objects.get()
    fetch = reverse("core:job_result", args=[job.pk])
    other = Client()
    other.force_login(make.officer("other"))
    for method, path in (("post", fetch), ("get", f"/jobs/{job.pk}/"), ("post", f"/jobs/{job.pk}/decide/")):
        assert getattr(other, method)(path).status_code == 404
    grant = Grant.objects.get(user=officer)
    Grant.objects.filter(pk=grant.pk).update(scope_id=areas["heli"].code)
    assert client.post(fetch).status_code == 302, "a narrower scope"
    assert "权限或范围已有变化" in client.get(f"/jobs/{job.pk}/").content.decode()
    Grant.objects.filter(pk=grant.pk).update(scope_id="320211", role="leadership")
    assert client.post(fetch).status_code == 302, "no permission to export"
    Grant.objects.filter(pk=grant.pk).update(role="registry_officer", scope_id="3202")
    assert content(client.post(fetch)), "a wider scope"
    Job.objects.update(result_file="")
    assert "已过期删除" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post(fetch).status_code == 302


def test_an_export_asked_with_rights_that_have_ended_fails(client, officer, bodies, small):
    client.post(EXPORT, {"form": "csv"})
    Grant.objects.filter(user=officer).update(role="leadership")
    work_off()
    job = Job.objects.get()
    assert (job.state, job.error) == ("failed", "您已没有这项权限，任务没有执行。")
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert job.error in page and "重做" in page
    assert "没有完成" in client.get("/todo/").content.decode()
    Grant.objects.filter(user=officer).update(role="registry_officer")
    client.post(f"/jobs/{job.pk}/decide/", {"do": "repeat"})
    assert work_off() == 1
    assert Job.objects.get().state == "done"


def test_cancel_and_notice_on_the_page(client, bodies, small):
    client.post(EXPORT, {"form": "csv"})
    job = Job.objects.get()
    client.post(f"/jobs/{job.pk}/decide/", {"do": "cancel"})
    assert work_off() == 0
    job.refresh_from_db()
    assert job.state == "cancelled"
    client.post(f"/jobs/{job.pk}/decide/", {"do": "repeat"})
    work_off()
    client.post(f"/jobs/{job.pk}/decide/", {"do": "notice"})
    job.refresh_from_db()
    assert (job.state, job.noticed) == ("done", True)


def test_criteria_survive_the_way_through_a_job(officer, bodies, areas):
    heli = areas["heli"]
    place = Place(heli.pk, heli.code, heli.name, heli.level, heli.path)
    for criteria in (
        Criteria(on=clock.today(), streets=(place,), traits=("is_charity",), since=clock.today(), ids=[1, 2]),
        Criteria(on=clock.today(), area=place, streets="none", communities="outside", external=True, q="任务"),
    ):
        again = exporting.unpacked(json.loads(json.dumps(exporting.packed(criteria))))
        assert Listing(officer, again).where() == Listing(officer, criteria).where()


def test_a_large_sheet_is_read_by_a_job_and_the_page_becomes_the_preview(client, areas, small, tmp_path, officer):
    rows = [body(n, 3) for n in range(30)]
    answer = upload(client, sheet(tmp_path / "大表.csv", rows), areas)
    batch = ImportBatch.objects.get()
    assert (answer["Location"], batch.state) == (f"/imports/{batch.pk}/", "reading")
    assert upload(client, tmp_path / "大表.csv", areas)["Location"] == answer["Location"], "the same file, one batch"
    page = client.get(answer["Location"]).content.decode()
    assert "已排队" in page and 'hx-trigger="every 2s"' in page and "读取时中断" not in page
    assert "正在读取" in client.get("/imports/").content.decode()
    assert [name for name, _at in shelf.stand() if name.startswith(".uploads/")]
    assert work_off() == 1
    part = client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "data-reload-when-done" in part and "every 2s" not in part
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), batch.created_by) == ("staged", 30, officer)
    assert not [name for name, _at in shelf.stand() if name.startswith(".uploads/")]
    event = AuditEvent.objects.get(code="import.staged")
    assert (event.actor, event.channel) == (officer, "task")
    assert "待核" in client.get(answer["Location"]).content.decode()
    assert Job.objects.get().noticed, "待办 names the batch itself"
    # importing is a job too
    client.post(f"/imports/{batch.pk}/decide/", {"do": "apply"})
    assert Organization.objects.count() == 0
    page = client.get(answer["Location"]).content.decode()
    assert "every 2s" in page and 'value="apply"' not in page
    assert work_off() == 1
    batch.refresh_from_db()
    assert "“大表.csv”已写入登记库" in client.get("/todo/").content.decode()
    assert batch.state == "applied" and Organization.objects.count() == batch.counts["written:create"] > 20


def test_a_job_and_a_request_stage_the_same(client, areas, tmp_path, monkeypatch):
    rows = [*(body(n, 3) for n in range(45)), body(3, 3), body(4, 9), (*body(50, 3)[:4], "三人", *body(50, 3)[5:])]
    path = sheet(tmp_path / "s.csv", rows)
    upload(client, path, areas)
    first = ImportBatch.objects.get()
    ImportBatch.objects.update(file_key="set aside")
    monkeypatch.setattr(imports, "READ_AT_ONCE", 0)
    monkeypatch.setattr("liaoyuan.core.staging.CHUNK", 10)
    upload(client, path, areas)
    second = ImportBatch.objects.latest("pk")

    # a first attempt that dies in the third chunk
    handle = jobs.Progress(jobs.claim("a"))
    real, passed = handle.commit, []

    def commit(**kept):
        passed.append(1)
        if len(passed) == 3:
            raise RuntimeError("power cut")
        return real(**kept)

    handle.commit = commit
    from liaoyuan.core import registries

    with pytest.raises(RuntimeError):
        registries.jobs["core.import_read"].function(handle, second.pk)
    assert second.rows.count() == 20
    Job.objects.update(lease_until=clock.real_now())
    assert work_off() == 1
    second.refresh_from_db()
    columns = ("number", "verdict", "action", "key", "label", "findings", "fields")
    assert list(first.rows.values_list(*columns)) == list(second.rows.values_list(*columns))
    assert (first.counts, first.labels, first.mapping) == (second.counts, second.labels, second.mapping)


def test_a_bad_large_file_is_told_beside_the_field(client, areas, small, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"%PDF-1.7 nothing")
    answer = upload(client, path, areas)
    assert answer.status_code == 422 and "PDF" in answer.content.decode()
    assert not ImportBatch.objects.exists() and not Job.objects.exists()
    assert not [name for name, _at in shelf.stand() if name.startswith(".uploads/")]


def test_a_large_file_that_cannot_be_read_to_its_end_leaves_no_row(client, areas, small, tmp_path, monkeypatch):
    monkeypatch.setattr("liaoyuan.core.staging.CHUNK", 4)
    path = sheet(tmp_path / "s.csv", [body(n, 3) for n in range(9)])
    upload(client, path, areas)
    from liaoyuan.kit.sheets import reading
    from liaoyuan.kit.sheets.refusal import Unreadable

    real = reading._settled

    def torn(rows, limits):
        for number, cells in real(rows, limits):
            if number == 8:
                raise Unreadable("damaged")
            yield number, cells

    monkeypatch.setattr(reading, "_settled", torn)
    monkeypatch.setattr("liaoyuan.core.opening._PREVIEW", 3)
    work_off()
    job, batch = Job.objects.get(), ImportBatch.objects.get()
    assert job.state == "failed" and "损坏" in job.error
    assert batch.state == "reading" and not batch.rows.exists()
    assert job.error in client.get(f"/imports/{batch.pk}/").content.decode()


def test_a_reading_that_is_cancelled_can_be_repeated_or_uploaded_again(client, areas, small, tmp_path):
    path = sheet(tmp_path / "s.csv", [body(n, 3) for n in range(5)])
    upload(client, path, areas)
    job, batch = Job.objects.get(), ImportBatch.objects.get()
    client.post(f"/jobs/{job.pk}/decide/", {"do": "cancel"})
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "读取这份文件时中断了" in page and "查看任务并重做" in page
    client.post(f"/jobs/{job.pk}/decide/", {"do": "repeat"})
    work_off()
    batch.refresh_from_db()
    assert batch.state == "staged"


def test_a_program_is_told_to_come_back(areas, officer, small, tmp_path, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")
    program = Caller(token_of(officer))
    path = sheet(tmp_path / "s.csv", [body(n, 3) for n in range(12)])
    with path.open("rb") as file:
        asked = {"kind": "organizations", "area": "320211", "as_of": "2026-10-26", "pledge": "true", "file": file}
        told = program.post("/imports", 202, asked)
    assert (told["state"], told["rows"], told["work"]["state"]) == ("reading", 0, "waiting")
    work_off()
    told = program.get(f"/imports/{told['batch']}")
    assert (told["state"], told["rows"], told["work"]) == ("staged", 12, None)
    written = program.post(f"/imports/{told['batch']}/apply?confirm_review=true", 202)
    assert (written["state"], written["work"]["state"]) == ("staged", "waiting")
    work_off()
    told = program.get(f"/imports/{told['batch']}")
    assert told["state"] == "applied" and Organization.objects.count() == 12


def test_the_console_names_no_contents(bodies, client, small):
    client.post(f"{EXPORT}?q=任务", {"form": "csv"})
    work_off()
    keeper = Client()
    keeper.force_login(user("keeper", ("system_administrator", "all", ""), office="system", is_demo=True))
    page = keeper.get(reverse("core:job_console")).content.decode()
    assert "导出台账" in page and "已完成" in page
    assert "社会组织基本情况台账" not in page
    assert client.get(reverse("core:job_console")).status_code == 403


def test_a_small_page_still_answers_at_once(client, bodies, areas, tmp_path):
    assert len(content(client.post(EXPORT, {"form": "csv"})).splitlines()) == 6
    upload(client, sheet(tmp_path / "s.csv", [body(1, 3)]), areas)
    assert ImportBatch.objects.get().state == "staged"
    assert not Job.objects.exists()
