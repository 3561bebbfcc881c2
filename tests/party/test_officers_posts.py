"""Officers and terms: appointed, ended, corrected, extended, through actions and pages; what waits of them."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import officers, transfers
from liaoyuan.party.models import Officer, Term
from liaoyuan.party.queries import terms, terms_due
from tests.party import factories as make
from tests.party.factories import AT

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示甲党支部", area=areas["district"], superior=committee)


@pytest.fixture
def full(branch):
    return make.members(branch, 1)[0]


def appoint(branch, who, by, **told):
    told = {"kind": "secretary", "on": ON, **told}
    return officers.appoint(party=branch, member=who, by=by, at=AT, **told)


def test_a_secretary_is_appointed_and_ended(branch, full, lead, head):
    row = appoint(branch, full, lead, source="业务骨干", evidence="滨社工〔2026〕8号")
    assert (row.how, row.source, row.valid_from) == ("appointed", "业务骨干", ON)
    other = make.member()
    make.affiliate(other, branch)
    with pytest.raises(Refused, match="已有书记"):
        appoint(branch, other, lead)
    appoint(branch, other, head, kind="organization", how="elected")
    with pytest.raises(Refused, match="同一职务"):
        appoint(branch, other, head, kind="organization")
    with pytest.raises(Refused, match="晚于任职日期"):
        officers.end(row=row, on=ON, reason="换届", by=lead, at=AT)
    with pytest.raises(Refused, match="事由"):
        officers.end(row=row, on=date(2026, 10, 25), reason=" ", by=lead, at=AT)
    officers.end(row=row, on=date(2026, 10, 25), reason="工作调动", by=lead, at=AT)
    assert not Officer.objects.active(date(2026, 10, 25)).filter(kind="secretary").exists()
    assert Officer.objects.active(date(2026, 10, 24)).get(kind="secretary").end_reason == "工作调动"
    appoint(branch, other, lead, on=date(2026, 10, 25))
    codes = list(AuditEvent.objects.filter(code__startswith="officer.").values_list("code", flat=True))
    assert sorted(codes) == ["officer.appointed"] * 3 + ["officer.ended"]


def test_seniority_is_told_on_both_sides_of_its_border(branch, lead):
    young = make.member(admitted_on=date(2024, 10, 20), confirmed_on=date(2025, 10, 21))
    old = make.member(admitted_on=date(2024, 10, 20), confirmed_on=date(2025, 10, 20))
    for who in (young, old):
        make.affiliate(who, branch)
    row = appoint(branch, young, lead)
    event = AuditEvent.objects.get(code="officer.appointed")
    assert [f["code"] for f in event.payload["findings"]] == ["PB-OFF-03"]
    officers.end(row=row, on=date(2026, 10, 21), reason="重新任命", by=lead, at=AT)
    appoint(branch, old, lead, on=date(2026, 10, 21))
    event = AuditEvent.objects.filter(code="officer.appointed").latest("pk")
    assert "findings" not in event.payload


def test_who_merely_takes_part_holds_no_post_but_the_first_secretary_of_a_branch_in_transfer(areas, committee, branch,
                                                                                           lead):  # fmt: skip
    guest = make.member()
    make.affiliate(guest, None)
    make.affiliate(guest, branch, "temporary")
    with pytest.raises(Refused, match="不能在本支部任职") as refused:
        appoint(branch, guest, lead)
    assert refused.value.findings[0].code == "PB-REL-06"
    moving = make.party("演示转接党支部", area=areas["district"], superior=committee, regular_on=None)
    make.affiliate(guest, moving, "double")
    with pytest.raises(Refused, match="不能在本支部任职"):
        appoint(moving, guest, lead, how="elected")
    with pytest.raises(Refused, match="不能在本支部任职"):
        appoint(moving, guest, lead, kind="vice")
    assert appoint(moving, guest, lead).kind == "secretary"
    stranger = make.members(committee, 1)[0]
    with pytest.raises(Refused, match="须在本支部"):
        appoint(branch, stranger, lead)
    assert appoint(committee, stranger, lead).party_organization == committee


def test_only_the_superior_appoints(branch, full, areas):
    outside = make.lead("outside", "party_lead", "320213")
    for who in (make.secretary(branch), make.lead("watch", "leadership"), outside):
        with pytest.raises(PermissionDenied):
            appoint(branch, full, who)
        with pytest.raises(PermissionDenied):
            officers.begin_term(party=branch, on=ON, by=who, at=AT)


def test_a_post_is_corrected(branch, full, lead):
    row = appoint(branch, full, lead)
    made = officers.correct(row=row, fields={"how": "elected", "valid_from": date(2026, 9, 1), "evidence": "滨1号"},
                            by=lead, at=AT)  # fmt: skip
    assert (made.how, made.valid_from, made.evidence) == ("elected", date(2026, 9, 1), "滨1号")
    assert Officer.objects.current().count() == 1 and Officer.objects.count() == 2
    event = AuditEvent.objects.get(code="officer.corrected")
    assert event.payload["changes"]["valid_from"] == ["2026-10-20", "2026-09-01"]
    with pytest.raises(Refused, match="已被修改"):
        officers.correct(row=Officer.objects.get(superseded_at__isnull=False), fields={"source": "x"}, by=lead, at=AT)


def test_posts_end_with_the_transfer(areas, committee, branch, full, lead):
    target = make.party("演示乙党支部", area=areas["district"], superior=committee)
    appoint(branch, full, lead)
    appoint(committee, full, lead, kind="member")
    row = transfers.plan(member=full, target=target, on=date(2026, 10, 21), by=lead, at=AT)
    row = transfers.issue(row=row, on=date(2026, 10, 21), valid_days=30, by=lead, at=AT)
    transfers.accept(row=row, on=date(2026, 10, 24), by=lead, at=AT)
    here = Officer.objects.current().get(party_organization=branch)
    assert (here.valid_to, here.end_reason) == (date(2026, 10, 24), "组织关系已转出")
    assert Officer.objects.now_open().get().party_organization == committee
    assert officers.end_posts_of(full, None, date(2026, 10, 26), lead, AT, "离开党组织") == 1
    assert not Officer.objects.now_open().exists()


def test_terms_follow_each_other(branch, lead):
    first = officers.begin_term(party=branch, on=date(2023, 3, 1), by=lead, at=AT)
    assert (first.number, first.due_on) == (1, date(2026, 3, 1))
    second = officers.begin_term(party=branch, on=date(2026, 3, 1), by=lead, at=AT)
    assert (second.number, second.due_on) == (2, date(2029, 3, 1))
    assert Term.objects.current().get(number=1).ended_on == date(2026, 3, 1)
    with pytest.raises(Refused, match="晚于上一届"):
        officers.begin_term(party=branch, on=date(2026, 3, 1), by=lead, at=AT)
    with pytest.raises(Refused) as refused:
        officers.begin_term(party=branch, on=ON, by=lead, at=AT)
    assert {f.code for f in refused.value.findings} == {"PB-OFF-05"}


def test_early_and_late_terms_are_bounded_by_a_year_and_need_approval(branch, lead):
    officers.begin_term(party=branch, on=date(2023, 10, 26), due_on=date(2026, 10, 26), by=lead, at=AT)
    with pytest.raises(Refused, match="批准文号"):
        officers.extend_term(party=branch, to=date(2027, 10, 26), evidence=" ", by=lead, at=AT)
    with pytest.raises(Refused, match="超过 12 个月"):
        officers.extend_term(party=branch, to=date(2027, 10, 27), evidence="滨组〔2026〕9号", by=lead, at=AT)
    with pytest.raises(Refused, match="延期须晚于"):
        officers.extend_term(party=branch, to=date(2026, 10, 26), evidence="滨组〔2026〕9号", by=lead, at=AT)
    row = officers.extend_term(party=branch, to=date(2027, 10, 26), evidence="滨组〔2026〕9号", by=lead, at=AT)
    assert terms.last_day(row) == date(2027, 10, 26)
    with pytest.raises(Refused, match="批准文号"):
        officers.begin_term(party=branch, on=date(2026, 10, 26), by=lead, at=AT)
    made = officers.begin_term(party=branch, on=date(2026, 10, 26), evidence="滨组〔2026〕10号", by=lead, at=AT)
    assert made.number == 2


def test_a_village_has_the_longer_term(areas, committee):
    branch = make.party("演示社区党支部", area=areas["district"], superior=committee)
    branch.area.level = "community"
    assert terms.due_of(branch, date(2023, 10, 26)) == date(2028, 10, 26)


def test_alarms_begin_at_180_days_and_stay(branch, lead):
    make.term(branch, due_on=date(2026, 12, 31))
    assert terms.findings(branch, date(2026, 7, 3)) == []
    told = ((date(2026, 7, 4), "还有 180 日"), (date(2026, 12, 31), "还有 0 日"), (date(2027, 1, 1), "超过 1 日"))
    for day, variant in told:
        [finding] = terms.findings(branch, day)
        assert finding.code == "PB-OFF-04" and variant in str(Refused([finding]))


def test_what_waits_of_terms(areas, committee, branch, lead):
    make.term(branch, due_on=date(2026, 11, 10))
    task = make.party("演示临时党支部", area=areas["district"], superior=committee, kind="temporary",
                      task_ends_on=date(2027, 1, 1))  # fmt: skip
    make.term(task, due_on=date(2026, 11, 10))
    far = make.party("演示外区党支部", area=areas["other"])
    make.term(far, due_on=date(2026, 11, 10))
    on = date(2026, 10, 26)
    for who in (make.secretary(branch), lead):
        items, count = terms_due.elections(user=who, on=on, limit=5)
        assert (count, [i.title for i in items], items[0].due_on) == (1, ["演示甲党支部换届"], date(2026, 11, 10))
    [line] = terms_due.owing(lead, on, on, date(2026, 12, 31))
    assert (line.name, line.due_on, line.person) == ("演示甲党支部", date(2026, 11, 10), "")
    assert terms_due.owing(lead, on, on, date(2026, 11, 9)) == []
    assert terms_due.owing(lead, on, on, date(2026, 12, 31), ["999"]) == []


def test_pages(client, areas, committee, branch, full, lead):
    client.force_login(lead)
    here = f"/party/{branch.pk}/"
    assert "任职" in client.get(here).text
    told = {"member": full.pk, "kind": "secretary", "how": "appointed", "on": "2026-10-20"}
    page = client.post(f"{here}officers/new/", told | {"member": "99999"})
    assert page.status_code == 422
    assert client.post(f"{here}officers/new/", told)["Location"] == here
    row = Officer.objects.get()
    page = client.get(here)
    assert "任命" in page.text and f"/party/officers/{row.pk}/end/" in page.text
    assert client.post(f"{here}terms/new/", {"on": "2023-12-01"})["Location"] == here
    assert client.post(f"{here}terms/extend/", {"to": "2027-06-01", "evidence": "滨组1号"})["Location"] == here
    page = client.get(here)
    assert "第 1 届" in page.text and "滨组1号" in page.text
    page = client.post(f"/party/officers/{row.pk}/correct/", {"how": "elected", "valid_from": "2026-10-01"})
    assert page["Location"] == here
    row = Officer.objects.current().get()
    assert client.post(f"/party/officers/{row.pk}/end/", {"on": "2026-10-22", "reason": "换届"})["Location"] == here
    assert client.get(f"/party/officers/{row.pk}/end/").status_code == 404
    client.force_login(make.secretary(branch))
    assert "officers/new" not in client.get(here).text
    assert client.get(f"{here}officers/new/").status_code == 403


def test_the_list_of_elections(client, areas, committee, branch, lead):
    make.term(branch, began_on=date(2017, 1, 1), due_on=date(2020, 1, 1))
    make.post(branch, make.member("演示书记甲"))
    other = make.party("演示乙党支部", area=areas["district"], superior=committee)
    make.party("演示外区党支部", area=areas["other"])
    client.force_login(lead)
    page = client.get("/party/terms/")
    assert page.text.index("演示甲党支部") < page.text.index("演示乙党支部")
    assert "已届满" in page.text and "演示书记甲" in page.text and "演示外区党支部" not in page.text
    assert "演示乙党支部" not in client.get("/party/terms/?state=over").text
    assert "演示乙党支部" in client.get("/party/terms/?state=none").text
    answer = client.post("/party/terms/export/?state=over")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = [[c.value for c in line] for line in sheet.iter_rows()]
    assert [r[0] for r in rows if r[0] and "党支部" in str(r[0])] == ["演示甲党支部"]
    client.force_login(make.secretary(other, "b"))
    assert "演示甲党支部" not in client.get("/party/terms/").text
    assert client.post("/party/terms/export/").status_code == 403
