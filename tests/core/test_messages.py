"""Messages: once, claimed, settled, repeated by persons; each outlet against a server of its own on this machine."""

import json
import os
import signal
import smtplib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.db import close_old_connections, connection, connections
from django.urls import reverse

from liaoyuan.core import clock, jobs, vault
from liaoyuan.core.actions import messages as actions
from liaoyuan.core.actions.messages import Draft
from liaoyuan.core.models import AuditEvent, Job, Message, Outlet
from liaoyuan.core.outlets import folder, mail, webhook
from liaoyuan.core.outlets.parcels import Address, MayBeSent, NotSent, Parcel, Setup
from liaoyuan.core.queries import due, outlets
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT, binhu, user
from tests.core.jobs_ground import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(folder, "place", lambda: tmp_path / "outbox")
    settings.FILES = tmp_path / "shelf"


@pytest.fixture
def sender():
    binhu()
    return user("sender", ("registry_officer", "area", "320211"), is_demo=True)


@pytest.fixture
def keeper():
    return user("keeper", ("system_administrator", "all", ""), office="system", is_demo=True, email="keeper@example.cn")


def drafts(*keys):
    told = [("thing", key, f"甲{key}") for key in keys]
    return [Draft(one[1], one, "催办", f"{one[2]}：到期", [one]) for one in told]


def ask(by, *keys, outlet="file"):
    return actions.ask(drafts=drafts(*keys), outlet=outlet, reason="reminder", by=by, at=AT)


def states():
    return dict(Message.objects.values_list("key", "state"))


class Robot:
    """A group robot that answers as told and keeps what it got."""

    def __init__(self):
        self.got, self.answer, self.status, self.location, self.hang = [], {"errcode": 0}, 200, "", False
        self.before_answer = lambda: None
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                robot.got.append(json.loads(body))
                robot.before_answer()
                if robot.hang:
                    return  # and the connection is closed without an answer
                self.send_response(robot.status)
                if robot.location:
                    self.send_header("Location", robot.location)
                self.end_headers()
                self.wfile.write(json.dumps(robot.answer).encode())

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/robot?key=secret-key"


@pytest.fixture
def robot():
    made = Robot()
    yield made
    made.server.shutdown()
    made.server.server_close()


def by_robot(keeper, robot):
    return actions.set_outlet(
        kind="webhook", is_active=True, options={"private": True}, secret=robot.address, by=keeper, at=AT
    )


def test_a_message_is_written_once_however_often_it_is_asked_for(sender, tmp_path):
    first = ask(sender, "a", "b")
    assert [m.state for m in first] == ["queued", "queued"] and Job.objects.count() == 1
    assert ask(sender, "a", "b") == [] and Message.objects.count() == 2
    work_off()
    assert set(states().values()) == {"sent"}
    files = [json.loads(path.read_text()) for path in (tmp_path / "outbox").iterdir()]
    assert sorted(f["key"] for f in files) == ["a", "b"] and all(f["text"].endswith("到期") for f in files)
    assert {(path.stat().st_mode & 0o777) for path in (tmp_path / "outbox").iterdir()} == {0o600}
    codes = list(AuditEvent.objects.filter(subject_id="a").order_by("pk").values_list("code", flat=True))
    assert codes == ["message.asked", "message.sent"]


def test_who_may_not_remind_sends_nothing(keeper):
    with pytest.raises(PermissionDenied):
        ask(keeper, "a")
    with pytest.raises(PermissionDenied):
        actions.set_outlet(kind="file", is_active=False, options={}, by=user("nobody"), at=AT)
    assert not Message.objects.exists() and not Outlet.objects.exists()


