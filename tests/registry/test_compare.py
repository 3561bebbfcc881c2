"""对账: planted differences are found, all and nothing else; what was decided stays decided."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from liaoyuan.core import registries, staging
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import comparing, differing, imports, install, parameters
from liaoyuan.core.actions import retention as ending
from liaoyuan.core.models import AuditEvent, Comparison, Difference, DifferenceDecision, ImportBatch
from liaoyuan.core.queries import comparing as queries
from liaoyuan.kit.findings import Refused
from liaoyuan.kit.sheets import reading
from liaoyuan.registry.actions import demo
from liaoyuan.registry.exports import organizations as exports
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries import counts
from tests.truth import planted

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
DAY = date(2026, 10, 26)
BY = Operator("tests")


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """The demo's bodies, built once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        install.load_areas(at=AT)
        parameters.sync_shipped(at=AT)
        demo.build(scale=1, seed=1026, by=BY, at=AT, say=lambda text: None)
        yield counts.home_area()
        transaction.set_rollback(True)


@pytest.fixture
def area(district, db):
    return district


def exported(path, as_of=DAY):
    exports.export_organizations(path=path, form="csv", by=BY, at=AT, as_of=as_of)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(path, rows, encoding="utf-8-sig"):
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return path


def compare(path, area, as_of=DAY, kind="organizations", **more):
    order = staging.Order(kind=kind, path=path, file_name=path.name, area=area, as_of=as_of, **more)
    return comparing.compare_file(order=order, by=BY, at=AT)[0]


def told(comparison, **narrowed):
    return {(d.sort, d.key, d.field) for d in Difference.objects.filter(comparison=comparison, **narrowed)}


@pytest.mark.parametrize(("seed", "as_of", "encoding"), [(1, DAY, "utf-8-sig"), (2, date(2025, 6, 30), "gb18030")])
def test_all_planted_differences_are_found_and_nothing_else(area, tmp_path, seed, as_of, encoding):
    rows = exported(tmp_path / "ours.csv", as_of)
    assert told(compare(tmp_path / "ours.csv", area, as_of)) == set()
    done = planted.plant(rows, seed=seed, missing=10, extra=8)
    assert len(done.told) == 60
    found = compare(written(tmp_path / "theirs.csv", done.rows, encoding), area, as_of)
    assert told(found) - done.told == set()
    assert done.told - told(found) == set()
    assert not {key for _sort, key, _field in told(found)} & done.controls
    touched = {key for sort, key, _field in done.told if sort != "there"}
    assert found.counts["same"] == len(rows) - len(touched)


def test_what_was_decided_is_not_asked_again(area, tmp_path):
    rows = exported(tmp_path / "ours.csv")
    done = planted.plant(rows, seed=3)
    path = written(tmp_path / "theirs.csv", done.rows)
    first = compare(path, area)
    chosen = list(first.differences.order_by("pk")[:20])
    some = differing.decide(
        comparison=first, chosen={d.pk: 0 for d in chosen}, outcome="ours", note_text="已电话核对", by=BY, at=AT
    )
    assert (some.done, some.taken, some.unfit) == (20, [], [])
    second = compare(path, area)
    assert told(second) == told(first)
    known = {(d.sort, d.key, d.field) for d in chosen}
    assert told(second, decision__outcome="ours") == known
    assert told(second, decision=None) == told(first) - known
    report = queries.report(second)
    assert set(report) == {"only_there", "only_here", "differing", "same"}
    assert len(report["only_there"]) + len(report["only_here"]) + len(report["differing"]) == len(done.told) - 20
    again = planted.plant(rows, seed=3)
    other = next(row for row in again.rows if planted.key_of(row) in {k for s, k, f in known if f == "full_time"}
                 or row["专职人数"])  # fmt: skip
    other["专职人数"] = str(int(other["专职人数"]) + 50)  # another value there is a new question
    third = compare(written(tmp_path / "later.csv", again.rows), area)
    assert ("cell", planted.key_of(other), "full_time") in told(third, decision=None)


def test_theirs_become_one_batch_that_is_undone_as_one(area, tmp_path):
    rows = exported(tmp_path / "ours.csv")
    done = planted.plant(rows, seed=4)
    path = written(tmp_path / "theirs.csv", done.rows)
    first = compare(path, area)
    before = list(Standing.objects.current().order_by("organization_id", "valid_from").values())
    cells = {d.pk: 0 for d in first.differences.filter(sort="cell")}
    there = {d.pk: 0 for d in first.differences.filter(sort="there")}
    some = differing.decide(comparison=first, chosen=cells | there, outcome="theirs", by=BY, at=AT)
    assert {d.field for d in some.unfit} == {"part_time"}  # empty there: nothing to take over
    batch = differing.bring_in(comparison=first, by=BY, at=AT)
    assert Standing.objects.current().count() == len(before), "nothing is written before the import"
    assert differing.bring_in(comparison=first, by=BY, at=AT) == batch
    actions = Counter(batch.rows.values_list("action", flat=True))
    assert actions == {"update": len(cells) - 1, "create": len(there)}
    assert not batch.rows.filter(verdict="reject").exists()
    kind = registries.import_kinds["organizations"]
    kind.apply(batch=batch, confirm_review=True, by=BY, at=AT)
    left = told(compare(path, area))
    outside = {(s, k, f) for s, k, f in done.told if s == "here" or f == "part_time"}
    assert left == outside
    kind.undo(batch=ImportBatch.objects.get(pk=batch.pk), by=BY, at=AT)
    facts = [
        {n: v for n, v in row.items() if n not in ("id", "recorded_at", "recorded_by_id", "superseded_at", "assumed")}
        for row in Standing.objects.current().order_by("organization_id", "valid_from").values()
    ]
    was = [{n: row[n] for n in facts[0]} for row in before]
    assert facts == was
    assert told(compare(path, area)) == told(first)


