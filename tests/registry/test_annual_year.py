"""A year of annual reports in the demo district, at the pages, by the practice clock from December to January.

Every date is reckoned here again from the rows of the working-day table, by code of this file alone.
"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import calendar as calendar_actions
from liaoyuan.core.actions import install, parameters
from liaoyuan.core.models import CalendarDay, Document, DocumentBatch, Issuer, User
from liaoyuan.core.queries import due
from liaoyuan.registry.actions import demo
from liaoyuan.registry.models import (
    AnnualReport,
    AnnualResult,
    AnnualRound,
    CreditEntry,
    ListingProposal,
    Organization,
    Standing,
)
from tests.core.jobs_ground import work_off
from tests.registry.test_annual_reports import TYPED, attach, page

pytestmark = pytest.mark.django_db
OPEN = date(9999, 12, 31)
FIRST = datetime(2025, 12, 22, 2, 0, tzinfo=UTC)
WEEK = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


@pytest.fixture
def now(monkeypatch):
    """Move the clock: `now("2026-01-12")`."""

    def move(day: str) -> date:
        monkeypatch.setenv("LIAOYUAN_NOW", f"{day}T10:00:00")
        due.forget()
        return date.fromisoformat(day)

    return move


@pytest.fixture
def officer(now, client):
    now("2025-12-22")
    install.load_areas(at=FIRST)
    parameters.sync_shipped(at=FIRST)
    calendar_actions.sync_calendar(at=FIRST)
    demo.build(scale=1, seed=1026, by=Operator("tests"), at=FIRST, say=lambda text: None)
    client.force_login(User.objects.get(username="dengji"))
    return client


# The table as data; everything below it is this file's own.


def works(day: date) -> bool:
    row = CalendarDay.objects.filter(date=day).first()
    return row.is_workday if row else day.weekday() < 5


def after(day: date, count: int) -> tuple[date, bool]:
    """The n-th working day after a day, and whether a year that is not in the table was entered."""
    known = {d.year for d in CalendarDay.objects.dates("date", "year")}
    guessed = False
    while count:
        day += timedelta(days=1)
        guessed |= day.year not in known
        count -= works(day)
    return day, guessed


def scope_by_hand(year: int) -> dict[int, str]:
    """Live registered bodies of the district that were there in time, by plain Python over plain rows."""
    told = {}
    registered = dict(Organization.objects.values_list("pk", "registered_on"))
    for row in Standing.objects.filter(superseded_at=None, valid_to=OPEN).select_related("registrar_area"):
        last = {"MF": date(year, 6, 30), "ST": date(year, 12, 31), "JJ": date(year, 12, 31)}.get(row.kind)
        begun = registered[row.organization_id]
        if last and row.status in ("active", "liquidating") and (begun is None or begun <= last):
            told[row.organization_id] = row.kind
    return told


def waiting(client) -> dict[str, str]:
    """The officer's 待办 about annual reports and proposals: title → address."""
    items = due.todo(User.objects.get(username="dengji"), clock.today(), limit=50).items
    return {item.title: item.url for item in items if item.code.startswith(("annual", "proposals", "long", "made"))}


def file_all(round_: AnnualRound, left: set[int]) -> None:
    """Everybody but `left` has reported in time: the rows as the steps leave them."""
    at = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
    rows = AnnualReport.objects.filter(round=round_, state__in=["none", "draft"]).exclude(organization__in=left)
    way = {"filed_on": date(2026, 5, 20), "filed_at": at, "state": "filed"}
    before = {"submitted_on": date(2026, 3, 20), "submitted_at": at, "reviewed_on": date(2026, 4, 10),
              "reviewed_at": at}  # fmt: skip
    rows.filter(supervised=True).update(**way, **before)
    rows.filter(supervised=False).update(**way)


