"""Requests about one's own data, erasing, legal holds, retention, and who read what."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from liaoyuan.conf.cli import main
from liaoyuan.core import clock, events, jobs, registries, retention, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import audit, calendar, privacy
from liaoyuan.core.actions import retention as ending
from liaoyuan.core.choices import RequestKind, RequestState
from liaoyuan.core.models import (
    AuditEvent,
    EventKey,
    ImportBatch,
    ImportRow,
    Job,
    LegalHold,
    Parameter,
    PersonalRequest,
)
from liaoyuan.core.queries import due
from liaoyuan.core.queries import privacy as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import organizations, secrets
from liaoyuan.registry.models import Standing
from tests.core.jobs_ground import work_off
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
BY, AT = Operator("tests"), make.AT
PHONE, ID = "13987651234", "110101199003070011"


@pytest.fixture
def body():
    areas = make.binhu()
    made = make.organization("甲服务中心", phone=PHONE, representative_id=ID)
    organizations.change(organization=made, fields=secrets.sealed({"phone": "13500001111"}), places={},
                         before={}, on=date(2026, 10, 1), by=BY, at=AT)  # fmt: skip
    cipher = vault.encrypt(PHONE, purpose="organization.phone")
    batch = ImportBatch.objects.create(
        kind="organizations", file_name="a", sha256="0", file_key="k", as_of=date(2026, 1, 1), state="applied",
        area=areas["district"], created_at=AT, applied_at=AT,
    )  # fmt: skip
    ImportRow.objects.create(batch=batch, number=2, verdict="accept", object_id=made.pk,
                             fields={"phone": cipher, "name": "甲"},
                             before={"phone": ["", cipher]}, raw=vault.encrypt("[]", purpose="import.raw"))  # fmt: skip
    return made


def local(key: str, value: int) -> None:
    """A local row that a second person has confirmed."""
    one, two = make.user("editor"), make.user("confirmer")
    Parameter.objects.create(
        key=key, jurisdiction="national", valid_from=date(2026, 1, 1), value=value, severity="warn", status="confirmed",
        origin="local", source="本区规定", edited_at=AT, edited_by=one, confirmed_at=AT, confirmed_by=two,
    )  # fmt: skip


def finish(answer) -> None:
    """Close the downloaded file; `close()` would end the test's connection too."""
    for close in answer._resource_closers:
        close()


def subject(made):
    return "organization", str(made.pk), "甲服务中心"


def held_values(made) -> list[str]:
    rows = Standing.objects.filter(organization=made)
    return [v for pair in rows.values_list("phone", "representative_id") for v in pair if v]


@pytest.mark.django_db(transaction=True)
def test_erasing_takes_every_value_and_the_chain_stays_valid(body):
    other = make.organization("乙服务中心", phone=PHONE)
    row = events.record("x.y", subject(body), by=None, at=AT, payload={"changes": {"phone": ["", PHONE]}})
    cipher = AuditEvent.objects.get(pk=row.pk).payload["changes"]["phone"][1]
    assert events.disclose(cipher, *subject(body)[:2]) == PHONE
    audit.seal(AT)
    rows = Standing.objects.filter(organization=body)
    wanted = rows.exclude(phone="").count(), rows.exclude(representative_id="").count()
    assert wanted[0] == 3, "the first row, its first half, and the changed one: superseded rows too"
    emptied = privacy.erase(subject=subject(body), reason="本人请求", by=BY, at=AT)
    assert (emptied["registry.Standing.phone"], emptied["registry.Standing.representative_id"]) == wanted
    assert {"core.ImportRow.raw", "core.ImportRow.fields", "core.ImportRow.before"} <= set(emptied)
    assert held_values(body) == [] and held_values(other) != []
    staged = ImportRow.objects.get()
    assert (staged.fields, staged.before, staged.raw) == ({"phone": "", "name": "甲"}, {"phone": ["", ""]}, "")
    assert events.disclose(cipher, *subject(body)[:2]) is None
    assert EventKey.objects.get(subject_id=str(body.pk)).wrapped == ""
    audit.seal(AT)
    assert audit.verify()["ok"]
    told = AuditEvent.objects.get(code="privacy.erased")
    assert told.payload["reason"] == "本人请求" and told.subject_label == ""
    assert privacy.erase(subject=subject(body), reason="再一次", by=BY, at=AT) == {}


