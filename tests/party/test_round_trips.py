"""What F03, F05, F06, F08 and F24 write is what stands, to the character, read back by a plain reader; F08 and F24 come
in, and what went out comes in unchanged (handbook §8). F09: test_dues_import.
"""

from datetime import date, time
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from liaoyuan.core import registries, staging
from liaoyuan.core.actions import calendar, parameters
from liaoyuan.core.models import Area
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import transfers, venues
from liaoyuan.party.models import Affiliation, Attendance, Meeting, MeetingTask, Transfer, Venue
from tests.party import factories as make
from tests.party import truth
from tests.party.factories import AT
from tests.party.test_members_import import apply as apply_members
from tests.party.test_members_import import stage as stage_members
from tests.party.test_members_import import workbook
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
AS_OF, NAME = date(2026, 10, 26), "演示甲党支部"


@pytest.fixture(autouse=True)
def rules(areas):
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)


@pytest.fixture
def branch(areas, committee):
    return make.party(NAME, area=areas["district"], superior=committee)


@pytest.fixture
def other(areas, committee):
    return make.party("演示乙党支部", area=areas["district"], superior=committee)


def table(data):
    """The first sheet as dicts by title."""
    head, *rows = list(openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


def body(answer):
    return b"".join(answer.streaming_content)


def sheet(path, head, rows):
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(list(row))
    book.save(path)
    return path


def stage(path, kind):
    order = staging.Order(kind=kind, path=path, file_name=path.name, area=Area.objects.get(code="320211"), as_of=AS_OF)
    return staging.stage(order, by=registry.OPERATOR, at=AT)


def apply(batch, **more):
    return registries.import_kinds[batch.kind].apply(batch=batch, by=registry.OPERATOR, at=AT, **more)


def undo(batch, at=AT):
    return registries.import_kinds[batch.kind].undo(batch=batch, by=registry.OPERATOR, at=at)


def lines(batch):
    return list(batch.rows.exclude(verdict="skip").order_by("number"))


def codes(row):
    return {f["code"] for f in row.findings if f["severity"] in ("block", "confirm")}


#: Columns of F03 that come out otherwise than a clerk wrote them: dropped, never exported, told by a post or elsewhere.
_APART = {"序号", "身份证号", "党费基数", "月党费", "政治面貌", "党内职务"}


def test_f03_gives_every_column_as_it_was_written(branch, tmp_path, client, lead):
    told = {one.cells["姓名"]: one.cells for one in (truth.clean(n, NAME) for n in range(12))}
    apply_members(stage_members(workbook(tmp_path / "f03.xlsx", [cells.values() for cells in told.values()])))
    client.force_login(lead)
    data = body(client.post(reverse("party:member_export"), {"form": "xlsx", "reason": "上级核对"}))
    rows = table(data)
    assert {row["姓名"] for row in rows} == set(told)
    for row in rows:
        for column, written in told[row["姓名"]].items():
            if column not in _APART:
                assert (row[column] or "") == written, (row["姓名"], column)
    assert "身份证号" not in rows[0] and "党费基数" not in rows[0]


def test_f05_and_f06_give_what_stands(branch, client, areas):
    who = make.members(branch, 3)
    minutes = "　一、学习。\n二、讨论：“先锋”岗；=1+1，+86"
    one = Meeting.objects.create(
        party_organization=branch, kind="members", year=2026, number=7, state="closed", held_on=date(2026, 9, 15),
        starts=time(9, 5), ends=time(11, 30), place="演示社区二楼", host="演示主持", recorder="演示记录",
        topic="讨论年度计划", content="有关文件", expected=3, present=2, absent=1, observers="演示积极分子", observed=1,
        minutes=minutes, resolution="同意。", created_at=AT, closed_at=AT,
    )  # fmt: skip
    for n, status in enumerate(("present", "present", "absent")):
        Attendance.objects.create(meeting=one, member=who[n], voting=True, status=status,
                                  reason="出差" if status == "absent" else "")  # fmt: skip
    MeetingTask.objects.create(meeting=one, what="整理台账", who="演示组织委员", until=date(2026, 10, 1))
    Meeting.objects.create(
        party_organization=branch, kind="theme_day", year=2026, number=3, state="closed", held_on=date(2026, 8, 20),
        starts=time(14), topic="志愿服务", place="演示社区", content="清洁楼道", effect="居民满意", cost=123_456,
        expected=3, present=3, absent=0, observed=2, created_at=AT, closed_at=AT,
    )  # fmt: skip
    client.force_login(make.secretary(branch))
    [row] = [r for r in table(body(client.post(reverse("party:life_export", args=[branch.pk, "f05"]) + "?year=2026")))
             if r["支部"]]  # fmt: skip
    absent = who[2].records.get().name
    assert row == {
        "支部": NAME, "会议类型": "支部党员大会", "届次/编号": "2026-7", "日期": "2026-09-15",
        "起止时间": "09:05–11:30",
        "地点": "演示社区二楼", "主持人": "演示主持", "记录人": "演示记录", "应到": 3, "实到": 2,
        "缺席及原因": f"{absent}（出差）", "列席": "演示积极分子", "议题": "讨论年度计划", "学习内容": "有关文件",
        "发言摘要": minutes, "决议": "同意。", "赞成/反对/弃权": None, "照片编号": None,
        "落实责任人及时限": "整理台账：演示组织委员，2026-10-01",
    } | {"赞成/反对/弃权": row["赞成/反对/弃权"], "照片编号": row["照片编号"]}  # fmt: skip
    assert not row["赞成/反对/弃权"] and not row["照片编号"]
    [row] = table(body(client.post(reverse("party:life_export", args=[branch.pk, "f06"]) + "?year=2026")))
    assert {k: v for k, v in row.items() if k != "照片"} == {
        "月份": 8, "主题": "志愿服务", "时间": "2026-08-20 14:00", "地点": "演示社区", "参加人数": 2,
        "内容": "清洁楼道",
        "成效": "居民满意", "经费": "1,234.56",
    }  # fmt: skip


VENUE = {"name": "演示红色驿站", "address": "河埒口路9号", "square_metres": 120, "provider": "演示社区居委会",
         "shared_by": "演示甲中心\n演示乙协会", "hours": "周一至周五 9:00-17:00", "keeper": "演示负责人",
         "equipment": "投影一套；椅子40把", "signs": ["有场所", "有党旗"], "is_open": True}  # fmt: skip


def test_f24_goes_out_and_comes_in(branch, other, tmp_path, client, lead):
    venues.enter(party=branch, fields=VENUE, by=lead, at=AT)
    venues.enter(party=other, fields={"name": "=1+1活动室", "address": "某路1号"}, by=lead, at=AT)
    client.force_login(lead)
    data = body(client.post(reverse("party:venue_export"), {"form": "xlsx"}))
    first = next(row for row in table(data) if row["名称"] == "演示红色驿站")
    assert first == {
        "名称": "演示红色驿站", "党组织": NAME, "地址": "河埒口路9号", "面积": 120, "提供单位": "演示社区居委会",
        "共建单位": "演示甲中心、演示乙协会", "开放时间": "周一至周五 9:00-17:00", "负责人": "演示负责人",
        "设备": "投影一套；椅子40把", "六有": "有场所、有党旗", "照片": 0, "预约": "可预约",
    }  # fmt: skip
    for form in ("xlsx", "csv"):
        path = tmp_path / f"f24.{form}"
        path.write_bytes(body(client.post(reverse("party:venue_export"), {"form": form})))
        batch = stage(path, "venues")
        assert batch.counts.get("accept:unchanged") == 2, [(r.findings, r.before) for r in lines(batch)]
    head = ("名称", "党组织", "地址", "面积㎡", "共建单位", "六有", "预约")
    rows = [
        ("演示党群服务站", NAME, "某路2号", "８０", "甲中心，乙协会", "有场所；有制度", "是"),
        ("演示红色驿站", NAME, "河埒口路10号", "", "", "", "不可预约"), ("", NAME, "某路3号", "", "", "", ""),
        ("演示三号", "", "某路3号", "", "", "", ""), ("演示四号", "无此支部", "某路3号", "", "", "", ""),
        ("演示五号", NAME, "", "", "", "", ""), ("演示六号", NAME, "某路3号", "很大", "", "", ""),
        ("演示七号", NAME, "某路3号", "", "", "有卫生间", ""), ("演示八号", NAME, "某路3号", "", "", "", "也许"),
    ]  # fmt: skip
    batch = stage(sheet(tmp_path / "in.xlsx", head, rows), "venues")
    assert [(r.verdict, r.action) for r in lines(batch)][:2] == [("accept", "create"), ("accept", "update")]
    assert [r.verdict for r in lines(batch)][2:] == ["reject"] * 7
    apply(batch)
    made, changed = Venue.objects.get(name="演示党群服务站"), Venue.objects.get(name="演示红色驿站")
    assert (made.square_metres, made.shared_by, made.signs, made.is_open) == (
        80, "甲中心\n乙协会", ["有场所", "有制度"], True,
    )  # fmt: skip
    assert (changed.address, changed.is_open, changed.square_metres) == ("河埒口路10号", False, 120)
    undo(batch)
    assert not Venue.objects.filter(pk=made.pk).exists()
    changed.refresh_from_db()
    assert (changed.address, changed.is_open) == ("河埒口路9号", True)
    again = apply(stage(sheet(tmp_path / "again.xlsx", head, rows[:1]), "venues"))
    venues.change(venue=Venue.objects.get(name="演示党群服务站"), fields={"keeper": "演示某"}, by=lead, at=AT)
    with pytest.raises(Refused, match="没有撤销"):
        undo(again)


LETTER_HEAD = ("编号", "姓名", "转出党支部", "转出党委", "转入党支部", "党费交至", "开具日期", "有效期(天)", "经办人",
               "接收日期", "回执日期", "备注")  # fmt: skip


def test_f08_goes_out_and_comes_in(branch, other, committee, tmp_path, client, lead):
    who = make.member(gender="f", ethnicity="汉族")
    make.affiliate(who, branch)
    name = who.records.get().name
    row = transfers.plan(member=who, target=other, by=lead, at=AT)
    row = transfers.issue(row=row, on=date(2026, 10, 20), valid_days=30, dues_until=date(2026, 10, 1),
                          handled_by="演示经办", by=lead, at=AT)  # fmt: skip
    transfers.accept(row=row, on=date(2026, 10, 24), by=lead, at=AT)
    client.force_login(lead)
    where = reverse("party:transfer_export") + "?state=accepted"
    data = body(client.post(where, {"form": "xlsx"}))
    [line] = table(data)
    assert line == {
        "编号": "2026-0001", "姓名": name, "性别": "女", "民族": "汉族", "类型": "正式党员", "转出党支部": NAME,
        "转出党委": "演示区社会组织综合党委", "转入党委": "演示区社会组织综合党委", "转入党支部": "演示乙党支部",
        "党费交至": "2026-10", "开具日期": "2026-10-20", "有效期(天)": 30, "经办人": "演示经办",
        "接收日期": "2026-10-24",
        "回执日期": None, "状态": "已接收", "备注": None,
    }  # fmt: skip
    for form in ("xlsx", "csv"):
        path = tmp_path / f"f08.{form}"
        path.write_bytes(body(client.post(where, {"form": form})))
        batch = stage(path, "letters")
        assert batch.counts.get("accept:unchanged") == 1, [(r.findings, r.before) for r in lines(batch)]
    told = [line[column] or "" for column in LETTER_HEAD]
    told[10] = "2026-10-26"
    batch = apply(stage(sheet(tmp_path / "receipt.xlsx", LETTER_HEAD, [told]), "letters"))
    assert Transfer.objects.get().receipt_on == date(2026, 10, 26)
    undo(batch)
    assert Transfer.objects.get().receipt_on is None
    told[6] = "2026-10-19"
    [found] = lines(stage(sheet(tmp_path / "other.xlsx", LETTER_HEAD, [told]), "letters"))
    assert found.verdict == "reject" and codes(found) == {"IMP-LETTER-DIFFERS"}


def test_letters_of_before_are_entered_and_move_nobody(branch, other, committee, tmp_path, client, lead):
    came, went, twin = make.member(), make.member(), make.member("演示同名")
    for one in (came, went, twin):
        make.affiliate(one, branch)
    make.affiliate(make.member("演示同名"), branch)
    names = [one.records.get().name for one in (came, went, twin)]
    ours, outside = "演示区社会组织综合党委", "演示外地党支部"

    def letter(number, name, source, issuer, target, **more):
        cells = dict(zip(LETTER_HEAD, (number, name, source, issuer, target, "2024年3月", "2024.3.5", 30, "演示经办",
                                       "2024-03-20", "", "纸质登记簿"), strict=True))  # fmt: skip
        return [(cells | more)[column] for column in LETTER_HEAD]

    good = letter("滨0007", names[0], outside, "演示外地党委", NAME)
    rows = [
        good,
        letter("2024-0031", names[1], NAME, ours, outside),
        letter("滨0008", names[0], outside, "", NAME, **{"有效期(天)": 180}),
        letter("滨0009", names[2], outside, "", NAME),
        letter("滨0010", "查无此人", outside, "", NAME),
        letter("滨0011", names[0], outside, "", NAME, 接收日期=""),
        letter("滨0012", names[0], outside, "", NAME, 接收日期="2024-03-01"),
        letter("2024-0032", names[1], NAME, "演示乡党委", outside),
        letter("滨0013", names[0], outside, "", "无此支部"),
        letter("滨0014", names[0], outside, "", NAME, 开具日期="2024-03"),
        letter("", names[0], outside, "", NAME),
        letter("滨0015", names[0], outside, "", NAME, 党费交至="3月"),
        letter("滨0016", names[0], outside, "", NAME, **{"有效期(天)": ""}),
    ]
    before = list(Affiliation.objects.values_list("pk", "superseded_at"))
    batch = stage(sheet(tmp_path / "old.xlsx", LETTER_HEAD, rows), "letters")
    found = lines(batch)
    assert [r.verdict for r in found] == ["accept", "accept", "review", *["reject"] * 10], [
        (r.number, r.findings) for r in found
    ]  # fmt: skip
    assert codes(found[2]) == {"PB-REL-03"} and codes(found[7]) == {"PB-REL-05"}
    apply(batch)
    row = Transfer.objects.get(number="滨0007")
    assert (row.member, row.source, row.source_name, row.target, row.issuer_name, row.state) == (
        came, None, outside, branch, "演示外地党委", "accepted",
    )  # fmt: skip
    assert (row.issued_on, row.accepted_on, row.dues_until, row.note) == (
        date(2024, 3, 5), date(2024, 3, 20), date(2024, 3, 1), "纸质登记簿",
    )  # fmt: skip
    assert row.expires_on == date(2024, 4, 4)  # 30 days behind the day of issue
    assert Transfer.objects.get(number="2024-0031").issuer == committee
    assert list(Affiliation.objects.values_list("pk", "superseded_at")) == before
    again = stage(sheet(tmp_path / "again.xlsx", LETTER_HEAD, [good]), "letters")
    assert again.counts.get("accept:unchanged") == 1
    undo(batch)
    assert not Transfer.objects.exists()
