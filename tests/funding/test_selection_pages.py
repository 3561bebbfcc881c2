"""Ranking, proposal and decisions through the pages: what stands there is what a plain count gives, stale pages are
refused, reasons are asked only where needed, nobody but office and committee gets in, applicants read their own.
"""

import re
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liaoyuan.funding.actions import pools, ranking, scoring, selecting, stages
from liaoyuan.funding.models import (
    CommitteeDecision,
    Pool,
    Project,
    Ranking,
    RankingLine,
    Reading,
    ScoreCard,
    Selection,
    SelectionLine,
)
from liaoyuan.funding.queries import committee
from liaoyuan.funding.queries import ranking as kept
from liaoyuan.funding.queries import selecting as grounds
from liaoyuan.funding.rules.remarks import Remark
from liaoyuan.kit.sheets.reading import open_table
from liaoyuan.registry.models import Standing
from tests.core.factories import AT
from tests.funding import ground
from tests.funding import ground_review as lay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
_WAN = 1_000_000


@pytest.fixture
def on_the_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", AT.isoformat())


@pytest.fixture
def chief(areas):
    return lay.chief()


@pytest.fixture
def bodies(areas):
    return lay.bodies(4, areas["heli"])


@pytest.fixture
def reviewed(round_, bodies, areas, office):
    """Four projects of 20, 10, 10, 10 万 whose review is over; the last two have the same mean, parted by one item."""
    projects = []
    for n, (body, head) in enumerate(bodies):
        total = (20 if n == 0 else 10) * _WAN
        row = ground.written(round_, body, head, title=f"项目{n}", total_fen=total, pay_fen=4 * _WAN)
        projects.append(lay.passed(ground.submitted(row, head), office))
    Pool.objects.update(ceiling_fen=20 * _WAN)
    pool = [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(5)]
    stage = lay.staged(round_, pool, office)
    for row in Reading.objects.select_related("expert__user", "project").order_by("pk"):
        place, high = projects.index(row.project), row.expert_id == pool[0].pk
        less = {0: {"need": 2000}, 1: {"need": 1900}, 2: {"need": 1800}, 3: {"need": 1700, "plan": 1700}}[place]
        amount = 9 * _WAN if high else 6 * _WAN
        said = Remark(amount, f"第{place}个：可行。")
        scoring.save(reading=row, points={}, remark=said, by=row.expert.user, at=AT)
        lay.signed(row, **less, **({"novelty": 1000} if high else {}))
    stages.close(stage=stage, by=office, at=AT)
    return projects


@pytest.fixture
def selected(reviewed, round_, office):
    ranking.rank(round_=round_, by=office, at=AT)
    selecting.select(round_=round_, by=office, at=AT)
    return reviewed


def page(client, user, name, pk, status=200, query=""):
    client.force_login(user)
    answer = client.get(reverse(f"funding:{name}", args=[pk]) + query)
    assert answer.status_code == status, answer.content[:2000]
    return answer


def decided(client, project, version=None, status=302, **told):
    project.refresh_from_db()
    given = {"version": project.version if version is None else version, **told}
    answer = client.post(reverse("funding:project_decide", args=[project.pk]), given)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer


