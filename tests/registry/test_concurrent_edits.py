"""Two officers change one body at once: both keep their text, one decides, the other text stays in the timeline."""

import re
from html import unescape

import pytest
from django.urls import reverse

from liaoyuan.core import vault
from liaoyuan.core.models import AuditEvent, SeparationSetting
from liaoyuan.registry.models import Standing
from tests.registry import factories as make


@pytest.fixture
def body(db):
    areas = make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from="2020-01-01", set_at=make.AT)
    return make.organization(
        "无锡市滨湖区甲服务中心", street=areas["heli"], address="旧址1号", phone="13800000000", full_time=3,
        capital_fen=3_000_000, registrar="滨湖区民政局", note="旧备注",
    )  # fmt: skip


def opened(client, who, body, page="registry:organization_change"):
    client.force_login(who)
    return fields(client.get(reverse(page, args=[body.pk])).content.decode())


def fields(text):
    """What a browser would send back."""
    told = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag and ('type="checkbox"' not in tag or "checked" in tag):
            told[unescape(name.group(1))] = unescape(value.group(1)) if value else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', text, re.S):
        told[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        told[name] = unescape(chosen.group(1)) if chosen else ""
    return told


def save(client, who, body, data, page="registry:organization_change"):
    client.force_login(who)
    answer = client.post(reverse(page, args=[body.pk]), data)
    return answer.status_code, answer.content.decode()


def now(body):
    return Standing.objects.now_open().get(organization=body)


@pytest.mark.parametrize("page", ["registry:organization_change", "registry:organization_correct"])
@pytest.mark.parametrize(("word", "address"), [("mine", "乙填的地址"), ("theirs", "甲填的地址")])
def test_both_texts_are_kept_and_one_decides(client, body, word, address, page):
    one, two = make.officer("jia"), make.officer("yi")
    slow = opened(client, two, body, page)
    fast = opened(client, one, body, page)
    assert save(client, one, body, {**fast, "address": "甲填的地址", "full_time": "7"}, page)[0] == 302
    code, text = save(client, two, body, {**slow, "address": "乙填的地址", "note": "乙的备注"}, page)
    assert code == 422
    for word_shown in ("旧址1号", "甲填的地址", "乙填的地址", 'name="keep-address"', "只有别人改过", "专职人数"):
        assert word_shown in text, word_shown
    assert (now(body).address, now(body).note) == ("甲填的地址", "旧备注"), "nothing is written before the choice"
    again = fields(text)
    assert again["address"] == "乙填的地址" and again["note"] == "乙的备注", "what was typed is still there"
    assert save(client, two, body, again, page)[0] == 422, "a choice is asked for"
    assert save(client, two, body, {**again, "keep-address": word}, page)[0] == 302
    row = now(body)
    assert (row.address, row.note, row.full_time) == (address, "乙的备注", 7)
    other = "甲填的地址" if word == "mine" else "乙填的地址"
    last = AuditEvent.objects.filter(subject_kind="organization", subject_id=str(body.pk)).order_by("-pk")[0]
    assert f"未采用“住所”：{other}" in last.payload["note"], "the other text stays in the timeline"


def test_only_a_text_is_set_aside(client, body):
    """Who gives way to the other in everything has changed nothing, and his text is kept all the same."""
    one, two = make.officer("jia"), make.officer("yi")
    slow, fast = opened(client, two, body), opened(client, one, body)
    save(client, one, body, {**fast, "address": "甲填的地址"})
    _code, text = save(client, two, body, {**slow, "address": "乙填的地址"})
    assert save(client, two, body, {**fields(text), "keep-address": "theirs"})[0] == 302
    last = AuditEvent.objects.filter(subject_kind="organization", subject_id=str(body.pk)).order_by("-pk")[0]
    assert "乙填的地址" in last.payload["note"] and "changes" not in last.payload
    assert now(body).address == "甲填的地址"


def test_a_third_change_asks_again(client, body):
    one, two, three = make.officer("jia"), make.officer("yi"), make.officer("bing")
    slow, fast = opened(client, two, body), opened(client, one, body)
    save(client, one, body, {**fast, "address": "甲填的地址"})
    _code, text = save(client, two, body, {**slow, "address": "乙填的地址"})
    chosen = {**fields(text), "keep-address": "mine"}
    save(client, three, body, {**opened(client, three, body), "note": "丙的备注"})
    code, text = save(client, two, body, chosen)
    assert code == 422 and "丙的备注" in text, "the version moved on: shown once more"
    assert save(client, two, body, {**fields(text), "keep-address": "mine"})[0] == 302
    assert (now(body).address, now(body).note) == ("乙填的地址", "丙的备注")


def test_a_telephone_number_changed_twice_is_a_clash_and_stays_masked(client, body):
    one, two = make.officer("jia"), make.officer("yi")
    slow, fast = opened(client, two, body), opened(client, one, body)
    assert save(client, one, body, {**fast, "phone": "13911111111"})[0] == 302
    code, text = save(client, two, body, {**slow, "phone": "13922222222"})
    assert code == 422 and 'name="keep-phone"' in text
    table = text[text.index("keep-phone") - 600 : text.index("keep-phone") + 900]
    assert "13911111111" not in text and "13922222222" not in table
    again = {**fields(text), "phone": "13922222222", "keep-phone": "mine"}
    assert save(client, two, body, again)[0] == 302
    assert vault.decrypt(now(body).phone, purpose="organization.phone") == "13922222222"
    told = str(list(AuditEvent.objects.values_list("payload", flat=True)))
    assert "13911111111" not in told and "13922222222" not in told


def test_different_fields_meet_without_a_question(client, body):
    """No clash: the slower one is shown what changed, and saves with one more press."""
    one, two = make.officer("jia"), make.officer("yi")
    slow, fast = opened(client, two, body), opened(client, one, body)
    save(client, one, body, {**fast, "full_time": "9"})
    code, text = save(client, two, body, {**slow, "note": "乙的备注"})
    assert code == 422 and "keep-" not in text
    assert save(client, two, body, fields(text))[0] == 302
    assert (now(body).full_time, now(body).note) == (9, "乙的备注")
