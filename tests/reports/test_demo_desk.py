"""The demo as its accounts see it: what waits, what is to be mended, what the figures say; counted by plain SQL."""

import html
import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection

from liaoyuan.core.models import Area, User
from liaoyuan.core.queries import due
from liaoyuan.registry.queries import baseline
from liaoyuan.registry.queries import due as ends

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district", "on_the_day")]
TODAY = date(2026, 10, 26)
UNTIL = TODAY + timedelta(days=30)
LIVE = "s.superseded_at IS NULL AND s.valid_to = '9999-12-31' AND s.status IN ('active', 'liquidating')"


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def logged_in(client, username):
    client.force_login(User.objects.get(username=username))
    return client


def page(client, username, path="/"):
    answer = logged_in(client, username).get(path)
    assert answer.status_code == 200, (username, path, answer.status_code)
    return html.unescape(answer.content.decode())


def ending(first, last, column):
    return {
        r[0]
        for r in sql(
            f"SELECT s.organization_id FROM registry_standing s WHERE {LIVE} AND s.{column} BETWEEN %s AND %s",
            first, last,
        )
    }  # fmt: skip


def rated_until(first, last):
    """By the last printed day, which lies one before the stored end."""
    rows = sql(
        f"SELECT s.organization_id, max(r.valid_to) FROM registry_standing s JOIN registry_rating r ON "
        f"r.organization_id = s.organization_id WHERE {LIVE} AND r.superseded_at IS NULL GROUP BY s.organization_id"
    )
    one = timedelta(days=1)
    return {pk for pk, end in rows if (first + one).isoformat() <= str(end) <= (last + one).isoformat()}


def expected(first, last):
    return {
        "certificate": ending(first, last, "certificate_to"), "term": ending(first, last, "term_to"),
        "filing": ending(first, last, "filing_to"), "rating": rated_until(first, last),
    }  # fmt: skip


def test_the_officers_list_is_short_and_exactly_what_ends_within_thirty_days(client):
    officer = User.objects.get(username="dengji")
    told = due.todo(officer, TODAY)
    wanted = expected(TODAY, UNTIL)
    ends = [item for item in told.items if item.code in wanted]
    assert len(ends) == sum(map(len, wanted.values())) and told.total == len(told.items)
    assert 0 < told.total <= 20
    for kind, pks in wanted.items():
        urls = {item.url for item in told.items if item.code == kind}
        assert urls == {f"/registry/{pk}/" for pk in pks}
    days = [item.due_on or date.max for item in told.items]
    assert days == sorted(days)
    text = page(client, "dengji")
    assert f"待办 {told.total} 件" in text
    assert text.count('class="todo"') == told.total
    assert all(item.title in text and item.button in text for item in told.items)


def test_what_is_overdue_stands_in_the_list_to_mend_and_not_in_the_other():
    officer = User.objects.get(username="dengji")
    area = Area.objects.get(code="320211")
    lines = baseline.baseline(officer, area, TODAY).lines
    names = {"GOV-05": "term", "FIL-03": "filing", "RAT-03": "rating", "DATA-CERTIFICATE": "certificate"}
    past = expected(date(2000, 1, 1), TODAY - timedelta(days=1))
    for code, kind in names.items():
        assert {line.organization for line in lines if line.code == code} == past[kind]
        assert past[kind]
        assert not past[kind] & expected(TODAY, UNTIL)[kind]
    missing = sql(f"SELECT s.organization_id FROM registry_standing s WHERE {LIVE} AND s.street_id IS NULL")
    assert {line.organization for line in lines if line.code == "DATA-STREET"} == {pk for (pk,) in missing}
    assert not {line.code for line in lines} & {"ORG-ID-01", "ORG-ID-02", "ORG-ID-03", "ORG-ID-04", "ORG-ID-05"}


def test_the_windows_count_what_their_lists_hold(client):
    text = page(client, "dengji")
    table = text[text.index("180 日内") :]
    for kind, title in ends.TITLES.items():
        counts = []
        for days in (30, 90, 180):
            link = re.search(rf'href="/todo/\?kind={kind}&days={days}#ends">(\d+)<', table)
            listed = page(client, "dengji", f"/todo/?kind={kind}&days={days}&per=100")
            found = re.search(r"共 (\d+) 条", listed)
            counts.append(int(link.group(1)))
            assert int(found.group(1)) == counts[-1]
        assert counts == sorted(counts)
        assert title in table


@pytest.mark.parametrize(
    ("username", "end", "words"),
    [
        ("dengji", "", ("工作台", "到期一览", "9 月统计表", "整理清单")),
        ("liyuan", "", ("党建工作台", "缺口 A", "到期一览", "备案的组织")),
        ("kezhang", "", ("社会组织概况", "待办 4 件", "去确认", "去决定", "文书")),
        ("dangjian", "", ("党建工作台", "缺口 A", "待批复", "到期未走访的组织")),
        ("lingdao", "", ("社会组织概况", "1,572", "513", "381", "131", "1,059")),
        ("pinggu", "", ("社会组织概况",)),
        ("chuangtou", "", ("社会组织概况",)),
        ("caiwu", "", ("社会组织概况", "1,572")),
        ("xitong", "/console/accounts/", ()),
        ("anquan", "/console/grants/", ()),
        ("shenji", "/console/audit/", ()),
        ("fuzeren", "/registry/own/", ()),
        ("kuaiji", "/registry/own/", ()),
    ],
)
def test_each_role_opens_with_its_own_page(client, username, end, words):
    answer = logged_in(client, username).get("/")
    if end:
        assert (answer.status_code, answer["Location"]) == (302, end)
        return
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "演示数据" in text
    for word in words:
        assert word in text


