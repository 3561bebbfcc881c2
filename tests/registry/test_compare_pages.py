"""对账 on the pages: upload, columns, differences, decisions by selection, the second officer, the job, bad files."""

import csv
import re
import threading
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from liaoyuan.core import clock, jobs, staging
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import comparing, differing
from liaoyuan.core.models import Area, AuditEvent, Comparison, Difference, DifferenceDecision, ImportBatch, Job
from liaoyuan.registry.models import Organization, Standing
from tests.core.factories import user
from tests.registry import factories as make

NOW = make.AT
BY = Operator("tests")
HEAD = ("单位名称", "信用代码", "类别", "业务主管部门", "专职人数", "内部序列")


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


@pytest.fixture
def bodies(areas):
    return [
        make.organization(f"滨湖区对账{n}中心", "MF", street=areas["heli"], supervisor="甲局", full_time=n)
        for n in range(3)
    ]


def sheet(path, *rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


def rows_of(bodies):
    """The province's list: the first agrees, the second has another supervisor, the third is missing, one is more."""
    one, two, _three = bodies
    return [
        (" 滨湖区　对账0中心", one.code, "民非", "甲局", "0", "9"),
        ("滨湖区对账1中心", two.code, "民非", "乙局", "1", "9"),
        ("滨湖区外来中心", make.code("MF", 990001), "民非", "丙局", "4", "9"),
    ]


def upload(client, path, **more):
    given = {"kind": "organizations", "area": "320211", "as_of": "2026-10-25", "pledge": "on", **more}
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("core:compare_list"), {**given, "file": file})


def columns(comparison):
    labels = [label for label in dict.fromkeys(comparison.labels) if label]
    return {f"column{n}": comparison.mapping.get(label, "") for n, label in enumerate(labels)}


def done(path, area="320211"):
    order = staging.Order(kind="organizations", path=path, file_name=path.name, area=Area.objects.get(code=area),
                          as_of=date(2026, 10, 25))  # fmt: skip
    return comparing.compare_file(order=order, by=BY, at=NOW)[0]


def test_from_the_upload_to_the_import(client, bodies, officer, tmp_path):
    client.force_login(officer)
    assert "还没有对过账" in client.get(reverse("core:compare_list")).text
    answer = upload(client, sheet(tmp_path / "省平台.csv", *rows_of(bodies)))
    made = Comparison.objects.get()
    there = reverse("core:compare_detail", args=[made.pk])
    assert answer["Location"] == there and made.state == "mapping" and not Difference.objects.exists()
    page = client.get(there).text
    assert "内部序列" in page and "不比这一列" in page
    start = reverse("core:compare_start", args=[made.pk])
    twice = client.post(start, {**columns(made), "column3": "name"})
    assert twice.status_code == 422 and "请只留一列" in twice.text
    assert client.post(start, columns(made)).status_code == 302
    assert client.post(start, columns(made)).status_code == 302  # compared already: nothing happens twice
    page = client.get(there).text
    assert "乙局" in page and "滨湖区外来中心" in page and "滨湖区对账2中心" in page
    assert Difference.objects.count() == 3
    tokens = {d.sort: f"{d.pk}:0" for d in made.differences.all()}
    decide = reverse("core:compare_decide", args=[made.pk])
    told = client.post(decide, {"ids": list(tokens.values()), "outcome": "theirs", "note": "以证书为准"}, follow=True)
    assert "已处理 2 处" in told.text and "有 1 处不能" in told.text
    assert Standing.objects.now_open().filter(supervisor="乙局").count() == 0
    answer = client.post(reverse("core:compare_bring_in", args=[made.pk]))
    batch = ImportBatch.objects.get()
    assert answer["Location"] == reverse("core:import_detail", args=[batch.pk])
    client.post(reverse("core:import_decide", args=[batch.pk]), {"do": "apply"})
    assert Standing.objects.now_open().get(organization=bodies[1]).supervisor == "乙局"
    assert Organization.objects.filter(code=make.code("MF", 990001)).exists()
    client.post(reverse("core:import_decide", args=[batch.pk]), {"do": "undo"})
    assert Standing.objects.now_open().get(organization=bodies[1]).supervisor == "甲局"
    client.post(decide, {"ids": [tokens["here"]], "outcome": "ours"})
    answer = client.get(reverse("core:compare_returns", args=[made.pk]))
    assert answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"
    assert AuditEvent.objects.filter(code="read.exported").count() == 1
    assert "这里没有差异" in client.get(there).text and "甲局" in client.get(f"{there}?show=decided").text