def test_the_office_ranks_and_reads_how_it_came_about(client, reviewed, round_, office, chief, tmp_path):
    assert "还没有排名" in page(client, office, "round_ranking", round_.pk).text
    assert client.post(reverse("funding:round_rank", args=[round_.pk])).status_code == 302
    text = page(client, office, "round_ranking", round_.pk).text
    for line in Ranking.objects.get().lines.all():
        totals = sorted(ScoreCard.objects.filter(reading__project=line.project_id).values_list("total", flat=True))
        assert Fraction(line.exact_num, line.exact_den) == Fraction(sum(totals[1:-1]), 3)
        assert f"<del>{totals[0] / 100:g}</del>" in text
        assert f"<del>{totals[-1] / 100:g}</del>" in text
    assert text.count("同分，比“需求与针对性”：18 高于 17") == 2
    assert Ranking.objects.get().code[:16] in text
    assert client.post(reverse("funding:round_rank", args=[round_.pk])).status_code == 302
    assert "已被后来的代替" in page(client, chief, "round_ranking", round_.pk, query="?n=1").text
    for name in (row.name for row in Reading.objects.select_related("expert").first().stage.readings.none()):
        assert name not in text
    assert "专家zj" not in text
    book = page(client, office, "round_ranking_book", round_.pk)
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"".join(book.streaming_content))
    rows = [row for _number, row in open_table(path).rows()]
    told = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    assert [row["项目"] for row in told] == ["项目0", "项目1", "项目2", "项目3"]
    assert [float(row["平均分"]) for row in told] == [84, 83, 82, 82]
    assert {float(row["建议资助金额（元）"]) for row in told} == {66_000}
    assert not any("专家" in str(cell) for row in rows for cell in row)
    names = set(Standing.objects.values_list("name", flat=True))
    assert {row["申报组织"] for row in told} <= names


def test_a_tie_that_nothing_parts_is_left_to_persons(client, reviewed, round_, office):
    for card in ScoreCard.objects.filter(reading__project=reviewed[3]):
        assert card.total in (8200, 8400)
    made = ranking.rank(round_=round_, by=office, at=AT)
    lines = list(made.lines.order_by("place"))
    RankingLine.objects.filter(pk=lines[3].pk).update(items=lines[2].items, tied=True, place=lines[2].place)
    RankingLine.objects.filter(pk=lines[2].pk).update(tied=True)
    assert set(kept.parted(made, kept.tied(made)).values()) == {"并列，由评审委员会决定"}


def test_a_ranking_is_not_made_while_a_stage_runs(client, round_, bodies, areas, office):
    lay.eligible(round_, bodies[:1], office)
    lay.staged(round_, [lay.expert(areas["district"], office, f"zj{n}", round_) for n in range(5)], office)
    text = page(client, office, "round_ranking", round_.pk).text
    assert "书面评审还没有结束" in text
    answer = client.post(reverse("funding:round_rank", args=[round_.pk]))
    assert (answer.status_code, "都结束以后才能汇总" in answer.text) == (422, True)


def test_order_and_pack_stand_side_by_side_in_words(client, reviewed, round_, office, chief):
    assert "先汇总排名" in page(client, office, "round_selection", round_.pk).text
    ranking.rank(round_=round_, by=office, at=AT)
    assert "还没有测算" in page(client, office, "round_selection", round_.pk).text
    assert client.post(reverse("funding:round_select", args=[round_.pk])).status_code == 302
    text = page(client, chief, "round_selection", round_.pk).text
    for words in ("1 个项目，200,000.00 元，总分 84", "2 个项目，200,000.00 元，总分 165", "已证明没有总分更高的组合",
                  "仅按名次", "仅最优组合", "最优组合选入；按名次轮到时剩余资金不够", "都没有选入：剩余资金不够",
                  "未决定 4", "全区资金"):  # fmt: skip
        assert words in text, words
    lines = {line.project_id: line for line in SelectionLine.objects.all()}
    assert sum(line.in_order != line.in_pack for line in lines.values()) == 3
    assert "3 个项目" in text


def test_the_committee_decides_project_by_project(client, selected, round_, chief):
    client.force_login(chief)
    first = client.get(reverse("funding:project_decide", args=[selected[1].pk])).text
    assert "项目1" in first
    assert "还剩" in first
    assert first.count("第1个：可行。") == 5
    assert "建议资助金额平均 66,000.00 元" in first
    assert "专家zj" not in first
    decided(client, selected[1], outcome="proposed", amount_fen="", status=422)
    decided(client, selected[1], outcome="proposed", amount_fen="100000.01", status=422)
    decided(client, selected[1], outcome="proposed", amount_fen="8万元")
    assert Project.objects.get(pk=selected[1].pk).state == "proposed"
    left = committee.counters(round_, committee.Words())[0]
    assert (left.used, left.left) == (8 * _WAN, 12 * _WAN)
    assert "120,000.00" in page(client, chief, "round_selection", round_.pk).text
    refused = decided(client, selected[0], outcome="proposed", amount_fen="120000.01", status=422)
    assert "剩余资金不够" in refused.text
    refused = decided(client, selected[3], outcome="proposed", amount_fen="1", status=422)
    assert "请写明拟立项的理由" in refused.text
    refused = decided(client, selected[3], outcome="reserve", reason="", status=422)
    assert "须写明理由" in refused.text
    decided(client, selected[3], outcome="reserve", reason="资金不足，列为候补。")
    held = CommitteeDecision.objects.current().get(project=selected[3])
    assert (held.outcome, held.amount_fen, held.reason) == ("reserve", 0, "资金不足，列为候补。")