def test_the_list_to_send_back_stands_in_their_columns(area, tmp_path):
    rows = exported(tmp_path / "ours.csv")
    done = planted.plant(rows, seed=5)
    first = compare(written(tmp_path / "theirs.csv", done.rows), area)
    one = first.differences.get(field="address")
    here = first.differences.filter(sort="here").first()
    phone = first.differences.get(field="phone")
    differing.decide(
        comparison=first, chosen={one.pk: 0, here.pk: 0, phone.pk: 0}, outcome="ours", note_text="以证书为准", by=BY,
        at=AT,
    )  # fmt: skip
    out, twin = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    assert queries.write_returns(first, out) == 3
    queries.write_returns(first, twin)
    assert out.read_bytes() == twin.read_bytes()
    sheet = [list(cells) for _number, cells in reading.open_table(out).rows()]
    assert sheet[0] == [*rows[0], "回填说明"]
    by_key = {planted.key_of(row): row for row in exported(tmp_path / "again.csv")}
    lines = {line[1] or line[2]: dict(zip(sheet[0], line, strict=True)) for line in sheet[1:]}
    assert set(lines) == {one.key, here.key, phone.key}
    changed = lines[one.key]
    assert changed["住所"] == by_key[one.key]["住所"] and changed["业务范围"] in (None, "")
    assert "乙室 改为" in changed["回填说明"] and "以证书为准" in changed["回填说明"]
    assert lines[here.key]["所属街道"] == by_key[here.key]["所属街道"]
    assert "*" in lines[phone.key]["联系电话"] and "19900000001" not in str(lines)


def test_no_telephone_number_stands_in_clear(area, tmp_path):
    rows = exported(tmp_path / "ours.csv")
    done = planted.plant(rows, seed=6)
    first = compare(written(tmp_path / "theirs.csv", done.rows), area)
    one = first.differences.get(field="phone")
    assert "19900000001" not in str(list(Difference.objects.values_list())) and one.there["phone"].startswith("v1.")
    shown = queries.shown([one], first)[0]
    assert "*" in shown["there"] and "*" in shown["here"]


def test_who_comes_second_is_told(area, tmp_path):
    rows = exported(tmp_path / "ours.csv")
    first = compare(written(tmp_path / "theirs.csv", planted.plant(rows, seed=7).rows), area)
    one = first.differences.first()
    differing.decide(comparison=first, chosen={one.pk: 0}, outcome="ours", by=BY, at=AT)
    late = differing.decide(comparison=first, chosen={one.pk: 0}, outcome="ask", by=BY, at=AT)
    assert (late.done, [d.pk for d in late.taken]) == (0, [one.pk])
    one.refresh_from_db()
    assert one.decision.outcome == "ours"
    anew = differing.decide(comparison=first, chosen={one.pk: one.decision_id}, outcome="ask", by=BY, at=AT)
    assert anew.done == 1
    one.refresh_from_db()
    assert one.decision.outcome == "ask"
    for chosen, outcome in (({}, "ours"), ({one.pk: 0}, "maybe"), (dict.fromkeys(range(1, 502), 0), "ours")):
        with pytest.raises(Refused):
            differing.decide(comparison=first, chosen=chosen, outcome=outcome, by=BY, at=AT)
    with pytest.raises(Refused):
        differing.bring_in(comparison=first, by=BY, at=AT)


def everything(comparison, outcome, asked=queries.Asked(), seen=None):  # noqa: B008 - a tuple of texts
    seen = queries.stamp(queries.matching(comparison, asked)).text if seen is None else seen
    return differing.decide_matching(comparison=comparison, asked=asked, seen=seen, outcome=outcome, by=BY, at=AT)


