"""Entering, linking, correcting, merging and splitting persons."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.people.actions import merging, persons, secrets
from liaoyuan.people.models import Certificate, Employment, NameReview, Person, Post, Profile, VolunteerService
from liaoyuan.people.queries import due, names
from liaoyuan.people.queries import secrets as sealed
from tests.people import factories as people
from tests.registry import factories as make

NOW = people.AT
NUMBER = people.ric("19900307", 1)


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def enter(by, organization, name="赵甲一", confirmed=False, **fields):
    if any(fields.get(n) for n in ("id_number", "birth", "mobile")):
        fields.setdefault("basis", "duty")
    return persons.enter(organization=organization, fields={"name": name, **fields}, by=by, at=NOW, confirmed=confirmed)


def test_a_person_is_entered_sealed(officer, centre):
    made = enter(officer, centre, id_number=NUMBER, birth="1990-03-07", mobile="13900001234", gender="m")
    told = Profile.objects.get(person=made)
    for stored, clear in ((made.id_number, NUMBER), (told.birth, "1990"), (told.mobile, "13900001234")):
        assert stored.startswith("v1.")
        assert clear not in stored
    assert sealed.number_of(made) == NUMBER
    assert (sealed.clear("birth", told.birth), sealed.clear("mobile", told.mobile)) == ("1990-03-07", "13900001234")
    assert (told.name, told.gender, told.organization) == ("赵甲一", "m", centre)


def test_no_event_holds_a_secret_or_a_whole_name(officer, centre):
    made = enter(
        officer, centre, id_number=NUMBER, birth="1990-03-07", mobile="13900001234", consent_no="同9", note="备"
    )
    persons.correct(person=made, organization=centre, fields={"mobile": "13900005678"}, by=officer, at=NOW)
    text = "".join(str(e.payload) + e.subject_label for e in AuditEvent.objects.all())
    for secret in (NUMBER, "13900001234", "13900005678", "1990-03-07", "同9"):
        assert secret not in text


def test_a_known_number_links_silently(officer, areas, centre, association):
    first = enter(officer, centre, id_number=NUMBER, mobile="13900001234", education="master")
    head = make.head_of(association)
    second = enter(head, association, id_number=NUMBER)
    assert second.pk == first.pk
    assert Person.objects.count() == 1
    told = Profile.objects.current().visible_to(head).get()
    assert (told.organization, told.mobile, told.education) == (association, "", "")


def test_without_a_number_name_and_month_in_the_body_are_the_key(officer, centre, association):
    first = enter(officer, centre, birth="1990-03")
    assert enter(officer, centre, birth="1990-03-07").pk == first.pk
    assert enter(officer, centre, birth="1991-03").pk != first.pk
    assert enter(officer, association, birth="1990-03").pk != first.pk
    with pytest.raises(Refused) as refused:
        enter(officer, centre, name="钱乙二") and enter(officer, centre, name="钱乙二")
    assert codes(refused) == {"PER-SAME"}
    assert enter(officer, centre, name="钱乙二", confirmed=True).pk == Profile.objects.get(name="钱乙二").person_id


def test_sensitive_data_need_a_ground(officer, centre):
    with pytest.raises(Refused) as refused:
        enter(officer, centre, mobile="13900001234", basis="")
    assert codes(refused) == {"PRI-01"}
    with pytest.raises(Refused):
        enter(officer, centre, mobile="13900001234", basis="consent")
    assert Person.objects.count() == 0
    enter(officer, centre, mobile="13900001234", basis="consent", consent_no="同意1")


def test_what_contradicts_the_number_is_asked(officer, centre):
    with pytest.raises(Refused) as refused:
        enter(officer, centre, id_number=NUMBER, birth="1991-03", gender="f")
    assert codes(refused) == {"PER-BIRTH", "PER-GENDER"}
    enter(officer, centre, id_number=NUMBER, birth="1990-03", gender="m")


def test_a_correction_keeps_the_old_row_and_may_blank(officer, centre):
    made = enter(officer, centre, major="社会工作", practice_since=2015)
    persons.correct(person=made, organization=centre, fields={"major": "", "practice_since": None}, by=officer, at=NOW)
    rows = list(Profile.objects.filter(person=made).order_by("pk").values_list("major", "practice_since"))
    assert rows == [("社会工作", 2015), ("", None)]
    assert Profile.objects.current().filter(person=made).count() == 1


def test_an_old_page_is_refused(officer, centre):
    made = enter(officer, centre)
    persons.correct(
        person=made, organization=centre, fields={"major": "法学"}, version=made.version, by=officer, at=NOW
    )
    with pytest.raises(Refused) as refused:
        persons.correct(person=made, organization=centre, fields={"major": "医学"}, version=made.version, by=officer,
                        at=NOW)  # fmt: skip
    assert codes(refused) == {"PER-STALE"}


def test_a_wrong_number_takes_only_this_bodys_rows_out(officer, centre, association):
    shared = enter(officer, centre, id_number=NUMBER)
    enter(officer, association, name="赵甲一", id_number=NUMBER)
    people.employment(shared, association)
    other = persons.correct(person=shared, organization=association, by=officer, at=NOW,
                            fields={"id_number": people.ric("19850101", 3), "basis": "duty"})  # fmt: skip
    assert other.pk != shared.pk
    assert Employment.objects.current().get().person == other
    assert Profile.objects.current().get(person=shared).organization == centre
    back = persons.correct(person=other, organization=association, fields={"id_number": NUMBER}, by=officer, at=NOW)
    assert back.pk == shared.pk
    assert Person.objects.living().count() == 1


def test_strangers_may_not_write(areas, centre, association):
    street = make.officer("street", ("street_office", "area", "320211001"))
    head = make.head_of(association)
    leader = make.officer("leader", ("leadership", "area", "320211"))
    for by in (street, head, leader):
        with pytest.raises(PermissionDenied):
            enter(by, centre)
    enter(head, association)


def test_scope_of_persons(areas, officer, centre, association):
    outside = make.organization("梁溪区丁示例中心", registrar_area=areas["other"], street=areas["other_street"])
    mine, theirs = people.person(centre, "赵甲一"), people.person(outside, "孙丙三")
    head = make.head_of(centre)
    liyuan = make.officer("liyuan", ("street_office", "area", "320211004"))
    heli = make.officer("heli", ("street_office", "area", "320211001"))
    for by, seen in ((officer, {mine.pk}), (head, {mine.pk}), (heli, {mine.pk}), (liyuan, set())):
        assert set(Person.objects.visible_to(by).values_list("pk", flat=True)) == seen
    assert set(Person.objects.visible_to(make.OPERATOR).values_list("pk", flat=True)) == {mine.pk, theirs.pk}
    for role in ("leadership", "evaluator", "party_lead", "grants_office", "finance"):
        assert not Person.objects.visible_to(make.officer(role, (role, "area", "320211"))).exists()


def test_two_names_of_one_number_wait_for_an_officer_over_both(areas, officer, centre, association):
    outside = make.organization("梁溪区丁示例中心", registrar_area=areas["other"])
    found = people.person(centre, "赵甲一", number=NUMBER)
    people.person(association, "赵甲壹", number=NUMBER)
    heads = [make.head_of(centre, "a"), make.head_of(association, "b")]
    assert [c.person for c in names.conflicts(officer)] == [found.pk]
    assert [names.conflicts(head) for head in heads] == [[], []]
    items, total = due.reviews(user=officer, on=NOW.date(), limit=20)
    assert total == 1
    assert "赵甲壹" in items[0].title
    people.person(outside, "赵甲一", number=NUMBER)
    assert names.conflicts(officer) == []  # a body of another district is concerned now


def test_a_decision_settles_the_names(officer, centre, association):
    found = people.person(centre, "赵甲一", number=NUMBER)
    people.person(association, "赵甲壹", number=NUMBER)
    merging.decide(person=found, outcome="same", by=officer, at=NOW)
    assert names.conflicts(officer) == []
    assert NameReview.objects.get().decided_by == officer
    tell = Profile.objects.current().get(organization=association)
    merging.decide(person=found, outcome="different", profile=tell, by=officer, at=NOW)
    apart = Profile.objects.current().get(organization=association).person
    assert apart != found
    assert apart.id_index == ""


def test_merging_carries_every_row_and_keeps_the_old_ones(officer, centre, association):
    kept, gone = people.person(centre, "赵甲一", number=NUMBER), people.person(association, "赵甲一")
    people.post(gone, association, "director")
    people.employment(gone, association)
    people.certificate(gone, association)
    people.volunteer(gone, association)
    people.service(gone, association)
    before = {model: model.objects.current().count() for model in (Post, Employment, Certificate, VolunteerService)}
    merging.merge(kept=kept, gone=gone, reason="同一人两次录入", by=officer, at=NOW)
    for model, count in before.items():
        assert model.objects.current().filter(person=kept).count() == count == 1
        assert model.objects.filter(person=gone, superseded_at=NOW).count() == 1
    gone.refresh_from_db()
    assert (gone.merged_into, gone.merged_at, gone.merged_by) == (kept, NOW, officer)
    assert AuditEvent.objects.filter(code="person.merged").count() == 2


def test_merging_is_refused(officer, areas, centre, association):
    one = people.person(centre, "赵甲一", number=NUMBER)
    two = people.person(association, "赵甲一", number=people.ric("19850101", 3))
    with pytest.raises(Refused) as refused:
        merging.merge(kept=one, gone=two, reason="看着像", by=officer, at=NOW)
    assert codes(refused) == {"PER-MERGE-ID"}
    three = people.person(centre, "赵甲一三")
    people.employment(one, centre)
    people.employment(three, centre)
    with pytest.raises(Refused) as refused:
        merging.merge(kept=one, gone=three, reason="看着像", by=officer, at=NOW)
    assert codes(refused) == {"PER-OVERLAP"}
    assert Employment.objects.current().count() == 2
    for by in (make.head_of(centre), make.officer("street", ("street_office", "area", "320211001"))):
        with pytest.raises(PermissionDenied):
            merging.merge(kept=one, gone=three, reason="看着像", by=by, at=NOW)


def test_revealing_needs_a_reason_and_leaves_a_trace(officer, centre):
    made = enter(officer, centre, id_number=NUMBER, mobile="13900001234")
    told = Profile.objects.get(person=made)
    head = make.head_of(centre)
    with pytest.raises(Refused):
        secrets.reveal(profile=told, field="mobile", reason=" ", by=officer, at=NOW)
    assert secrets.reveal(profile=told, field="id_number", reason="核对证件", by=officer, at=NOW) == NUMBER
    assert secrets.reveal(profile=told, field="mobile", reason="通知开会", by=head, at=NOW) == "13900001234"
    with pytest.raises(PermissionDenied):
        secrets.reveal(profile=told, field="id_number", reason="核对证件", by=head, at=NOW)
    assert AuditEvent.objects.filter(code="read.revealed").count() == 2


def test_one_number_one_living_person(db, centre):
    """The constraint itself, whatever the actions do."""
    from django.db import IntegrityError, transaction

    one = people.person(centre, "赵甲一", number=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(id_number="v1.x", id_index=one.id_index, created_at=NOW)
    assert connection.vendor in ("sqlite", "postgresql")
