"""F09 in and out: a truth table of its own, no wrong value accepted silently; sealed bases; undo; the way back."""

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import registries, staging, vault
from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import Area, AuditEvent, ImportBatch, ImportRow
from liaoyuan.core.queries import batches
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import dues, dues_money
from liaoyuan.party.models import Due, DuesBase, DuesUse
from liaoyuan.party.queries import dues as queries
from tests.party import factories as make
from tests.party.factories import AT
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
AS_OF, NAME = date(2026, 10, 26), "演示甲党支部"
HEAD = ("月份", "姓名", "计费基数", "比例", "应交", "实交", "补交月份", "减免(批准文号)", "交费日期", "收款人",
        "交纳标准", "所在党支部")  # fmt: skip
#: base in yuan, category as written → (code, percent by the table of handbook §2.9)
KINDS = (("3000", "按月领取工资", "monthly", "0.5"), ("5001", "按月领取工资", "monthly", "1.5"),
         ("10001", "年薪制", "annual", "2"), ("5001", "离退休", "retired", "1"))  # fmt: skip


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    make.party("演示邻区党支部", area=areas["other"], superior=committee)
    return make.party(NAME, area=areas["district"], superior=committee)


def by_hand(yuan, percent):
    return str((Decimal(yuan) * Decimal(percent) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def clean(name, kind=0, month="2026-09", paid_on="2026-09-20"):
    """A row as a clerk writes it, and what must stand afterwards: (category, base, due, paid, day, payee)."""
    yuan, category, code, percent = KINDS[kind]
    due = by_hand(yuan, percent)
    cells = dict.fromkeys(HEAD, "") | {
        "月份": month, "姓名": name, "计费基数": yuan, "比例": f"{percent}%", "应交": due,
        "实交": due if paid_on else "", "交费日期": paid_on, "收款人": "演示组织委员" if paid_on else "",
        "交纳标准": category, "所在党支部": NAME,
    }  # fmt: skip
    fen = int(Decimal(due) * 100)
    return cells, (code, int(Decimal(yuan) * 100), fen, fen if paid_on else None, paid_on or None, cells["收款人"])


def sheet(path, rows, head=HEAD, title=""):
    book = openpyxl.Workbook()
    ws = book.active
    if title:
        ws.append([title])
        ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    ws.append(list(head))
    for row in rows:
        ws.append([row[name] if isinstance(row, dict) else row[n] for n, name in enumerate(head)])
    book.save(path)
    return path


def stage(path, kind="dues", as_of=AS_OF):
    order = staging.Order(kind=kind, path=path, file_name=path.name, area=Area.objects.get(code="320211"), as_of=as_of)
    return staging.stage(order, by=registry.OPERATOR, at=AT)


def apply(batch, at=AT, **more):
    return registries.import_kinds[batch.kind].apply(batch=batch, by=registry.OPERATOR, at=at, **more)


def undo(batch):
    return registries.import_kinds[batch.kind].undo(batch=batch, by=registry.OPERATOR, at=AT + timedelta(days=2))


def lines(batch):
    return list(batch.rows.exclude(verdict="skip").order_by("number"))


def codes(row):
    return {f["code"] for f in row.findings if f["severity"] in ("block", "confirm")}


def stored(who, month=date(2026, 9, 1)):
    row = Due.objects.current().get(member=who, month=month)
    base = queries.bases([who.pk], month).get(who.pk)
    return (row.category, queries.clear(base) if base else None, row.due_fen, row.paid_fen,
            row.paid_on.isoformat() if row.paid_on else None, row.payee)  # fmt: skip


def people(branch, count):
    return [make.members(branch, 1)[0] for _n in range(count)]


def name_of(who):
    return who.records.get().name


def test_clean_rows_stand_as_they_are_to_the_fen(branch, tmp_path):
    who = people(branch, 8)
    told = [clean(name_of(one), n % 4, paid_on="" if n > 5 else "2026-09-20") for n, one in enumerate(who)]
    batch = stage(sheet(tmp_path / "a.xlsx", [cells for cells, _v in told], title=f"{NAME}党费收缴表"))
    assert batch.counts.get("accept:create") == 8, [(r.number, r.findings) for r in lines(batch)]
    apply(batch)
    assert [stored(one) for one in who] == [values for _c, values in told]
    again = stage(sheet(tmp_path / "a.xlsx", [cells for cells, _v in told], title=f"{NAME}党费收缴表"))
    assert again.counts.get("accept:unchanged") == 8


#: (column, what is written of the clean cell, verdicts, what becomes of (category, base, due, paid, day, payee))
MUTATIONS = (
    ("月份", "2026年9月", "accept", {}), ("月份", "２０２６．０９", "accept", {}), ("月份", 202609, "accept", {}),
    ("月份", date(2026, 9, 1), "accept", {}), ("月份", "9月", "review", {}), ("月份", "", "reject", {}),
    ("月份", "2026", "reject", {}), ("月份", "2026-11", "reject", {}), ("月份", "九月底", "reject", {}),
    ("姓名", lambda w: f" {w[0]}　{w[1:]} ", "accept", {}), ("姓名", "", "reject", {}),
    ("姓名", "查无此人", "reject", {}),
    ("计费基数", "3,000.00", "accept", {}), ("计费基数", "３０００元", "accept", {}), ("计费基数", 3000, "accept", {}),
    ("计费基数", "三千", "accept", {}), ("计费基数", "3001", "reject", {}), ("计费基数", "30000", "reject", {}),
    ("计费基数", "不详", "reject", {}), ("计费基数", "", "reject", {}), ("计费基数", "-3000", "reject", {}),
    ("计费基数", "2980", "reject", {}),  # another amount would be due
    ("比例", "0.50％", "accept", {}), ("比例", 0.005, "accept", {}), ("比例", "5‰", "accept", {}),
    ("比例", "", "accept", {}), ("比例", "1%", "review", {}), ("比例", "半成", "reject", {}),
    ("应交", "15", "accept", {}), ("应交", "", "accept", {}), ("应交", "15.01", "reject", {}),
    ("应交", "14.99", "reject", {}), ("应交", "十五元", "accept", {}),
    ("实交", "15.5", "accept", {3: 1550}), ("实交", "14.99", "reject", {}), ("实交", "", "review", {}),
    ("实交", "1015", "review|accept", {3: 101500}), ("实交", "一千", "accept", {3: 100000}),
    ("补交月份", "2026-08", "accept", {"month": date(2026, 8, 1)}), ("补交月份", "2026-09", "reject", {}),
    ("补交月份", "2026-10", "reject", {}), ("补交月份", "7、8月", "reject", {}),
    ("减免(批准文号)", "滨党〔2026〕3号", "reject", {}),
    ("交费日期", "2026.9.20", "accept", {}), ("交费日期", "2026年9月20日", "accept", {}),
    ("交费日期", "", "reject", {}),
    ("交费日期", "2026-10-05", "accept", {4: "2026-10-05"}), ("交费日期", "2026-08-30", "review", {}),
    ("交费日期", "2026-09-31", "reject", {}), ("交费日期", "2027-01-05", "reject", {}),
    ("交费日期", "2026-09", "reject|review", {}),
    ("收款人", "", "reject", {}), ("收款人", "收" * 61, "reject", {}),
    ("交纳标准", "退休", "accept", {0: "retired"}), ("交纳标准", "", "review", {}), ("交纳标准", "其他", "reject", {}),
    ("交纳标准", "农民", "reject", {}), ("交纳标准", "学生", "reject", {}),
    ("所在党支部", "", "review", {}), ("所在党支部", "演示邻区党支部", "reject", {}),
    ("所在党支部", "无此支部", "reject", {}),
)  # fmt: skip


def test_no_wrong_value_is_accepted_silently(branch, tmp_path):
    rows, expected = [], []
    for column, written, outcome, becomes in MUTATIONS:
        [who] = people(branch, 1)
        cells, values = clean(name_of(who))
        cells[column] = written(cells[column]) if callable(written) else written
        rows.append(cells)
        expected.append((column, str(written), outcome, becomes, who, values))
    found = lines(batch := stage(sheet(tmp_path / "m.xlsx", rows)))
    wrong = [(column, written, row.verdict, [(f["code"], f["message"]) for f in row.findings])
             for row, (column, written, outcome, *_r) in zip(found, expected, strict=True)
             if row.verdict not in outcome.split("|")]  # fmt: skip
    assert wrong == []
    apply(batch)
    silent = []
    for row, (column, written, _o, becomes, who, values) in zip(found, expected, strict=True):
        if row.verdict != "accept":
            assert not Due.objects.filter(member=who).exists() and not DuesBase.objects.filter(member=who).exists()
            continue
        right = tuple(becomes.get(n, value) for n, value in enumerate(values))
        there = stored(who, becomes.get("month", date(2026, 9, 1)))
        silent += [(column, written, there, right)] if there != right else []
    assert silent == []
    for message in (f["message"] for row in found for f in row.findings if f["field"] == "dues_base"):
        assert not any(word in message for word in ("3001", "30000”", "三千", "-3000", "2980"))


def test_bases_are_sealed_in_staging_and_masked_on_the_pages(branch, tmp_path, client, lead):
    first, second = people(branch, 2)
    rows = [clean(name_of(first), 1)[0], clean(name_of(second), 1)[0] | {"交纳标准": ""}]
    batch = stage(sheet(tmp_path / "a.xlsx", rows))
    plain = json.dumps(list(batch.rows.values("fields", "before", "findings", "raw")), ensure_ascii=False)
    assert "5001" not in plain and all(vault.is_sealed(row.fields["dues_base"]) for row in lines(batch))
    client.force_login(lead)
    for path in (f"{reverse('core:import_detail', args=[batch.pk])}?show=all",
                 reverse("core:import_row", args=[batch.pk, 2])):  # fmt: skip
        page = client.get(path)
        shown = "".join(line for line in page.text.splitlines() if "csrf" not in line)
        assert page.status_code == 200 and ("***" in shown) == ("show" not in path), path
        assert "5001" not in shown, (path, shown[shown.find("5001") - 200 : shown.find("5001") + 40])
    apply(batch, confirm_review=True)
    assert all(vault.is_sealed(row.base) for row in DuesBase.objects.all())
    assert "5001" not in str(list(AuditEvent.objects.values_list("payload", flat=True)))
    assert json.loads(json.dumps(batches.report(batch)))["lines"][0]["fields"]["dues_base"] == "***"


def test_a_year_with_a_rise_a_gap_made_up_for_and_undo(branch, tmp_path, secretary):
    [who] = people(branch, 1)
    name, month = name_of(who), "2026-{:02d}".format
    rows = [clean(name, 0, month(n), f"{month(n)}-15")[0] for n in range(1, 5)]
    rows += [clean(name, 1, month(n), f"{month(n)}-15")[0] for n in range(5, 8)]
    rows.append(clean(name, 1, "2026-09", "2026-09-15")[0] | {"补交月份": "2026-08"})
    path = sheet(tmp_path / "year.xlsx", rows)
    batch = stage(path)
    assert [codes(row) for row in lines(batch)] == [set()] * 4 + [{"IMP-BASE-DIFFERS"}] + [set()] * 3
    with pytest.raises(Refused, match="基数还没有确认"):
        apply(batch)
    assert not Due.objects.exists() and not DuesBase.objects.exists()
    apply(batch, confirm_review=True)
    held = [(b.valid_from, queries.clear(b)) for b in DuesBase.objects.current().filter(member=who)]
    assert held == [(date(2026, 1, 1), 300_000), (date(2026, 5, 1), 500_100)]
    due = dict(Due.objects.current().filter(member=who).values_list("month__month", "due_fen"))
    assert due == dict.fromkeys(range(1, 5), 1500) | dict.fromkeys(range(5, 9), 7502)
    assert Due.objects.current().get(month=date(2026, 8, 1)).paid_on == date(2026, 9, 15)
    undo(batch)
    assert not Due.objects.current().exists() and not DuesBase.objects.current().exists()
    assert ImportBatch.objects.get(pk=batch.pk).state == "undone"


def test_what_was_changed_since_is_not_undone_and_a_stale_batch_not_written(branch, tmp_path, secretary):
    first, second = people(branch, 2)
    batch = apply(stage(sheet(tmp_path / "a.xlsx", [clean(name_of(first), paid_on="")[0], clean(name_of(second))[0]])))
    later = AT + timedelta(days=1)
    [row] = Due.objects.current().filter(member=first)
    stale = stage(sheet(tmp_path / "b.xlsx", [clean(name_of(first))[0]]))
    dues.pay(party=branch, keys=[row.pk], on=date(2026, 10, 20), by=secretary, at=later)
    with pytest.raises(Refused, match="被修改"):
        apply(stale, at=later)
    with pytest.raises(Refused, match="没有撤销") as refused:
        undo(batch)
    assert len(refused.value.findings) == 1
    assert Due.objects.current().count() == 2
    dues.unpay(row=Due.objects.current().get(member=first), reason="记错了", by=secretary, at=later)
    with pytest.raises(Refused, match="没有撤销"):  # told again by somebody, even if to the same end
        undo(batch)


def test_undo_gives_back_what_stood_before(branch, tmp_path):
    [who] = people(branch, 1)
    make.dues_base(who, "3000")
    row = Due.objects.create(party_organization=branch, member=who, month=date(2026, 9, 1), category="monthly", rate=50,
                             due_fen=1500, recorded_at=AT)  # fmt: skip
    batch = stage(sheet(tmp_path / "a.xlsx", [clean(name_of(who), 1)[0]]))
    assert [codes(r) for r in lines(batch)] == [{"IMP-BASE-DIFFERS"}]
    apply(batch, at=AT + timedelta(days=1), confirm_review=True)
    assert stored(who) == ("monthly", 500_100, 7502, 7502, "2026-09-20", "演示组织委员")
    assert queries.clear(queries.bases([who.pk], date(2026, 8, 1))[who.pk]) == 300_000
    undo(batch)
    assert stored(who) == ("monthly", 300_000, 1500, None, None, "")
    assert Due.objects.current().get(member=who).recorded_at > row.recorded_at
    assert DuesBase.objects.current().get(member=who).signed_on == date(2026, 1, 8)


def test_the_register_stands_against_a_sheet(branch, tmp_path, secretary):
    """A month that is closed, a payment that differs, one that the sheet denies; namesakes; what is no branch."""
    paid, twin, other = people(branch, 3)
    for one in (paid, other):
        make.dues_base(one, "3000")
        Due.objects.create(party_organization=branch, member=one, month=date(2026, 9, 1), category="monthly", rate=50,
                           due_fen=1500, paid_fen=1500, paid_on=date(2026, 9, 20), payee="甲",
                           recorded_at=AT)  # fmt: skip
    make.affiliate(make.member(name_of(twin)), branch)
    make.party("演示党总支", "general", area=branch.area)
    rows = [
        clean(name_of(paid), 1)[0], clean(name_of(other))[0] | {"收款人": "乙"}, clean(name_of(twin))[0],
        clean(name_of(other), month="2026-08")[0] | {"所在党支部": "演示党总支"},
    ]  # fmt: skip
    found = lines(stage(sheet(tmp_path / "a.xlsx", rows)))
    assert [codes(row) for row in found] == [
        {"IMP-DUES-CLOSED", "IMP-BASE-DIFFERS", "PB-FEE-03", "IMP-DUES-PAID-DIFFERS"} - {"PB-FEE-03"},
        {"IMP-DUES-PAID-DIFFERS"}, {"IMP-NAME-TWICE"}, {"IMP-DUES-BARRED"},
    ]  # fmt: skip
    head = ("月份", "姓名", "是否交纳", "所在党支部")
    [row] = lines(stage(sheet(tmp_path / "b.xlsx", [("2026-09", name_of(paid), "未交", NAME)], head)))
    assert (row.verdict, row.action) == ("accept", "unchanged") and row.findings[0]["code"] == "IMP-DUES-STANDS"


def exported(client, branch, kind, month, form, reason=""):
    where = f"{reverse('party:dues_export', args=[branch.pk, kind])}?month={month}"
    return b"".join(client.post(where, {"form": form, "reason": reason}).streaming_content)


def test_the_way_out_gives_the_stored_values_and_back_in_changes_nothing(branch, tmp_path, client, secretary):
    who = people(branch, 5)
    for n, one in enumerate(who):
        yuan, _w, code, _p = KINDS[n % 4]
        make.dues_base(one, yuan, code)
    for month in (8, 9, 10):
        dues.build(party=branch, month=date(2026, month, 1), by=secretary, at=AT)
    rows = list(Due.objects.current().order_by("month", "member"))
    late = [row.pk for row in rows if row.month.month == 8][:2]
    at_once = [row.pk for row in rows if row.month.month == 9]
    dues.pay(party=branch, keys=late, on=date(2026, 10, 12), payee="演示组织委员", by=secretary, at=AT)
    dues.pay(party=branch, keys=at_once, on=date(2026, 9, 30), by=secretary, at=AT)
    dues_money.use(party=branch, on=date(2026, 9, 2), purpose="订阅党报党刊", amount_fen=36_050, by=secretary, at=AT,
                   approved_by="支部委员会", voucher_no="0042")  # fmt: skip
    dues_money.use(party=branch, on=date(2026, 9, 2), purpose="订阅党报党刊", amount_fen=36_050, by=secretary, at=AT,
                   approved_by="支部委员会", voucher_no="0043")  # fmt: skip
    client.force_login(secretary)
    truth = {(name_of(row.member), row.month): row for row in Due.objects.current().select_related("member")}
    for form, reason in (("xlsx", ""), ("xlsx", "上级核对"), ("csv", "")):
        data = exported(client, branch, "year", "2026-10", form, reason)
        assert data == exported(client, branch, "year", "2026-10", form, reason)
        path = tmp_path / f"f09{len(reason)}.{form}"
        path.write_bytes(data)
        if form == "xlsx":
            independently(data, truth, clear=bool(reason))
        batch = stage(path)
        assert batch.counts.get("accept:unchanged") == 15, [(r.findings, r.before) for r in lines(batch)]
    path = tmp_path / "uses.xlsx"
    path.write_bytes(exported(client, branch, "uses", "2026-10", "xlsx"))
    cells = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert [row[:5] for row in cells[1:3]] == [
        ("2026-09-02", "订阅党报党刊", "360.50", "支部委员会", number) for number in ("0042", "0043")
    ]  # fmt: skip
    batch = stage(path, "dues_uses")
    assert batch.counts.get("accept:unchanged") == 2, [(r.findings, r.before) for r in lines(batch)]


def independently(data, truth, *, clear):
    """Cells of the workbook against the rows of the database, by a reader of its own."""
    head, *cells = [row for row in openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True)
                    if row[0]]  # fmt: skip
    seen = set()
    for line in (dict(zip(head, row, strict=True)) for row in cells):
        month = date.fromisoformat(f"{line['补交月份'] or line['月份']}-01")
        row = truth[line["姓名"], month]
        seen.add((line["姓名"], month))
        base = DuesBase.objects.get(member=row.member)
        paid = row.paid_on is not None
        assert line["计费基数"] == (f"{int(vault.decrypt(base.base, purpose='party.dues_base')) / 100:.2f}" if clear
                                else "***")  # fmt: skip
        assert line["应交"] == f"{row.due_fen / 100:.2f}" and float(line["比例"].rstrip("%")) * 100 == row.rate
        assert (line["实交"] or None) == (f"{row.paid_fen / 100:.2f}" if paid else None)
        assert (line["交费日期"] or None) == (row.paid_on.isoformat() if paid else None)
        assert (line["收款人"] or "") == row.payee and line["所在党支部"] == NAME
        assert line["是否交纳"] == ("已交" if paid else "未交")
        if paid and row.paid_on.month != month.month:
            assert line["月份"] == f"{row.paid_on:%Y-%m}"
    assert seen == set(truth)


def test_the_use_of_dues_comes_in_and_goes_back(branch, tmp_path):
    head = ("日期", "事由", "金额", "批准人", "票据号", "所在党支部")
    good = ("2026年9月2日", "订阅党报党刊", "360.5元", "支部委员会", "0042", NAME)
    rows = [good, ("2026-09-03", "主题党日", "0", "甲", "", NAME), ("2026-13-03", "主题党日", "20", "甲", "", NAME),
            ("2026-09-03", "", "20", "甲", "", NAME), ("2026-09-03", "主题党日", "20", "", "", NAME),
            ("2026-09-03", "主题党日", "很多", "甲", "", NAME), ("2026-09-03", "主题党日", "20", "甲", "", "无此支部"),
            ("2027-09-03", "主题党日", "20", "甲", "", NAME), good]  # fmt: skip
    batch = stage(sheet(tmp_path / "u.xlsx", rows, head), "dues_uses")
    assert [row.verdict for row in lines(batch)] == ["accept"] + ["reject"] * 7 + ["duplicate"]
    apply(batch)
    row = DuesUse.objects.get()
    assert (row.on, row.amount_fen, row.purpose) == (date(2026, 9, 2), 36_050, "订阅党报党刊")
    other = stage(sheet(tmp_path / "v.xlsx", [(*good[:2], "361", *good[3:])], head), "dues_uses")
    assert [codes(r) for r in lines(other)] == [{"IMP-USE-DIFFERS"}]
    apply(other, confirm_review=True)
    assert DuesUse.objects.current().get().amount_fen == 36_100
    with pytest.raises(Refused, match="没有撤销"):
        undo(batch)
    undo(other)
    assert DuesUse.objects.current().get().amount_fen == 36_050
    undo(batch)
    assert not DuesUse.objects.current().exists()


def test_on_the_internet_what_tells_amounts_is_dropped_before_anything_is_kept(branch, tmp_path, settings):
    settings.ZONE = "internet"
    [who] = people(branch, 1)
    batch = stage(sheet(tmp_path / "a.xlsx", [clean(name_of(who), 1)[0]]))
    for column in ("计费基数", "比例", "应交", "实交", "交纳标准"):
        assert any(f"“{column}”列不导入" in note and "互联网" in note for note in batch.notes), batch.notes
    kept = json.dumps(list(batch.rows.values("fields", "before", "findings")), ensure_ascii=False)
    kept += "".join(str(batches.raw_cells(row)) for row in batch.rows.all())
    assert "5001" not in kept and "75.02" not in kept
    assert [row.verdict for row in lines(batch)] == ["reject"]
    apply(batch)
    assert not Due.objects.exists() and not DuesBase.objects.exists()


def test_only_who_may_import_does(branch, tmp_path, client, secretary):
    client.force_login(secretary)
    assert client.get("/imports/").status_code == 403
    batch = stage(sheet(tmp_path / "a.xlsx", [clean(name_of(people(branch, 1)[0]))[0]]))
    with pytest.raises(PermissionDenied):
        registries.import_kinds["dues"].apply(batch=batch, by=secretary, at=AT)
    assert not Due.objects.exists() and ImportRow.objects.filter(batch=batch).exists()


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)