def test_all_that_is_shown_is_decided_after_a_question(client, bodies, officer, tmp_path):
    made = done(sheet(tmp_path / "省系统.csv", *rows_of(bodies)))
    client.force_login(officer)
    there = f"{reverse('core:compare_detail', args=[made.pk])}?sort=cell"
    act = f"{reverse('core:compare_decide_matching', args=[made.pk])}?sort=cell"
    page = client.get(there).text
    assert act in page and "把符合条件的 1 处全部“以对方为准”" in page and "data-confirm=" in page
    seen = re.search(r'name="seen" value="([^"]+)"', page).group(1)
    assert "没有改动" in client.post(act, {"outcome": "theirs", "seen": "9-9-9-9-9"}, follow=True).text
    assert not DifferenceDecision.objects.exists()
    assert "已处理 1 处差异" in client.post(act, {"outcome": "theirs", "seen": seen}, follow=True).text
    assert Difference.objects.get(comparison=made, sort="cell").decision.decided_by == officer
    assert DifferenceDecision.objects.count() == 1
    ended = Comparison.objects.filter(pk=made.pk)
    ended.update(state="ended")
    assert "已过保存期限" in client.get(there).text


def test_the_second_officer_is_told_by_whom(client, bodies, officer, tmp_path):
    made = done(sheet(tmp_path / "a.csv", *rows_of(bodies)))
    one = made.differences.get(sort="cell")
    other = user("tongshi", ("registry_officer", "area", "320211"), is_demo=True, display_name="同事甲")
    decide = reverse("core:compare_decide", args=[made.pk])
    client.force_login(other)
    client.post(decide, {"ids": [f"{one.pk}:0"], "outcome": "ours"})
    client.force_login(officer)
    told = client.post(decide, {"ids": [f"{one.pk}:0"], "outcome": "theirs"}, follow=True).text
    assert "同事甲" in told and "以我方为准" in told
    one.refresh_from_db()
    assert one.decision.outcome == "ours" and DifferenceDecision.objects.count() == 1


@pytest.mark.parametrize(("given", "word"), [
    ({"ids": ["x"], "outcome": "ours"}, "请先勾选"), ({"ids": ["1:0"], "outcome": "all"}, "请选择处理办法"),
    ({"ids": [], "outcome": "ours", "note": "字" * 201}, "200"),
])  # fmt: skip
def test_a_faulty_decision_is_told_and_changes_nothing(client, bodies, officer, tmp_path, given, word):
    made = done(sheet(tmp_path / "a.csv", *rows_of(bodies)))
    client.force_login(officer)
    assert word in client.post(reverse("core:compare_decide", args=[made.pk]), given, follow=True).text
    assert not DifferenceDecision.objects.exists()


def test_a_file_that_is_none_leaves_one_sentence_and_nothing_else(client, officer, tmp_path):
    client.force_login(officer)
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert upload(client, path).status_code == 422
    head = tmp_path / "b.csv"
    head.write_text("没有,表头\n1,2\n", encoding="utf-8")
    assert upload(client, head).status_code == 422
    assert not Comparison.objects.exists()
    assert upload(client, sheet(tmp_path / "c.csv", *[("甲", "", "民非", "", "", "")]), pledge="").status_code == 422


def test_filters_narrow_and_never_fail(client, bodies, officer, tmp_path):
    made = done(sheet(tmp_path / "a.csv", *rows_of(bodies)))
    client.force_login(officer)
    there = reverse("core:compare_detail", args=[made.pk])
    assert "滨湖区外来中心" not in client.get(f"{there}?sort=cell").text
    assert "滨湖区外来中心" in client.get(f"{there}?q=外来").text
    assert client.get(f"{there}?sort=x&field=y&page=99&per=7&show=zz").status_code == 200


def test_a_large_file_is_compared_by_a_job(client, bodies, officer, tmp_path, monkeypatch):
    monkeypatch.setattr(comparing, "READ_AT_ONCE", 10)
    client.force_login(officer)
    upload(client, sheet(tmp_path / "a.csv", *rows_of(bodies)))
    made = Comparison.objects.get()
    client.post(reverse("core:compare_start", args=[made.pk]), columns(made))
    made.refresh_from_db()
    assert made.state == "reading" and Job.objects.get().code == "core.compare"
    assert client.get(reverse("core:compare_detail", args=[made.pk])).status_code == 200
    jobs.run(jobs.claim("w"))
    made.refresh_from_db()
    assert (made.state, made.upload, made.differences.count()) == ("done", "", 3), Job.objects.get().error
    assert clock.now() is not None


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_decide_at_once_decide_once(tmp_path):
    areas = make.binhu()
    bodies = [make.organization(f"滨湖区对账{n}中心", "MF", street=areas["heli"], supervisor="甲局", full_time=n)
              for n in range(3)]  # fmt: skip
    made = done(sheet(tmp_path / "a.csv", *rows_of(bodies)))
    keys = list(made.differences.values_list("pk", flat=True))
    start, told = threading.Barrier(2), []

    def work(outcome):
        try:
            start.wait(10)
            some = differing.decide(comparison=made, chosen=dict.fromkeys(keys, 0), outcome=outcome, by=BY, at=NOW)
            told.append((some.done, len(some.taken)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(outcome,)) for outcome in ("ours", "ask")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == [(0, 3), (3, 0)]
    assert DifferenceDecision.objects.count() == 3
    assert len(set(made.differences.values_list("decision__outcome", flat=True))) == 1
