"""Pages of ratings, honours and filings: what each shows for a reach, when empty, beside a field, on the next page."""

import re
from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.registry.models import FilingConfirmation, Honour, RatingRound
from tests.registry import factories as make
from tests.registry import rounds


@pytest.fixture
def areas(db):
    calendar.sync_calendar(at=make.AT)
    parameters.sync_shipped(at=make.AT)
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


@pytest.fixture
def street(areas):
    return make.user("jiedao", ("street_office", "area", "320211001"), is_demo=True)


def page(client, who, name, *args, code=200, **query):
    client.force_login(who)
    answer = client.get(reverse(f"registry:{name}", args=args), query)
    assert answer.status_code == code
    return answer.content.decode()


def post(client, who, name, *args, code=422, **data):
    client.force_login(who)
    answer = client.post(reverse(f"registry:{name}", args=args), data)
    assert answer.status_code == code, answer.content.decode()
    return answer.content.decode()


def beside(text, field):
    """The sentence that stands beside a field, and whether the summary above leads to it."""
    found = re.search(rf'id="id_{field}-findings">(.*?)</div>', text, re.S)
    assert f'href="#id_{field}"' in text, field
    return re.sub(r"<[^>]+>", " ", found[1]).strip() if found else ""


GIVEN = {
    "area": "320211", "year": "2026", "number": "1", "title": "2026年等级评估", "called_on": "2026-09-01",
    "assess_until": "2026-09-30", "visits_from": "2026-10-08", "visits_until": "2026-10-16", "review_on": "2026-10-20",
    "members": "9",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("round_list", "还没有等级评估"), ("sheet_list", "还没有指标表"), ("assessor_list", "还没有评估人员"),
        ("level_list", "没有待决定的情形"), ("assigned_list", "没有分配给您的组织"),
        ("filing_round", "没有符合条件的备案组织"),
    ],
)  # fmt: skip
def test_an_empty_page_says_so(client, areas, name, words):
    who = make.user("zj", ("expert", "area", "320211"), is_demo=True) if name == "assigned_list" else make.officer()
    text = page(client, who, name)
    assert words in text and "<tbody>" not in text


def test_a_round_is_seen_within_its_area_and_run_by_the_officer_only(client, areas, officer, street):
    here = rounds.opened(areas["district"])
    rounds.opened(areas["other"])
    text = page(client, officer, "round_list")
    assert text.count("2026年第1批等级评估") == text.count(reverse("registry:round_detail", args=[here.pk])) == 1
    assert reverse("registry:round_create") in text and reverse("registry:sheet_list") in text
    leader = make.officer("lead", role="leadership")
    text = page(client, leader, "round_list")
    assert reverse("registry:round_detail", args=[here.pk]) in text and reverse("registry:round_create") not in text
    far = RatingRound.objects.get(area=areas["other"])
    page(client, officer, "round_detail", far.pk, code=404)


def test_rounds_are_paged_and_sorted(client, areas, officer):
    for number in range(1, 23):
        rounds.opened(areas["district"], number=number)
    RatingRound.objects.filter(number=3).update(called_on=date(2026, 9, 5))
    first, last = page(client, officer, "round_list"), page(client, officer, "round_list", page="2")
    keys = [re.findall(r"/ratings/(\d+)/\"", text) for text in (first, last)]
    told = [[int(key) for key in dict.fromkeys(found)] for found in keys]
    assert [len(found) for found in told] == [20, 2] and len({*told[0], *told[1]}) == 22
    assert told[0][0] == RatingRound.objects.get(number=3).pk, "the latest call stands first"
    assert "page=2" in first and "page=3" not in last


@pytest.mark.parametrize(
    ("field", "value"),
    [("year", "1999"), ("number", "0"), ("title", ""), ("called_on", "下周"), ("members", "0"), ("area", "320213"),
     ("review_on", "")],
)  # fmt: skip
def test_a_fault_of_a_round_stands_beside_its_field(client, areas, officer, field, value):
    for kind in ("MF", "ST", "JJ"):
        rounds.sheet(areas["district"], kind)
    text = post(client, officer, "round_create", **{**GIVEN, field: value})
    assert beside(text, field) and not RatingRound.objects.exists()


