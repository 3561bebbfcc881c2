"""Changes through the pages: the editor judges while one types, a second person decides, the history tells it all."""

from datetime import timedelta

import pytest
from django.urls import reverse

from liaoyuan.funding.actions import agreements
from liaoyuan.funding.models import Amendment, BudgetLine, HandOverFile, Indicator, Tranche
from tests.funding import granting
from tests.funding.test_pages import lines

pytestmark = pytest.mark.django_db
WAN = granting.WAN


@pytest.fixture
def running(desk, round_, proposed, monkeypatch):
    """A project that runs, with its first instalment paid."""
    (line,), at = granting.approved(desk, round_, [(proposed, 10 * WAN)])
    row = granting.signed(desk, line.project, [(granting.pool(round_), 10 * WAN)], at=at)
    granting.paid(desk, row, at=at)
    agreements.start(agreement=granting.agreement(row), started_on=granting.day(at), by=desk.officer, at=at)
    monkeypatch.setenv("LIAOYUAN_NOW", at.isoformat())
    return granting.agreement(row)


@pytest.fixture
def ask(client):
    """Ask a page as somebody: a GET, or a POST of fields."""

    def go(person, page, *args, status=None, post=None):
        client.force_login(person)
        address = reverse(f"funding:{page}", args=args)
        answer = client.get(address) if post is None else client.post(address, post)
        assert answer.status_code == (status or (200 if post is None else 302)), answer.content.decode()[:3000]
        return answer.text

    return go


def editor(row, kinds, pay=None, rent=None, targets=None, **told):
    """The editor's fields as the page shows them, with these changed."""
    budget = [(line.budget_class, line.title, line.amount_fen) for line in row.project.lines.all()]
    changed = {"B01": pay, "B06": rent}
    rows = [
        {"budget_class": code, "title": title, "price_fen": f"{(changed.get(code) or fen) / 100:.2f}", "quantity": "1",
         "times": 1}
        for code, title, fen in budget
    ]  # fmt: skip
    shown = targets or [{"title": i.title, "unit": i.unit, "target": i.target} for i in row.project.indicators.all()]
    return {
        "kinds": kinds, "reason": "实施需要", "leader": "演示甲", "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(), "places": "",
        **{name.replace("line-", "budget-"): value for name, value in lines(rows, start=2).items()},
        **{name.replace("line-", "target-"): value for name, value in lines(shown, start=1).items()}, **told,
    }  # fmt: skip


def test_the_editor_tells_before_and_after_and_judges_while_one_types(running, ask, head, desk):
    row, project = running, running.project_id
    assert "申请变更" in ask(head, "amendment_list", project)
    assert "演示甲" in ask(head, "amendment_new", project)
    page = ask(
        head, "amendment_check", project, status=200, post=editor(row, ["budget"], pay=5 * WAN + 1, rent=5 * WAN - 1)
    )
    assert "GV-BUD-01" in page and "<ins>50,000.01</ins>" in page and "40,000.00" in page
    page = ask(head, "amendment_check", project, status=200, post=editor(row, ["budget"], pay=5 * WAN, rent=5 * WAN))
    assert "GV-BUD-01" not in page and "GV-EXE-02" in page and "<ins>50,000.00</ins>" in page
    page = ask(head, "amendment_check", project, status=200, post=editor(row, ["budget"], pay=5 * WAN, rent=6 * WAN))
    assert "超过协议金额 100,000.00 元" in page
    page = ask(head, "amendment_check", project, status=200, post=editor(row, ["period"], ends_on="后天"))
    assert "没看懂" in page
    page = ask(head, "amendment_check", project, status=200, post=editor(row, []))
    assert "先选要变更的内容" in page
    assert not Amendment.objects.exists() and granting.project(row.project).state == "running"
    # Refused in words, with what was typed.
    page = ask(
        head, "amendment_new", project, status=422, post=editor(row, ["budget"], pay=5 * WAN + 1, rent=5 * WAN - 1)
    )
    assert "GV-BUD-01" in page and "50000.01" in page
    page = ask(head, "amendment_new", project, status=422, post=editor(row, []))
    assert "请选择要变更的内容" in page
    page = ask(head, "amendment_new", project, status=422, post=editor(row, ["leader"], leader=" "))
    assert "请填写新的项目负责人" in page
    ask(desk.officer, "amendment_new", project, status=403)


