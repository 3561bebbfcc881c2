"""The pages: rules bite beside their fields, scopes hold, masks stay until a reason is given."""

from datetime import date, timedelta

import pytest

from liaoyuan.core import clock
from liaoyuan.core.models import AuditEvent
from liaoyuan.people.models import Certificate, Person, Post, Profile
from tests.people import factories as people
from tests.registry import factories as make

NUMBER = people.ric("19900307", 1)
ENTRY = {"name": "赵甲一", "gender": "m", "id_number": NUMBER, "birth": "1990-03", "mobile": "13900001234"}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def test_a_person_is_entered_on_the_page(desk, centre):
    url = f"/people/organizations/{centre.pk}/new/"
    assert "不收集政治面貌" in text(desk.get(url))
    refused = desk.post(url, {**ENTRY, "basis": ""})
    assert refused.status_code == 422
    assert "PRI-01" in text(refused)
    assert Person.objects.count() == 0
    response = desk.post(url, {**ENTRY, "basis": "duty"}, follow=True)
    page = text(response)
    assert response.status_code == 200
    assert NUMBER not in page and "13900001234" not in page
    assert "329911********" in page and "139****1234" in page and "19**-**" in page


def test_a_doubt_is_confirmed_on_the_page(desk, centre):
    url = f"/people/organizations/{centre.pk}/new/"
    given = {**ENTRY, "basis": "duty", "gender": "f"}
    refused = desk.post(url, given)
    assert refused.status_code == 422 and "已核对，确认办理" in text(refused)
    assert desk.post(url, {**given, "confirmed": "1"}).status_code == 302


def test_bad_input_is_told_beside_its_field(desk, centre):
    url = f"/people/organizations/{centre.pk}/new/"
    bad = {"name": "", "birth": "1990-13", "mobile": "12", "id_number": NUMBER[:17], "practice_since": "x"}
    page = desk.post(url, bad)
    assert page.status_code == 422
    for sentence in ("请写成 1990-03", "不像一个电话号码"):
        assert sentence in text(page)
    assert Person.objects.count() == 0


def test_gov_01_bites_on_the_page_and_its_parameter_flips_it(desk, officer, association):
    from tests.registry import bites

    other = make.organization("滨湖区戊示例协会", "ST")
    one = people.person(association, "赵甲一")
    people.tell(one, other, "赵甲一")
    people.post(one, association, "legal", date(2025, 1, 1))
    url = f"/people/{one.pk}/at/{other.pk}/posts/new/"
    assert "不得同时担任其他社会团体的法定代表人" in text(desk.get(url))
    given = {"kind": "legal", "start": "2026-01-01"}
    refused = desk.post(url, given)
    assert refused.status_code == 422
    assert "GOV-01" in text(refused) and "滨湖区甲示例协会" in text(refused)
    assert Post.objects.count() == 1
    bites.store({"GOV-01": False}, editor=officer, confirmer=make.officer("second"))
    assert desk.post(url, given).status_code == 302


def test_the_declared_representative_is_linked_from_the_panel(desk, association):
    panel = text(desk.get(f"/people/organizations/{association.pk}/panel/"))
    url = f"/people/organizations/{association.pk}/representative/"
    assert url in panel and "还没有关联到人员" in panel
    assert 'value="赵甲一"' in text(desk.get(url))
    assert desk.post(url, {"name": "赵甲一"}).status_code == 302
    assert (Post.objects.get().kind, Post.objects.get().assumed) == ("legal", True)
    assert url not in text(desk.get(f"/people/organizations/{association.pk}/panel/"))


def test_a_head_sees_his_own_people_and_what_his_body_told(client, association, centre):
    one = people.person(association, "赵甲一", number=NUMBER, mobile="13900001234")
    people.tell(one, centre, "赵甲一")
    people.employment(one, association, job="秘密岗位")
    people.certificate(one, association)
    client.force_login(make.head_of(centre))
    page = text(client.get(f"/people/{one.pk}/?tab=work"))
    for hidden in ("秘密岗位", "滨湖区甲示例协会", "329911", "139****", "操作记录"):
        assert hidden not in page
    assert "滨湖区丙示例中心" in page
    assert client.get(f"/people/{one.pk}/at/{association.pk}/correct/").status_code == 404
    assert client.post(f"/people/{one.pk}/at/{association.pk}/reveal/mobile/", {"reason": "想看"}).status_code == 404
    listed = text(client.get("/people/"))
    assert "赵甲一" in listed and "滨湖区甲示例协会" not in listed
    assert text(client.get(f"/people/?q={NUMBER}")).count("赵甲一") == 0


