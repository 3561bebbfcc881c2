"""Applying and undoing: what is written, that a second import changes nothing, that an undo leaves no trace."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from liaoyuan.core import staging
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import imports as decisions
from liaoyuan.core.actions import install
from liaoyuan.core.models import Area, AuditEvent, ImportBatch
from liaoyuan.core.queries import batches as import_queries
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets import writing
from liaoyuan.registry.actions import batches
from liaoyuan.registry.models import OPEN, Organization, Rating, Standing
from liaoyuan.registry.queries.standings import FACTS
from tests.truth.build import build

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
BY = Operator("test")
HEAD = [
    "名称",
    "统一社会信用代码",
    "类型",
    "所属街道",
    "成立日期",
    "专职人数",
    "评估等级",
    "评估时间",
    "状态",
    "注销日期",
    "信用状态",
]
ONE = [
    "滨湖演示甲服务中心",
    "52329911MJ100001XH",
    "民办非企业单位",
    "蠡园街道",
    "2015-03-01",
    5,
    "4A",
    "2022-05-01",
    "正常",
    "",
    "",
]


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory):
    return build(Path(tmp_path_factory.mktemp("truth")))


@pytest.fixture
def areas(transactional_db, monkeypatch):
    """Of the country the province: to load and empty all of it for each test would be half of the file's time."""
    whole = install._rows
    monkeypatch.setattr(install, "_rows", lambda name: (row for row in whole(name) if row["code"].startswith("32")))
    install.load_areas(at=AT)


def order(path: Path, *, as_of: str = "2026-10-26", unit: str | None = None, sheet: str | None = None):
    return staging.Order(
        kind="organizations", path=path, file_name=path.name, area=Area.objects.get(code="320211"),
        as_of=date.fromisoformat(as_of), unit=unit, sheet=sheet,
    )  # fmt: skip


def load(path: Path, at=AT, *, confirm=True, **options) -> ImportBatch:
    batch = staging.stage(order(path, **options), by=BY, at=at)
    return batches.apply_batch(batch=batch, confirm_review=confirm, by=BY, at=at)


def sheet(path: Path, *rows: list) -> Path:
    writing.write_csv(path, [writing.Column(head) for head in HEAD], iter(rows))
    return path


SECRETS = {"phone", "representative_id"}


def picture() -> list[tuple]:
    """Everything that is known now about organizations that are not void, without keys, moments and ciphertext."""
    names = [f for f in FACTS if f not in SECRETS]
    rows = Standing.objects.current().order_by("organization__code", "organization__filing_no", "name", "valid_from")
    standings = list(
        rows.values_list("organization__code", "organization__filing_no", "organization__registered_on",
                         "organization__closed_on", "organization__live", "valid_from", "valid_to", "assumed", *names)
    )  # fmt: skip
    ratings = Rating.objects.current().filter(organization__voided_at__isnull=True)
    kept = list(ratings.order_by("organization__code", "valid_from", "level").values_list(
        "organization__code", "level", "valid_from", "valid_to", "assumed"))  # fmt: skip
    return [*standings, *kept]


def test_equal_registers_from_all_encodings(fixtures, areas):
    """The rows that every format can hold give the same register, whatever they came in."""
    pictures = {}
    for fixture in fixtures[:7]:
        load(fixture.path, unit=fixture.options.get("unit"), sheet=fixture.options.get("sheet"))
        pictures[fixture.format + str(fixture.encoding)] = {str(row) for row in picture()}
        for batch in ImportBatch.objects.filter(state="applied"):
            batches.undo_batch(batch=batch, by=BY, at=LATER)
        assert picture() == []
    common = set.intersection(*pictures.values())
    smallest = min(len(p) for p in pictures.values())
    assert smallest > 400
    assert len(common) >= smallest * 0.85


def test_a_second_import_changes_nothing(fixtures, areas):
    fixture = fixtures[0]
    load(fixture.path, sheet=fixture.options.get("sheet"))
    before = picture()
    again = staging.stage(order(fixture.path, sheet=fixture.options.get("sheet")), by=BY, at=LATER)
    twice = {key for key, n in Counter(again.rows.exclude(key="").values_list("key", flat=True)).items() if n > 1}
    changed = again.rows.filter(action__in=["create", "update"], verdict="accept").exclude(key__in=twice)
    assert [(r.number, r.label, r.before) for r in changed] == []
    batches.apply_batch(batch=again, confirm_review=True, by=BY, at=LATER)
    now = picture()
    assert [row for row in before if row not in now] == []
    assert [row for row in now if row not in before] == []