def test_dates_of_a_round_out_of_order_stand_beside_the_later_one(client, areas, officer):
    for kind in ("MF", "ST", "JJ"):
        rounds.sheet(areas["district"], kind)
    text = post(client, officer, "round_create", **{**GIVEN, "visits_until": "2026-10-07"})
    assert "有 1 处需要改正" in text and not RatingRound.objects.exists()
    post(client, officer, "round_create", code=302, **{**GIVEN, "visits_until": "2026-10-08"})
    assert RatingRound.objects.get().members == 9


def test_a_body_s_head_sees_its_own_entry_and_no_other(client, areas, officer):
    round_ = rounds.opened(areas["district"])
    mine, other = make.organization("滨湖区甲服务中心"), make.organization("滨湖区乙服务中心")
    entries = [rounds.submitted(round_, body) for body in (mine, other)]
    head = make.head_of(mine)
    text = page(client, head, "rating_entry", entries[0].pk)
    assert "滨湖区甲服务中心" in text
    page(client, head, "rating_entry", entries[1].pk, code=404)
    text = page(client, officer, "round_detail", round_.pk)
    assert "滨湖区甲服务中心" in text and "滨湖区乙服务中心" in text
    text = page(client, head, "round_detail", round_.pk)
    assert "滨湖区乙服务中心" not in text


def test_an_expert_sees_what_is_assigned_to_him_the_open_ones_first(client, areas):
    round_ = rounds.opened(areas["district"])
    users = [make.user(name, ("expert", "area", "320211"), is_demo=True) for name in ("zjia", "zyi")]
    people = [rounds.assessor(f"{user.username}评", user) for user in users]
    bodies = [make.organization(f"滨湖区示例{n}中心") for n in range(3)]
    entries = [rounds.submitted(round_, body) for body in bodies]
    rounds.scored(entries[0], people[0])
    for entry, person in ((entries[1], people[0]), (entries[2], people[1])):
        rounds.assessors.assign(entry=entry, assessor=person, by=rounds.BY, at=rounds.VISITED)
    text = page(client, users[0], "assigned_list")
    assert "示例2中心" not in text and text.index("示例1中心") < text.index("示例0中心")
    assert "请作回避声明" in text and "已提交" in text


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": ""}, "title"), ({"level": "world"}, "level"), ({"given_on": ""}, "given_on"),
     ({"given_on": "2026-02-30"}, "given_on"), ({"until": "2024-03-04"}, "until"), ({"title": "优" * 121}, "title")],
)  # fmt: skip
def test_a_fault_of_an_honour_stands_beside_its_field(client, areas, officer, change, field):
    body = make.organization("滨湖区甲服务中心")
    given = {"title": "先进社会组织", "level": "city", "issuer": "市民政局", "given_on": "2024-03-05", "until": ""}
    text = post(client, officer, "honour_add", body.pk, **{**given, **change})
    assert beside(text, field) and not Honour.objects.exists()
    post(client, officer, "honour_add", body.pk, code=302, **{**given, "until": "2024-03-05"})
    assert Honour.objects.get().valid_to == date(2024, 3, 6)


def test_an_award_names_how_many_and_leaves_those_alone_that_have_it(client, areas, officer):
    bodies = [make.organization(f"滨湖区示例{n}中心") for n in range(3)]
    make.honour(bodies[0], "抗疫先进", "city", valid_from=date(2024, 3, 5))
    ids = [str(body.pk) for body in bodies]
    text = post(client, officer, "honour_award", code=200, ids=ids)
    assert "给选中的 3 家登记同一项荣誉" in text and f'value="{",".join(ids)}"' in text
    given = {"chosen": ",".join(ids), "do": "apply", "title": "抗疫先进", "level": "city", "given_on": "2024-03-05"}
    text = post(client, officer, "honour_award", **{**given, "title": ""})
    assert beside(text, "title") and f'value="{",".join(ids)}"' in text, "who was chosen stays chosen"
    post(client, officer, "honour_award", code=302, **given)
    assert Honour.objects.current().count() == 3