def test_a_second_person_agrees_and_the_history_tells_it(running, ask, head, desk, round_):
    row, project = running, running.project_id
    ask(head, "amendment_new", project, post=editor(row, ["budget", "leader", "place"], pay=3 * WAN, rent=5 * WAN,
                                                    leader="演示乙", places="蠡园街道\n河埒街道"))  # fmt: skip
    made = Amendment.objects.get()
    assert "变更由申请人以外的人决定" not in ask(desk.host, "amendment_detail", made.pk)
    page = ask(desk.host, "amendment_detail", made.pk)
    assert "演示乙" in page and "蠡园街道、河埒街道" in page and "80,000.00" in page
    assert BudgetLine.objects.get(project=project, budget_class="B01").amount_fen == 4 * WAN, "nothing changes yet"
    ask(head, "amendment_decide", made.pk, status=403, post={"do": "agree"})
    ask(desk.host, "amendment_decide", made.pk, status=422, post={"do": "agree", "version": 99})
    ask(desk.host, "amendment_decide", made.pk, post={"do": "agree", "version": made.version, "opinion": "同意"})
    row = granting.agreement(row)
    assert (row.amount_fen, row.places, row.project.state) == (8 * WAN, ["蠡园街道", "河埒街道"], "running")
    assert granting.pool(round_).committed_fen == 8 * WAN
    assert sum(Tranche.objects.filter(agreement=row).values_list("amount_fen", flat=True)) == 8 * WAN
    assert HandOverFile.objects.get().takes == "演示乙"
    page = ask(head, "amendment_list", project)
    assert "已同意" in page and "同意" in page
    page = ask(head, "amendment_detail", made.pk)
    assert "变更后的版本" in page and "<ins>30,000.00</ins>" in page
    ask(desk.other_host, "amendment_decide", made.pk, status=422, post={"do": "keep", "opinion": "反悔"})


def test_a_change_is_kept_back_with_its_reason(running, ask, head, desk):
    row, project = running, running.project_id
    targets = [{"title": "服务人次", "unit": "人次", "target": 300}]
    last = (row.ends_on + timedelta(days=30)).isoformat()
    ask(head, "amendment_new", project, post=editor(row, ["target", "period"], targets=targets, ends_on=last))
    made = Amendment.objects.get()
    page = ask(desk.host, "amendment_detail", made.pk)
    assert "600 人次" in page and "<ins>300 人次</ins>" in page and last in page
    assert "没有待批的变更时才能申请" in ask(head, "amendment_new", project)
    ask(head, "amendment_new", project, status=422, post=editor(row, ["leader"], leader="演示丙"))
    assert "写明不同意的理由" in ask(
        desk.host, "amendment_decide", made.pk, status=422, post={"do": "keep", "opinion": ""}
    )
    ask(desk.host, "amendment_decide", made.pk, post={"do": "keep", "opinion": "目标不能减半"})
    assert "目标不能减半" in ask(head, "amendment_list", project)
    assert Indicator.objects.get(project=project).target == 600
    assert granting.agreement(row).ends_on == row.ends_on


def test_an_agreed_decision_is_judged_again(running, ask, head, desk):
    """What the rules forbid at the decision is refused there, in words; the wish stays open."""
    row, project = running, running.project_id
    ask(head, "amendment_new", project, post=editor(row, ["budget"], pay=1 * WAN, rent=4 * WAN - 1))
    made = Amendment.objects.get()
    page = ask(desk.host, "amendment_decide", made.pk, status=422, post={"do": "agree"})
    assert "已拨的 50,000.00 元以下" in page
    made.refresh_from_db()
    assert made.state == "asked"