def test_a_stale_page_decides_nothing(client, selected, round_, office, chief):
    client.force_login(chief)
    version = Project.objects.get(pk=selected[1].pk).version
    decided(client, selected[1], outcome="reserve", reason="候补。")
    answer = decided(client, selected[1], version, 422, outcome="proposed", amount_fen="100000", reason="我写的理由")
    assert "别人修改了" in answer.text
    assert "我写的理由" in answer.text
    there = reverse("funding:round_decide_all", args=[round_.pk])
    posted = fields(client.get(there).text)
    selecting.select(round_=round_, by=office, at=AT)
    answer = client.post(there, posted)
    assert (answer.status_code, "重新测算过" in answer.text) == (422, True)
    assert CommitteeDecision.objects.count() == 1


def fields(text):
    """What the form of the page holds."""
    found = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', text))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', text, re.DOTALL):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return {name: value for name, value in found.items() if name not in ("csrfmiddlewaretoken", "q")}


def test_all_are_decided_by_the_order_at_once_with_reasons_only_where_needed(client, selected, round_, chief):
    client.force_login(chief)
    there = reverse("funding:round_decide_all", args=[round_.pk])
    posted = fields(client.get(there).text)
    told = {n: posted[f"outcome-{row.pk}"] for n, row in enumerate(selected)}
    assert told == {0: "proposed", 1: "reserve", 2: "reserve", 3: "reserve"}
    assert posted[f"reason-{selected[0].pk}"] == ""
    assert posted[f"reason-{selected[1].pk}"] == "按名次轮到时剩余资金不够。"
    bare = client.post(there, {**posted, f"reason-{selected[2].pk}": ""})
    assert (bare.status_code, "候补和不予立项须写明理由" in bare.text) == (422, True)
    dear = {**posted, f"outcome-{selected[1].pk}": "proposed", f"amount_fen-{selected[1].pk}": "1"}
    answer = client.post(there, dear)
    assert (answer.status_code, "剩余资金不够" in answer.text) == (422, True)
    assert CommitteeDecision.objects.count() == 0, "all or none"
    assert client.post(there, posted).status_code == 302
    assert sorted(CommitteeDecision.objects.values_list("outcome", "amount_fen")) == [
        ("proposed", 20 * _WAN), ("reserve", 0), ("reserve", 0), ("reserve", 0),
    ]  # fmt: skip
    assert client.get(there).status_code == 302, "nothing is left to decide"


def test_quotas_named_by_word_or_by_code_count_the_same(round_, office, areas):
    names = {"河埒街道": "320211001", areas["heli"].code: "320211001"}
    for value, code in names.items():
        lines = [{"kind": "street", "value": value, "most": 1}, {"kind": "type", "value": "社会团体", "most": 2}]
        pools.set_quotas(round_=round_, by=office, at=AT, lines=lines)
        assert set(grounds.ground_of(round_).quotas) == {f"street:{code}", "type:ST"}