def test_all_that_a_list_shows_are_decided_in_one_step_and_each_can_be_taken_back(area, tmp_path):
    rows = exported(tmp_path / "ours.csv")
    path = written(tmp_path / "theirs.csv", planted.plant(rows, seed=8).rows)
    first, twin = compare(path, area), compare(path, area)
    cells = first.differences.filter(sort="cell").count()
    one = first.differences.filter(sort="here").first()
    differing.decide(comparison=first, chosen={one.pk: 0}, outcome="ask", by=BY, at=AT)
    some = everything(first, "theirs", queries.Asked(sort="cell"))
    assert {d.field for d in some.unfit} == {"part_time"} and some.done == cells - 1
    assert told(first, decision__outcome="theirs") == told(first, sort="cell") - told(first, field="part_time")
    assert told(twin, decision__outcome="theirs") == told(first, decision__outcome="theirs"), "the twin learns of it"
    back = first.differences.filter(decision__outcome="theirs").first()
    differing.decide(comparison=first, chosen={back.pk: back.decision_id}, outcome="ours", by=BY, at=AT)
    assert first.differences.filter(decision__outcome="theirs").count() == some.done - 1
    rest = everything(first, "ours")
    outer = first.differences.filter(sort__in=["there", "here"])
    assert rest.done == len(outer.exclude(pk=one.pk)) + len(some.unfit)
    one.refresh_from_db()
    assert one.decision.outcome == "ask" and not first.differences.filter(decision=None).exists()
    assert everything(first, "ours", queries.Asked(tab="ask")).done == 1
    assert DifferenceDecision.objects.filter(superseded_at__isnull=False).count() == 2
    event = AuditEvent.objects.filter(code="compare.decided").latest("pk")
    assert event.payload["asked"] == {"tab": "ask"} and event.payload["count"] == 1


def test_a_list_in_which_somebody_decided_meanwhile_is_left_alone(area, tmp_path, monkeypatch):
    rows = exported(tmp_path / "ours.csv")
    first = compare(written(tmp_path / "theirs.csv", planted.plant(rows, seed=9).rows), area)
    for tab in ("", "all"):
        asked = queries.Asked(tab=tab)
        seen = queries.stamp(queries.matching(first, asked)).text
        one = first.differences.filter(decision=None).first()
        differing.decide(comparison=first, chosen={one.pk: 0}, outcome="ask", by=BY, at=AT)
        with pytest.raises(Refused, match="已被处理"):
            everything(first, "ours", asked, seen)
        seen = queries.stamp(queries.matching(first, queries.Asked(tab="all"))).text
        one.refresh_from_db()
        differing.decide(comparison=first, chosen={one.pk: one.decision_id}, outcome="ours", by=BY, at=AT)
        with pytest.raises(Refused, match="已被处理"):
            everything(first, "ours", queries.Asked(tab="all"), seen)
    assert first.differences.filter(decision__isnull=False).count() == 2
    for outcome in ("ask", "maybe"):
        with pytest.raises(Refused, match="处理办法"):
            everything(first, outcome)
    with pytest.raises(Refused, match="没有符合条件"):
        everything(first, "ours", queries.Asked(text="没有这样的名称"))
    monkeypatch.setattr(differing, "MOST_MATCHING", 3)
    with pytest.raises(Refused, match="一次最多处理 3 处"):
        everything(first, "ours")


def test_differences_go_when_their_time_is_over_and_what_was_decided_stays(area, tmp_path):
    rows = exported(tmp_path / "ours.csv")
    path = written(tmp_path / "theirs.csv", planted.plant(rows, seed=10).rows)
    old = compare(path, area)
    one = old.differences.order_by("pk").first()
    differing.decide(comparison=old, chosen={one.pk: 0}, outcome="ours", by=BY, at=AT)
    fresh = compare(path, area)
    for days, due in ((364, 0), (365, 0), (366, 1)):
        Comparison.objects.filter(pk=old.pk).update(created_at=AT - timedelta(days=days))
        lines = {line["code"]: line for line in ending.run(at=AT, by=BY, dry_run=True)}
        assert lines["comparisons"]["due"] == due
    assert {line["code"]: line["ended"] for line in ending.run(at=AT, by=BY)}["comparisons"] == 1
    old.refresh_from_db()
    assert old.state == "ended" and not old.differences.exists() and fresh.differences.exists()
    assert told(compare(path, area), decision__outcome="ours") == {(one.sort, one.key, one.field)}
    assert not any(line["ended"] for line in ending.run(at=AT, by=BY))


def test_a_list_of_another_sort_does_not_accuse_the_rest(area, tmp_path):
    rows = [row for row in exported(tmp_path / "ours.csv") if row["统一社会信用代码"] and not row["注销日期"]]
    found = compare(written(tmp_path / "live.csv", rows), area)
    assert told(found) == set()
    assert any("备案组织" in line for line in found.notes) and any("已终止" in line for line in found.notes)


def test_filings_are_compared_as_their_form_is_read(area, tmp_path):
    exports.export_filings(path=tmp_path / "f.csv", form="csv", by=BY, at=AT, as_of=DAY)
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[3]["成员数"] = str(int(rows[3]["成员数"] or 0) + 4)
    gone = rows.pop(5)
    found = compare(written(tmp_path / "g.csv", rows), area, kind="filings")
    assert told(found) == {("cell", rows[3]["备案号"], "member_count"), ("here", gone["备案号"], "")}
    assert Organization.objects.filter(filing_no=gone["备案号"]).exists()
    assert Comparison.objects.filter(pk=found.pk, state="done").exists()
    assert imports  # the batch's own tests say what importing does
