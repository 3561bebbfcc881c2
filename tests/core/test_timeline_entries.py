"""The timeline of one record: events and import rows together, late entries, masks, paging."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from liaoyuan.core import clock, events, reads, registries, vault
from liaoyuan.core.choices import Channel, Event
from liaoyuan.core.models import ImportBatch, ImportRow
from liaoyuan.core.queries.timeline import MASK, timeline
from tests.core import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
KIND, KEY = "widget", "7"


@pytest.fixture
def user():
    return factories.user("wang", display_name="王某某")


@pytest.fixture
def imported(monkeypatch):
    """A kind of import that writes widgets; a maker of applied rows."""
    known = SimpleNamespace(fields={"name": "名称", "phone": "联系电话"}, subject_kind=KIND)
    other = SimpleNamespace(fields={}, subject_kind="other")
    monkeypatch.setattr(registries, "import_kinds", {"sheets": known, "others": other})
    district = factories.binhu()["district"]
    counter = iter(range(100))

    def make(at, kind="sheets", state="applied", **row):
        number = next(counter)
        batch = ImportBatch.objects.create(
            kind=kind, state=state, file_name="台账.xlsx", sha256="0" * 64, file_key=f"{number:064}",
            as_of=date(2026, 9, 30), area=district, created_at=at, applied_at=None if state == "staged" else at,
            undone_at=at if state == "undone" else None,
        )  # fmt: skip
        return ImportRow.objects.create(batch=batch, number=5, verdict="accept", object_id=7, **row)

    return make


def record(code="x.y", at=AT, **more):
    return events.record(code, (KIND, KEY, "小物件"), by=more.pop("by", None), at=at, **more)


def test_one_event_told(user, monkeypatch):
    monkeypatch.setitem(registries.event_titles, "x.y", "变更")
    with events.through(Channel.WEB):
        record(by=user, on_behalf="负责人来电", payload={"changes": {"name": ["旧", "新"], "same": [1, 1]}})
    (entry,) = timeline(KIND, KEY, user)
    assert (entry.title, entry.actor, entry.channel, entry.on_behalf) == ("变更", "王某某", "网页", "负责人来电")
    assert entry.happened_on == entry.recorded_on == clock.localdate(AT) and not entry.late
    assert [(d.field, d.old, d.new, d.masked) for d in entry.differences] == [("name", "旧", "新", False)]
    assert entry.who == "王某某 · 网页 · 代填：负责人来电"


def test_a_late_entry_shows_both_days(user):
    record(payload={"on": "2026-10-01"})
    (entry,) = timeline(KIND, KEY, user)
    assert entry.happened_on == date(2026, 10, 1) and entry.recorded_on == date(2026, 10, 26) and entry.late
    assert entry.recorded == date(2026, 10, 26) and entry.actor == "系统"


def test_only_this_record_and_a_code_without_words_stands_for_itself(user):
    record()
    events.record("x.y", (KIND, "77", ""), by=None, at=AT)
    events.record("x.y", ("other", KEY, ""), by=None, at=AT)
    (entry,) = timeline(KIND, 7, user)
    assert entry.title == "x.y"


def test_sensitive_values_never_show(user, imported):
    secret = vault.encrypt("13800001234", purpose="registry.phone")
    record(payload={"changes": {"phone": ["13800001234", ""], "name": [None, "甲"], "hidden": ["***", "***"]}})
    imported(
        AT + timedelta(hours=1),
        action="update",
        fields={"phone": secret},
        before={"phone": ["", secret], "_": {"version": 3}},
    )
    row, event = timeline(KIND, KEY, user)
    assert [(d.title, d.old, d.new, d.masked) for d in row.differences] == [("联系电话", "", MASK, True)]
    told = {d.field: (d.old, d.new) for d in event.differences}
    assert told == {"phone": (MASK, ""), "name": ("", "甲"), "hidden": (MASK, MASK)}
    assert "1380000" not in repr([row, event]) and secret not in repr([row, event])


def test_rows_of_imports_stand_among_the_events(user, imported):
    record(at=AT)
    moment = AT
    imported(moment + timedelta(hours=1), action="create", fields={"a": 3, "name": "甲"})
    imported(
        moment + timedelta(hours=2), action="update", fields={"name": "乙", "n": 3}, before={"name": "甲", "_": {}}
    )
    imported(moment + timedelta(hours=3), action="update", fields={"name": "丙"}, before={"name": ["乙", "丙"]},
             state="undone")  # fmt: skip
    imported(moment + timedelta(hours=4), kind="others", action="update", fields={}, before={})
    imported(moment + timedelta(hours=5), state="staged", action="update", fields={}, before={})
    told = timeline(KIND, KEY, user)
    assert [e.code for e in told] == [Event.IMPORT_APPLIED] * 3 + ["x.y"]
    assert [[(d.field, d.old, d.new) for d in e.differences] for e in told[:3]] == [
        [("name", "乙", "丙")],
        [("name", "甲", "乙")],
        [("name", "", "甲"), ("a", "", "3")],
    ]
    assert "已撤销" in told[0].note and "台账.xlsx 第 5 行" in told[1].note and told[1].batch is not None
    assert told[1].happened_on == date(2026, 9, 30) and told[1].late and told[1].channel == "导入"


def test_reading_is_shown_to_auditors_only(user):
    auditor = factories.user("shenji", ("audit_administrator", "all", ""), office="audit")
    record()
    reads.revealed((KIND, KEY, ""), field="phone", reason="核对", by=user, at=AT)
    reads.opened((KIND, KEY, ""), by=user, at=AT)
    assert [e.code for e in timeline(KIND, KEY, user)] == ["x.y"]
    assert {e.code for e in timeline(KIND, KEY, auditor)} == {"x.y", Event.REVEALED, Event.OPENED}


def test_pages_meet_without_gap_or_repeat(user, imported):
    """Events and rows, many at the very same moment: reading on by the cursor gives each entry once, in one order."""
    for number in range(7):
        record(payload={"note": f"e{number}"})
        imported(AT, action="create", fields={"name": f"i{number}"})
    record(at=AT + timedelta(minutes=1), payload={"note": "last"})
    whole = timeline(KIND, KEY, user, limit=100)
    assert len(whole) == 15 and whole[0].note == "last"
    for size in (1, 2, 3, 4, 15, 20):
        read, before = [], ""
        while part := timeline(KIND, KEY, user, limit=size, before=before):
            read += part
            before = part[-1].cursor
        assert [e.cursor for e in read] == [e.cursor for e in whole], size


def test_a_cursor_that_is_none_is_refused(user):
    for text in ("x", "a~b~c", "2026-10-26T00:00:00+08:00~e~x"):
        with pytest.raises(ValueError):
            timeline(KIND, KEY, user, before=text)