def test_a_robot_gets_the_text_and_a_refusal_is_seen_and_repeated(sender, keeper, robot, client):
    by_robot(keeper, robot)
    robot.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}
    [message] = ask(sender, "a", outlet="webhook")
    work_off()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 1) and "93000" in message.error
    found = due.todo(sender, clock.today())
    assert [item.title for item in found.items] == ["1 条消息没有发出"] and "state=failed" in found.items[0].url
    client.force_login(sender)
    page = client.get(found.items[0].url).content.decode()
    assert "甲a" in page and "93000" in page and "secret-key" not in page
    robot.answer = {"errcode": 0}
    assert client.post(reverse("core:message_decide"), {"ids": [message.pk], "do": "repeat"}).status_code == 302
    work_off()
    message.refresh_from_db()
    assert message.state == "sent" and len(robot.got) == 2
    assert robot.got[1] == {"msgtype": "text", "text": {"content": "甲a：到期"}}
    assert due.todo(sender, clock.today()).total == 0
    assert "secret-key" not in json.dumps(list(AuditEvent.objects.values_list("payload", flat=True)))
    assert vault.is_sealed(Outlet.objects.get().secret)


def test_what_may_be_tried_again_is_tried_three_times_and_then_given_to_a_person(sender, keeper, robot):
    by_robot(keeper, robot)
    robot.status = 503
    [message] = ask(sender, "a", outlet="webhook")
    for attempt in (1, 2, 3):
        assert work_off() == 1
        message.refresh_from_db()
        assert message.attempts == attempt
        if attempt < 3:
            waiting = Job.objects.unfinished().get()
            assert message.state == "queued" and waiting.run_after >= message.next_at > clock.real_now()
            Message.objects.update(next_at=clock.real_now())
            Job.objects.filter(pk=waiting.pk).update(run_after=clock.real_now())
    assert message.state == "failed" and "503" in message.error and not Job.objects.unfinished().exists()


def test_no_answer_is_not_a_refusal_and_is_not_repeated_by_itself(sender, keeper, robot):
    by_robot(keeper, robot)
    robot.hang = True
    [message] = ask(sender, "a", outlet="webhook")
    work_off()
    message.refresh_from_db()
    assert message.state == "unsure" and len(robot.got) == 1 and not Job.objects.unfinished().exists()
    assert actions.repeat(ids=[message.pk], by=sender, at=AT) == 0
    robot.hang = False
    assert actions.repeat(ids=[message.pk], by=sender, at=AT, unsure=True) == 1
    work_off()
    assert states() == {"a": "sent"} and len(robot.got) == 2


def test_an_attempt_that_died_while_sending_repeats_nothing(sender, keeper, robot):
    by_robot(keeper, robot)
    first, _second = ask(sender, "a", "b", outlet="webhook")
    job = jobs.claim("dead")
    assert actions.claim(pk=first.pk, mark=f"{job.pk}.{job.token}", at=AT) is not None
    Job.objects.filter(pk=job.pk).update(lease_until=clock.real_now().replace(year=2000))
    work_off()
    assert states() == {"a": "unsure", "b": "sent"}
    assert [got["text"]["content"] for got in robot.got] == ["甲b：到期"]
    late = Message.objects.get(key="a")  # the one thought dead had sent it after all, and says so now
    actions.settle(message=late, at=AT, failed=None)
    assert states() == {"a": "sent", "b": "sent"}
    actions.settle(message=late, at=AT, failed=NotSent("x"))
    assert states()["a"] == "sent"


def test_a_file_that_lies_there_was_sent(sender):
    [message] = ask(sender, "a")
    job = jobs.claim("dead")
    held = actions.claim(pk=message.pk, mark=f"{job.pk}.{job.token}", at=AT)
    actions.deliver(held)
    Job.objects.filter(pk=job.pk).update(lease_until=clock.real_now().replace(year=2000))
    work_off()
    assert states() == {"a": "sent"}


def test_the_sweep_finds_what_no_job_will_come_for(sender):
    first, _second = ask(sender, "a", "b")
    Message.objects.filter(pk=first.pk).update(state="sending", claim="9.9")
    Job.objects.all().delete()
    assert actions.sweep(at=AT) == 2
    assert states() == {"a": "unsure", "b": "queued"}
    assert actions.sweep(at=AT) == 0
    work_off()
    assert states() == {"a": "unsure", "b": "sent"}


