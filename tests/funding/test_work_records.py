"""Records of work and monthly logs: what they count, who may write them, what is kept of a correction, what is owed."""

from datetime import date, timedelta
from io import BytesIO
from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from PIL import Image

from liaoyuan.core.actions import files
from liaoyuan.core.models import Attachment, AuditEvent
from liaoyuan.core.queries import files as file_queries
from liaoyuan.funding.actions import agreements, amendments, expenses, months, tranches, work
from liaoyuan.funding.models import Contribution, Indicator, MonthlyLog, Pledge, RecordVersion, WorkRecord
from liaoyuan.funding.queries import money, running
from liaoyuan.funding.queries import work as reading
from liaoyuan.funding.rules import running as rules
from liaoyuan.kit.findings import Refused
from tests.core.factories import user
from tests.funding import granting, ground

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
DAY = timedelta(1)


def codes(refused):
    return {finding.code for finding in refused.value.findings}


@pytest.fixture
def contract(desk, round_, proposed):
    return granting.running(desk, proposed)


@pytest.fixture
def project(contract):
    return granting.project(contract[0].project)


@pytest.fixture
def manager(body):
    return ground.manager(body, "xiangmu")


def picture(seed=1):
    draw = Random(seed)
    image = Image.new("RGB", (320, 240))
    for x in range(0, 320, 16):
        for y in range(0, 240, 16):
            image.paste(tuple(draw.randrange(256) for _n in range(3)), (x, y, x + 16, y + 16))
    told = BytesIO()
    image.save(told, "JPEG", quality=95)
    return told.getvalue()


def attached(record, by, data, at, answer=""):
    place = file_queries.place_of(by, "workrecord", str(record.pk))
    purpose = file_queries.purpose_for("workrecord", "活动照片")
    taken = files.take_in(place=place, purpose=purpose, name="照片.jpg", chunks=[data], by=by, at=at)
    return files.attach(place=place, purpose=purpose, paper="活动照片", taken=taken, answer=answer,
                        answer_note="同一次活动" if answer else "", by=by, at=at)  # fmt: skip


