"""The audit console through the client: who gets in, what it shows, and that nothing in it writes."""

import json
import re
from io import BytesIO

import pytest
from django.db import connection, transaction

from liaoyuan.core import clock, events, seal
from liaoyuan.core.actions import audit
from liaoyuan.core.choices import Channel, Event
from liaoyuan.core.models import AuditEvent, AuditHead
from tests.core import factories
from tests.core.audit_ground import forget_traces, unguarded
from tests.core.test_login_pages import NoWrites

TRANSACTIONAL = pytest.mark.django_db(transaction=True)
AT = factories.AT
PAGES = [
    "/console/audit/", "/console/audit/?person=wang&code=account.login&start=2026-01-01&end=2026-12-31&unsealed=on",
    "/console/audit/{pk}/", "/console/audit/verify/", "/console/audit/head/", "/console/audit/head.json",
]  # fmt: skip


@pytest.fixture
def auditor(db):
    forget_traces()
    return factories.user("shenji", ("audit_administrator", "all", ""), office="audit", display_name="审计员")


def write(count=3, **more):
    with transaction.atomic(), events.through(Channel.WEB):
        return [
            events.record(Event.LOGIN, ("user", str(n), f"第{n}人"), by=more.get("by"), at=AT, payload={"n": n})
            for n in range(1, count + 1)
        ]


def total(response) -> int:
    found = re.search(r"共 ([\d,]+) 条", response.content.decode())
    return int(found[1].replace(",", ""))


@TRANSACTIONAL
@pytest.mark.parametrize("who", ["", "audit", "system", "security", "officer"])
def test_who_gets_in_and_nothing_is_written(client, auditor, who):
    factories.binhu()
    people = {
        "audit": auditor,
        "system": factories.user("xitong", ("system_administrator", "all", ""), office="system"),
        "security": factories.user("anquan", ("security_administrator", "all", ""), office="security"),
        "officer": factories.user("wang", ("registry_officer", "area", "320211")),
    }
    row = write()[0]
    audit.seal(AT)
    if who:
        client.force_login(people[who])
        client.get("/account/")  # the session row is touched once
    wanted = 302 if not who else 200 if who == "audit" else 403
    with connection.execute_wrapper(NoWrites()):
        for page in PAGES:
            assert client.get(page.format(pk=row.pk)).status_code == wanted, page
        assert client.post("/console/audit/verify/").status_code == wanted
    for page in PAGES:
        if "verify" not in page:
            assert client.post(page.format(pk=row.pk)).status_code == (405 if wanted == 200 else wanted)


@TRANSACTIONAL
def test_the_list_filters_and_counts_exactly(client, auditor):
    wang = factories.user("wang", display_name="王某某")
    before = AuditEvent.objects.count()
    client.force_login(auditor)
    write(60, by=wang)
    events.record(Event.EXPORTED, ("organization", "9", "河埒街道商会"), by=None, at=AT, on_behalf="")
    own = AuditEvent.objects.count() - 61 - before
    assert total(client.get("/console/audit/")) == 61 + before + own
    assert total(client.get("/console/audit/?person=王某")) == 60
    assert total(client.get("/console/audit/?person=wang&page=2")) == 60
    assert total(client.get("/console/audit/?code=read.exported")) == 1
    assert total(client.get("/console/audit/?subject=商会")) == 1
    assert total(client.get("/console/audit/?subject=9&code=read.exported")) == 1
    assert total(client.get("/console/audit/?channel=web&person=wang")) == 60
    assert total(client.get("/console/audit/?channel=cli")) == 0
    today = clock.localdate(clock.real_now()).isoformat()
    assert total(client.get(f"/console/audit/?start={today}&end={today}&person=wang")) == 60
    assert total(client.get("/console/audit/?end=2001年1月1日")) == 0
    wrong = client.get("/console/audit/?start=2026-02-01&end=2026-01-01").content.decode()
    assert "止日不能早于起日" in wrong
    audit.seal(AT)
    assert total(client.get("/console/audit/?unsealed=on&person=wang")) == 0


@TRANSACTIONAL
def test_the_chain_is_checked_with_a_button(client, auditor):
    client.force_login(auditor)
    write(12)
    audit.seal(AT)
    kept = client.get("/console/audit/head.json")
    head = json.loads(kept.content)
    assert head == audit.head() and "attachment" in kept.headers["Content-Disposition"]
    page = client.post("/console/audit/verify/").content.decode()
    assert "链上各条完好" in page and "无法证明（没有外部链头）" in page

    def against(**data):
        return client.post("/console/audit/verify/", data)

    file = BytesIO(kept.content)
    file.name = "head.json"
    assert f"到第 {head['seq']} 条为止完整" in against(file=file).content.decode()
    assert "与外部链头相符" in against(text=kept.content.decode()).content.decode()
    groups = " ".join(head["hash"][n : n + 8] for n in range(0, 64, 8))
    assert "与外部链头相符" in against(text=f"{head['seq']} {groups.upper()}").content.decode()
    for bad in ("not a head", "[]", '{"seq": 1}', json.dumps({**head, "seq": head["seq"] - 1})):
        refused = against(text=bad)
        assert refused.status_code == 422 and "校验结果" not in refused.content.decode(), bad
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditevent SET actor_name = 'x' WHERE seq = 3")
    assert "第 3 条被改动" in client.post("/console/audit/verify/").content.decode()
    with unguarded():
        assert "触发器缺失或已停用" in client.get("/console/audit/").content.decode()
    assert "触发器缺失或已停用" not in client.get("/console/audit/").content.decode()


@TRANSACTIONAL
def test_the_head_page_prints_what_can_be_typed_and_scanned(client, auditor):
    client.force_login(auditor)
    AuditHead.objects.all()
    assert "还没有链头" in client.get("/console/audit/head/").content.decode()
    assert client.get("/console/audit/head.json").status_code == 404
    write(2)
    audit.seal(AT)
    page = client.get("/console/audit/head/").content.decode()
    head = audit.head()
    shown = re.search(r"<code>([0-9a-f ]+)</code>", page)[1].replace(" ", "")
    assert shown == head["hash"] and head["signature"].replace("+", "&#43;") in page.replace("+", "&#43;")
    assert 'src="data:image/svg+xml' in page and "style=" not in page


@TRANSACTIONAL
def test_one_event_with_its_diff_and_its_record(client, auditor):
    client.force_login(auditor)
    with events.through(Channel.WEB):
        row = events.record(
            "x.y", ("widget", "7", "<b>小物件</b>"), by=auditor, at=AT, on_behalf="来电",
            payload={"changes": {"name": ["<i>旧</i>", "新"], "phone": ["13800001234", "13900005678"]}},
        )  # fmt: skip
    page = client.get(f"/console/audit/{row.pk}/").content.decode()
    assert "&lt;i&gt;旧&lt;/i&gt;" in page and "&lt;b&gt;小物件&lt;/b&gt;" in page
    assert "13800001234" not in page and "13900005678" not in page and "来电" in page and "未入链" in page
    assert client.get("/console/audit/999999/").status_code == 404


@TRANSACTIONAL
def test_without_a_key_the_sealer_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(seal, "key_path", lambda: tmp_path / "none")
    write(1)
    with pytest.raises(seal.SealError, match="liaoyuan init"):
        audit.seal(AT)
    (tmp_path / "none").write_text("no key")
    with pytest.raises(seal.SealError, match="损坏"):
        audit.verify()
    (tmp_path / "none").unlink()
    assert seal.make_key() is True and seal.make_key() is False
    assert (tmp_path / "none").stat().st_mode & 0o777 == 0o600
    assert audit.seal(AT) == 1
