"""The pages of trials: from the parameter to what would change, filtered, by body, as a sheet."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from liaoyuan.funding.models import Trial
from tests.core.factories import user
from tests.funding import ground, trying

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day", "shipped")]
WAN = 1_000_000


@pytest.fixture
def on_the_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", ground.AT.isoformat())


@pytest.fixture
def by(areas):
    return trying.trier()


def page(client, name, *args, **query):
    answer = client.get(reverse(f"funding:{name}", args=args), query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer


def test_from_the_parameter_to_the_sheet(client, areas, round_, body, by):
    other = ground.body("滨湖区乙示例服务中心", street=areas["heli"])
    trying.put(round_, body, 1, 10 * WAN, 4 * WAN)
    trying.put(round_, other, 2, 10 * WAN, 6 * WAN, state="ineligible")
    trying.put(round_, other, 3, 10 * WAN, 2 * WAN)
    client.force_login(by)
    assert "还没有试算过" in page(client, "trial_list").text
    link = f"{reverse('funding:trial_new')}?key=gv.staff.percent"
    assert link in client.get(reverse("core:parameter_detail", args=["gv.staff.percent"])).text
    first = client.get(link).text
    assert "现在是 50" in first and round_.title in first
    told = {"rounds": [round_.pk], "key_1": "gv.staff.percent", "value_1": "30", "note": "专职占比降到三成"}
    for wrong, sentence in (
        ({"rounds": []}, "必填"), ({"value_1": "三成"}, "应为"), ({"key_1": ""}, "请选择参数"),
        ({"key_1": "", "value_1": ""}, "至少一个试算的值"), ({"key_2": "gv.staff.percent"}, "已经选过"),
        ({"place": "binhu"}, "哪一天"),
    ):  # fmt: skip
        answer = client.post(reverse("funding:trial_new"), {**told, **wrong})
        assert answer.status_code == 422 and sentence in answer.text, (wrong, answer.text[-3000:])
    assert not Trial.objects.exists()
    there = client.post(reverse("funding:trial_new"), told)["Location"]
    row = Trial.objects.get()
    assert there == reverse("funding:trial_detail", args=[row.pk])
    assert "已排队" in client.get(there).text
    assert client.get(reverse("funding:trial_file", args=[row.pk])).status_code == 404
    trying.worked()
    shown = client.get(there).text
    assert "滨湖区甲示例服务中心" in shown and "50 → 30" in shown and "试算项目3" not in shown
    assert "试算项目2" not in page(client, "trial_detail", row.pk, kind="barred").text
    assert "试算项目1" not in page(client, "trial_detail", row.pk, q="乙示例").text
    assert "没有符合条件" in page(client, "trial_detail", row.pk, code="GV-BUD-01", q="没有的").text
    bodies = page(client, "trial_bodies", row.pk).text
    assert "滨湖区甲示例服务中心" in bodies and "滨湖区乙示例服务中心" in bodies
    answer = page(client, "trial_file", row.pk)
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    named = [line[2] for line in cells[1:] if line[9] == "GV-BUD-01" and line[10] == "新增"]
    assert named == ["试算项目1", "试算项目2"]
    assert {line[7] for line in cells[1:]} == {90_000}
    assert "专职占比降到三成" in page(client, "trial_list").text


def test_every_round_at_once_and_who_sees_it(client, office, round_, body, by):
    trying.put(round_, body, 1, 10 * WAN, 4 * WAN)
    client.force_login(by)
    client.post(reverse("funding:trial_new"), {"rounds": ["all"], "key_1": "gv.cap_project_fen", "value_1": "5万元"})
    row = Trial.objects.get()
    assert (row.rounds, row.values) == ([round_.pk], {"gv.cap_project_fen": 5 * WAN})
    trying.worked()
    there = reverse("funding:trial_detail", args=[row.pk])
    client.force_login(user("kezhang", ("registry_head", "area", "320211")))
    assert "试算项目1" in client.get(there).text
    client.force_login(user("waiqu", ("registry_officer", "area", "320213")))
    assert client.get(there).status_code == 404
    client.force_login(office)
    assert client.get(there).status_code == 403
