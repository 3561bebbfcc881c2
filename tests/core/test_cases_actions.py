"""The course of a case: who may do what when, the clock, numbers, separation, hand-over, what is carried out."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core import clock, vault
from liaoyuan.core.actions import calendar as calendars
from liaoyuan.core.actions import cases, deciding, grants
from liaoyuan.core.actions import parameters as shipped
from liaoyuan.core.clock import SHANGHAI
from liaoyuan.core.models import AuditEvent, CalendarDay, Case, CaseStep, Grant, SeparationSetting
from liaoyuan.core.queries import cases as queries
from liaoyuan.core.queries import due
from liaoyuan.kit.findings import Refused
from tests.core import case_ground as ground
from tests.core.factories import user
from tests.registry import factories as make

AT = make.AT
TODAY = date(2026, 10, 26)
LATER = datetime(2026, 11, 10, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def kinds():
    with ground.entered():
        yield


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def level(areas):
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    shipped.sync_shipped(at=AT)


@pytest.fixture
def officer(level):
    return make.officer("jia")


@pytest.fixture
def second(level):
    return make.officer("yi")


def plain(by, at=AT, on=TODAY, kind="test.plain", **facts):
    return cases.submit(
        kind=kind, facts={"name": "甲", **facts}, label=facts.get("name", "甲"), area=ground.district(), received_on=on,
        by=by, at=at,
    )  # fmt: skip


def codes(refused):
    return [f.code for f in refused.value.findings]


def test_a_case_runs_from_receipt_to_the_archive(officer, second):
    case = plain(officer)
    assert (case.state, case.number, case.due_on) == ("received", "320211-2026-0001", TODAY + timedelta(60))
    assert case.handler == officer
    cases.take_papers(case=case, names=["章程"], on=TODAY, by=officer, at=AT)
    case = cases.ask_supplement(case=case, text="缺住所证明", on=TODAY, by=officer, at=AT)
    assert (case.state, case.due_on) == ("supplement", None)
    case = cases.resume(case=case, on=date(2026, 11, 5), by=officer, at=LATER)
    assert case.due_on == TODAY + timedelta(60 + 10)
    case = cases.opine(case=case, outcome="agree", text="材料齐全", by=officer, at=LATER)
    case = deciding.decide(case=case, decision="approved", on=date(2026, 11, 6), by=second, at=LATER, confirmed=True)
    assert [case.pk] == ground.CARRIED
    case = deciding.deliver(case=case, on=date(2026, 11, 7), how="当面", by=officer, at=LATER)
    case = deciding.archive(case=case, by=officer, at=LATER)
    assert case.state == "archived"
    kinds = list(CaseStep.objects.filter(case=case).order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "applied", "received", "material", "supplement", "resumed", "opinion", "decided", "delivered", "archived",
    ]  # fmt: skip
    told = AuditEvent.objects.filter(subject_kind="case", subject_id=str(case.pk)).order_by("pk")
    assert [e.code for e in told] == [
        "case.applied", "case.received", "case.material", "case.supplement", "case.resumed", "case.examined",
        "case.decided", "case.delivered", "case.archived",
    ]  # fmt: skip
    assert "材料齐全" not in str([e.payload for e in told]), "an opinion is not told outside of the case"


def test_missing_papers_ask_for_a_confirmation(officer, second):
    case = plain(officer)
    names = [m.name for m in case.materials.all()]
    assert len(names) > 1
    cases.opine(case=case, outcome="agree", text="同意", by=officer, at=AT)
    with pytest.raises(Refused) as refused:
        deciding.decide(case=case, decision="approved", on=TODAY, by=second, at=AT)
    assert codes(refused) == ["CASE.papers"] and str(len(names)) in refused.value.findings[0].text
    cases.take_papers(case=case, names=names, on=TODAY, by=officer, at=AT)
    assert deciding.decide(case=case, decision="approved", on=TODAY, by=second, at=AT).decision == "approved"


def test_who_examined_does_not_decide_but_at_the_level_trial(officer, second):
    case = plain(officer)
    with pytest.raises(Refused) as refused:
        deciding.decide(case=case, decision="refused", text="不符合条件", on=TODAY, by=officer, at=AT)
    assert codes(refused) == ["CASE.state"]
    cases.opine(case=case, outcome="disagree", text="不符合条件", by=officer, at=AT)
    with pytest.raises(Refused) as refused:
        deciding.decide(case=case, decision="refused", text="不符合条件", on=TODAY, by=officer, at=AT)
    assert codes(refused) == ["CASE.person"]
    with pytest.raises(Refused) as refused:
        deciding.decide(case=case, decision="refused", text="", on=TODAY, by=second, at=AT)
    assert codes(refused) == ["CASE.text"]
    SeparationSetting.objects.update(level="trial")
    assert (
        deciding.decide(case=case, decision="refused", text="不符合条件", on=TODAY, by=officer, at=AT).state
        == "decided"
    )
    assert ground.CARRIED == [], "a refusal carries nothing out"


def test_what_fails_while_it_is_carried_out_leaves_the_case_undecided(officer, second):
    case = plain(officer, name="失败")
    cases.opine(case=case, outcome="agree", text="同意", by=officer, at=AT)
    with pytest.raises(RuntimeError):
        deciding.decide(case=case, decision="approved", on=TODAY, by=second, at=AT, confirmed=True)
    case.refresh_from_db()
    assert (case.state, case.decision) == ("examined", "")


def test_the_floors_rules_refuse_and_nothing_is_written(officer):
    with pytest.raises(Refused) as refused:
        plain(officer, name="禁止")
    assert codes(refused) == ["TEST"]
    assert not Case.objects.exists() and not CaseStep.objects.exists()


@pytest.mark.parametrize(
    ("act", "states"),
    [("receive", ["received"]), ("resume", ["received"]), ("deliver", ["received"]), ("archive", ["received"])],
)
def test_an_act_out_of_turn_is_refused(officer, act, states):
    case = plain(officer)
    doing = {
        "receive": lambda: cases.receive(case=case, on=TODAY, by=officer, at=AT),
        "resume": lambda: cases.resume(case=case, on=TODAY, by=officer, at=AT),
        "deliver": lambda: deciding.deliver(case=case, on=TODAY, how="邮寄", by=officer, at=AT),
        "archive": lambda: deciding.archive(case=case, by=officer, at=AT),
    }
    with pytest.raises(Refused) as refused:
        doing[act]()
    assert codes(refused) == ["CASE.state"] and case.state in states


def test_days_in_the_future_and_before_the_receipt_are_refused(officer):
    with pytest.raises(Refused) as refused:
        plain(officer, on=TODAY + timedelta(1))
    assert codes(refused) == ["CASE.future"]
    case = plain(officer)
    with pytest.raises(Refused) as refused:
        cases.ask_supplement(case=case, text="缺材料", on=TODAY - timedelta(1), by=officer, at=AT)
    assert codes(refused) == ["CASE.early"]


def test_a_working_day_term_counts_over_the_known_calendar_and_is_wound_anew(officer):
    calendars.sync_calendar(at=AT)
    CalendarDay.objects.filter(date__year=2026).delete()
    case = plain(officer, kind="test.workdays", on=date(2026, 2, 12))
    assert case.due_provisional and case.due_on == date(2026, 2, 19)
    days = [CalendarDay(date=date(2026, 2, d), is_workday=False, label="春节", edited_at=AT) for d in range(15, 24)]
    CalendarDay.objects.bulk_create(
        [*days, CalendarDay(date=date(2026, 2, 14), is_workday=True, label="班", edited_at=AT)]
    )
    assert deciding.wind_provisional(at=AT) == 1
    case.refresh_from_db()
    assert (case.due_on, case.due_provisional) == (date(2026, 2, 26), False)  # 13, 14, 24, 25, 26


def test_pass_through_needs_number_day_and_result_only(officer):
    case = cases.submit(
        kind="test.plain", facts={"name": "甲"}, label="甲", area=ground.district(), by=officer, at=AT,
        passes_through=True,
    )  # fmt: skip
    assert case.due_on is None, "another office's term is not ours"
    with pytest.raises(Refused) as refused:
        deciding.record(case=case, outside_number=" ", decision="approved", on=TODAY, by=officer, at=AT)
    assert codes(refused) == ["CASE.number"]
    done = deciding.record(case=case, outside_number="苏社登2026-77", decision="approved", on=TODAY, by=officer, at=AT)
    assert (done.state, done.outside_number) == ("decided", "苏社登2026-77")
    assert [case.pk] == ground.CARRIED


def test_a_body_hands_in_and_the_office_receives(officer, areas):
    body = make.organization("甲服务中心", street=areas["heli"])
    head = make.head_of(body)
    case = cases.submit(kind="test.body", facts={"name": "甲"}, label="甲", subject_id=str(body.pk), by=head, at=AT)
    assert (case.state, case.number, case.handler) == ("applied", "", None)
    with pytest.raises(Refused) as refused:
        cases.submit(kind="test.body", facts={"name": "甲"}, label="甲", subject_id=str(body.pk), by=head, at=AT)
    assert codes(refused) == ["CASE.twice"]
    with pytest.raises(PermissionDenied):
        cases.receive(case=case, on=TODAY, by=head, at=AT)
    case = cases.receive(case=case, on=TODAY, by=officer, at=AT)
    assert (case.number, case.handler) == ("320211-2026-0001", officer)
    events = AuditEvent.objects.filter(subject_kind="organization", subject_id=str(body.pk), code="case.received")
    assert events.get().payload["case"] == case.pk, "it stands in the body's timeline"
    with pytest.raises(Refused):
        cases.edit(case=case, changes={"name": "乙"}, version=case.version, by=head, at=AT)
    cases.ask_supplement(case=case, text="请补正名称", on=TODAY, by=officer, at=AT)
    case.refresh_from_db()
    assert cases.edit(case=case, changes={"name": "乙"}, version=case.version, by=head, at=AT).facts["name"] == "乙"
    assert deciding.withdraw(case=case, reason="不办了", by=head, at=AT).state == "withdrawn"


def test_scopes(officer, areas):
    body = make.organization("甲服务中心", street=areas["heli"])
    other = make.organization("乙服务中心", street=areas["heli"])
    head, neighbour = make.head_of(body), make.head_of(other, "lin")
    case = cases.submit(kind="test.body", facts={"name": "甲"}, label="甲", subject_id=str(body.pk), by=head, at=AT)
    elsewhere = make.officer("wai", ("registry_officer", "area", "320213"))
    street = user("jie", ("street_office", "area", "320211001"))
    for who, sees in ((officer, True), (head, True), (neighbour, False), (elsewhere, False), (street, False)):
        assert queries.visible(who).filter(pk=case.pk).exists() is sees, who
    for who in (neighbour, elsewhere, street):
        with pytest.raises(PermissionDenied):
            cases.receive(case=case, on=TODAY, by=who, at=AT)
    with pytest.raises(PermissionDenied):
        cases.submit(kind="test.body", facts={}, label="乙", subject_id=str(other.pk), by=head, at=AT)


def test_field_by_field(officer, areas):
    body = make.organization("甲服务中心", street=areas["heli"])
    head = make.head_of(body)
    facts = {"name": "新名称", "words": "说明"}
    case = cases.submit(kind="test.direct", facts=facts, label="甲", subject_id=str(body.pk), by=head, at=AT)
    with pytest.raises(Refused) as refused:
        deciding.decide(case=case, decision="approved", on=TODAY, accepted=["other"], by=officer, at=AT)
    assert codes(refused) == ["CASE.partly"]
    done = deciding.decide(case=case, decision="approved", on=TODAY, accepted=["words"], by=officer, at=AT)
    assert (done.state, done.accepted, done.number) == ("decided", ["words"], "320211-2026-0001")
    assert [(line.name, line.was, line.accepted) for line in queries.lines(done)] == [
        ("name", "旧名称", False), ("words", "", True),
    ]  # fmt: skip


def test_a_telephone_number_is_stored_as_ciphertext_and_shown_masked(officer):
    case = plain(officer, phone="13912345678")
    assert vault.is_sealed(case.facts["phone"])
    assert vault.decrypt(case.facts["phone"], purpose="organization.phone") == "13912345678"
    line = next(line for line in queries.lines(case) if line.name == "phone")
    assert "13912345678" not in line.wish and line.wish
    assert "13912345678" not in str(list(AuditEvent.objects.values_list("payload", flat=True)))


def test_at_the_level_trial_no_telephone_number_may_be_filled(officer):
    SeparationSetting.objects.update(level="trial")
    with pytest.raises(Refused) as refused:
        plain(officer, phone="13912345678")
    assert codes(refused) == ["SEC-04"]


def test_who_was_slower_is_refused(officer, second):
    case = plain(officer)
    cases.edit(case=case, changes={"words": "甲写的"}, version=case.version, by=officer, at=AT)
    with pytest.raises(Refused) as refused:
        cases.edit(case=case, changes={"words": "乙写的"}, version=case.version, by=second, at=AT)
    assert codes(refused) == ["CASE.stale"] and "jia" in refused.value.findings[0].text
    case.refresh_from_db()
    done = cases.edit(
        case=case, changes={"words": "乙写的"}, set_aside={"words": "甲写的"}, version=case.version, by=second, at=AT
    )
    step = done.steps.order_by("-pk")[0]
    assert done.facts["words"] == "乙写的" and "甲写的" in step.text


def test_hand_over_and_deputies(officer, second):
    case = plain(officer)
    elsewhere = make.officer("wai", ("registry_officer", "area", "320213"))
    with pytest.raises(Refused) as refused:
        deciding.hand_over(case=case, to=elsewhere, by=officer, at=AT)
    assert codes(refused) == ["CASE.handler"]
    assert second in queries.colleagues(case, TODAY) and elsewhere not in queries.colleagues(case, TODAY)
    assert deciding.hand_over(case=case, to=second, by=officer, at=AT).handler == second
    deputy = user("dai", is_demo=True)
    Grant.objects.create(
        user=deputy, role="registry_officer", scope_kind="area", scope_id="320211", valid_from=date(2026, 10, 1),
        valid_to=date(2099, 1, 1), granted_at=AT, deputy_for=second,
    )  # fmt: skip
    mine = queries.asked(deputy, queries.Wish(whose="mine"), TODAY)
    assert list(mine) == [case], "what the represented person handles is the deputy's"
    assert queries.represented(deputy, date(2099, 1, 1)) == [deputy.pk]


def test_the_hand_over_of_an_account_takes_all_open_cases_with_it(officer, second):
    first, closed = plain(officer), plain(officer)
    deciding.withdraw(case=closed, reason="不办了", by=officer, at=AT)
    security = user("anquan", ("security_administrator", "all", ""), office="security")
    grants.hand_over(user=officer, to=second, by=security, at=clock.now())
    first.refresh_from_db()
    closed.refresh_from_db()
    assert (first.handler, closed.handler) == (second, officer)


def test_todo_tells_each_what_he_can_do(officer, second, areas):
    body = make.organization("甲服务中心", street=areas["heli"])
    head = make.head_of(body)
    mine = plain(officer, on=TODAY - timedelta(40))
    far = plain(officer)
    handed_in = cases.submit(
        kind="test.body", facts={"name": "乙"}, label="乙", subject_id=str(body.pk), by=head, at=AT
    )

    def todo(who):
        return [(item.title.split("”")[0][1:], item.button) for item in queries.todo(user=who, on=TODAY, limit=20)[0]]

    assert todo(officer) == [("甲", "去审查"), ("乙", "去收件")]
    assert todo(second) == [("乙", "去收件")]
    assert todo(head) == []
    cases.opine(case=mine, outcome="agree", text="同意", by=officer, at=AT)
    assert ("甲", "去决定") in todo(second) and ("甲", "去决定") not in todo(officer)
    cases.receive(case=handed_in, on=TODAY, by=officer, at=AT)
    cases.ask_supplement(case=handed_in, text="请补正", on=TODAY, by=officer, at=AT)
    assert todo(head) == [("乙", "去补正")]
    assert far.due_on > TODAY + timedelta(due.DAYS), "what is due later is no work for today"
    assert due.todo(second, TODAY).total == len(todo(second))


def _racing(work, count):
    """Run `count` threads at once; what they raised."""
    failed = []
    barrier = threading.Barrier(count)

    def run(n):
        try:
            barrier.wait()
            work(n)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.django_db(transaction=True)
def test_numbers_are_consecutive_under_simultaneous_writers():
    make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    by = [make.officer(f"o{n}") for n in range(4)]
    tripped = []

    def work(n):
        for turn in range(4):
            try:
                plain(by[n], name="禁止" if turn == 1 else f"甲{n}{turn}")
            except Refused:
                tripped.append(n)

    assert _racing(work, 4) == []
    assert len(tripped) == 4
    numbers = sorted(Case.objects.values_list("seq", flat=True))
    assert numbers == list(range(1, 13)), "unique and without gaps"


@pytest.mark.django_db(transaction=True)
def test_two_who_edit_at_once_one_is_refused_and_nothing_is_lost():
    make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    by = [make.officer(f"o{n}") for n in range(2)]
    case = plain(by[0])
    version = case.version

    def work(n):
        cases.edit(case=Case.objects.get(pk=case.pk), changes={"words": f"第{n}人"}, version=version, by=by[n], at=AT)

    failed = _racing(work, 2)
    assert [f.code for error in failed for f in error.findings] == ["CASE.stale"]
    case.refresh_from_db()
    assert case.version == version + 1 and case.facts["words"] in ("第0人", "第1人")


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_carry_it_out_once():
    make.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    by = [make.officer(f"o{n}") for n in range(3)]
    case = plain(by[2])
    cases.opine(case=case, outcome="agree", text="同意", by=by[2], at=AT)
    failed = _racing(
        lambda n: deciding.decide(case=case, decision="approved", on=TODAY, by=by[n], at=AT, confirmed=True), 2
    )
    assert [f.code for error in failed for f in error.findings] == ["CASE.state"]
    assert [case.pk] == ground.CARRIED