@pytest.mark.parametrize(("address", "private"), [
    ("http://example.cn/x", True), ("https://127.0.0.1/x", False), ("https://10.1.2.3/x", False),
    ("https://[::1]/x", False), ("https://169.254.169.254/x", False), ("http://127.0.0.1/x", False),
    ("ftp://127.0.0.1/", True), ("https://u:p@127.0.0.1/", True), ("https:///x", True), ("https://0.0.0.0/x", True),
    ("https://127.0.0.1:0/", True), ("https://[/", True), ("https://192.168.0.9/x", False),
    ("https://224.0.0.1/", True), ("https://[::ffff:10.0.0.1]/", False),
])  # fmt: skip
def test_forbidden_addresses_are_refused_before_anything_is_opened(address, private):
    with pytest.raises(NotSent):
        webhook.target(address, private=private)


def test_a_redirect_is_not_followed(robot):
    robot.status, robot.location = 302, robot.address
    with pytest.raises(NotSent):
        webhook.send(Parcel("k", "t", "x"), Setup({"private": True}, robot.address))
    assert len(robot.got) == 1


def test_the_folder_holds_no_clear_number_unless_the_administrator_wants_it(tmp_path):
    to = Address("甲", "13812345678")
    folder.send(Parcel("k", "t", "x", to), Setup())
    assert "13812345678" not in folder.name_of("k").read_text() and "138****5678" in folder.name_of("k").read_text()
    folder.send(Parcel("k", "t", "x", to), Setup({"numbers": True}))
    assert "13812345678" in folder.name_of("k").read_text()
    assert len(list(folder.place().iterdir())) == 1


class Backend:
    """A mail backend that fails as told."""

    fails: ClassVar[list] = []
    letters: ClassVar[list] = []

    def __init__(self, **given):
        self.given = given

    def open(self):
        if Backend.fails and Backend.fails[0] == "open":
            raise ConnectionRefusedError

    def close(self):
        pass

    def send_messages(self, letters):
        if Backend.fails:
            raise Backend.fails[0]
        Backend.letters += letters
        return len(letters)


@pytest.mark.parametrize(("fails", "told", "again"), [
    ("open", NotSent, True), (smtplib.SMTPRecipientsRefused({}), NotSent, False),
    (smtplib.SMTPServerDisconnected("x"), MayBeSent, None), (TimeoutError(), MayBeSent, None),
])  # fmt: skip
def test_a_mail_server_that_fails(monkeypatch, fails, told, again):
    monkeypatch.setattr(mail, "BACKEND", f"{__name__}.Backend")
    monkeypatch.setattr(Backend, "fails", [fails])
    with pytest.raises(told) as caught:
        mail.send(Parcel("k", "t", "x", Address(email="a@example.cn")), Setup({"host": "h", "sender": "s@example.cn"}))
    assert getattr(caught.value, "again", None) is again


def test_a_test_mail_goes_to_the_administrator(keeper, monkeypatch, client):
    monkeypatch.setattr(mail, "BACKEND", f"{__name__}.Backend")
    monkeypatch.setattr(Backend, "fails", [])
    monkeypatch.setattr(Backend, "letters", [])
    client.force_login(keeper)
    url = reverse("core:outlet", args=["smtp"])
    assert client.post(url, {"is_active": "on", "port": "465", "security": "tls"}).status_code == 422
    given = {"is_active": "on", "port": "465", "security": "tls", "host": "mail.example.cn", "sender": "o@example.cn",
             "secret": "pass-word", "version": "0"}  # fmt: skip
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 422  # somebody else has changed it since
    assert "pass-word" not in client.get(url).content.decode()
    assert outlets.setup_of("smtp").secret == "pass-word"
    client.post(reverse("core:outlet_do", args=["smtp"]), {"do": "test"})
    work_off()
    [letter] = Backend.letters
    assert letter.to == ["keeper@example.cn"] and "o@example.cn" in letter.from_email
    assert Message.objects.get().state == "sent"