def test_the_same_file_while_pending_is_the_same_batch(fixtures, areas):
    first = staging.stage(order(fixtures[2].path), by=BY, at=AT)
    assert staging.stage(order(fixtures[2].path), by=BY, at=LATER).pk == first.pk


def test_dates_of_first_values_changes_and_closing(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", ONE))
    organization = Organization.objects.get(code=ONE[1])
    history = list(
        Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from")
    )
    assert [(h.valid_from, h.valid_to, h.full_time) for h in history] == [
        (date(2015, 3, 1), date(2026, 10, 26), None),
        (date(2026, 10, 26), OPEN, 5),
    ]
    assert history[0].name == ONE[0] and history[0].assumed == ["*"]
    closed = [*ONE[:8], "已注销", "2026-10-30", ""]
    load(sheet(tmp_path / "b.csv", closed), at=LATER, as_of="2026-11-02")
    organization.refresh_from_db()
    assert (organization.live, organization.closed_on) == (False, date(2026, 10, 30))
    assert list(Standing.objects.filter(organization=organization, superseded_at__isnull=True).order_by("valid_from")
                .values_list("status", "valid_from")) == [
        ("active", date(2015, 3, 1)), ("active", date(2026, 10, 26)), ("deregistered", date(2026, 10, 30)),
    ]  # fmt: skip


def test_an_undo_restores_what_was_known(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", ONE))
    before = picture()
    changed = [
        "滨湖演示甲公益服务中心",
        ONE[1],
        ONE[2],
        "河埒街道",
        "2015-03-02",
        8,
        "5A",
        "2025-05-01",
        "正常",
        "",
        "异常名录",
    ]
    other = ["滨湖演示乙协会", "51329911MJ1000044A", "社会团体", "雪浪街道", "2019-01-01", 1, "", "", "正常", "", ""]
    second = load(sheet(tmp_path / "b.csv", changed, other), at=LATER, as_of="2026-11-02")
    assert picture() != before
    batches.undo_batch(batch=second, by=BY, at=LATER)
    assert picture() == before
    assert Organization.objects.get(code=other[1]).voided_at is not None
    with pytest.raises(Refused):
        batches.undo_batch(batch=second, by=BY, at=LATER)


def test_an_undo_is_refused_whole_when_a_fact_was_touched_later(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", ONE))
    changed = [*ONE[:5], 8, *ONE[6:]]
    second = load(sheet(tmp_path / "b.csv", changed), at=LATER, as_of="2026-11-02")
    load(sheet(tmp_path / "c.csv", [*ONE[:5], 9, *ONE[6:]]), at=LATER, as_of="2026-11-03")
    before = picture()
    with pytest.raises(Refused) as refused:
        batches.undo_batch(batch=second, by=BY, at=LATER)
    assert ONE[0] in str(refused.value)
    assert picture() == before


def test_an_undo_passes_by_a_later_change_of_another_fact(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", ONE))
    second = load(sheet(tmp_path / "b.csv", [*ONE[:5], 8, *ONE[6:]]), at=LATER, as_of="2026-11-02")
    load(sheet(tmp_path / "c.csv", [*ONE[:3], "河埒街道", ONE[4], "", *ONE[6:]]), at=LATER, as_of="2026-11-03")
    batches.undo_batch(batch=second, by=BY, at=LATER)
    now = Standing.objects.now_open().get(organization__code=ONE[1])
    assert (now.full_time, now.street.name) == (5, "河埒街道")


def test_a_change_after_the_comparison_makes_the_batch_stale(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", ONE))
    waiting = staging.stage(order(sheet(tmp_path / "b.csv", [*ONE[:5], 8, *ONE[6:]])), by=BY, at=LATER)
    load(sheet(tmp_path / "c.csv", [*ONE[:5], 9, *ONE[6:]]), at=LATER, as_of="2026-11-01")
    with pytest.raises(Refused, match="重新比对"):
        batches.apply_batch(batch=waiting, by=BY, at=LATER)
    assert Standing.objects.now_open().get(organization__code=ONE[1]).full_time == 9


def test_review_rows_wait_until_somebody_decides(areas, tmp_path):
    doubtful = [*ONE[:4], "2015-03", *ONE[5:]]
    batch = staging.stage(order(sheet(tmp_path / "a.csv", doubtful)), by=BY, at=AT)
    assert import_queries.waiting(batch) == 1
    row = batch.rows.get(number=2)
    cells = dict(zip(["name", "code", "kind", "street", "registered_on"], [*ONE[:4], "2015年3月8日"], strict=True))
    decisions.correct_row(row=row, cells=cells, by=BY, at=AT)
    row.refresh_from_db()
    assert (row.verdict, row.fields["registered_on"]) == ("accept", "2015-03-08")
    batches.apply_batch(batch=batch, by=BY, at=AT)
    assert Organization.objects.get().registered_on == date(2015, 3, 8)


def test_a_month_only_is_kept_as_a_month(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", [*ONE[:4], "2015-03", *ONE[5:]]))
    now = Standing.objects.now_open().get()
    assert now.precision == {"registered_on": "M"}
    again = staging.stage(order(sheet(tmp_path / "b.csv", [*ONE[:4], "2015年3月", *ONE[5:]])), by=BY, at=LATER)
    assert again.rows.get(number=2).action == "unchanged"


def test_a_code_once_confirmed_is_not_asked_about_again(areas, tmp_path):
    """Its check digit is wrong (really issued codes can be): it waits once, then belongs to the body."""
    wrong = ONE[1][:-1] + ("A" if ONE[1][-1] != "A" else "B")
    first = load(sheet(tmp_path / "a.csv", [ONE[0], wrong, *ONE[2:]]), confirm=False)
    assert first.rows.get(number=2).verdict == "review" and not Organization.objects.exists()
    load(sheet(tmp_path / "b.csv", [ONE[0], wrong, *ONE[2:5], 6, *ONE[6:]]))
    again = load(sheet(tmp_path / "c.csv", [ONE[0], wrong, *ONE[2:5], 9, *ONE[6:]]), at=LATER, confirm=False)
    assert again.rows.get(number=2).verdict == "accept"
    assert Standing.objects.now_open().get().full_time == 9
    other = load(sheet(tmp_path / "d.csv", [ONE[0], wrong[:-1] + "C", *ONE[2:]]), at=LATER, confirm=False)
    assert other.rows.get(number=2).verdict == "review", "another wrong code is another question"


def test_a_code_that_was_no_code_is_kept_beside(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", [ONE[0], "5232991", *ONE[2:]]))
    organization = Organization.objects.get()
    assert (organization.code, organization.code_as_given) == ("", "5232991")


def test_secrets_never_stand_in_clear(areas, tmp_path):
    path = tmp_path / "a.csv"
    heads = ["名称", "备案号", "街道", "负责人", "身份证号", "电话"]
    rows = [
        ["演示邻里社", "滨备001", "蠡园街道", "演示人", "110101199003070011", "19900001234"],
        ["演示文体队", "滨备002", "不知何处街道", "演示人", "110101199003070012", "19900001235"],
    ]
    writing.write_csv(path, [writing.Column(h) for h in heads], iter(rows))
    batch = staging.stage(
        staging.Order(kind="filings", path=path, file_name="a.csv", area=Area.objects.get(code="320211"),
                      as_of=date(2026, 10, 26)), by=BY, at=AT)  # fmt: skip
    batches.apply_batch(batch=batch, confirm_review=True, by=BY, at=AT)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                assert "1990030700" not in str(row) and "1990000123" not in str(row), table
    assert Standing.objects.now_open().filter(kind="BA").count() == 2


def test_one_event_tells_the_batch(areas, tmp_path):
    load(sheet(tmp_path / "a.csv", ONE))
    event = AuditEvent.objects.get(code="import.applied")
    assert len(event.payload["digest"]) == 64
    assert event.actor_name == "operator:test"