def test_indicators_are_counted_from_records_and_nowhere_typed(contract, project, manager):
    _agreement, at = contract
    target = project.indicators.get()
    draw = Random(7)
    counted = []
    for n in range(12):
        on = granting.day(at) + n * DAY
        counted.append(draw.randint(0, 90))
        granting.worked(project, manager, on, at=at + n * DAY, counts={target.pk: counted[-1]}, served=n)
    one = running.of(project, granting.day(at) + 12 * DAY)
    assert [(p.done, p.rate) for p in one.progress] == [(sum(counted), sum(counted) * 100 // target.target)]
    assert (one.records, one.served, one.volunteers) == (12, sum(range(12)), 24)
    last = WorkRecord.objects.order_by("-number").first()
    work.void(record=last, reason="录错了", by=manager, at=at + 12 * DAY)
    one = running.of(project, granting.day(at) + 12 * DAY)
    assert (one.progress[0].done, one.records) == (sum(counted[:-1]), 11)
    assert WorkRecord.objects.count() == 12, "what is taken back stays readable"
    assert Contribution.objects.count() == sum(1 for count in counted if count)


def test_the_same_form_sent_twice_counts_once(contract, project, manager):
    _agreement, at = contract
    target = project.indicators.get()
    values = {"held_on": granting.day(at), "place": "社区", "title": "走访", "served": 3}
    for _n in range(2):
        made = work.enter(project=project, values=values, counts={target.pk: 3}, token="a-b", by=manager, at=at)
    assert WorkRecord.objects.get() == made
    assert running.of(project, granting.day(at)).progress[0].done == 3
    assert AuditEvent.objects.filter(code="work.entered").count() == 1


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"held_on": date(2099, 1, 1)}, "WORK-DAY", "held_on"), ({"title": " "}, "WORK-MISSING", "title"),
        ({"persons": 11}, "WORK-PERSONS", "persons"), ({"pledge": 999_999}, "WORK-CHOICE", "pledge"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused_by_its_field(contract, project, manager, values, code, field):
    _agreement, at = contract
    with pytest.raises(Refused) as refused:
        granting.worked(project, manager, values.pop("held_on", granting.day(at)), at=at, **values)
    assert [(f.code, f.field) for f in refused.value.findings] == [(code, field)]
    assert not WorkRecord.objects.exists()


def test_who_may_record_and_in_which_state(contract, project, manager, desk, areas):
    _agreement, at = contract
    day = granting.day(at)
    other = ground.manager(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "bieren")
    for by in (other, desk.host, desk.finance, user("pinggu", ("evaluator", "area", "320211"))):
        with pytest.raises(PermissionDenied):
            granting.worked(project, by, day, at=at)
    assert granting.worked(project, desk.officer, day, at=at).entered_by == desk.officer
    type(project).objects.filter(pk=project.pk).update(state="final_check")
    with pytest.raises(Refused) as refused:
        granting.worked(project, manager, day, at=at)
    assert codes(refused) == {"WORK-STATE"}


def test_a_day_or_place_outside_the_agreement_is_kept_with_the_record(desk, round_, proposed, manager):
    row, at = granting.running(desk, proposed, places=["惠河社区"])
    project = granting.project(row.project)
    inside = granting.worked(project, manager, row.starts_on, at=at, place="惠河社区活动室")
    early = granting.worked(project, manager, row.starts_on - DAY, at=at, place="惠河社区")
    away = granting.worked(project, manager, row.starts_on, at=at, place="外区广场")
    assert [[f["code"] for f in one.findings] for one in (inside, early, away)] == [[], ["GV-EXE-01"], ["GV-EXE-01"]]


def test_a_correction_keeps_what_was_said_and_a_stale_one_is_refused(contract, project, manager):
    _agreement, at = contract
    target = project.indicators.get()
    record = granting.worked(project, manager, granting.day(at), at=at, counts={target.pk: 10})
    values = {"held_on": record.held_on, "place": record.place, "title": "小组活动", "served": 8, "volunteers": 0}
    told = {"values": values, "counts": {target.pk: 8}, "by": manager, "at": at}
    with pytest.raises(Refused) as refused:
        work.correct(record=record, reason=" ", **told)
    assert codes(refused) == {"WORK-REASON"}
    work.correct(record=record, reason="人次多记了", version=1, **told)
    with pytest.raises(Refused) as refused:
        work.correct(record=record, reason="再改", version=1, **told)
    assert codes(refused) == {"WORK-STALE"}
    kept = RecordVersion.objects.get()
    assert (kept.content["title"], kept.content["served"], kept.content["counts"]) == (
        "入户走访", 10, {str(target.pk): 10},
    )  # fmt: skip
    assert running.of(project, granting.day(at)).progress[0].done == 8


def test_red_elements_are_ticked_off_by_dated_records(contract, project, manager):
    _agreement, at = contract
    line = Pledge.objects.create(project=project, position=1, kind="service", title="党员志愿服务 2 次")
    assert running.pledges(project) == [(line, [])]
    record = granting.worked(project, manager, granting.day(at), at=at, pledge=line.pk)
    assert running.pledges(project) == [(line, [record])]
    work.void(record=record, reason="没有举行", by=manager, at=at)
    assert running.pledges(project) == [(line, [])]


def test_one_photo_in_two_records_is_told_and_another_body_is_not_named(
    desk, contract, project, manager, round_, areas, monkeypatch
):
    _agreement, at = contract
    day, data = granting.day(at), picture()
    one, two = (granting.worked(project, manager, day + n * DAY, at=at + DAY, title=f"活动{n}") for n in (0, 1))
    attached(one, manager, data, at)
    assert reading.same_photos([one, two], every=False) == {}
    attached(two, manager, data, at, answer="again")
    assert reading.same_photos([one], every=False) == {one.pk: (f"活动1（{(day + DAY).isoformat()}）",)}
    found = reading.findings(project, reading.same_photos([one], every=False)[one.pk], day)
    assert [(f.code, str(f.severity)) for f in found] == [("GV-EXE-03", "warn")]
    assert reading.same_photos([two], every=True) == {two.pk: (f"活动0（{day.isoformat()}）",)}
    told = {"number": 1, "held_on": day, "place": "他处", "title": "别家", "served": 1, "entered_at": at}
    stolen = WorkRecord.objects.create(project=_foreign(round_, areas), **told)
    copy = Attachment.objects.get(subject_kind="workrecord", subject_id=str(one.pk))
    copy.pk, copy.subject_id = None, str(stolen.pk)
    copy.save()
    assert reading.same_photos([one], every=False)[one.pk][-1] == "另一个组织的项目"
    assert reading.same_photos([one], every=True)[one.pk][-1].startswith("别家项目：别家")
    copy.removed_at, copy.removed_because = at, "误传"
    copy.save()
    assert len(reading.same_photos([one], every=False)[one.pk]) == 1


def _foreign(round_, areas):
    body = ground.body("滨湖区丙示例服务中心", street=areas["heli"])
    return ground.written(round_, body, ground.head(body, "bingfuze"), title="别家项目")


def test_a_month_is_handed_in_when_it_is_over_and_keeps_its_figures(contract, project, manager, desk):
    row, at = contract
    target, first = project.indicators.get(), rules.first_of(row.starts_on)
    granting.worked(project, manager, row.starts_on, at=at, counts={target.pk: 7})
    spent = {"voucher_no": "V1", "payee": "演示商店", "title": "物料", "budget_class": "B06", "amount_fen": 1_234,
             "grant_fen": 1_000, "spent_on": row.starts_on}  # fmt: skip
    expenses.enter(agreement=row, values=spent, file=granting.paper(), by=manager, at=at)
    with pytest.raises(Refused) as refused:
        months.hand_in(project=project, month=first, by=manager, at=at)
    assert codes(refused) == {"MONTH-EARLY"}
    later = at + (rules.last_of(first) - row.starts_on) + DAY
    log = months.hand_in(project=project, month=first, by=manager, at=later)
    assert log.figures == {"records": 1, "served": 10, "volunteers": 2, "counts": [["服务人次", "人次", 7]],
                           "spent_fen": 1_234, "granted_fen": 1_000}  # fmt: skip
    with pytest.raises(Refused) as refused:
        months.hand_in(project=project, month=first, by=manager, at=later)
    assert codes(refused) == {"MONTH-HANDED"}
    with pytest.raises(PermissionDenied):
        months.give_back(log=log, reason="照片不符", due_on=granting.day(later), by=manager, at=later)
    back = months.give_back(log=log, reason="照片不符", due_on=granting.day(later) + 3 * DAY, by=desk.officer, at=later)
    assert back.state == "returned"
    granting.worked(project, manager, row.starts_on, at=later, counts={target.pk: 1})
    again = months.hand_in(project=project, month=first, version=back.version, by=manager, at=later)
    assert (again.pk, again.figures["records"], MonthlyLog.objects.count()) == (log.pk, 2, 1)


def test_an_empty_month_or_a_notice_asks_for_words(contract, project, manager):
    row, at = contract
    first = rules.first_of(row.starts_on)
    later = at + timedelta(days=40)
    with pytest.raises(Refused) as refused:
        months.hand_in(project=project, month=first, by=manager, at=later)
    assert [(f.code, f.field) for f in refused.value.findings] == [("MONTH-NOTE", "note")]
    assert months.hand_in(project=project, month=first, note="场地装修", by=manager, at=later).figures["records"] == 0


def test_months_by_hand(contract, project):
    row, _at = contract
    first = rules.first_of(row.starts_on)
    day = rules.month_due(first, 10)
    assert day == (rules.last_of(first) + DAY).replace(day=10)
    told = {on: [str(m.standing) for m in running.of(project, on).months][-1] for on in (
        row.starts_on, rules.last_of(first), rules.last_of(first) + DAY, day, day + DAY)}  # fmt: skip
    assert list(told.values()) == ["running", "running", "waiting", "waiting", "overdue"]
    assert [rules.month_due(date(2026, m, 1), 31) for m in (1, 3)] == [date(2026, 2, 28), date(2026, 4, 30)]


def test_an_overdue_log_holds_back_the_next_instalment(contract, project, manager, desk):
    """GV-PAY-03 with the facts of the records: owed, handed in, returned and owed again."""
    row, at = contract
    first = rules.first_of(row.starts_on)
    due = rules.month_due(first, 10)
    in_time, late = (at + (day - granting.day(at)) for day in (due, due + DAY))
    assert money.facts_of(row, granting.day(in_time)).overdue_reports == 0
    assert money.facts_of(row, granting.day(late)).overdue_reports == 1
    agreements.meet(
        agreement=row, trigger="mid_passed", met_on=granting.day(at), evidence="演示", by=desk.host, at=late
    )
    with pytest.raises(Refused) as refused:
        tranches.prepare(tranche=granting.tranche(row, 2), evidence="x", by=desk.officer, at=late)
    assert "GV-PAY-03" in codes(refused)
    months.hand_in(project=project, month=first, note="补交", by=manager, at=late)
    assert (
        tranches.prepare(tranche=granting.tranche(row, 2), evidence="x", by=desk.officer, at=late).state == "prepared"
    )


def test_an_amendment_keeps_what_was_counted(contract, project, manager, head, desk):
    row, at = contract
    target = project.indicators.get()
    granting.worked(project, manager, granting.day(at), at=at, counts={target.pk: 40})
    lines = [
        {"title": target.title, "unit": target.unit, "target": 300},
        {"title": "志愿者", "unit": "人", "target": 5},
    ]
    asked = amendments.ask(agreement=granting.agreement(row), after={"target": lines}, reason="调整", by=head, at=at)
    amendments.agree(amendment=asked, by=desk.host, at=at)
    one = running.of(granting.project(project), granting.day(at))
    assert [(p.indicator.title, p.indicator.target, p.done) for p in one.progress] == [
        ("服务人次", 300, 40), ("志愿者", 5, 0),
    ]  # fmt: skip
    lost = amendments.ask(agreement=granting.agreement(row), after={"target": lines[1:]}, reason="调整", by=head, at=at)
    with pytest.raises(Refused) as refused:
        amendments.agree(amendment=lost, by=desk.host, at=at)
    assert codes(refused) == {"AMENDMENT-COUNTED"}
    assert Indicator.objects.filter(project=project).count() == 2


# The pages


def form(project, **told):
    return {"held_on": "2026-06-01", "place": "演示社区", "title": "入户走访", "served": "12", "volunteers": "3",
            "content": "走访 6 户", "token": "t-1", **told}  # fmt: skip


@pytest.fixture
def on_the_day(contract, monkeypatch):
    _agreement, at = contract
    monkeypatch.setenv("LIAOYUAN_NOW", (at + 45 * DAY).isoformat())


def test_a_record_is_entered_read_corrected_and_handed_in_through_the_pages(
    client, contract, project, manager, on_the_day
):
    row, _at = contract
    target = project.indicators.get()
    client.force_login(manager)
    day = (row.starts_on + DAY).isoformat()
    page = client.get(reverse("funding:work_new", args=[project.pk])).text
    assert f'name="indicator_{target.pk}"' in page
    there = reverse("funding:work_new", args=[project.pk])
    posted = form(project, held_on=day, **{f"indicator_{target.pk}": "12"})
    answer = client.post(there, posted)
    record = WorkRecord.objects.get()
    assert answer["Location"] == reverse("funding:work_detail", args=[record.pk])
    assert client.post(there, posted)["Location"] == answer["Location"], "sent again by mistake"
    assert WorkRecord.objects.count() == 1
    page = client.get(answer["Location"]).text
    assert "走访 6 户" in page and "服务人次 12" in page
    assert "入户走访" in client.get(reverse("funding:work_list", args=[project.pk])).text
    running_page = client.get(reverse("funding:project_running", args=[project.pk])).text
    assert "2%" in running_page, "12 of 600"
    change = reverse("funding:work_change", args=[record.pk])
    late = form(project, held_on=day, served="9", reason="多记了", version="0", content="写了很久的内容")
    refused = client.post(change, late)
    assert refused.status_code == 422
    assert "写了很久的内容" in refused.text and "别人更正了这条记录" in refused.text
    assert client.post(change, {**late, "version": "1"}).status_code == 302
    month = f"{row.starts_on:%Y-%m}"
    there = reverse("funding:month_page", args=[project.pk, month])
    assert "交月报" in client.get(there).text
    page = client.post(there, {"note": "", "version": "0"})
    assert (page.status_code, "不在协议约定的" in page.text) == (422, True)
    assert client.post(there, {"note": "活动室临时停用", "version": "0"}).status_code == 302
    assert MonthlyLog.objects.get().figures["served"] == 9


def test_what_was_typed_stays_when_the_post_is_refused_or_the_login_is_over(
    client, contract, project, manager, on_the_day
):
    there = reverse("funding:work_new", args=[project.pk])
    client.force_login(manager)
    answer = client.post(there, form(project, title="", content="在现场写的"))
    assert answer.status_code == 422
    assert "在现场写的" in answer.text
    sent = {"HX-Request": "true"}
    ok = client.post(there, form(project, held_on=granting.day(contract[1]).isoformat()), headers=sent)
    assert (ok.status_code, ok["HX-Redirect"]) == (204, f"/funding/work/{WorkRecord.objects.get().pk}/")
    client.logout()
    assert client.post(there, form(project), headers=sent).status_code == 401, "the page stays as it is"
    assert client.post(there, form(project)).status_code == 302


def test_pages_of_another_body_are_not_found(client, contract, project, areas, manager):
    _agreement, at = contract
    record = granting.worked(project, manager, granting.day(at), at=at)
    client.force_login(ground.head(ground.body("滨湖区乙示例服务中心", street=areas["heli"]), "bieren"))
    for page, args in (("project_running", [project.pk]), ("work_list", [project.pk]), ("work_new", [project.pk]),
                       ("work_detail", [record.pk]), ("work_change", [record.pk])):  # fmt: skip
        assert client.get(reverse(f"funding:{page}", args=args)).status_code == 404
