"""Posts: appointment under the rules, ends, corrections, the declared representative, two at once."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.people.actions import posts, work
from liaoyuan.people.models import Employment, Post
from liaoyuan.people.queries import panel
from liaoyuan.registry.models import OPEN
from tests.people import factories as people
from tests.registry import bites
from tests.registry import factories as make

NOW = people.AT
DAY = date(2026, 10, 1)


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def appoint(by, person, organization, kind="legal", start=DAY, end=OPEN, confirmed=False, **fields):
    return posts.appoint(person=person, organization=organization, fields={"kind": kind, **fields}, start=start,
                         end=end, by=by, at=NOW, confirmed=confirmed)  # fmt: skip


def refused_by(*args, **kwargs) -> set[str]:
    with pytest.raises(Refused) as refused:
        appoint(*args, **kwargs)
    return codes(refused)


def test_gov_01_an_association_head_heads_no_other(areas, officer, association):
    other = make.organization("滨湖区戊示例协会", "ST")
    one = people.person(association, "赵甲一")
    people.tell(one, other, "赵甲一")
    appoint(officer, one, association)
    assert refused_by(officer, one, other) == {"GOV-01"}
    appoint(officer, one, other, "director")
    posts.end(post=Post.objects.current().get(kind="legal"), on=date(2026, 10, 20), by=officer, at=NOW)
    appoint(officer, one, other, start=date(2026, 10, 20))


def test_gov_01_is_switched_off_by_its_parameter(areas, officer, association):
    other = make.organization("滨湖区戊示例协会", "ST")
    one = people.person(association, "赵甲一")
    people.tell(one, other, "赵甲一")
    appoint(officer, one, association)
    bites.store({"GOV-01": False}, editor=officer, confirmer=make.officer("second"))
    appoint(officer, one, other)


def test_gov_02_from_both_sides(officer, foundation, centre):
    one = people.person(foundation, "赵甲一")
    people.tell(one, centre, "赵甲一")
    appoint(officer, one, centre)
    assert refused_by(officer, one, foundation) == {"GOV-02"}
    two = people.person(foundation, "钱乙二")
    people.tell(two, centre, "钱乙二")
    appoint(officer, two, foundation)
    posts.end(post=Post.objects.current().get(organization=centre), on=date(2026, 10, 20), by=officer, at=NOW)
    assert refused_by(officer, two, centre, start=date(2026, 10, 20)) == {"GOV-02"}


def test_gov_03_counts_the_posts_but_not_while_the_council_is_entered(officer, foundation):
    members = [people.person(foundation, f"理事{n}") for n in range(26)]
    for member in members[:25]:
        appoint(officer, member, foundation, "director")
    assert refused_by(officer, members[25], foundation, "director") == {"GOV-03"}
    # who is on the council already adds nobody to it
    appoint(officer, members[0], foundation, "chair")


def test_gov_03_the_term_of_a_post(officer, foundation):
    for number in range(4):
        appoint(officer, people.person(foundation, f"理事{number}"), foundation, "director", end=date(2031, 10, 2))
    one = people.person(foundation, "赵甲一")
    assert refused_by(officer, one, foundation, "director", end=date(2031, 10, 3)) == {"GOV-03"}
    appoint(officer, one, foundation, "director", end=date(2031, 10, 2))


def test_gov_04_relatives_pay_and_supervisors(officer, foundation):
    persons = [people.person(foundation, f"人{n}") for n in range(8)]
    appoint(officer, persons[0], foundation, "director", is_relative=True, is_paid=True)
    assert refused_by(officer, persons[1], foundation, "director", is_relative=True, is_paid=True) == {"GOV-04"}
    assert refused_by(officer, persons[0], foundation, "supervisor") == {"GOV-04"}
    people.employment(persons[2], foundation, is_finance=True)
    assert refused_by(officer, persons[2], foundation, "supervisor") == {"GOV-04"}
    assert refused_by(officer, persons[3], foundation, "supervisor", is_relative=True) == {"GOV-04"}
    for number in (3, 4, 5, 6):
        appoint(officer, persons[number], foundation, "director")
    appoint(officer, persons[7], foundation, "director", is_relative=True, is_paid=True)  # two of six


def test_gov_06_warns_with_the_latest_birth_a_month_allows(officer, association):
    old = people.person(association, "孙丙三", birth="1956-09")
    young = people.person(association, "李丁四", birth="1956-10")
    appoint(officer, old, association, "chair", start=date(2026, 10, 1))
    appoint(officer, young, association, "vice_chair", start=date(2026, 10, 31))
    told = {e.subject_id: [f["code"] for f in e.payload.get("findings", [])]
            for e in AuditEvent.objects.filter(code="person.appointed")}  # fmt: skip
    assert told == {str(old.pk): ["GOV-06"], str(young.pk): []}


def test_gov_07_retired_cadres(officer, association):
    other = make.organization("滨湖区戊示例协会", "ST")
    one = people.person(association, "赵甲一")
    people.tell(one, other, "赵甲一")
    assert refused_by(officer, one, association, "chair", is_retired_cadre=True) == {"GOV-07"}
    fields = {"is_retired_cadre": True, "cadre_approval": "滨组〔2026〕3号"}
    appoint(officer, one, association, "chair", **fields)
    assert refused_by(officer, one, other, "director", **fields) == {"GOV-07"}


def test_gov_08_state_staff(officer, foundation, centre):
    one = people.person(foundation, "赵甲一")
    people.tell(one, centre, "赵甲一")
    assert refused_by(officer, one, foundation, "chair", is_state_staff=True) == {"GOV-08"}
    appoint(officer, one, centre, "chair", is_state_staff=True)


def test_gov_10_of_stored_and_asked_facts(areas, officer):
    charity = make.organization("滨湖区己示例慈善会", "MF", is_charity=True)
    gone = make.organization("滨湖区庚示例中心", "MF", closed_on=date(2023, 5, 1), status="certificate_revoked")
    one = people.person(charity, "赵甲一")
    people.tell(one, gone, "赵甲一")
    people.post(one, gone, "legal", date(2020, 1, 1), valid_to=date(2023, 5, 1))
    assert refused_by(officer, one, charity, "chair") == {"GOV-10"}
    two = people.person(charity, "钱乙二")
    assert refused_by(officer, two, charity, "chair", no_capacity=True) == {"GOV-10"}
    assert refused_by(officer, two, charity, "chair", sentence_ended_on=date(2022, 1, 1)) == {"GOV-10"}
    appoint(officer, two, charity, "chair", sentence_ended_on=date(2021, 1, 1), cleared_on=DAY)
    text = str(list(Post.objects.values())) + str(list(AuditEvent.objects.values_list("payload", flat=True)))
    assert "2021" not in text  # asked and judged, never stored


def test_a_sole_post_is_held_by_one(officer, association):
    one, two = people.person(association, "赵甲一"), people.person(association, "钱乙二")
    appoint(officer, one, association, end=date(2027, 1, 1))
    assert refused_by(officer, two, association, start=date(2026, 12, 31)) == {"POST-HELD"}
    appoint(officer, two, association, start=date(2027, 1, 1))
    assert refused_by(officer, one, association, start=date(2026, 10, 2)) == {"POST-TWICE"}


def test_end_and_correct_keep_what_was_known(officer, association):
    post = appoint(officer, people.person(association, "赵甲一"), association)
    ended = posts.end(post=post, on=date(2026, 10, 20), reason="届满", by=officer, at=NOW)
    with pytest.raises(Refused) as refused:
        posts.end(post=post, on=date(2026, 10, 21), by=officer, at=NOW)
    assert codes(refused) == {"POST-STALE"}
    posts.correct(post=ended, fields={"kind": "legal", "term_no": 3}, start=date(2026, 9, 1), end=date(2026, 10, 20),
                  by=officer, at=NOW)  # fmt: skip
    rows = list(Post.objects.order_by("pk").values_list("valid_from", "valid_to", "term_no"))
    assert rows == [(DAY, OPEN, None), (DAY, date(2026, 10, 20), None), (date(2026, 9, 1), date(2026, 10, 20), 3)]
    assert Post.objects.current().count() == 1


def test_a_closed_body_appoints_nobody(areas, officer):
    gone = make.organization("滨湖区庚示例中心", "MF", closed_on=date(2023, 5, 1))
    assert refused_by(officer, people.person(gone, "赵甲一"), gone) == {"POST-CLOSED"}


def test_the_declared_representative_is_linked(officer, association):
    with pytest.raises(Refused) as refused:
        posts.link_declared(organization=association, fields={"name": "钱乙二"}, start=DAY, assumed=True, by=officer,
                            at=NOW)  # fmt: skip
    assert codes(refused) == {"POST-DECLARED"}
    post = posts.link_declared(organization=association, fields={"name": "赵甲一"}, start=DAY, assumed=True,
                               by=officer, at=NOW)  # fmt: skip
    assert (post.kind, post.assumed) == ("legal", True)
    told = panel.read(association, DAY).compared[0]
    assert (told.declared, told.counted, told.differs) == ("赵甲一", "赵甲一", False)


def test_the_panel_explains_the_difference(officer, centre):
    one = people.person(centre, "赵甲一")
    people.employment(one, centre)
    found = {c.title: c for c in panel.read(centre, date(2026, 10, 26)).compared}
    assert (found["专职人数"].declared, found["专职人数"].counted, found["专职人数"].differs) == ("2", "1", True)
    assert "多 1 人" in found["专职人数"].words
    assert panel.read(centre, date(2022, 2, 28)).staff_total == 0


def test_employment_does_not_overlap(officer, centre):
    one = people.person(centre, "赵甲一")
    row = work.employ(person=one, organization=centre, fields={"work_time": "full"}, start=DAY, by=officer, at=NOW)
    with pytest.raises(Refused) as refused:
        work.employ(person=one, organization=centre, fields={"work_time": "part"}, start=date(2026, 10, 5), by=officer,
                    at=NOW)  # fmt: skip
    assert codes(refused) == {"EMP-TWICE"}
    work.change_employment(row=row, fields={"work_time": "full"}, start=DAY, end=date(2026, 10, 5), by=officer, at=NOW)
    work.employ(person=one, organization=centre, fields={"work_time": "part"}, start=date(2026, 10, 5), by=officer,
                at=NOW)  # fmt: skip
    assert Employment.objects.current().count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has the partial constraint and the lock")
def test_overlapping_rows_cannot_be_written_past_the_actions(association):
    one, two = people.person(association, "赵甲一"), people.person(association, "钱乙二")
    people.post(one, association, "legal", date(2024, 1, 1), valid_to=date(2025, 1, 1))
    people.post(two, association, "legal", date(2025, 1, 1), valid_to=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        people.post(two, association, "legal", date(2024, 12, 31), valid_to=date(2025, 1, 1))
    people.employment(one, association, start=date(2024, 1, 1), valid_to=date(2025, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        people.employment(one, association, start=date(2024, 12, 1))


def race(*calls) -> list[str]:
    answers, start = [], threading.Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            call()
            answers.append("written")
        except Refused as refused:
            answers.append("、".join(sorted({f.code for f in refused.findings})))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_of_two_representatives_at_once_one_is_appointed():
    make.binhu()
    officer = make.officer()
    body = make.organization("滨湖区甲示例协会", "ST")
    persons = [people.person(body, f"人{n}") for n in range(4)]
    told = race(*(lambda p=p: appoint(officer, p, body) for p in persons))
    assert told == ["POST-HELD"] * 3 + ["written"]
    assert Post.objects.current().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_is_appointed_by_one_of_two_associations_at_once():
    make.binhu()
    officer = make.officer()
    bodies = [make.organization(f"滨湖区第{n}示例协会", "ST") for n in range(3)]
    one = people.person(bodies[0], "赵甲一")
    for body in bodies[1:]:
        people.tell(one, body, "赵甲一")
    told = race(*(lambda b=b: appoint(officer, one, b) for b in bodies))
    assert told == ["GOV-01"] * 2 + ["written"]
    assert Post.objects.current().count() == 1