def test_counters_are_those_of_a_plain_count(client, selected, round_, office, chief):
    pools.set_quotas(round_=round_, by=office, at=AT, lines=[
        {"kind": "all", "value": "", "least": 2, "most": 3},
        {"kind": "street", "value": "河埒街道", "most_fen": 15 * _WAN},
    ])  # fmt: skip
    client.force_login(chief)
    decided(client, selected[1], outcome="proposed", amount_fen="90000")
    found = {(one.title, one.money): one for one in committee.counters(round_, committee.Words())}
    total = sum(row.amount_fen for row in CommitteeDecision.objects.current())
    assert found["全区资金", True].left == 20 * _WAN - total == 11 * _WAN
    every = found["整届", False]
    assert (every.used, every.left, every.short) == (1, 2, 1)
    assert found["按街道（镇） 河埒街道", True].left == 6 * _WAN
    here = reverse("funding:project_decide", args=[selected[2].pk])
    told = {"outcome": "proposed", "amount_fen": "30000", "reason": ""}
    live = client.get(here, told, headers={"HX-Request": "true"}).text
    assert "80,000.00" in live, "what would be left"
    assert "<html" not in live
    assert "110,000.00" in client.get(here, {**told, "outcome": "reserve"}, headers={"HX-Request": "true"}).text
    assert CommitteeDecision.objects.count() == 1
    assert "还差 1 个" in page(client, chief, "round_selection", round_.pk).text


def test_who_gets_in(client, selected, round_, office, chief, bodies, areas):
    expert = Reading.objects.select_related("expert__user").first().expert.user
    for name in ("round_ranking", "round_selection", "round_ranking_book"):
        page(client, bodies[0][1], name, round_.pk, 403)
        page(client, expert, name, round_.pk, 403)
        page(client, ground.office("lingdao", "leadership"), name, round_.pk, 403) if name == "round_ranking" else None
    for name, pk in (("round_decide_all", round_.pk), ("project_decide", selected[0].pk)):
        page(client, office, name, pk, 403)
    client.force_login(chief)
    for name in ("round_rank", "round_select"):
        assert client.post(reverse(f"funding:{name}", args=[round_.pk])).status_code == 403
    tabs = page(client, bodies[0][1], "round_detail", round_.pk).text
    assert "立项建议" not in tabs
    assert "立项建议" in page(client, office, "round_detail", round_.pk).text


def test_applicants_read_their_own_outcome_and_nothing_else(client, selected, round_, chief, bodies):
    client.force_login(chief)
    decided(client, selected[3], outcome="refused", reason="需求不清楚。")
    decided(client, selected[1], outcome="proposed", amount_fen="100000")
    heads = [head for _body, head in bodies]
    text = page(client, heads[3], "project_outcome", selected[3].pk).text
    for words in ("不予立项", "需求不清楚。", "82", "各项平均分", "需求与针对性"):
        assert words in text, words
    for words in ("项目0", "项目1", "项目2", "专家", "84", "83", *(body.code for body, _h in bodies[:3])):
        assert words not in re.sub(r"由哪些专家评审|<nav.*?</nav>", "", text, flags=re.DOTALL), words
    assert "评审结果" in page(client, heads[3], "project_detail", selected[3].pk).text
    silent = page(client, heads[1], "project_outcome", selected[1].pk).text
    assert "还没有结果" in silent
    assert "拟立项" not in silent
    assert "评审结果" not in page(client, heads[1], "project_detail", selected[1].pk).text
    page(client, heads[1], "project_outcome", selected[3].pk, 404)
    page(client, chief, "project_outcome", selected[3].pk, 403)


def test_pages_ask_as_much_for_many_lines_as_for_few(client, selected, round_, chief):
    client.force_login(chief)
    names = ("round_ranking", "round_selection", "round_decide_all")

    def asked():
        found = {}
        for name in names:
            client.get(reverse(f"funding:{name}", args=[round_.pk]))
            with CaptureQueriesContext(connection) as told:
                assert client.get(reverse(f"funding:{name}", args=[round_.pk])).status_code == 200
            found[name] = len(told)
        return found

    few = asked()
    line, chosen = RankingLine.objects.first(), SelectionLine.objects.first()
    for n in range(12):
        project = Project.objects.get(pk=selected[0].pk)
        project.pk, project.number = None, f"X{n}"
        project.save(force_insert=True)
        for row in (line, chosen):
            row.pk, row.project = None, project
            row.save(force_insert=True)
    assert Selection.objects.get().lines.count() == 16
    assert asked() == few
