"""The demo's persons: invented, lawful, none at the article's organizations, the same for the same seed."""

from datetime import date

import pytest
from django.db import transaction

from liaoyuan.core.actions import install, parameters
from liaoyuan.kit.identifiers import ric_faults
from liaoyuan.people.actions import demo as people
from liaoyuan.people.models import Certificate, Employment, Person, Post, Profile, VolunteerService
from liaoyuan.people.queries import due, panel, secrets
from liaoyuan.registry.actions import demo
from liaoyuan.registry.models import Standing
from tests.registry.factories import AT, OPERATOR
from tests.registry.test_demo import ARTICLE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """The demo, built once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        install.load_areas(at=AT)
        parameters.sync_shipped(at=AT)
        demo.build(scale=1, seed=1026, by=OPERATOR, at=AT, say=lambda text: None)
        yield people.build(seed=1026, by=OPERATOR, at=AT, say=lambda text: None)
        transaction.set_rollback(True)


def test_there_are_persons_of_every_kind(district):
    assert Person.objects.count() > 800
    for model, least in ((Post, 500), (Employment, 400), (Certificate, 100), (VolunteerService, 100)):
        assert model.objects.count() > least
    assert str(Person.objects.count()) in district[0]


def test_the_articles_organizations_have_none(district):
    held = set(Profile.objects.values_list("organization_id", flat=True))
    named = [s for s in Standing.objects.now_open() if any(word in s.name for word in ARTICLE)]
    assert len(named) == len(ARTICLE)
    assert not held & {s.organization_id for s in named}


def test_numbers_are_lawful_and_belong_to_nobody(district):
    numbers = [secrets.number_of(p) for p in Person.objects.exclude(id_index="")]
    assert len(set(numbers)) == len(numbers) > 300
    assert not [n for n in numbers if ric_faults(n) or not n.startswith("329911")]
    told = Profile.objects.filter(numbered=True).select_related("person")
    assert all(secrets.birth_of(t).replace("-", "") == secrets.number_of(t.person)[6:14] for t in told)


def test_numbers_stay_apart_in_a_large_district():
    """60,000 persons fall on 13,440 birthdays: without care some hundred numbers would be given twice."""
    maker = people._Maker(1026, TODAY, AT, None)
    for _n in range(60_000):
        maker.made += 1
        maker.taken.add(maker.birth()[1])
    assert len(maker.taken) == 60_000


def test_declared_representatives_are_those_linked(district):
    posts = Post.objects.filter(kind__in=["legal", "principal"]).values_list(
        "organization_id", "person__profiles__name"
    )
    declared = dict(Standing.objects.now_open().values_list("organization_id", "legal_representative"))
    assert posts
    assert all(declared[body] == name for body, name in posts)


def test_no_rule_about_councils_is_broken(district):
    for organization in {p.organization for p in Post.objects.filter(kind="chair").select_related("organization")}:
        assert [f.code for f, _rule in panel.read(organization, TODAY).judged] == []


def test_little_waits(district):
    """The officer's 待办 stays short: a few registrations of the next thirty days."""
    assert 1 <= len(due.ends(OPERATOR, TODAY, 30)) <= 3
    assert len(due.ends(OPERATOR, TODAY, 90)) <= 8


def test_nothing_happens_in_the_future(district):
    assert not VolunteerService.objects.filter(on__gt=TODAY).exists()
    assert not Employment.objects.filter(valid_from__gt=TODAY).exists()
    assert not Certificate.objects.filter(approved_on__gt=TODAY).exists()
