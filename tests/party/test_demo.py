"""The demo of party building: the article's founding and nothing more; invented branches with content on every page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from liaoyuan.core.access import Operator
from liaoyuan.core.actions import install, parameters
from liaoyuan.core.models import User
from liaoyuan.party.actions import demo as building
from liaoyuan.party.choices.members import Stage
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    BodyDeclaration,
    Due,
    Election,
    Formation,
    InstructorAssignment,
    LifePlan,
    Meeting,
    MemberRecord,
    Officer,
    PartyGroup,
    Pilot,
    Quota,
    Term,
    TrainingRecord,
    Transfer,
    Unit,
    Venue,
    Visit,
)
from liaoyuan.people.actions import demo as people
from liaoyuan.registry.actions import demo

AT = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
#: The branches of the article with the bodies whose members were listed, and how many.
ARTICLE = {
    "社会组织发展中心联合党支部": {"九色公益服务中心": 2, "合德婚姻家庭心理服务中心": 1},
    "蓝天养老院党支部": {"蓝天养老院": 3},
    "金夕延年党支部": {"金夕延年": 3},
}
#: Pages of the menu and of one branch, and a word of the demo's own that each shows.
SHOWN = {
    "dangjian": {
        "reports:home": "待审查", "party:application_list": "待批复", "party:instructor_list": "演示指导员丙",
        "party:visit_list": "协助联系社区共用活动场地", "party:pilot_list": "微心愿", "party:frequency": "2/3 个月",
        "party:term_list": "日后届满", "party:meeting_list": "主题党日", "party:transfer_list": "转出中",
        "party:conversion": "未到期", "party:applicant_list": "演示申请人甲", "party:quota_list": "滨组〔演示〕计划1号",
        "party:dues_list": "465.00", "party:venue_list": "6/6", "party:election_list": "待上级批复",
    },
    "dangwei": {"reports:todo": "选举书记的结果待批复"},
    "shuji": {"party:life_home": "支部党员大会", "party:member_list": "演示党员10", "party:meeting_list": "组织生活会"},
    "zhidao": {"party:instructor_own": "按时开展组织生活"},
    "dangyuan1": {"party:me": "支部党员大会", "party:me_dues": "78.00"},
}  # fmt: skip


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The whole demo of 30 November 2026, rolled back after the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        install.load_areas(at=AT)
        parameters.sync_shipped(at=AT)
        by = Operator("tests")
        demo.build(scale=1, seed=1026, by=by, at=AT, say=lambda text: None)
        people.build(seed=1026, by=by, at=AT, say=lambda text: None)
        yield building.build(seed=1026, scale=1, by=by, at=AT, say=lambda text: None)
        transaction.set_rollback(True)


@pytest.fixture
def article(db, built):
    """The article's party organizations by name."""
    rows = Formation.objects.now_open().filter(name__in=ARTICLE).select_related("party_organization")
    return {row.name: row.party_organization for row in rows}


def test_the_article_s_branches_have_the_fewest_members_and_nothing_else(article):
    assert set(article) == set(ARTICLE)
    for name, party in article.items():
        rows = Affiliation.objects.now_open().filter(party_organization=party)
        assert {row.stage for row in rows} == {Stage.DUAL.value} and rows.count() == 3
        counted: dict[str, int] = {}
        for row in rows:
            body = row.organization.standings.now_open().get().name
            counted[body] = counted.get(body, 0) + 1
        assert counted == ARTICLE[name]
        assert [term.number for term in Term.objects.filter(party_organization=party)] == [1]
        assert Officer.objects.filter(party_organization=party).count() == 1, "one secretary, appointed"
    bodies = {row.organization_id for row in Unit.objects.filter(party_organization__in=article.values())}
    ours = {"party_organization__in": list(article.values())}
    for model in (Meeting, Applicant, Due, PartyGroup, Pilot, LifePlan, TrainingRecord, Venue):
        assert not model.objects.filter(**ours).exists(), model.__name__
    assert not Transfer.objects.filter(target__in=article.values()).exists()
    for model in (InstructorAssignment, Visit, BodyDeclaration):
        assert not model.objects.filter(organization__in=bodies).exists(), model.__name__


def test_every_member_is_invented_and_numbered(article):
    names = set(MemberRecord.objects.values_list("name", flat=True))
    assert names == {f"演示党员{number:02d}" for number in range(1, len(names) + 1)}


def test_what_waits_is_of_these_days(article):
    """Nothing of the demo's own is overdue on the day on which it is built, and none of it lies in the future."""
    today = AT.date()
    assert Meeting.objects.filter(held_on__gt=today).count() == 1
    assert Meeting.objects.exclude(state="closed").count() == 1
    assert Transfer.objects.filter(state="issued", expires_on__lt=today).count() == 0
    assert Election.objects.get().meeting.held_on == today - timedelta(days=6)
    assert Quota.objects.get().year == today.year


@pytest.mark.parametrize(("username", "name"), [(who, name) for who, pages in SHOWN.items() for name in pages])
def test_every_page_shows_something(client, article, monkeypatch, username, name):
    monkeypatch.setenv("LIAOYUAN_NOW", AT.isoformat())
    client.force_login(User.objects.get(username=username))
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert SHOWN[username][name] in answer.content.decode()
