"""The pages of eligibility: who sees what, findings answered, two texts side by side, barred by two, all at once."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liaoyuan.core import jobs, registries
from liaoyuan.core.models import Job
from liaoyuan.funding.actions import eligibility, handing_in, projects
from liaoyuan.funding.models import Examined, Project, TeamMember
from liaoyuan.funding.queries import eligibility as told
from tests.core.factories import AT, user
from tests.core.jobs_ground import work_off
from tests.funding import ground
from tests.funding import ground_review as lay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day", "shipped")]
LONG = "每周两次入户陪伴独居老人，记录健康情况并联系家属。"


@pytest.fixture
def on_the_day(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", ground.AT.isoformat())


@pytest.fixture
def chief(areas):
    return lay.chief()


@pytest.fixture
def project(round_, body, head):
    return ground.submitted(ground.written(round_, body, head), head)


@pytest.fixture
def doubtful(round_, body, head):
    """A second application of the same texts: the rules ask why."""
    ground.submitted(ground.written(round_, body, head, title="第一个"), head)
    return ground.submitted(ground.written(round_, body, head), head)


def page(client, name, *args, status=200, query=""):
    answer = client.get(reverse(f"funding:{name}", args=args) + query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.text


def post(client, name, /, *args, status=302, **fields):
    answer = client.post(reverse(f"funding:{name}", args=args), fields)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def test_an_application_goes_through_the_examination(client, doubtful, office):
    client.force_login(office)
    text = page(client, "round_eligibility", doubtful.round_id)
    assert "未核查" in text
    assert "还有 30 天" in text
    assert "还没有核查" in page(client, "project_eligibility", doubtful.pk)
    post(client, "project_examine", doubtful.pk)
    found = Examined.objects.get()
    text = page(client, "project_eligibility", doubtful.pk)
    for one in told.findings(found):
        assert one.message in text
        for title, value in one.values:
            assert f"{title}：{value}" in text
    opened = [one for one in told.findings(found) if one.open]
    assert opened
    assert "有待说明" in page(client, "round_eligibility", doubtful.round_id)
    refused = post(client, "project_accept", doubtful.pk, status=422, version=found.version).text
    assert f"还有 {len(opened)} 条核查结果没有说明" in refused
    for one in opened:
        version = Examined.objects.get().version
        post(client, "project_finding", doubtful.pk, one.number, reason=f"已核实{one.number}。", version=version)
    text = page(client, "project_eligibility", doubtful.pk)
    assert all(f"已核实{one.number}。" in text for one in opened)
    assert "可以通过" in page(client, "round_eligibility", doubtful.round_id, query="?step=ready")
    stale = post(client, "project_accept", doubtful.pk, status=422, version=found.version).text
    assert "别人办理了这次资格审查" in stale
    post(client, "project_accept", doubtful.pk, version=Examined.objects.get().version)
    doubtful.refresh_from_db()
    assert doubtful.state == "eligible"
    assert "资格通过" in page(client, "project_eligibility", doubtful.pk)


def test_what_was_typed_stays_when_an_answer_is_refused(client, doubtful, office):
    client.force_login(office)
    post(client, "project_examine", doubtful.pk)
    (one, *_rest) = [one for one in told.findings(Examined.objects.get()) if one.open]
    text = post(client, "project_finding", doubtful.pk, one.number, status=422, reason="小区不同", version=99).text
    assert 'value="小区不同"' in text
    assert "别人办理了这次资格审查" in text
    assert (
        post(client, "project_finding", doubtful.pk, one.number, status=422, reason="长" * 1001).text.count("长") > 999
    )
    assert Examined.objects.get().answers == {}


def test_two_persons_bar_and_the_applicant_reads_the_reason_only(client, project, office, chief, head):
    there = reverse("funding:project_eligibility", args=[project.pk])
    client.force_login(office)
    post(client, "project_examine", project.pk)
    assert "请填写" in post(client, "project_bar", project.pk, status=422).text or Examined.objects.get().outcome == ""
    version = Examined.objects.get().version
    post(client, "project_bar", project.pk, reason="成立不满两年，见公告第三条。", version=version)
    text = page(client, "project_eligibility", project.pk)
    assert "由提出人以外的负责人确认" in text
    assert client.post(reverse("funding:project_bar_confirm", args=[project.pk])).status_code == 403
    client.force_login(head)
    assert there not in page(client, "project_detail", project.pk)
    text = page(client, "project_eligibility", project.pk)
    assert "还没有结论" in text
    assert "成立不满两年" not in text
    client.force_login(chief)
    items, _total = registries.due_sources["funding.bars"].items(user=chief, on=ground.TODAY, limit=5)
    assert [(item.url, project.title in item.title) for item in items] == [(there, True)]
    assert "成立不满两年" in page(client, "project_eligibility", project.pk)
    post(client, "project_bar_refuse", project.pk, status=422, reason="")
    post(client, "project_bar_confirm", project.pk, version=Examined.objects.get().version)
    project.refresh_from_db()
    assert project.state == "ineligible"
    client.force_login(head)
    assert there in page(client, "project_detail", project.pk)
    text = page(client, "project_eligibility", project.pk)
    assert "成立不满两年，见公告第三条。" in text
    for told_ in told.findings(Examined.objects.get()):
        assert told_.message not in text
    assert office.display_name not in text


def test_the_second_person_sends_it_back(client, project, office, chief):
    eligibility.examine(project=project, by=office, at=AT)
    eligibility.propose_bar(project=project, reason="材料不实。", by=office, at=AT)
    client.force_login(chief)
    post(client, "project_bar_refuse", project.pk, reason="材料已补来。", version=Examined.objects.get().version)
    assert Examined.objects.get().outcome == ""
    assert client.get(reverse("funding:project_bar", args=[project.pk])).status_code == 403
    for name in ("project_examine", "project_accept"):
        assert client.post(reverse(f"funding:{name}", args=[project.pk])).status_code == 403


def test_equal_passages_are_marked_side_by_side(client, round_, areas, body, head, office):
    rows, other = [], ground.body("滨湖区乙示例服务中心", street=areas["heli"])
    for name, held, leads in (("甲", body, head), ("乙", other, ground.head(other, "yi"))):
        row = ground.written(round_, held, leads, title=f"夕阳相伴{name}")
        projects.save_texts(project=row, values={**ground.TEXTS, "need": f"{name}说：{LONG}"}, by=leads, at=AT)
        row.refresh_from_db()
        rows.append(ground.submitted(row, leads))
    client.force_login(office)
    text = page(client, "project_eligibility", rows[0].pk)
    assert "夕阳相伴乙" in text
    there = reverse("funding:project_double", args=[row.pk for row in rows])
    assert there in text
    text = client.get(there).text
    assert f"<mark>说：{LONG.rstrip('。')}</mark>" in text
    client.force_login(head)
    assert client.get(there).status_code == 403


def test_a_person_s_time_over_all_projects(client, round_, body, head, office):
    rows = [ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head) for n in range(2)]
    TeamMember.objects.update(percent=60)
    client.force_login(office)
    text = page(client, "project_eligibility", rows[0].pk)
    assert "120%" in text
    assert "verdict--reject" in text
    assert "项目1" in text
    TeamMember.objects.filter(project=rows[1]).update(percent=40)
    text = page(client, "project_eligibility", rows[0].pk)
    assert "100%" in text
    assert "verdict--reject" not in text


def test_all_are_examined_at_once_in_a_job(client, round_, areas, office, chief):
    bodies = lay.bodies(3, areas["heli"])
    rows = [ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head)
            for n, (body, head) in enumerate(bodies)]  # fmt: skip
    eligibility.examine(project=rows[0], by=office, at=AT)
    eligibility.propose_bar(project=rows[0], reason="超出区域。", by=office, at=AT)
    client.force_login(chief)
    assert client.post(reverse("funding:eligibility_examine_all", args=[round_.pk])).status_code == 403
    client.force_login(office)
    there = post(client, "eligibility_examine_all", round_.pk)["Location"]
    assert post(client, "eligibility_examine_all", round_.pk)["Location"] == there
    work_off()
    assert Job.objects.get().sentence == "已核查 2 个申报。"
    assert Examined.objects.current().count() == 3
    assert Examined.objects.current().get(project=rows[0]).outcome == "ineligible"
    handing_in.give_back(project=rows[1], text="请补充。", due_on=ground.TODAY + timedelta(5), by=office, at=AT)
    projects.save_texts(project=rows[1], values=ground.TEXTS | {"need": "走访 45 户。"}, by=bodies[1][1], at=AT)
    ground.submitted(Project.objects.get(pk=rows[1].pk), bodies[1][1])
    assert "须重新核查" in page(client, "round_eligibility", round_.pk, query="?step=again")
    post(client, "eligibility_examine_all", round_.pk)
    work_off()
    assert Examined.objects.filter(project=rows[1]).count() == 2
    assert Examined.objects.filter(project=rows[2]).count() == 1


def test_a_worker_that_stops_leaves_the_rest_to_the_next(client, round_, areas, office, monkeypatch):
    rows = [ground.submitted(ground.written(round_, body, head, title=f"项目{n}"), head)
            for n, (body, head) in enumerate(lay.bodies(3, areas["heli"]))]  # fmt: skip
    stopping, real = threading.Event(), eligibility.examine

    def once(**told):
        stopping.set()
        return real(**told)

    monkeypatch.setattr(eligibility, "examine", once)
    client.force_login(office)
    post(client, "eligibility_examine_all", round_.pk)
    with suppress(jobs.HandedBack):
        jobs.run(jobs.claim("w"), stopping)
    assert Examined.objects.count() == 1
    Job.objects.update(state="waiting", lease_until=None)
    work_off()
    assert Examined.objects.count() == len(rows)
    assert Job.objects.get().sentence == "已核查 2 个申报。"


def test_each_step_is_found_by_the_list(client, round_, areas, office, chief):
    bodies = lay.bodies(5, areas["heli"])
    rows = [ground.submitted(ground.written(round_, body, head, title=f"第{n}号申报"), head)
            for n, (body, head) in enumerate(bodies)]  # fmt: skip
    lay.passed(rows[1], office)
    eligibility.examine(project=rows[2], by=office, at=AT)
    for n in (3, 4):
        eligibility.examine(project=rows[n], by=office, at=AT)
        eligibility.propose_bar(project=rows[n], reason="不符。", by=office, at=AT)
    eligibility.confirm_bar(project=rows[4], by=chief, at=AT)
    client.force_login(chief)
    for step, number in (("new", 0), ("passed", 1), ("open", 2), ("bar", 3), ("barred", 4)):
        text = page(client, "round_eligibility", round_.pk, query=f"?step={step}")
        assert [n for n in range(5) if f"第{n}号申报" in text] == [number], step
    assert "没有符合条件的申报" in page(client, "round_eligibility", round_.pk, query="?step=returned")


def test_the_list_costs_no_more_for_more(client, round_, areas, office):
    bodies = lay.bodies(6, areas["heli"])
    client.force_login(office)
    there = reverse("funding:round_eligibility", args=[round_.pk])

    def add(pairs):
        for body, head in pairs:
            row = ground.submitted(ground.written(round_, body, head, title="申报"), head)
            eligibility.examine(project=row, by=office, at=AT)

    counts = []
    for pairs in (bodies[:2], bodies[2:]):
        add(pairs)
        client.get(there)
        with CaptureQueriesContext(connection) as asked:
            client.get(there)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_others_stay_outside(client, project, office, areas):
    there = [reverse("funding:round_eligibility", args=[project.round_id]),
             reverse("funding:project_eligibility", args=[project.pk])]  # fmt: skip
    for role in ("finance", "leadership"):
        client.force_login(user(f"als{role}", (role, "area", "320211")))
        assert [client.get(one).status_code for one in there] == [403, 403]
    client.force_login(user("andere", ("grants_office", "area", "320213")))
    assert [client.get(one).status_code for one in there] == [404, 404]
    other = ground.body("滨湖区他示例服务中心", street=areas["heli"])
    client.force_login(ground.head(other, "anders"))
    assert client.get(there[1]).status_code == 404
