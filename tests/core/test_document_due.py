"""待办 of documents: what others drafted, to be read over by who may, to be signed by who signs."""

from datetime import date

import pytest

from liaoyuan.core import sessions
from liaoyuan.core.actions import documents
from liaoyuan.core.models import SeparationSetting
from liaoyuan.core.queries import document_due
from tests.core.documents_ground import AT, office
from tests.core.factories import user
from tests.registry import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def fresh():
    sessions.forget_installation()
    yield
    sessions.forget_installation()


def lines(who) -> dict[str, str]:
    items, total = document_due.waiting(user=who, on=TODAY, limit=20)
    assert total == len(items)
    return {item.code: item.title for item in items}


def test_who_drafted_waits_for_others_and_who_signs_is_told_when_it_was_read():
    ground = office()
    stranger = make.officer("stranger", ("registry_head", "area", "320213"))
    rows = [ground.drafted() for _n in range(3)]
    review = {"document_review": "文书待核稿：3 份"}
    assert (lines(ground.officer), lines(ground.second), lines(ground.head)) == ({}, review, review)
    assert lines(stranger) == {} and lines(user("nobody")) == {}
    documents.review(document=rows[0], by=ground.second, at=AT)
    documents.discard(document=rows[1], reason="不用了", by=ground.officer, at=AT)
    assert lines(ground.second) == {"document_review": "文书待核稿：1 份"}
    assert lines(ground.head) == {"document_review": "文书待核稿：1 份", "document_sign": "文书待签发：1 份"}
    documents.issue(document=rows[0], by=ground.head, at=AT)
    assert lines(ground.head) == {"document_review": "文书待核稿：1 份"}


def test_at_the_level_trial_one_s_own_drafts_wait_too():
    ground = office()
    ground.drafted()
    SeparationSetting.objects.create(level="trial", valid_from=date(2026, 1, 1), set_at=AT)
    assert lines(ground.officer) == {"document_review": "文书待核稿：1 份"}


def test_it_is_asked_in_one_statement(django_assert_num_queries):
    ground = office()
    ground.drafted()
    sessions.installation()
    lines(ground.head)  # the grants are kept on the account
    with django_assert_num_queries(1):
        lines(ground.head)