def test_the_year(officer, now):
    client = officer
    # January: the round of 2025 is opened from the dates of 2024.
    now("2026-01-12")
    html = page(client, "annual_open", year=2025).text
    assert "从 2024 年度推移而来" in html
    wanted = scope_by_hand(2025)
    assert f"<strong>{len(wanted)}</strong>" in html
    shown = dict(re.findall(r'name="((?:ST|MF|JJ)_\w+)" value="([\d-]+)"', html))
    assert shown == {
        "ST_cutoff_on": "2025-12-31", "ST_supervisor_due": "2026-03-31", "ST_review_due": "2026-05-31",
        "ST_registrar_due": "2026-05-31", "MF_cutoff_on": "2025-06-30", "MF_supervisor_due": "2026-03-31",
        "MF_review_due": "2026-05-31", "MF_registrar_due": "2026-05-31", "JJ_cutoff_on": "2025-12-31",
        "JJ_registrar_due": "2026-03-31",
    }  # fmt: skip
    for name in re.findall(r'name="((?:ST|MF|JJ)_\w+)"', html):
        day = date.fromisoformat(shown[name])
        told = html.split(f'name="{name}"')[1].split("form-hint")[1]
        told = told.split("</p>")[0]
        assert WEEK[day.weekday()] in told
        assert ("非工作日" in told) == (not works(day))
        if not works(day):
            following = day
            while not works(following):
                following += timedelta(days=1)
            assert following.isoformat() in told
    address = reverse("registry:annual_open") + "?area=320211&year=2025"
    answer = client.post(address, {**shown, "notice": "滨民〔2026〕1号", "audit_fields": ["04", "05"]})
    assert answer.status_code == 302, answer.text[:2000]
    round_ = AnnualRound.objects.get(year=2025)
    reports = AnnualReport.objects.filter(round=round_)
    assert dict(reports.values_list("organization", "kind")) == wanted
    assert round_.copied_from.year == 2024

    # One head writes and files; the others are entered below.
    head = User.objects.get(username="fuzeren")
    client.force_login(head)
    mine = reports.get(organization=head.grants.get(role="organization_head").scope_id)
    tasks = due.todo(head, date(2026, 1, 12), limit=20).items
    assert [item.url for item in tasks if item.code == "annual"] == [reverse("registry:annual_report", args=[mine.pk])]
    now("2026-03-02")
    for step, typed in TYPED.items():
        version = reports.get(pk=mine.pk).version
        assert page(client, "annual_fill", mine.pk, step, post={**typed, "version": version}).status_code == 302
    client.force_login(User.objects.get(username="dengji"))

    # Thirty days before the first deadline 待办 begins to speak, in one line.
    now("2026-02-28")
    assert not [title for title in waiting(client) if "2025 年度" in title]
    now("2026-03-01")
    soon = [title for title in waiting(client) if "2025 年度" in title]
    assert len(soon) == 1
    assert (date(2026, 3, 31) - date(2026, 3, 1)).days == 30
    plain = Standing.objects.filter(superseded_at=None, valid_to=OPEN, organization__in=wanted)
    near = [row for row in plain if row.kind == "JJ" or (row.supervisor and not row.is_charity)]
    assert soon == [f"2025 年度年报：{len(near)} 家临近期限"]  # the others have until 05-31

    # June: all but forty have reported. Forty are one line, and forty names on a printed list.
    fancy = "子虚|乌有|亡是|无何|南柯|黄粱|蜃楼|海市|镜花|水月|虚舟|浮槎"
    invented = list(
        Standing.objects.filter(superseded_at=None, valid_to=OPEN, organization__in=wanted, kind="MF")
        .exclude(organization=mine.organization_id).exclude(supervisor="").exclude(is_charity=True)
        .exclude(organization__creditentrys__superseded_at=None, organization__creditentrys__isnull=False)
        .exclude(organization__proposals__isnull=False)
        .order_by("organization").values_list("organization", "name")
    )  # fmt: skip
    names = [pair for pair in invented if re.search(fancy, pair[1])]
    late = dict((names + [pair for pair in invented if pair not in names])[:40])
    file_all(round_, set(late))
    now("2026-06-01")
    assert f"2025 年度年报：{len(late)} 家逾期" in waiting(client)
    address = waiting(client)[f"2025 年度年报：{len(late)} 家逾期"]
    html = client.get(address).text
    rows = re.findall(r'<td class="num" data-label="序号">(\d+)</td>.*?</tr>', html, re.S)
    assert rows == [str(n) for n in range(1, 41)]
    assert all(name in html for name in late.values())
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.S)[1]
    assert text.count("（期限 2026-03-31）") == 40
    assert not re.search(r"1\d{10}", html)  # no whole telephone number

    # A call in two taps, and who complies drops out.
    one, gone = list(late)[:2]
    note = reverse("registry:organization_note", args=[one])
    assert note in html
    assert client.post(note, {"outcome": "told"}).status_code == 302
    assert re.search(r'data-label="最近通话">2026-06-01 [^<]*已告知', client.get(address).text)
    reports.filter(organization=gone).update(
        state="filed", submitted_on=date(2026, 6, 1), submitted_at=FIRST, reviewed_on=date(2026, 6, 1),
        reviewed_at=FIRST, filed_on=date(2026, 6, 1), filed_at=FIRST,
    )  # fmt: skip
    html = client.get(address).text
    assert late[gone] not in html
    assert len(re.findall(r'data-label="序号"', html)) == 39

    # Conclusions: the filed ones are examined; the officer decides about the late ones.
    on = now("2026-06-08")
    filed = reports.filter(state="filed")
    example = filed.order_by("pk").first()
    for post in ({"do": "examine"}, {"do": "conclude", "result": "qualified", "on": "2026-06-08"}):
        assert page(client, "annual_act", example.pk, post=post).status_code == 302
    assert AnnualResult.objects.current().get(organization=example.organization_id, year=2025).result == "qualified"
    at = datetime(2026, 6, 8, 2, 0, tzinfo=UTC)
    filed.update(state="concluded", examined_at=at, result="qualified", concluded_on=on, concluded_at=at)
    late.pop(gone)
    before = {
        pk: AnnualResult.objects.current().filter(organization=pk, year=2024, result="missed").exists() for pk in late
    }
    post = {"ids": list(reports.filter(organization__in=late).values_list("pk", flat=True)), "do": "apply"}
    mine_row = reports.get(pk=mine.pk)
    assert mine_row.state == "filed" or mine_row.result == "qualified"
    assert page(client, "annual_missed", round_.pk, post=post).status_code == 302
    told = {p.organization_id: p.wants for p in ListingProposal.objects.filter(report__round=round_)}
    assert told == {pk: "revocation" if twice else "abnormal" for pk, twice in before.items()}
    assert not CreditEntry.objects.filter(organization__in=late, valid_from__gte=date(2026, 1, 1)).exists()
    assert set(reports.exclude(state="concluded").values_list("organization", flat=True)) == set()

    # Publicity of five working days, over the Dragon Boat holiday.
    now("2026-06-16")
    assert page(client, "annual_publish", round_.pk, post={"begins_on": "2026-06-16"}).status_code == 302
    round_.refresh_from_db()
    last, guessed = after(date(2026, 6, 16), 5)
    assert (round_.publicity_to, round_.publicity_provisional) == (last, guessed)
    assert last > date(2026, 6, 23) and not guessed
    html = page(client, "annual_publicity", round_.pk).text
    assert f"公示期 2026-06-16 至 {last}" in html
    assert html.count("<li>") >= len(wanted)
    page(client, "annual_close", round_.pk, post={})
    round_.refresh_from_db()
    assert round_.closed_at is None
    now((last + timedelta(days=1)).isoformat())
    page(client, "annual_close", round_.pk, post={})
    round_.refresh_from_db()
    assert round_.closed_at is not None

    # Letters to all of them at once, signed and sent at once; then one of them all the way, by documents alone.
    now("2026-07-01")
    signer = User.objects.get(username="kezhang")
    head = Client()
    head.force_login(signer)
    proposals = ListingProposal.objects.filter(report__round=round_)
    write = reverse("registry:proposal_letters", args=["listing_letter"])
    html = client.post(write, {"ids": list(proposals.values_list("pk", flat=True))}).text
    sent = {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("key", "chosen")}
    issuer = Issuer.objects.get(mark="滨民社")
    assert client.post(write, {"do": "draft", "issuer": issuer.pk, **sent}).status_code == 302
    work_off()
    batch = DocumentBatch.objects.get()
    assert batch.documents.count() == len(late) == 39
    lines = {item.code: item.title for item in due.todo(signer, date(2026, 7, 1), limit=50).items}
    waits = Document.objects.filter(state="draft").count()
    assert lines["document_review"] == f"文书待核稿：{waits} 份" and waits >= 39
    assert head.post(reverse("core:batch_sign", args=[batch.pk])).status_code == 302
    work_off()
    deliver = reverse("core:batch_deliver", args=[batch.pk])
    assert client.post(deliver, {"way": "post", "sent_on": "2026-07-01"}).status_code == 302
    work_off()
    told = list(proposals.order_by("organization").values_list("letter1_no", "letter1_on"))
    assert told == [(f"滨民社〔2026〕{n}号", date(2026, 7, 1)) for n in range(1, 40)]

    body = next(pk for pk, twice in before.items() if not twice)
    row = ListingProposal.objects.get(organization=body)
    act = reverse("registry:proposal_act", args=[row.pk])

    def drafted(code: str) -> Document:
        answer = client.post(act, {"do": "draft", "code": code})
        return Document.objects.get(pk=re.fullmatch(r"/documents/(\d+)/", answer.url)[1])

    def signed(made: Document) -> str:
        for word in ("review", "issue"):
            head.post(reverse("core:document_decide", args=[made.pk]), {"do": word})
        made.refresh_from_db()
        assert made.state == "issued"
        return made.number

    def served(made: Document, day: str, **post) -> None:
        address = reverse("core:document_deliver", args=[made.pk])
        assert client.post(address, {"way": "post", "sent_on": day, **post}).status_code == 302
        row.refresh_from_db()

    first = batch.documents.get(subject_id=str(body))
    now("2026-07-06")
    served(first, "2026-07-01", result="unsigned")
    assert (row.letter1_no, row.letter1_result, row.letter1_result_on) == (first.number, "unsigned", date(2026, 7, 6))
    html = page(client, "proposal_detail", row.pk).text
    window = [(date(2026, 7, 1) + timedelta(days=n)).isoformat() for n in (15, 30)]
    assert all(day in html for day in window)
    now("2026-07-20")
    second = drafted("listing_letter")
    assert signed(second) == "滨民社〔2026〕40号"
    now("2026-07-24")
    served(second, "2026-07-20", result="unsigned")
    assert (row.letter2_no, row.letter2_on, row.letter2_result) == (second.number, date(2026, 7, 20), "unsigned")
    now("2026-09-21")
    notice = drafted("listing_notice")
    signed(notice)
    served(notice, "2026-09-21", result="signed", receiver="示例收件人", signed_on="2026-09-21")
    assert row.notice_no == "滨民社〔2026〕41号"
    assert (row.heard_until, row.heard_provisional) == after(date(2026, 9, 21), 10)
    assert row.heard_until > date(2026, 10, 8)  # ten working days run over National Day
    assert not CreditEntry.objects.filter(organization=body).exists()
    day = (row.heard_until + timedelta(days=1)).isoformat()
    now(day)
    number = signed(drafted("listing_decision"))
    entry = CreditEntry.objects.current().get(organization=body)
    assert (entry.list_kind, entry.valid_from.isoformat(), entry.evidence) == ("abnormal", day, number)
    assert "活动异常名录" in page(client, "organization_detail", body, tab="credit").text

    # It hands in late, in the closed round, and comes off on that; the year stays missed.
    now("2026-11-02")
    missed = reports.get(organization=body)
    assert page(client, "annual_act", missed.pk, post={"do": "late", "due_on": "2026-11-30"}).status_code == 302
    late = AnnualReport.objects.get(makes_up=missed)
    assert (late.round, late.missed_on) == (round_, date(2026, 6, 8))
    word = {"word_via": "paper", "word_by": "赵某"}
    for step, typed in TYPED.items():
        version = AnnualReport.objects.get(pk=late.pk).version
        assert page(client, "annual_fill", late.pk, step, post={**typed, "version": version, **word}).status_code == 302
    for purpose in ("audit", "rectification"):
        attach(late, purpose)
    way = [{"do": "submit", "on": "2026-11-03", **word}, {"do": "review", "on": "2026-11-05", "passed": "1", **word},
           {"do": "file", "on": "2026-11-09", **word}, {"do": "examine"},
           {"do": "conclude", "result": "qualified", "on": "2026-11-12"}]  # fmt: skip
    for post in way:
        now(post.get("on", "2026-11-10"))
        assert page(client, "annual_act", late.pk, post=post).status_code == 302
        assert ("因年报列入名录的：1 家已补报，可以移出" in waiting(client)) == (post["do"] == "conclude")
    assert AnnualResult.objects.current().get(organization=body, year=2025).result == "missed"
    missed.refresh_from_db()
    assert (missed.result, missed.concluded_on) == ("missed", date(2026, 6, 8))
    now("2026-11-20")
    told = "2025 年度报告已补报，2026-11-12 作出结论"
    assert told in client.get(reverse("registry:credit_remove", args=[body, entry.pk])).text
    remove = reverse("registry:removal_letter", args=[body, entry.pk])
    assert remove in page(client, "proposal_detail", row.pk).text
    assert told in client.get(remove).text
    answer = client.post(remove, {"reason": "已补报年度报告", "complied": "on"})
    made = Document.objects.get(pk=re.fullmatch(r"/documents/(\d+)/", answer.url)[1])
    assert CreditEntry.objects.current().get(organization=body).valid_to == OPEN
    assert signed(made) == "滨民社〔2026〕43号"
    ended = CreditEntry.objects.current().get(organization=body)
    assert (ended.valid_to, ended.removal_reason) == (date(2026, 11, 20), "已补报年度报告（滨民社〔2026〕43号）")

    # The end of the year: the calendar of 2027 is not known yet.
    now("2026-12-28")
    old = AnnualRound.objects.get(year=2024)
    AnnualReport.objects.filter(round=old).exclude(state="concluded").update(
        state="concluded", result="missed", concluded_on=date(2026, 12, 28), concluded_at=FIRST, submitted_on=None,
        submitted_at=None, reviewed_on=None, reviewed_at=None, filed_on=None, filed_at=None, examined_at=None,
        review_opinion="",
    )  # fmt: skip
    assert page(client, "annual_publish", old.pk, post={"begins_on": "2026-12-29"}).status_code == 302
    old.refresh_from_db()
    assert (old.publicity_to, old.publicity_provisional) == after(date(2026, 12, 29), 5)
    assert old.publicity_to.year == 2027 and old.publicity_provisional
    html = page(client, "annual_round", old.pk).text
    assert "暂定：跨入放假通知未录入的年份" in html
