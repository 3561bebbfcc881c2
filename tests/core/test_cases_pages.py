"""The pages of cases: handing in, the record with its acts, two who edit at once, files, who sees what."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from liaoyuan.core import clock, registries
from liaoyuan.core.actions import cases, deciding
from liaoyuan.core.actions import files as file_actions
from liaoyuan.core.actions import parameters as shipped
from liaoyuan.core.models import Case, SeparationSetting
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.queries import files
from tests.core import case_ground as ground
from tests.core.factories import user
from tests.registry import factories as make

AT = make.AT
TODAY = date(2026, 10, 26)


@pytest.fixture(autouse=True)
def kinds():
    with ground.entered():
        yield


@pytest.fixture
def officer(db):
    make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    shipped.sync_shipped(at=AT)
    return make.officer("jia")


@pytest.fixture
def body(officer):
    return make.organization("甲服务中心", street=make.binhu()["heli"])


@pytest.fixture
def case(officer):
    return cases.submit(
        kind="test.plain", facts={"name": "甲", "words": "旧说明", "capital": 3_000_000}, label="甲",
        area=ground.district(), received_on=TODAY, by=officer, at=AT,
    )  # fmt: skip


def page(client, where, /, *args, **data):
    answer = client.post(reverse(where, args=args), data) if data else client.get(reverse(where, args=args))
    return answer, answer.content.decode()


def test_an_officer_receives_on_the_page(client, officer):
    client.force_login(officer)
    listed, text = page(client, "core:case_list")
    assert listed.status_code == 200 and reverse("core:case_new", args=["test.plain"]) in text
    assert "没有符合条件的事项" in text
    form, text = page(client, "core:case_new", "test.plain")
    assert form.status_code == 200 and 'name="capital"' in text and "收件日期" in text
    made, _text = page(
        client, "core:case_new", "test.plain", name="甲协会", capital="3", since="2026年10月1日", yes="no",
        received_on="2026-10-20", applicant="赵某", word_via="phone", word_by="赵某", phone="13912345678",
    )  # fmt: skip
    found = Case.objects.get()
    assert made.status_code == 302 and made["Location"] == reverse("core:case_detail", args=[found.pk])
    assert {k: v for k, v in found.facts.items() if k != "phone"} == {
        "name": "甲协会", "capital": 3_000_000, "since": "2026-10-01", "yes": False,
    }  # fmt: skip
    assert (found.on_behalf, found.received_on) == ("电话：赵某", date(2026, 10, 20))
    _shown, text = page(client, "core:case_detail", found.pk)
    for word in ("甲协会", "320211-2026-0001", "30,000.00 元", "2026-12-19", "电话：赵某", "否"):
        assert word in text, word
    assert "13912345678" not in text
    _listed, text = page(client, "core:case_list")
    assert "甲协会" in text and "2026-12-19" in text


def test_faults_come_back_beside_their_fields(client, officer):
    client.force_login(officer)
    answer, text = page(
        client, "core:case_new", "test.plain", name="", capital="很多", word_via="phone", received_on=""
    )
    assert answer.status_code == 422 and not Case.objects.exists()
    assert "代填要写明按谁的说法" in text and 'href="#id_capital"' in text and 'href="#id_name"' in text
    answer, text = page(client, "core:case_new", "test.plain", name="禁止", received_on="2026-10-20")
    assert answer.status_code == 422 and "这个名称不行。" in text
    assert client.get(reverse("core:case_new", args=["test.nothing"])).status_code == 404


def test_every_act_goes_through_the_page(client, officer, case):
    second = make.officer("yi")
    client.force_login(officer)

    def do(who, code, status=302, **data):
        client.force_login(who)
        answer = client.post(reverse("core:case_act", args=[case.pk]), {"do": code, **data})
        assert answer.status_code == status, answer.content.decode()
        case.refresh_from_db()
        return answer.content.decode()

    do(officer, "material", papers=["章程"])
    text = do(officer, "supplement", 422, on="2026-10-26", text="")
    assert "请写明需要补正的内容。" in text
    do(officer, "supplement", on="2026-10-26", text="缺住所证明")
    assert case.state == "supplement"
    do(officer, "resume", on="2026-10-28")
    do(officer, "opine", outcome="agree", text="齐全，建议准予")
    assert "须是两个人" in do(officer, "decide", 422, on="2026-10-28", decision="approved")
    assert "还缺 3 份材料" in do(second, "decide", 422, on="2026-10-28", decision="approved")
    text = do(second, "decide", 422, on="2026-10-28", decision="approved", version=str(case.version - 1))
    assert "修改了这个事项" in text
    do(second, "decide", on="2026-10-28", decision="approved", decision_no="滨民许〔2026〕1号", confirmed="on")
    assert [case.pk] == ground.CARRIED
    do(officer, "deliver", on="2026-10-29", how="当面，赵某签收")
    do(officer, "archive")
    _answer, text = page(client, "core:case_detail", case.pk)
    assert "已归档（准予）" in text and "滨民许〔2026〕1号" in text and "齐全，建议准予" in text
    assert client.post(reverse("core:case_act", args=[case.pk]), {"do": "nonsense"}).status_code == 400


def test_concurrent_edits_keep_both_texts_and_one_decides(client, officer, case):
    """Two officers open the same case; the slower one sees both texts, nothing is written until he chooses."""
    second = make.officer("yi")
    address = reverse("core:case_edit", args=[case.pk])
    client.force_login(second)
    opened = client.get(address).content.decode()
    held = {name: _value(opened, name) for name in ("version", "seen")}
    client.force_login(officer)
    mine = client.get(address).content.decode()
    first = {name: _value(mine, name) for name in ("version", "seen")}
    sent = {"name": "甲", "words": "甲写的说明", "capital": "5", "since": "", "yes": ""}
    assert client.post(address, {**first, **sent}).status_code == 302
    client.force_login(second)
    typed = {"name": "甲", "words": "乙写的说明", "capital": "3", "since": "2026-01-02", "yes": ""}
    answer = client.post(address, {**held, **typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    for word in ("旧说明", "甲写的说明", "乙写的说明", 'name="keep-words"', "只有别人改过", "2026-01-02"):
        assert word in text, word
    case.refresh_from_db()
    assert case.facts["words"] == "甲写的说明" and "since" not in case.facts, "nothing written before the choice"
    again = {name: _value(text, name) for name in ("version", "seen")}
    assert client.post(address, {**again, **typed}).status_code == 422, "a choice is asked for again"
    assert client.post(address, {**again, **typed, "keep-words": "mine"}).status_code == 302
    case.refresh_from_db()
    assert case.facts["words"] == "乙写的说明" and case.facts["since"] == "2026-01-02"
    assert case.facts["capital"] == 5_000_000, "what only the other changed stays"
    _answer, text = page(client, "core:case_detail", case.pk)
    assert "未采用“说明”：甲写的说明" in text, "the text that was not taken is kept in the case's course"


def test_the_other_text_can_be_taken_and_mine_is_kept_too(client, officer, case):
    second = make.officer("yi")
    address = reverse("core:case_edit", args=[case.pk])
    client.force_login(second)
    opened = client.get(address).content.decode()
    held = {name: _value(opened, name) for name in ("version", "seen")}
    cases.edit(case=case, changes={"words": "甲写的"}, version=case.version, by=officer, at=AT)
    typed = {**held, "name": "甲", "words": "乙写的", "capital": "3", "since": "", "yes": ""}
    text = client.post(address, typed).content.decode()
    again = {name: _value(text, name) for name in ("version", "seen")}
    assert client.post(address, {**typed, **again, "keep-words": "theirs"}).status_code == 302
    case.refresh_from_db()
    assert case.facts["words"] == "甲写的"
    assert "未采用“说明”：乙写的" in page(client, "core:case_detail", case.pk)[1]


def _value(text, name):
    from html import unescape

    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return unescape(found.group(1))


def test_pass_through_form(client, officer):
    case = cases.submit(
        kind="test.plain", facts={"name": "甲"}, label="甲", area=ground.district(), received_on=TODAY, by=officer,
        at=AT, passes_through=True,
    )  # fmt: skip
    client.force_login(officer)
    _answer, text = page(client, "core:case_detail", case.pk)
    assert 'id="act-record"' in text and 'id="act-opine"' not in text
    told = {"do": "record", "on": "2026-10-26", "decision": "approved"}
    answer = client.post(reverse("core:case_act", args=[case.pk]), told)
    assert answer.status_code == 422
    answer = client.post(reverse("core:case_act", args=[case.pk]), {**told, "outside_number": "苏社登77"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outside_number) == ("decided", "苏社登77")


def test_a_body_sees_its_own_case_without_what_officers_say(client, officer, body):
    head, other = make.head_of(body), make.head_of(make.organization("乙中心"), "lin")
    client.force_login(head)
    tab, text = page(client, "core:case_of", "organization", body.pk)
    address = f"{reverse('core:case_new', args=['test.body'])}?subject={body.pk}"
    assert tab.status_code == 200 and address in text
    form = client.get(address).content.decode()
    assert "收件日期" not in form and "代填" not in form
    made = client.post(address, {"name": "请更正"})
    assert made.status_code == 302
    case = Case.objects.get()
    assert case.state == "applied"
    cases.receive(case=case, on=clock.today(), by=officer, at=clock.now())
    cases.opine(case=case, outcome="disagree", text="内部意见不外传", by=officer, at=clock.now())
    _answer, text = page(client, "core:case_detail", case.pk)
    assert "请更正" in text and "内部意见不外传" not in text
    late = client.get(reverse("core:case_edit", args=[case.pk]), follow=True)
    assert "待决定”，不能修改" in late.content.decode(), "after the opinion the text stays as it was examined"
    client.force_login(other)
    assert client.get(reverse("core:case_detail", args=[case.pk])).status_code == 404
    assert client.get(reverse("core:case_of", args=["organization", body.pk])).status_code == 404
    assert client.get(address).status_code == 404
    client.force_login(officer)
    assert "内部意见不外传" in page(client, "core:case_detail", case.pk)[1]


def test_field_by_field_on_the_page(client, officer, body):
    head = make.head_of(body)
    case = cases.submit(
        kind="test.direct",
        facts={"name": "新名称", "words": "说明"},
        label="甲",
        subject_id=str(body.pk),
        by=head,
        at=AT,
    )
    client.force_login(officer)
    _answer, text = page(client, "core:case_detail", case.pk)
    assert "旧名称" in text and "新名称" in text and text.count('form="act-decide"') == 2
    told = {"do": "decide", "on": "2026-10-26", "decision": "approved"}
    assert "请至少采纳一项" in client.post(reverse("core:case_act", args=[case.pk]), told).content.decode()
    assert client.post(reverse("core:case_act", args=[case.pk]), {**told, "accepted": ["name"]}).status_code == 302
    case.refresh_from_db()
    assert case.accepted == ["name"]


def test_filters_are_the_address(client, officer, case):
    late = cases.submit(
        kind="test.plain", facts={"name": "迟"}, label="迟到协会", area=ground.district(),
        received_on=date(2026, 1, 5), by=officer, at=AT,
    )  # fmt: skip
    gone = cases.submit(
        kind="test.workdays", facts={"name": "撤"}, label="撤回协会", area=ground.district(), received_on=TODAY,
        by=officer, at=AT,
    )  # fmt: skip
    deciding.withdraw(case=gone, reason="不办了", by=officer, at=AT)
    client.force_login(officer)

    def listed(query):
        text = client.get(f"{reverse('core:case_list')}?{query}").content.decode()
        return {c.label for c in (case, late, gone) if f">{c.label}</a>" in text}

    assert listed("") == {"甲", "迟到协会"}
    assert listed("state=all") == {"甲", "迟到协会", "撤回协会"}
    assert listed("state=withdrawn") == {"撤回协会"}
    assert listed("late=late") == {"迟到协会"}
    assert listed("kind=test.workdays&state=all") == {"撤回协会"}
    assert listed("q=迟到") == {"迟到协会"}
    assert listed("whose=mine") == {"甲", "迟到协会"}
    assert listed("whose=none") == set()
    assert listed("year=2025") == set()
    assert client.get(f"{reverse('core:case_list')}?year=nonsense&state=x&late=y&page=99").status_code == 200


def test_many_cases_open_in_few_queries(client, officer, django_assert_max_num_queries):
    area = ground.district()
    Case.objects.bulk_create([
        Case(kind="test.plain", area=area, label=f"第{n}件", state="received", year=2026, seq=n, received_on=TODAY,
             number=f"320211-2026-{n:04d}", applied_at=AT, handler=officer)
        for n in range(1, 1573)
    ])  # fmt: skip
    client.force_login(officer)
    client.get(reverse("core:case_list"))
    with django_assert_max_num_queries(40):
        text = client.get(f"{reverse('core:case_list')}?per=100").content.decode()
    assert "共 1,572 条" in text
    assert queries.todo(user=officer, on=TODAY, limit=20)[1] == 1572


def test_nobody_without_a_permission(client, officer, case):
    client.force_login(user("caiwu", ("finance", "area", "320211"), is_demo=True))
    for name, args in (("core:case_list", []), ("core:case_detail", [case.pk]), ("core:case_edit", [case.pk])):
        assert client.get(reverse(name, args=args)).status_code == 403


def test_files_stand_in_the_course_with_who_added_them_and_when(client, officer, case, tmp_path, settings):
    settings.FILES = tmp_path / "shelf"
    place = files.place_of(officer, "case", str(case.pk))
    purpose = registries.file_purposes["case_paper"]
    later = AT + timedelta(days=1)

    def add(name: str, at, replaces=None):
        taken = file_actions.take_in(place=place, purpose=purpose, name=name, chunks=[name.encode()], by=officer, at=at)
        told = {"place": place, "purpose": purpose, "paper": "章程", "taken": taken, "by": officer, "at": at}
        return file_actions.attach(**told, replaces=replaces)

    first = add("甲章程.txt", AT)
    second = add("乙章程.txt", later, first)
    gone = add("误传.txt", later)
    file_actions.remove(place=place, attachment=gone, reason="传错了", by=officer, at=later + timedelta(days=1))
    cases.opine(case=case, outcome="agree", text="材料齐全", by=officer, at=later + timedelta(days=2))
    client.force_login(officer)
    text = page(client, "core:case_detail", case.pk)[1]
    course = re.sub(r"<[^>]+>", " ", text[text.index("办理过程") :])
    told = ["收件", "上传文件“章程”：甲章程.txt", "替换文件“章程”：乙章程.txt", "上传文件“章程”：误传.txt",
            "移除文件：误传.txt（传错了）", "建议准予"]  # fmt: skip
    places = [course.index(word) for word in told]
    assert places == sorted(places)
    assert reverse("core:file_open", args=[second.pk, "original"]) in text
    for row in (first, gone):
        assert reverse("core:file_open", args=[row.pk, "original"]) not in text
    assert course.count(str(officer)) >= 6


def test_the_checklist_of_files_knows_what_came_on_paper(client, officer, case):
    names = [row.name for row in case.materials.all()]
    cases.take_papers(case=case, names=names[:1], on=TODAY, by=officer, at=AT)
    client.force_login(officer)
    text = re.sub(r"<[^>]+>", " ", page(client, "core:file_list", "case", case.pk)[1])
    assert "纸质件 2026-10-26" in text and text.count("纸质件") == 1
    assert re.search(rf"已有\s+1\s*/\s*{len(names)}|已有 1／{len(names)}", text)
