"""The pages of the archive: what is missing, done without by two, archived one by one and many at once, packed."""

import pytest
from django.urls import reverse

from liaoyuan.core.models import Job
from liaoyuan.funding.models import ArchiveWaiver, Project
from tests.core.factories import user
from tests.funding import filing, ground, trying

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped", "day_and_store")]


@pytest.fixture
def day_and_store(monkeypatch, settings, tmp_path):
    monkeypatch.setenv("LIAOYUAN_NOW", ground.AT.isoformat())
    settings.FILES = str(tmp_path / "files")


def test_from_what_is_missing_to_the_archive(client, office, round_, body, head):
    rows = [trying.put(round_, body, n, 10_000_000, 4_000_000, state="accepted") for n in range(2)]
    one, other = rows
    there, of_round = (reverse(f"funding:{name}", args=[pk]) for name, pk in
                       (("project_archive", one.pk), ("round_archive", round_.pk)))  # fmt: skip
    client.force_login(office)
    page = client.get(there).text
    assert "还缺" in page and "结项报告" in page and there in page
    assert reverse("core:file_list", args=["project", one.pk]) in page
    assert client.get(reverse("core:file_list", args=["project", one.pk])).status_code == 200
    refused = client.post(reverse("funding:project_archive_close", args=[one.pk]))
    assert refused.status_code == 422 and "档案还缺" in refused.text
    ask = reverse("funding:archive_waiver_new", args=[one.pk])
    assert client.post(ask, {"paper": "中期报告", "reason": ""}).status_code == 422
    assert client.post(ask, {"paper": "中期报告", "reason": "项目期限不足六个月"}).status_code == 302
    waiver = ArchiveWaiver.objects.get()
    decide = reverse("funding:archive_waiver_decide", args=[waiver.pk])
    assert decide not in client.get(there).text and client.get(decide).status_code == 403
    client.force_login(user("kezhang", ("registry_head", "area", "320211")))
    assert decide in client.get(there).text and "不足六个月" in client.get(decide).text
    assert client.post(decide, {"agreed": "no", "opinion": ""}).status_code == 422
    assert client.post(decide, {"agreed": "yes", "opinion": ""}).status_code == 302
    client.force_login(office)
    assert "已核定不需要" in client.get(there).text
    filing.completed(one, office)
    listed = client.get(of_round).text
    assert one.title in listed and other.title in listed and "材料齐全" in listed
    assert client.post(of_round, {"do": "close"}).status_code == 422
    both = client.post(of_round, {"do": "close", "project": [one.pk, other.pk]})
    assert both.status_code == 422 and "这些项目没有归档" in both.text and "档案还缺" in both.text
    states = dict(Project.objects.values_list("pk", "state"))
    assert states == {one.pk: "archived", other.pk: "accepted"}
    assert "已归档" in client.get(there).text
    assert client.post(of_round, {"do": "file", "project": [one.pk, other.pk]}).status_code == 302
    assert client.post(reverse("funding:project_archive_file", args=[one.pk])).status_code == 302
    assert Job.objects.filter(code="funding.archive").count() == 2
    client.force_login(head)
    assert client.get(there).status_code == 200 and client.get(of_round).status_code == 403
    away = user("waiqu", ("grants_office", "area", "320213"))
    client.force_login(away)
    assert client.get(there).status_code == 404 and client.get(decide).status_code == 403
