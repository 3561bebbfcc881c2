"""What an import writes is prepared while nothing is locked, and taken over whole or not at all."""

import sqlite3
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection

from liaoyuan.core import bulk, staging
from liaoyuan.core.actions import imports
from liaoyuan.core.choices import BatchState
from liaoyuan.core.models import Area, AuditEvent, ImportBatch, SearchDocument
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets import writing
from liaoyuan.registry.actions import batches, organizations, preparing
from liaoyuan.registry.models import Organization, Rating, Standing
from tests.core import factories as core
from tests.registry.factories import OPERATOR, code

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 27, 2, 0, tzinfo=UTC)
HEAD = ("名称", "统一社会信用代码", "类型", "成立日期", "评估等级", "评估时间", "2024年年检结论", "专职人数")


def line(number: int, *, level: str = "3A", people: int = 2, name: str = "") -> tuple:
    return (name or f"水杉{number}服务中心", code("MF", number), "民办非企业单位", f"2015-03-{number % 28 + 1:02d}",
            level, "2023-05-01", "合格", people)  # fmt: skip


def stage(path, rows, as_of: date = date(2026, 10, 26), at: datetime = AT) -> ImportBatch:
    writing.write_csv(path, [writing.Column(head) for head in HEAD], iter(rows))
    area = Area.objects.filter(code="320211").first() or core.area("320211")
    order = staging.Order(kind="organizations", path=path, file_name=path.name, area=area, as_of=as_of)
    return staging.stage(order, by=OPERATOR, at=at)


def bring_in_and_change(tmp_path) -> tuple[ImportBatch, ImportBatch]:
    first = stage(tmp_path / "first.csv", [line(n) for n in range(30)])
    first = batches.apply_batch(batch=first, confirm_review=True, by=OPERATOR, at=AT)
    rows = [line(n, level="5A", people=9, name="" if n % 3 else f"银杏{n}服务中心") for n in range(20, 40)]
    second = stage(tmp_path / "second.csv", rows, date(2026, 10, 27), LATER)
    second = batches.apply_batch(batch=second, confirm_review=True, by=OPERATOR, at=LATER)
    return first, second


def before_the_lock(monkeypatch, happens) -> None:
    """Let something happen when all is prepared and nothing locked yet."""

    def settled(spool):
        happens()
        ready(spool)

    ready = bulk.Spool.settled
    monkeypatch.setattr(bulk.Spool, "settled", settled)


def goes_in_and_comes_out(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(preparing, "PORTION", 7)
    first, second = bring_in_and_change(tmp_path)
    assert (first.counts["written:create"], first.counts["written:update"]) == (30, 0)
    assert (second.counts["written:create"], second.counts["written:update"]) == (10, 10)
    now = {s.organization.code: s for s in Standing.objects.now_open().select_related("organization")}
    assert len(now) == 40
    for n in range(40):
        fact = now[code("MF", n)]
        assert fact.full_time == (9 if n >= 20 else 2), n
        assert fact.name == (f"银杏{n}服务中心" if n >= 20 and n % 3 == 0 else f"水杉{n}服务中心"), n
        assert Rating.objects.current().get(organization=fact.organization).level == ("5A" if n >= 20 else "3A")
        assert SearchDocument.objects.get(kind="organization", object_id=fact.organization_id).title == fact.name
    told = AuditEvent.objects.filter(code="import.applied").order_by("pk")
    for batch, event in zip((first, second), told, strict=True):
        assert event.payload["digest"] == preparing.digest(batch)
    assert second.rows.with_record().count() == second.rows.count()
    batches.undo_batch(batch=second, by=OPERATOR, at=LATER)
    undone = AuditEvent.objects.get(code="import.undone")
    assert undone.payload["digest"] == preparing.digest(second)
    assert undone.payload["rows"] == 20
    live = Standing.objects.now_open().values_list("name", "full_time")
    assert sorted(live) == sorted((f"水杉{n}服务中心", 2) for n in range(30))
    assert set(Rating.objects.current().filter(organization__voided_at=None).values_list("level", flat=True)) == {"3A"}
    assert SearchDocument.objects.filter(kind="organization").count() == 30


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_over_is_what_the_files_say(tmp_path, monkeypatch):
    """As an installation runs: the spool is a file of its own on SQLite."""
    goes_in_and_comes_out(tmp_path, monkeypatch)
    assert not [path for path in settings.HOME.iterdir() if path.name.startswith(".spool")]


@pytest.mark.django_db
def test_within_a_transaction_the_outcome_is_the_same(tmp_path, monkeypatch):
    """Temporary tables hold the spool there."""
    goes_in_and_comes_out(tmp_path, monkeypatch)


@pytest.mark.django_db
def test_a_row_decided_while_the_rows_were_prepared_is_not_written_as_it_was(tmp_path, monkeypatch):
    batch = stage(tmp_path / "a.csv", [line(1), line(2)])
    row = batch.rows.get(number=2)
    cells = {"name": "改过的服务中心", "code": code("MF", 1), "kind": "民办非企业单位"}
    before_the_lock(monkeypatch, lambda: imports.correct_row(row=row, cells=cells, by=OPERATOR, at=AT))
    with pytest.raises(Refused) as refused:
        batches.apply_batch(batch=batch, by=OPERATOR, at=AT)
    assert refused.value.findings[0].code == "IMP-STALE"
    assert not Organization.objects.exists()
    monkeypatch.undo()
    batches.apply_batch(batch=batch, confirm_review=True, by=OPERATOR, at=AT)
    assert set(Standing.objects.now_open().values_list("name", flat=True)) == {"改过的服务中心", "水杉2服务中心"}


@pytest.mark.django_db
def test_a_body_changed_while_the_undo_was_prepared_is_not_overwritten(tmp_path, monkeypatch):
    first = stage(tmp_path / "a.csv", [line(n) for n in range(3)])
    batches.apply_batch(batch=first, confirm_review=True, by=OPERATOR, at=AT)
    second = stage(tmp_path / "b.csv", [line(n, people=9) for n in range(3)], date(2026, 10, 27), LATER)
    second = batches.apply_batch(batch=second, confirm_review=True, by=OPERATOR, at=LATER)
    before_the_lock(monkeypatch, lambda: organizations.touched(Organization.objects.get(code=code("MF", 1))))
    with pytest.raises(Refused) as refused:
        batches.undo_batch(batch=second, by=OPERATOR, at=LATER)
    assert [f.code for f in refused.value.findings] == ["IMP-UNDO"]
    assert "水杉1服务中心" in str(refused.value.findings[0].args)
    second.refresh_from_db()
    assert second.state == BatchState.APPLIED
    assert set(Standing.objects.now_open().values_list("full_time", flat=True)) == {9}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="on PostgreSQL writers do not wait for each other")
def test_nobody_waits_while_rows_are_prepared(tmp_path, monkeypatch):
    batch = stage(tmp_path / "a.csv", [line(n) for n in range(20)])
    name = connection.settings_dict["NAME"]
    monkeypatch.setattr(preparing, "PORTION", 5)
    tried = []
    added = bulk.Spool.add

    def add(spool, table, rows):
        other = sqlite3.connect(name, uri=str(name).startswith("file:"), timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        other.close()
        tried.append(table)
        return added(spool, table, rows)

    monkeypatch.setattr(bulk.Spool, "add", add)
    batches.apply_batch(batch=batch, by=OPERATOR, at=AT)
    assert tried.count("organizations") == 4
    assert Organization.objects.count() == 20