def test_a_name_is_searched_and_an_identity_number_never(desk, centre):
    people.person(centre, "赵甲一", number=NUMBER)
    people.person(centre, "钱乙二")
    page = text(desk.get("/people/?q=赵甲"))
    assert "赵甲一" in page and "钱乙二" not in page
    assert "赵甲一" not in text(desk.get(f"/people/?q={NUMBER}"))


def test_revealing_on_the_page(desk, centre):
    one = people.person(centre, "赵甲一", mobile="13900001234")
    url = f"/people/{one.pk}/at/{centre.pk}/reveal/mobile/"
    assert "13900001234" not in text(desk.post(url, {"reason": ""}))
    assert "13900001234" in text(desk.post(url, {"reason": "通知换证"}))
    assert AuditEvent.objects.filter(code="read.revealed").count() == 1
    assert "13900001234" not in text(desk.get(f"/people/{one.pk}/"))


def test_an_old_form_is_refused(desk, centre):
    one = people.person(centre, "赵甲一")
    url = f"/people/{one.pk}/at/{centre.pk}/correct/"
    desk.post(url, {"name": "赵甲一", "major": "法学", "version": one.version})
    page = desk.post(url, {"name": "赵甲一", "major": "医学", "version": one.version})
    assert page.status_code == 422 and "别人修改了这名人员" in text(page)
    assert Profile.objects.current().get().major == "法学"


def test_a_renewal_takes_the_line_off_the_due_list(desk, centre):
    one = people.person(centre, "赵甲一")
    people.employment(one, centre)
    today = clock.today()
    people.certificate(one, centre, registered_until=today + timedelta(days=30))
    assert "赵甲一" in text(desk.get("/people/certificates/"))
    card = Certificate.objects.get()
    given = {"level": "worker", "number": card.number, "approved_on": "2023-06-01", "registered_on": today.isoformat(),
             "registered_until": (today + timedelta(days=1000)).isoformat()}  # fmt: skip
    assert desk.post(f"/people/{one.pk}/at/{centre.pk}/certificate/", given).status_code == 302
    assert "赵甲一" not in text(desk.get("/people/certificates/"))


def test_two_names_are_decided_on_the_page(desk, centre, association):
    one = people.person(centre, "赵甲一", number=NUMBER)
    people.person(association, "赵甲壹", number=NUMBER)
    assert "赵甲壹" in text(desk.get("/todo/"))
    assert desk.post(f"/people/{one.pk}/names/", {"outcome": "same", "reason": "异体字"}).status_code == 302
    assert "赵甲壹" not in text(desk.get("/todo/"))
    assert desk.get(f"/people/{one.pk}/names/").status_code == 404


def test_merging_on_the_page(desk, centre, association):
    kept, gone = people.person(centre, "赵甲一"), people.person(association, "赵甲一")
    assert "滨湖区甲示例协会" in text(desk.get(f"/people/{kept.pk}/merge/"))
    response = desk.post(f"/people/{kept.pk}/merge/", {"other": gone.pk, "reason": "同一人"})
    assert response.status_code == 302
    assert desk.get(f"/people/{gone.pk}/").status_code == 404
    assert "由 2 个组织录入" in text(desk.get(f"/people/{kept.pk}/"))


def test_no_page_or_form_asks_for_what_is_never_stored(desk, centre):
    one = people.person(centre, "赵甲一")
    for url in (
        f"/people/organizations/{centre.pk}/new/",
        f"/people/{one.pk}/",
        f"/people/{one.pk}/at/{centre.pk}/posts/new/",
    ):
        page = text(desk.get(url)).replace("不收集政治面貌、民族和宗教信仰。", "")
        for word in ("政治面貌", "民族", "宗教", "积分", "排名"):
            assert word not in page