def test_a_hold_keeps_everything_and_is_lifted(body):
    before = held_values(body)
    privacy.hold(subject=subject(body), reason="行政复议", by=BY, at=AT)
    with pytest.raises(Refused, match="行政复议"):
        privacy.erase(subject=subject(body), reason="本人请求", by=BY, at=AT)
    with pytest.raises(Refused, match="已经冻结"):
        privacy.hold(subject=subject(body), reason="再来", by=BY, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(subject_kind="organization", subject_id=str(body.pk), reason="x", held_at=AT)
    assert held_values(body) == before
    privacy.release(subject=subject(body), by=BY, at=AT)
    with pytest.raises(Refused, match="没有冻结"):
        privacy.release(subject=subject(body), by=BY, at=AT)
    assert privacy.erase(subject=subject(body), reason="本人请求", by=BY, at=AT)
    codes = list(AuditEvent.objects.filter(code__startswith="privacy.").order_by("pk").values_list("code", flat=True))
    assert codes == ["privacy.held", "privacy.released", "privacy.erased"]


def test_erasing_is_the_registrar_s(body):
    here, there = make.officer("here"), make.officer("there", ("registry_officer", "area", "320213"))
    looker = make.officer("looker", role="leadership")
    for user in (there, looker, make.head_of(body)):
        with pytest.raises(PermissionDenied):
            privacy.erase(subject=subject(body), reason="越权", by=user, at=AT)
        with pytest.raises(PermissionDenied):
            privacy.hold(subject=subject(body), reason="越权", by=user, at=AT)
    with pytest.raises(Refused):
        privacy.erase(subject=subject(body), reason=" ", by=here, at=AT)
    assert privacy.erase(subject=subject(body), reason="本人请求", by=here, at=AT)


def test_a_request_runs_its_clock_and_is_answered(body):
    calendar.sync_calendar(at=AT)
    head, officer = make.head_of(body), make.officer()
    asked = datetime(2026, 9, 14, 2, tzinfo=clock.SHANGHAI)
    row = privacy.ask(user=head, kind=RequestKind.ERASE, subject=subject(body), text="请删去我的手机", at=asked)
    # 15 working days after Monday 14 September 2026, counted by hand from the notice in the shipped calendar
    days, day = 0, date(2026, 9, 14)
    from liaoyuan.core.models import CalendarDay

    notice = dict(CalendarDay.objects.filter(date__year=2026).values_list("date", "is_workday"))
    while days < 15:
        day += timedelta(days=1)
        days += notice.get(day, day.weekday() < 5)
    assert row.due_on == day
    assert vault.is_sealed(row.text) and row.area_path.endswith("320211/")
    with pytest.raises(Refused, match="正在办理"):
        privacy.ask(user=head, kind=RequestKind.ERASE, subject=subject(body), text="再请", at=asked)
    with pytest.raises(PermissionDenied):
        privacy.ask(user=head, kind=RequestKind.ERASE, subject=("organization", "999999", ""), text="别家的", at=asked)
    todo = due.todo(officer, date(2026, 9, 15))
    assert [item.code for item in todo.items] == ["privacy"] and todo.items[0].due_on == day
    assert due.todo(make.officer("there", ("registry_officer", "area", "320213")), date(2026, 9, 15)).total == 0
    with pytest.raises(PermissionDenied):
        privacy.decide(request=row, granted=True, answer="同意", by=head, at=AT)
    with pytest.raises(Refused, match="理由"):
        privacy.decide(request=row, granted=True, answer=" ", by=officer, at=AT)
    privacy.decide(request=row, granted=True, answer="已删除", by=officer, at=AT)
    row.refresh_from_db()
    assert row.state == RequestState.GRANTED and privacy.told(row) == {"text": "请删去我的手机", "answer": "已删除"}
    assert held_values(body) == []
    with pytest.raises(Refused, match="已经答复"):
        privacy.decide(request=row, granted=False, answer="不同意", by=officer, at=AT)


def test_a_refused_request_erases_nothing_and_a_hold_stops_a_granted_one(body):
    head, officer = make.head_of(body), make.officer()
    row = privacy.ask(user=head, kind=RequestKind.ERASE, subject=subject(body), text="请删", at=AT)
    privacy.hold(subject=subject(body), reason="审计", by=BY, at=AT)
    with pytest.raises(Refused, match="审计"):
        privacy.decide(request=row, granted=True, answer="同意", by=officer, at=AT)
    row.refresh_from_db()
    assert row.state == RequestState.OPEN and row.answer == ""
    privacy.decide(request=row, granted=False, answer="正在审计，结束后再提", by=officer, at=AT)
    assert held_values(body)


def test_requests_about_an_account_are_the_system_administrator_s(body):
    head, officer = make.head_of(body), make.officer()
    admin = make.user("xitong", ("system_administrator", "all", ""), office="system", is_demo=True)
    row = privacy.ask(
        user=head, kind=RequestKind.CORRECT, subject=("user", str(head.pk), "x"), text="姓名写错了", at=AT
    )
    assert queries.may_decide(admin, row) and not queries.may_decide(officer, row)
    own = privacy.ask(user=admin, kind=RequestKind.CORRECT, subject=("user", str(admin.pk), "x"), text="改我的", at=AT)
    with pytest.raises(Refused, match="同事"):
        privacy.decide(request=own, granted=True, answer="好的", by=admin, at=AT)
    body_s = privacy.ask(user=head, kind=RequestKind.ERASE, subject=subject(body), text="删掉电话", at=AT)
    assert queries.may_decide(officer, body_s) and not queries.may_decide(admin, body_s)


def test_the_page_tells_what_is_stored_and_who_read_it(client, body):
    head = make.head_of(body)
    officer = make.user(
        "reader", ("registry_officer", "area", "320211"), is_demo=True, display_name="孙某", unit="民政局"
    )
    client.force_login(officer)
    client.post(reverse("registry:organization_reveal", args=[body.pk, "phone"]), {"reason": "通知换届"})
    stranger = make.organization("丙服务中心", phone=PHONE)
    client.post(reverse("registry:organization_reveal", args=[stranger.pk, "phone"]), {"reason": "别家的事"})
    client.force_login(head)
    page = client.get(reverse("core:about_me")).content.decode()
    for told in (
        "孙某（民政局）",
        "通知换届",
        "组织联系电话",
        "甲服务中心",
        "存有：组织联系电话、负责人身份证号",
        "有效至",
    ):
        assert told in page, told
    assert "别家的事" not in page and PHONE not in page and ID not in page
    wrong = client.post(
        reverse("core:about_me"), {"kind": "erase", "subject": f"organization:{stranger.pk}", "text": "删掉"}
    )
    assert wrong.status_code == 422 and not PersonalRequest.objects.exists()
    done = client.post(
        reverse("core:about_me"), {"kind": "erase", "subject": f"organization:{body.pk}", "text": "删掉电话"}
    )
    assert done.status_code == 302
    page = client.get(reverse("core:about_me")).content.decode()
    assert "删掉电话" in page and "办理中" in page and "滨湖区" in page
    client.force_login(officer)
    row = PersonalRequest.objects.get()
    assert "甲服务中心" in client.get(reverse("core:request_list")).content.decode()
    there = reverse("core:request_detail", args=[row.pk])
    assert "删掉电话" in client.get(there).content.decode()
    assert client.post(there, {"granted": "", "answer": ""}).status_code == 422
    assert client.post(there, {"granted": "yes", "answer": "已处理"}).status_code == 302
    assert held_values(body) == []
    client.force_login(make.officer("there", ("registry_officer", "area", "320213")))
    assert client.get(there).status_code == 404


def test_exporting_telephone_numbers_needs_a_reason_and_tells_each_body(client, body):
    make.organization("乙服务中心", phone="13600001111")
    officer = make.officer()
    client.force_login(officer)
    address = reverse("registry:organization_export")
    refused = (
        {"form": "xlsx", "clear": "1"}, {"form": "xlsx", "clear": "1", "reason": " "},
        {"form": "csv", "clear": "1", "reason": "打印名单"},
    )  # fmt: skip
    for form in refused:
        assert client.post(address, form).status_code == 302
    assert not AuditEvent.objects.filter(code__startswith="read.").exists()
    answer = client.post(address, {"form": "xlsx", "clear": "1", "reason": "打印名单"})
    from tests.house.matrix import text_of

    text = text_of(answer)
    finish(answer)
    assert "13500001111" in text and "13600001111" in text and "打印名单" in text and ID not in text
    assert AuditEvent.objects.filter(code="read.revealed", payload__reason="导出：打印名单").count() == 2
    told = AuditEvent.objects.get(code="read.exported").payload
    assert told["sensitive"] is True and told["reason"] == "打印名单"
    local("privacy.export_rows", 1)
    assert client.post(address, {"form": "xlsx", "clear": "1", "reason": "打印名单"}).status_code == 302
    masked = client.post(address, {"form": "xlsx"})
    assert "13500001111" not in text_of(masked), "masked ones go on"
    finish(masked)
    street = make.user("liyuan", ("street_office", "area", "320211001"), is_demo=True)
    client.force_login(street)
    assert client.post(address, {"form": "xlsx", "clear": "1", "reason": "打印名单"}).status_code == 403


def test_retention_ends_what_is_due_and_nothing_else(body, capsys):
    areas = make.binhu()
    gone = make.organization("已注销中心", phone=PHONE, closed_on=date(2020, 1, 1))
    held = make.organization("冻结中心", phone=PHONE, closed_on=date(2020, 1, 1))
    fresh = make.organization("新注销中心", phone=PHONE, closed_on=date(2026, 1, 1))
    privacy.hold(subject=("organization", str(held.pk), ""), reason="诉讼", by=BY, at=AT)
    title = vault.encrypt('{"rows": [[1, ["填表人 13800000000"]]], "merged": []}', purpose="import.raw")
    ImportBatch.objects.update(applied_at=AT - timedelta(days=91), top=title)
    thrown = ImportBatch.objects.create(
        kind="organizations", file_name="b", sha256="0", file_key="j", as_of=date(2026, 1, 1), state="discarded",
        area=areas["district"], created_at=AT - timedelta(days=31),
    )  # fmt: skip
    ImportRow.objects.create(batch=thrown, number=2, verdict="review", fields={"name": "乙"})
    Session.objects.create(session_key="old", session_data="x", expire_date=AT - timedelta(days=31))
    Session.objects.create(session_key="new", session_data="x", expire_date=AT - timedelta(days=29))
    told = {line["code"]: line for line in ending.run(at=AT, by=BY, dry_run=True)}
    assert {code: line["due"] for code, line in told.items()} == {
        "sessions": 1, "staging_raw": 1, "staging_discarded": 1, "comparisons": 0, "superseded_contacts": 0,
        "closed_contacts": 2, "requests": 0, "applicants_closed": 0, "dues_bases": 0, "members_left": 0,
        "meetings": 0, "meeting_photos": 0, "meeting_notices": 0, "meeting_drafts": 0,
        "award_objectors": 0,
    }  # fmt: skip
    assert (
        held_values(gone)
        and ImportRow.objects.count() == 2
        and not AuditEvent.objects.filter(code="privacy.erased").exists()
    )
    told = {line["code"]: line for line in ending.run(at=AT, by=BY)}
    assert (told["closed_contacts"]["ended"], told["closed_contacts"]["kept"]) == (1, 1)
    assert held_values(gone) == [] and held_values(held) and held_values(fresh) and held_values(body)
    assert ImportRow.objects.get().raw == "" == ImportRow.objects.get().batch.top and [
        s.pk for s in Session.objects.all()
    ] == ["new"]
    again = ending.run(at=AT, by=BY)
    assert not any(line["ended"] for line in again)
    assert AuditEvent.objects.get(code="privacy.retention_run").payload["ended"]["closed_contacts"] == 1
    later = {line["code"]: line["due"] for line in ending.run(at=AT + timedelta(days=1100), by=BY, dry_run=True)}
    assert later["closed_contacts"] == 2 and later["superseded_contacts"] >= 0
    assert main.run(main.parser().parse_args(["vault", "retention", "--dry-run", "--json"])) == 0
    assert '"dry_run": true' in capsys.readouterr().out


def test_retention_runs_by_the_clock_only_where_the_district_says_so(body):
    now = clock.real_now()
    gone = make.organization("已注销中心", phone=PHONE, closed_on=date(2020, 1, 1))
    held = make.organization("冻结中心", phone=PHONE, closed_on=date(2020, 1, 1))
    privacy.hold(subject=("organization", str(held.pk), ""), reason="诉讼", by=BY, at=AT)
    Session.objects.create(session_key="old", session_data="x", expire_date=now - timedelta(days=31))

    def night(number: int) -> None:
        jobs.enqueue_on_commit("core.retention", key=f"night{number}", at=now, label="夜间")
        assert work_off() == 1
        assert Job.objects.get(key=f"night{number}").state == "done"

    night(1)
    assert held_values(gone) and Session.objects.filter(pk="old").exists()
    assert not AuditEvent.objects.filter(code__in=["privacy.retention_run", "privacy.erased"]).exists()
    local("retention.by_clock", True)
    night(2)
    assert held_values(gone) == [] and held_values(held) and not Session.objects.filter(pk="old").exists()
    told = AuditEvent.objects.get(code="privacy.retention_run")
    assert (told.payload["ended"]["closed_contacts"], told.payload["ended"]["sessions"]) == (1, 1)
    assert told.actor_name == "operator:schedule"
    night(3)
    assert AuditEvent.objects.filter(code="privacy.retention_run").count() == 1, "what is ended is not due again"


def test_the_days_of_a_class_are_a_dated_parameter(body):
    Session.objects.create(session_key="old", session_data="x", expire_date=AT - timedelta(days=10))
    due_now = next(line for line in ending.run(at=AT, by=BY, dry_run=True) if line["code"] == "sessions")
    assert (due_now["days"], due_now["due"]) == (30, 0)
    local("retention.sessions", 7)
    due_now = next(line for line in ending.run(at=AT, by=BY, dry_run=True) if line["code"] == "sessions")
    assert (due_now["days"], due_now["due"]) == (7, 1)


def test_every_built_class_with_an_end_has_a_job_and_a_parameter():
    keys = {row["key"] for row in registries.parameters}
    for entry in retention.TABLE.values():
        assert entry.key in keys and entry.key in registries.parameter_titles
        if entry.built and entry.days is not None:
            assert entry.code in registries.retained, entry.code
        if not entry.built:
            assert entry.code not in registries.retained


def test_only_who_may_run_retention_does(body):
    with pytest.raises(PermissionDenied):
        ending.run(at=AT, by=make.officer())