def test_all_failed_ones_of_an_outlet_are_repeated_when_it_is_mended(sender, keeper, client):
    ask(sender, "a", "b")
    actions.set_outlet(kind="file", is_active=False, options={}, by=keeper, at=AT)
    work_off()
    assert set(states().values()) == {"failed"}
    with pytest.raises(Refused):
        ask(sender, "c")
    actions.set_outlet(kind="file", is_active=True, options={}, by=keeper, at=AT)
    client.force_login(keeper)
    page = client.get(reverse("core:outlet_console")).content.decode()
    assert "已停用" in page and "甲a" not in page
    client.post(reverse("core:outlet_do", args=["file"]), {"do": "repeat"})
    work_off()
    assert set(states().values()) == {"sent"}


def test_others_messages_are_not_mine(sender, client):
    [message] = ask(sender, "a")
    Message.objects.update(state="failed", ended_at=AT)
    other = user("other", ("registry_officer", "area", "320211"), is_demo=True)
    assert actions.repeat(ids=[message.pk], by=other, at=AT) == 0
    assert actions.drop(ids=[message.pk], by=other, at=AT) == 0
    client.force_login(other)
    assert "甲a" not in client.get(reverse("core:message_list")).content.decode()
    assert actions.drop(ids=[message.pk], by=sender, at=AT) == 1 and states() == {"a": "dropped"}


@pytest.mark.django_db(transaction=True)
def test_two_attempts_at_once_send_once(sender):
    [message] = ask(sender, "a")
    ready, took = threading.Barrier(2), []

    def attempt(mark):
        close_old_connections()
        ready.wait()
        took.append(actions.claim(pk=message.pk, mark=mark, at=AT))
        connection.close()

    threads = [threading.Thread(target=attempt, args=(f"{n}.1",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(held is not None for held in took) == 1


def die_while_sending(robot, nth):
    """A worker in a process of its own that is killed when the n-th message lies at the robot, before the answer."""
    connections.close_all()
    before = len(robot.got)
    child = os.fork()
    if child == 0:
        work_off()
        os._exit(0)
    robot.before_answer = lambda: os.kill(child, signal.SIGKILL) if len(robot.got) == before + nth else None
    _pid, status = os.waitpid(child, 0)
    robot.before_answer = lambda: None
    Job.objects.filter(state="running").update(lease_until=clock.real_now().replace(year=2000))
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_kill_nine_while_sending_repeats_nothing_and_loses_nothing(sender, keeper, robot, nth):
    by_robot(keeper, robot)
    ask(sender, "a", "b", "c", outlet="webhook")
    assert die_while_sending(robot, nth)
    work_off()
    assert states() == {key: "unsure" if n == nth else "sent" for n, key in enumerate("abc", 1)}
    assert sorted(got["text"]["content"][1] for got in robot.got) == ["a", "b", "c"]  # each once
    assert [item.title for item in due.todo(sender, clock.today()).items] == ["1 条消息可能已发出，请核实"]


@pytest.mark.django_db(transaction=True)
def test_who_dies_three_times_leaves_nothing_in_the_dark(sender, keeper, robot):
    by_robot(keeper, robot)
    ask(sender, "a", "b", "c", "d", outlet="webhook")
    for _n in range(3):
        assert die_while_sending(robot, 1)
    work_off()  # three attempts are over: the job has failed, and says so
    told = [item.title for item in due.todo(sender, clock.today()).items]
    assert any("没有完成" in title for title in told) and Job.objects.get().state == "failed"
    actions.sweep(at=AT)
    work_off()
    assert states() == {"a": "unsure", "b": "unsure", "c": "unsure", "d": "sent"} and len(robot.got) == 4
