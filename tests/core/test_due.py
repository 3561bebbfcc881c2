"""待办: sources of every floor, by deadline, at most twenty lines and an exact count; the bell says the same."""

from datetime import date, timedelta

import pytest
from django.test import RequestFactory

from liaoyuan.core import registries
from liaoyuan.core.models import ImportBatch, ImportRow, Parameter, SeparationSetting
from liaoyuan.core.queries import due
from liaoyuan.core.registries import DueItem, DueSource
from tests.core.factories import AT, binhu, user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)


def only(monkeypatch, *sources):
    monkeypatch.setattr(registries, "due_sources", {source.code: source for source in sources})


def fixed(code, days, permission=""):
    """A source with an item so many days ahead for each number; None = without a deadline."""

    def items(*, user, on, limit):
        made = [
            DueItem(f"{code}{n}", None if n is None else on + timedelta(days=n), f"/{code}/{n}/", "办理") for n in days
        ]
        made.sort(key=lambda item: item.due_on or date.max)
        return made[:limit], len(made)

    return DueSource(code, code, permission, items)


def test_lines_stand_by_deadline_and_those_without_one_come_last(monkeypatch):
    only(monkeypatch, fixed("a", [9, None, 2]), fixed("b", [5, 30]))
    found = due.todo(user("somebody"), TODAY)
    assert [item.title for item in found.items] == ["a2", "b5", "a9", "b30", "aNone"]
    assert found.total == 5


@pytest.mark.parametrize("count", [0, 19, 20, 21, 300])
def test_at_most_twenty_are_shown_and_all_are_counted(monkeypatch, count):
    only(monkeypatch, fixed("a", list(range(count))), fixed("b", [None]))
    found = due.todo(user("somebody"), TODAY)
    assert len(found.items) == min(count + 1, 20)
    assert found.total == count + 1
    assert [item.due_on for item in found.items[:3] if item.due_on] == [
        TODAY + timedelta(days=n) for n in range(min(count, 3))
    ]


def test_a_source_is_asked_only_of_those_who_hold_its_permission(monkeypatch):
    binhu()
    only(monkeypatch, fixed("open", [1]), fixed("edit", [2], "registry.edit"))
    assert due.todo(user("reader", ("leadership", "area", "320211")), TODAY).total == 1
    assert due.todo(user("writer", ("registry_officer", "area", "320211")), TODAY).total == 2


def test_the_bell_counts_once_per_request(monkeypatch):
    asked = []

    def items(*, user, on, limit):
        asked.append(limit)
        return [], 7

    only(monkeypatch, DueSource("a", "a", "", items))
    request = RequestFactory().get("/")
    request.user = user("somebody")
    assert [due.bell(request), due.bell(request)] == [7, 7]
    assert asked == [0]
    due.remember(request, 3)
    assert due.bell(request) == 3


def batch(by, state="staged", name="名册.xlsx", waiting=0):
    made = ImportBatch.objects.create(
        kind="organizations", state=state, file_name=name, sha256="0" * 64, file_key=f"{name}{state}", as_of=TODAY,
        area=binhu()["district"], created_at=AT, created_by=by, applied_at=AT if state == "applied" else None,
    )  # fmt: skip
    for number in range(waiting):
        ImportRow.objects.create(batch=made, number=number + 1, verdict="review")
    ImportRow.objects.create(batch=made, number=900, verdict="review", confirmed=True)
    ImportRow.objects.create(batch=made, number=901, verdict="accept")
    return made


def test_my_own_staged_batches_wait_and_nobody_elses():
    me, other = user("me"), user("other")
    mine = batch(me, waiting=3)
    batch(me, state="applied")
    batch(other, name="别人的.xlsx")
    items, total = due.batches_waiting(user=me, on=TODAY, limit=20)
    assert total == 1
    assert [(item.url, item.due_on) for item in items] == [(f"/imports/{mine.pk}/", None)]
    assert "名册.xlsx" in items[0].title
    assert "3 行" in items[0].title


def draft(by, jurisdiction="320211", **more):
    return Parameter.objects.create(
        key="filing.members_min", jurisdiction=jurisdiction, valid_from=TODAY, value=5, status="draft", origin="local",
        source="区规程", edited_at=AT, edited_by=by, **more,
    )  # fmt: skip


def test_a_second_person_confirms_drafts_of_the_own_area():
    binhu()
    editor = user("editor", ("registry_officer", "area", "320211"))
    head = user("head", ("registry_head", "area", "320211"))
    elsewhere = user("elsewhere", ("registry_head", "area", "320213"))
    row = draft(editor)
    draft(editor, withdrawn_at=AT, withdrawn_by=editor)
    assert due.parameters_to_confirm(user=head, on=TODAY, limit=20)[1] == 1
    assert due.parameters_to_confirm(user=elsewhere, on=TODAY, limit=20) == ([], 0)
    Parameter.objects.filter(pk=row.pk).update(edited_by=head)
    assert due.parameters_to_confirm(user=head, on=TODAY, limit=20) == ([], 0)


def test_the_auditor_signs_a_lowering_that_somebody_else_set():
    setter, auditor = user("setter"), user("auditor", office="audit")
    for lowers, signed in ((True, False), (False, False), (True, True)):
        SeparationSetting.objects.create(
            level="trial", valid_from=TODAY, set_at=AT, set_by=setter, lowers=lowers,
            signed_at=AT if signed else None, signed_by=auditor if signed else None,
        )  # fmt: skip
    assert due.levels_to_sign(user=auditor, on=TODAY, limit=20)[1] == 1
    assert due.levels_to_sign(user=setter, on=TODAY, limit=20)[1] == 0
