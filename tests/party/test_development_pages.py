"""Pages of the development of members: the list, one's page, forms, who sees whom, the plan, 待办."""

import re
from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.core import registries
from liaoyuan.party.models import Affiliation, Applicant, DevelopmentStep, DevelopmentVote, MemberRecord, Quota
from liaoyuan.party.queries import courses, development_due, development_list
from tests.core.factories import user
from tests.party import factories as make
from tests.party.development import DAYS, ORDER, way

BEGAN = date(2020, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages ask the clock: it is the day of the tests' actions."""
    from liaoyuan.core import clock
    from tests.core.factories import AT

    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def branch(areas, committee):
    return make.party("演示党支部", area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)


@pytest.fixture
def ours(branch, lead, head):
    made = way(branch, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    return made


def page(client, who, name, /, *args, **query):
    client.force_login(who)
    return client.get(reverse(name, args=args), query)


def post(client, who, name, /, *args, **data):
    client.force_login(who)
    return client.post(reverse(name, args=args), data)


def version(client, who, *args):
    text = page(client, who, "party:applicant_step", *args).content.decode()
    return re.search(r'name="version" value="(\d+)"', text).group(1)


def test_the_whole_way_through_the_pages(client, ours, branch, committee):
    answer = post(client, ours.secretary, "party:applicant_new", branch.pk, name="演示申请人01", on="2022-01-10",
                  birth="1995-01-01", gender="f", education="bachelor")  # fmt: skip
    who = Applicant.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("party:applicant_detail", args=[who.pk])
    for number in ORDER:
        by = ours.head if number in (13, 17, 24) else ours.lead if number in (4, 8, 16, 18) else ours.secretary
        data = {"on": DAYS[number].isoformat()}
        if number in (5, 9):
            data["members"] = [m.pk for m in ours.members[: 1 if number == 5 else 2]]
        elif number == 6:
            data["result"] = "ready"
        elif number == 11:
            data["training_hours"] = "24"
            by = ours.lead
        elif number in (15, 23):
            kind = {15: "publicity", 23: "confirm_publicity"}[number]
            shown = post(client, ours.secretary, "party:applicant_mark", who.pk, kind,
                         on=f"{DAYS[number].year}-10-10")  # fmt: skip
            assert shown.status_code == 302
            data |= {"present": 5, "yes": 4, "no": 1, "introducers_present": "on", "outcome": "confirm"}
        elif number in (17, 24):
            data["received_on"] = f"{DAYS[number].year}-11-20"
        form = page(client, by, "party:applicant_step", who.pk, number)
        assert form.status_code == 200, number
        data["version"] = re.search(r'name="version" value="(\d+)"', form.content.decode()).group(1)
        answer = post(client, by, "party:applicant_step", who.pk, number, **data)
        assert answer.status_code == 302, (number, answer.content.decode()[:3000])
    who.refresh_from_db()
    assert who.stage == "confirmed"
    assert MemberRecord.objects.current().get(member=who.member).confirmed_on == date(2024, 10, 30)
    text = page(client, ours.secretary, "party:applicant_detail", who.pk).content.decode()
    assert "已转正" in text and "1995" not in text and "应到 5，实到 5" in text
    assert list(DevelopmentStep.objects.current().filter(applicant=who).values_list("number", flat=True)) == [
        n for n in range(1, 26) if n not in (6, 21)
    ]  # fmt: skip


def test_a_refusal_keeps_what_was_typed_and_says_why(client, ours):
    ours.apply().until(6)
    said = page(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 7).content.decode()
    assert "最早 2023年6月1日" in said and "须满 12 个月，早一天都不行" in said and "满 1 年，方可列为发展对象" in said
    answer = post(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 7, on="2023-05-31")
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="2023-05-31"' in text and "最早 2023-06-01 列为发展对象" in text
    assert Applicant.objects.get().stage == "activist"


def test_a_vote_says_e_before_and_counts_it_itself(client, ours):
    ours.apply().until(14)
    make.pause(ours.members[4], date(2026, 1, 1), date(2027, 1, 1))
    text = page(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 15).content.decode()
    assert "应到会有表决权的党员 4 名；到会须 3 名以上，赞成须 3 票以上" in text
    assert 'name="expected"' not in text
    given = {"on": DAYS[15].isoformat(), "present": 2, "yes": 2, "introducers_present": "on"}
    answer = post(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 15, **given)
    assert answer.status_code == 422 and "不能表决" in answer.content.decode()
    assert not DevelopmentVote.objects.exists()


def test_nobody_outside_the_branch_and_its_superiors_sees_a_person(client, ours, areas, committee):
    ours.apply().until(3)
    beside = make.secretary(make.party("演示旁支部", area=areas["district"], superior=committee), "beside")
    above = make.secretary(committee, "above")
    other = make.lead("elsewhere", area="320213")
    outsiders = [beside, other]
    for who in (ours.secretary, above, ours.lead, ours.head):
        assert page(client, who, "party:applicant_detail", ours.applicant.pk).status_code == 200
        assert "演示申请人01" in page(client, who, "party:applicant_list").content.decode()
    for who in outsiders:
        assert page(client, who, "party:applicant_detail", ours.applicant.pk).status_code == 404
        assert "演示申请人01" not in page(client, who, "party:applicant_list").content.decode()
        for name, args in (
            ("applicant_step", (5,)), ("applicant_step_correct", (3,)), ("applicant_step_back", (3,)),
            ("applicant_mark", ("publicity",)), ("applicant_correct", ()), ("applicant_move", ()),
            ("applicant_close", ()),
        ):  # fmt: skip
            assert post(client, who, f"party:{name}", ours.applicant.pk, *args).status_code == 404
    for role in ("registry_officer", "grants_office", "evaluator", "leadership"):
        who = user(f"no-{role}", (role, "area", "320211"), is_demo=True)
        assert page(client, who, "party:applicant_list").status_code == 403
        assert page(client, who, "party:applicant_detail", ours.applicant.pk).status_code == 403


def test_the_branch_does_not_record_the_committee_s_steps(client, ours):
    ours.apply().until(3)
    answer = post(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 4, on="2022-06-20")
    assert answer.status_code == 403
    assert page(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 17).status_code == 403
    assert page(client, ours.lead, "party:applicant_step", ours.applicant.pk, 17).status_code == 403
    assert page(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 26).status_code == 404
    text = page(client, ours.secretary, "party:applicant_detail", ours.applicant.pk).content.decode()
    assert reverse("party:applicant_step", args=[ours.applicant.pk, 5]) in text
    assert reverse("party:applicant_step", args=[ours.applicant.pk, 4]) not in text


def test_a_step_is_corrected_and_taken_back_on_the_page(client, ours):
    ours.apply().until(3)
    who = ours.applicant
    answer = post(client, ours.secretary, "party:applicant_step_correct", who.pk, 3, on="2022-05-01", evidence="甲1")
    assert answer.status_code == 302
    assert courses.of(Applicant.objects.get()).days["activist"] == date(2022, 5, 1)
    assert post(client, ours.secretary, "party:applicant_step_back", who.pk, 3).status_code == 302
    assert Applicant.objects.get().stage == "applicant"
    answer = post(client, ours.secretary, "party:applicant_step_back", who.pk, 1)
    assert answer.status_code == 404


def test_totals_of_few_are_for_those_who_count_and_the_superior(client, areas, committee, lead, head):
    branch = make.party("演示小支部", area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
    few = way(branch, 3, lead=lead, head=head)
    Affiliation.objects.update(valid_from=BEGAN)
    few.apply().until(15)
    from liaoyuan.party.queries import development_record
    from liaoyuan.party.queries import organizations as reading

    row = DevelopmentVote.objects.get()
    limits = reading.limits(branch, date(2026, 10, 26))
    assert "赞成" not in development_record.totals(row, limits, counting=False)
    assert "赞成 3" in development_record.totals(row, limits, counting=True)


def test_the_list_says_what_comes_next(client, ours):
    ours.apply().until(6)
    late = way(ours.branch, lead=ours.lead, head=ours.head, secretary=ours.secretary)
    late.apply("演示申请人02", on=date(2026, 9, 1))
    text = page(client, ours.secretary, "party:applicant_list").content.decode()
    assert "7 确定发展对象" not in text or "6 培养教育考察" in text
    listing = development_list.Listing(ours.secretary, development_list.Criteria(date(2026, 10, 26)))
    lines = {line.name: line for line in listing[0:50]}
    assert (lines["演示申请人02"].step, lines["演示申请人02"].latest, lines["演示申请人02"].state[0]) == (
        "2 派人谈话", date(2026, 10, 1), "reject",
    )  # fmt: skip
    assert lines["演示申请人01"].latest == date(2023, 6, 1) and lines["演示申请人01"].state[0] == "reject"
    for state, names in (("late", 2), ("due", 2), ("open", 2), ("done", 0), ("closed", 0)):
        found = development_list.Listing(ours.secretary, development_list.Criteria(date(2026, 10, 26), state=state))
        assert found.count() == len(found[0:50]) == names, state
    asked = page(client, ours.secretary, "party:applicant_list", q="02", state="open").content.decode()
    assert "演示申请人02" in asked and "演示申请人01" not in asked


def test_todo_names_what_this_user_must_do(ours):
    ours.apply(on=date(2026, 10, 1))
    source = registries.due_sources["party.development"]
    items, total = source.items(user=ours.secretary, on=date(2026, 10, 26), limit=10)
    assert total == 1 and items[0].due_on == date(2026, 11, 1) and "2 派人谈话" in items[0].title
    assert source.items(user=ours.head, on=date(2026, 10, 26), limit=10) == ([], 0)
    assert development_due.duties(ours.secretary, date(2026, 9, 30)) == []


def test_what_waits_for_the_committee_stands_with_the_committee(ours):
    ours.apply().until(12)
    on = date(2026, 10, 26)
    assert {d.line.step for d in development_due.duties(ours.head, on)} == {13}
    assert 13 not in {d.line.step for d in development_due.duties(ours.secretary, on)}


def test_the_plan_of_a_year(client, ours, branch, committee):
    ours.apply().until(13)
    answer = post(client, ours.lead, "party:quota_give", party=committee.pk, year=2023, number=0)
    assert answer.status_code == 422 and "计划数不能更少" in answer.content.decode()
    assert post(client, ours.lead, "party:quota_give", party=committee.pk, year=2023, number=2,
                evidence="滨组〔2023〕3号").status_code == 302  # fmt: skip
    assert Quota.objects.current().get().number == 2
    text = page(client, ours.secretary, "party:quota_list", year=2023).content.decode()
    assert committee_name(committee) not in text, "a branch does not see its superior's plan"
    text = page(client, ours.lead, "party:quota_list", year=2023).content.decode()
    assert committee_name(committee) in text and "滨组〔2023〕3号" in text
    assert page(client, ours.secretary, "party:quota_give").status_code == 403


def committee_name(committee):
    from liaoyuan.party.queries import organizations as reading

    return reading.name_of(committee)


def test_on_the_internet_the_page_has_no_papers_and_no_birth(client, ours, settings):
    settings.ZONE = "internet"
    text = page(client, ours.secretary, "party:applicant_new", ours.branch.pk).content.decode()
    assert 'name="birth"' not in text and 'name="id_number"' not in text and 'name="evidence"' not in text
    ours.apply(birth=None).until(10)
    text = page(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 12).content.decode()
    assert 'name="evidence"' not in text
    assert page(client, ours.lead, "party:applicant_detail", ours.applicant.pk).status_code == 404
    assert page(client, ours.secretary, "party:applicant_detail", ours.applicant.pk).status_code == 200


def test_bad_input_is_one_sentence(client, ours, branch):
    answer = post(client, ours.secretary, "party:applicant_new", branch.pk, name="", on="昨天", birth="99")
    assert answer.status_code == 422
    ours.apply().until(14)
    answer = post(client, ours.secretary, "party:applicant_step", ours.applicant.pk, 15, on=DAYS[15].isoformat(),
                  present=5, yes=5, no=1)  # fmt: skip
    assert answer.status_code == 422 and "多于到会和书面意见" in answer.content.decode()
    assert page(client, ours.secretary, "party:applicant_mark", ours.applicant.pk, "nothing").status_code == 404
    assert post(client, ours.secretary, "party:applicant_mark", ours.applicant.pk, "publicity",
                on="2027-01-01").status_code == 422  # fmt: skip


def test_lists_and_todo_ask_no_more_for_more_people(client, ours, areas, committee):
    """As many queries for six people at six branches as for two at two."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> list[int]:
        told = []
        for ask in (
            lambda: development_due.duties(ours.lead, date(2026, 10, 26)),
            lambda: development_list.Listing(ours.lead, development_list.Criteria(date(2026, 10, 26)))[0:50],
        ):
            with CaptureQueriesContext(connection) as asked:
                assert len(ask()) >= 2
            told.append(len(asked))
        return told

    def another(number: int) -> None:
        branch = make.party(area=areas["district"], superior=committee, start=BEGAN, regular_on=BEGAN)
        one = way(branch, 2, lead=ours.lead, head=ours.head)
        Affiliation.objects.update(valid_from=BEGAN)
        one.apply(f"演示申请人1{number}").until(12).step(13)

    ours.apply().until(3)
    another(0)
    before = count()
    for number in range(1, 5):
        another(number)
    assert count() == before


def test_the_committee_is_the_same_for_one_and_for_many(areas, committee):
    from liaoyuan.party.queries import applicants as reading

    general = make.party("演示党总支", "general", area=areas["district"], superior=committee)
    alone = make.party(area=areas["district"], superior=None)
    parties = [committee, general, alone, make.party(area=areas["district"], superior=general)]
    on = date(2026, 10, 26)
    assert reading.committees(parties, on) == {party.pk: reading.committee_of(party, on) for party in parties}


def test_reminders_name_who_must_act_within_the_lawful_window_and_nobody_on_the_way(client, ours, lead):
    reminder = registries.reminders["party.development"]

    def owed(on, since, until, **more):
        return [(one.name, one.due_on) for one in reminder.owing(lead, on, since, until, **more)]

    ours.apply(on=date(2026, 9, 30))
    assert owed(date(2026, 10, 26), date(2026, 10, 26), date(2026, 11, 25)) == [("演示党支部", date(2026, 10, 30))]
    assert owed(date(2026, 10, 31), date(2026, 10, 31), date(2026, 11, 30)) == []  # late now
    assert owed(date(2026, 10, 31), date(2016, 10, 31), date(2026, 10, 30)) == [("演示党支部", date(2026, 10, 30))]
    ours.step(2, date(2026, 10, 1))
    assert owed(date(2026, 10, 26), date(2026, 10, 1), date(2026, 12, 1)) == []  # who has complied is not among them
    ours.step(3, date(2026, 10, 2))
    ours.step(4, date(2026, 10, 3))
    ours.step(5, date(2026, 10, 3))
    ours.step(6, date(2026, 10, 4))
    lines = reminder.owing(lead, date(2027, 9, 20), date(2027, 9, 20), date(2027, 10, 20))
    assert [(line.name, line.due_on, line.key.split("-")[2]) for line in lines] == [
        ("演示党支部", date(2027, 10, 2), "7")
    ]  # a year is full then; not before, and of the examination the term is over
    assert "演示申请人" not in "".join(line.what + line.name for line in lines)
    assert owed(date(2027, 9, 20), date(2027, 9, 20), date(2027, 10, 20), keys=["1-1-1"]) == []
    client.force_login(lead)
    assert client.get(reverse("core:reminder_home")).status_code == 200