def test_without_a_role_one_is_told_whom_to_ask(client):
    made = User.objects.create(username="nobody", display_name="甲", created_at="2026-01-01T00:00Z", is_demo=True)
    client.force_login(made)
    text = client.get("/").content.decode()
    assert "安全管理员" in text
    assert "todo" not in text.split("</nav>")[-1].split("/todo/")[0][-50:]
    assert client.get("/").status_code == 200


def test_strangers_are_sent_to_the_login(client):
    for path in ("/", "/todo/", "/baseline/", "/baseline/lines/", "/baseline/lines.xlsx"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].startswith("/login/")) == (302, True)


@pytest.mark.parametrize(
    ("username", "status"), [("dengji", 200), ("lingdao", 200), ("liyuan", 200), ("fuzeren", 403), ("xitong", 403)]
)
def test_who_may_open_the_list_to_mend(client, username, status):
    assert logged_in(client, username).get("/baseline/").status_code == status
    assert logged_in(client, username).get("/baseline/lines/").status_code == status
    exported = 403 if username == "lingdao" else status
    assert logged_in(client, username).get("/baseline/lines.xlsx").status_code == exported


def test_every_figure_of_the_list_to_mend_opens_its_lines(client):
    text = page(client, "dengji", "/baseline/")
    links = re.findall(r'<a href="(/baseline/lines/\?[^"]*)">(?:<strong>)?([\d,]+)', text)
    assert len(links) > 30
    for href, count in links[::9]:
        listed = page(client, "dengji", href + "&per=100")
        assert f"共 {count} 条" in listed
    total = sum(int(n) for _href, n in links if "place" not in _href and "code" in _href)
    assert f"入库时发现 {total} 项，已整理 0 项" in text


def test_the_export_holds_the_lines_asked_for(client):
    answer = logged_in(client, "dengji").get("/baseline/lines.xlsx?area=320211&code=FIL-03")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    past = ending(date(2000, 1, 1), TODAY - timedelta(days=1), "filing_to")
    names = {r[0] for r in sql(f"SELECT s.name FROM registry_standing s WHERE {LIVE} AND s.organization_id IN "
                               f"({','.join(map(str, past))})")}  # fmt: skip
    assert {row[0] for row in rows[1:]} == names
    assert {row[3] for row in rows[1:]} == {"FIL-03"}
    assert rows[0][0] == "名称"


def test_a_street_office_sees_its_own_street_only(client):
    office = User.objects.get(username="liyuan")
    street = Area.objects.get(code="320211003")
    mine = sql(
        f"SELECT count(*) FROM registry_standing s WHERE {LIVE} AND (s.street_id = %s OR s.registrar_area_id = %s)",
        street.pk, street.pk,
    )  # fmt: skip
    assert baseline.baseline(office, street, TODAY).bodies == mine[0][0]
    text = page(client, "liyuan", "/baseline/")
    assert "蠡园街道" in text
    assert "河埒街道" not in text
    for area in ("320211", "320211001", "320213", "nonsense"):
        assert logged_in(client, "liyuan").get(f"/baseline/?area={area}").status_code == 404
    filed = sql(
        f"SELECT s.organization_id FROM registry_standing s WHERE {LIVE} AND s.kind = 'BA' "
        "AND s.registrar_area_id = %s AND s.filing_to BETWEEN %s AND %s", street.pk, TODAY, TODAY + timedelta(days=60),
    )  # fmt: skip
    assert {end.organization for end in ends.ends(office, TODAY, 60)} == {pk for (pk,) in filed}


def test_the_figures_for_leaders_equal_a_count_and_open_their_lists(client):
    text = page(client, "lingdao")
    cards = re.findall(r'href="(/registry/\?[^"]*)"><span class="stat-card__label">([^<]*)</span>\s*'
                       r'<span class="big-number">([\d,]+)', text)  # fmt: skip
    told = {label: int(count.replace(",", "")) for _href, label, count in cards}
    high = sql(
        f"SELECT count(*) FROM registry_standing s WHERE {LIVE} AND s.kind <> 'BA' AND EXISTS (SELECT 1 FROM "
        "registry_rating r WHERE r.organization_id = s.organization_id AND r.superseded_at IS NULL AND r.level IN "
        "('3A', '4A', '5A') AND r.valid_from <= %s AND r.valid_to > %s)", TODAY, TODAY,
    )[0][0]  # fmt: skip
    listed = sql(
        f"SELECT count(DISTINCT s.organization_id) FROM registry_standing s JOIN registry_creditentry c ON "
        f"c.organization_id = s.organization_id WHERE {LIVE} AND c.valid_from <= %s AND c.valid_to > %s", TODAY, TODAY,
    )[0][0]  # fmt: skip
    assert told["3A 及以上"] == high
    assert told["在信用名单上"] == listed
    assert (told["存续组织"], told["登记"], told["备案"]) == (1572, 513, 1059)
    for href, label, count in cards:
        assert f"共 {count} 条" in page(client, "lingdao", href), label
    assert page(client, "caiwu").count('class="stat-card" href') == 0


def test_the_bell_says_what_the_page_lists(client):
    for username in ("dengji", "kezhang", "lingdao"):
        count = due.todo(User.objects.get(username=username), TODAY).total
        text = page(client, username, "/account/")
        assert f"待办 {count} 件" in text
