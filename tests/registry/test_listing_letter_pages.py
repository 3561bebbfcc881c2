"""The pages of documents that carry a procedure about a list: what is due, many at once, the removal."""

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.core.models import Document, DocumentBatch, User
from liaoyuan.registry.choices import Ground
from liaoyuan.registry.models import ListingProposal
from tests.core.documents_ground import Office, office
from tests.core.jobs_ground import work_off
from tests.registry import factories as make
from tests.registry.test_listing_letters import JUN, REASON, Desk, listed, noon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(tmp_path, settings, monkeypatch):
    settings.FILES = tmp_path / "files"
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-06-01T10:00:00")


@pytest.fixture
def ground() -> Office:
    return office()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_offers_what_is_due_and_shows_what_is_under_way(ground):
    desk = Desk(ground, Ground.ADDRESS)
    officer, page = browser(ground.officer), reverse("registry:proposal_detail", args=[desk.row.pk])
    act = reverse("registry:proposal_act", args=[desk.row.pk])
    html = officer.get(page).text
    assert "起草第一封信函" in html and "起草告知书" in html and "起草列入决定书" not in html
    answer = officer.post(act, {"do": "draft", "code": "listing_letter"})
    made = Document.objects.get()
    assert answer.url == reverse("core:document_detail", args=[made.pk])
    assert page in officer.get(answer.url).text  # the way back
    html = officer.get(page).text
    assert "核第一封信函的稿" in html and "起草第一封信函" not in html and "记下系统外寄出的第一封信函" not in html
    officer.post(act, {"do": "draft", "code": "listing_decision"})
    assert officer.post(act, {"do": "draft", "code": "reminder"}).status_code == 422
    assert Document.objects.count() == 1
    head = browser(ground.head)
    head.post(reverse("core:document_decide", args=[made.pk]), {"do": "review"})
    head.post(reverse("core:document_decide", args=[made.pk]), {"do": "issue"})
    assert "登记第一封信函的送达" in officer.get(page).text
    assert "登记第一封信函的送达" in officer.get(reverse("registry:proposal_list")).text
    served = {"way": "post", "sent_on": "2026-06-01", "result": "unsigned"}
    assert officer.post(reverse("core:document_deliver", args=[made.pk]), served).status_code == 302
    html = officer.get(page).text
    assert "起草第二封信函" in html and "2026-06-16" in html and "2026-07-01" in html and "无人签收" in html


def test_many_proposals_are_written_to_in_one_step(ground, monkeypatch):
    bodies = [make.organization(f"逾期{n}中心") for n in range(4)]
    desks = [Desk(ground, body=body) for body in bodies]
    outside = make.organization("外区中心", registrar_area=make.binhu()["other"])
    far = ListingProposal.objects.create(
        organization=outside, wants="abnormal", ground="annual", reason=REASON, arisen_on=JUN, proposed_at=noon(JUN)
    )
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-06-03T10:00:00")
    desks[3].draft("listing_letter", JUN)  # one has its letter already
    officer = browser(ground.officer)
    address = reverse("registry:proposal_letters", args=["listing_letter"])
    assert address in officer.get(reverse("registry:proposal_list")).text
    form = officer.post(address, {"ids": [desk.row.pk for desk in desks] + [far.pk]})
    assert form.status_code == 200 and "选中的 4 家" in form.text
    chosen = ",".join(str(body.pk) for body in [*bodies, outside])
    sent = {"do": "draft", "key": "k1", "chosen": chosen, "issuer": ground.issuer.pk, "title": "", "basis": ""}
    for _twice in range(2):
        assert officer.post(address, sent).status_code == 302
    work_off()
    batch = DocumentBatch.objects.get()
    assert batch.documents.count() == 3
    head = browser(ground.head)
    assert head.post(reverse("core:batch_sign", args=[batch.pk])).status_code == 302
    work_off()
    numbers = sorted(batch.documents.values_list("number", flat=True))
    assert numbers == [f"滨民社〔2026〕{n}号" for n in (1, 2, 3)]
    assert ListingProposal.objects.exclude(letter1_on=None).count() == 0
    deliver = reverse("core:batch_deliver", args=[batch.pk])
    assert "登记送达" in officer.get(reverse("core:batch_detail", args=[batch.pk])).text
    assert officer.post(deliver, {"way": "post", "sent_on": "2026-06-04"}).status_code == 422  # tomorrow
    assert officer.post(deliver, {"way": "post", "sent_on": "2026-06-03"}).status_code == 302
    work_off()
    told = dict(ListingProposal.objects.exclude(letter1_on=None).values_list("letter1_no", "letter1_on"))
    assert told == dict.fromkeys(numbers, JUN)
    assert officer.post(deliver, {"way": "post", "sent_on": "2026-06-03"}).status_code == 422  # nothing left
    assert officer.post(address, {"ids": [far.pk]}).status_code == 302  # nobody of ours


def test_all_that_the_query_finds_are_written_to(ground):
    for n in range(3):
        Desk(ground, body=make.organization(f"逾期{n}中心"))
    Desk(ground, body=make.organization("另有原因中心"))
    address = reverse("registry:proposal_letters", args=["listing_notice"]) + "?q=逾期"
    assert "选中的 3 家" in browser(ground.officer).post(address, {"all_matching": "1"}).text


def test_the_removal_is_drafted_at_its_page(ground):
    entry = listed(ground)
    officer = browser(ground.officer)
    address = reverse("registry:removal_letter", args=[ground.body.pk, entry.pk])
    assert officer.post(address, {"reason": ""}).status_code == 422
    answer = officer.post(address, {"reason": "已补报", "complied": "on"})
    made = Document.objects.get()
    assert answer.url == reverse("core:document_detail", args=[made.pk]) and made.title == "移出活动异常名录决定书"
    assert officer.post(address, {"reason": "已补报", "complied": "on"}).status_code == 422
    assert browser(ground.head).get(address).status_code == 403
    assert f"/registry/{ground.body.pk}/?tab=credit" in officer.get(answer.url).text