def test_the_tab_of_honours_shows_them_with_their_end(client, areas, officer):
    body = make.organization("滨湖区甲服务中心")
    text = page(client, officer, "organization_detail", body.pk, tab="awards")
    assert "先进社会组织" not in text
    make.honour(body, "先进社会组织", "province", issuer="省民政厅", valid_to=date(2027, 3, 6))
    make.honour(body, "已删的称号", superseded_at=make.AT)
    text = page(client, officer, "organization_detail", body.pk, tab="awards")
    for words in ("先进社会组织", "省级", "省民政厅", "2027-03-05"):
        assert words in text, words
    assert "已删的称号" not in text


def _filed(areas, n, street="heli", **more):
    place = {"heli": "huihe", "liyuan": "dongyuan"}[street]
    return make.organization(
        f"{areas[street].name}第{n:02}队", "BA", street=areas[street], community_id=areas[place].pk, **more
    )


def test_the_round_of_filings_is_the_street_s_own_and_narrows(client, areas, officer, street):
    for n in range(3):
        _filed(areas, n)
    over = _filed(areas, 9, "liyuan", filing_to=date(2025, 12, 31))
    text = page(client, street, "filing_round", year="2026")
    assert "河埒街道第00队" in text and "蠡园街道第09队" not in text and "3 家中已确认 0 家" in text
    text = page(client, officer, "filing_round", year="2026")
    assert "4 家中已确认 0 家" in text and "蠡园街道第09队" in text
    text = page(client, officer, "filing_round", year="2026", state="over")
    assert over.filing_no in text and "河埒街道第00队" not in text
    text = page(client, officer, "filing_round", year="2026", q="第01队")
    assert "河埒街道第01队" in text and "河埒街道第00队" not in text
    assert "没有符合条件的备案组织" in page(client, officer, "filing_round", year="2026", q="没有这一队")
    page(client, street, "filing_confirm", over.pk, code=404)


def test_the_round_of_filings_is_paged(client, areas, officer):
    for n in range(51):
        _filed(areas, n)
    first, last = page(client, officer, "filing_round"), page(client, officer, "filing_round", page="2")
    names = [set(re.findall(r"河埒街道第\d\d队", text)) for text in (first, last)]
    assert [len(found) for found in names] == [50, 1] and not names[0] & names[1]


def test_a_fault_of_a_confirmation_stands_beside_its_field(client, areas, street):
    body = _filed(areas, 1)
    given = {"via": "phone", "word_of": "负责人本人", "on": "2026-10-20"}
    for change, field in (({"word_of": " "}, "word_of"), ({"via": "letter"}, "via"), ({"on": ""}, "on"),
                          ({"on": "2999-01-01"}, "on")):  # fmt: skip
        assert beside(post(client, street, "filing_confirm", body.pk, **{**given, **change}), field), change
    assert not FilingConfirmation.objects.exists()
    post(client, street, "filing_confirm", body.pk, code=302, **given)
    text = page(client, street, "filing_round", year="2026", state="done")
    assert "2026-10-20 已确认" in text and "1 家中已确认 1 家" in text


def test_many_are_confirmed_and_taken_back_on_the_page(client, areas, street):
    bodies = [_filed(areas, n) for n in range(3)]
    ids = [str(body.pk) for body in bodies[:2]]
    client.force_login(street)
    text = post(client, street, "filing_many", code=200, ids=ids)
    chosen = re.search(r'name="chosen" value="([^"]+)"', text)
    assert chosen and chosen[1].count(":") == 2
    text = post(client, street, "filing_many", chosen=chosen[1], do="apply", via="visit", word_of="", on="2999-01-01")
    assert beside(text, "on") and not FilingConfirmation.objects.exists()
    post(
        client, street, "filing_many", code=302, chosen=chosen[1], do="apply", via="visit", word_of="", on="2026-10-20"
    )
    key = FilingConfirmation.objects.values_list("batch", flat=True).distinct().get()
    text = page(client, street, "filing_batch", key)
    assert "河埒街道第00队" in text and "河埒街道第01队" in text and "河埒街道第02队" not in text
    far = make.user("li", ("street_office", "area", "320211004"), is_demo=True)
    page(client, far, "filing_batch", key, code=404)
    post(client, street, "filing_undo", key, code=302)
    assert not FilingConfirmation.objects.filter(undone_at__isnull=True).exists()
