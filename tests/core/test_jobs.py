"""Jobs: asked once, claimed by one, fenced by token, taken over three times, ended with a sentence."""

import threading
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, close_old_connections, connection, transaction

from liaoyuan.core import clock, jobs, registries, shelf, vault
from liaoyuan.core.actions import jobs as actions
from liaoyuan.core.actions import tidying
from liaoyuan.core.models import AuditEvent, Job, JobWorker, SavedFilter
from liaoyuan.core.queries import health
from liaoyuan.core.queries import jobs as reading
from liaoyuan.kit.findings import Finding, Refused, Severity
from tests.core.factories import AT, user
from tests.core.jobs_ground import kind, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_shelf(tmp_path, settings):
    """Rows go with the test's transaction; so do the files."""
    settings.FILES = tmp_path / "shelf"


def expire(job):
    """As if the worker had given no sign of life for a minute and more."""
    Job.objects.filter(pk=job.pk).update(lease_until=clock.real_now() - timedelta(seconds=5))


def ask(**more):
    return jobs.enqueue_on_commit("test.job", **more)


def test_an_unfinished_key_is_one_job_and_a_finished_one_is_free_again():
    with kind("test.job", lambda progress, *ids: None):
        first = ask(key="k")
        assert ask(key="k").pk == first.pk
        assert ask(key="other").pk != first.pk
        assert work_off() == 2
        again = ask(key="k")
        assert again.pk != first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(code="test.job", key="k", requested_at=AT, run_after=AT)


def test_nothing_is_asked_when_the_transaction_fails():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask()
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_arguments_are_keys_and_words_are_encrypted():
    with pytest.raises(TypeError):
        jobs.enqueue_on_commit("test.job", "张三")
    job = ask(order={"q": "张三"})
    assert "张三" not in job.order
    assert "张三" not in str(list(Job.objects.filter(pk=job.pk).values()))
    assert jobs.Progress(job).order == {"q": "张三"}


def test_done_with_result_state_and_one_notice(tmp_path):
    by = user("asker")

    def function(progress, pk):
        assert progress.person == by
        progress.at(1, 2, "一半")
        path = tmp_path / "result"
        path.write_bytes(b"whole" * 500_000)
        with progress.finish("好了", result=path, name="结果.csv", reach=1):
            SavedFilter.objects.create(user=by, page="x", name=str(pk), query="")

    with kind("test.job", function, may_fetch=lambda user, job: True):
        job = jobs.enqueue_on_commit("test.job", 7, by=by, label="导出")
        work_off()
        job.refresh_from_db()
        assert (job.state, job.sentence, job.attempts, job.order) == ("done", "好了", 1, "")
        assert b"".join(shelf.pieces(job.result_file)) == b"whole" * 500_000
        assert job.result_bytes == 2_500_000
        assert SavedFilter.objects.get().name == "7"
        items, total = reading.ended(user=by, on=clock.today(), limit=5)
        assert total == 1 and "导出" in items[0].title
        assert reading.may_fetch(by, job)
        assert not reading.may_fetch(user("other"), job)
        actions.notice(job=job, by=by, at=AT)
        assert reading.ended(user=by, on=clock.today(), limit=5) == ([], 0)


def test_what_a_failing_end_wrote_is_gone_with_its_file(tmp_path):
    by = user("asker")

    def function(progress):
        path = tmp_path / "result"
        path.write_bytes(b"x")
        with progress.finish(result=path, name="x"):
            SavedFilter.objects.create(user=by, page="x", name="x", query="")
            raise jobs.Failed("不行。")

    with kind("test.job", function):
        job = ask(by=by)
        work_off()
    job.refresh_from_db()
    assert (job.state, job.error, job.result_file) == ("failed", "不行。", "")
    assert not SavedFilter.objects.exists()
    assert not [name for name, _touched in shelf.stand() if name.startswith(f".results/{job.pk}-")]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused([Finding("X", Severity.BLOCK, "第 {n} 行不对。", args={"n": 3})]), "第 3 行不对。"),
        (PermissionDenied("x"), "您已没有这项权限，任务没有执行。"),
        (vault.VaultError("读不出。"), "读不出。"),
    ],
)
def test_what_will_not_get_better_fails_at_once_with_its_sentence(error, sentence):
    def function(progress):
        raise error

    with kind("test.job", function):
        job = ask(by=user("asker"))
        assert work_off() == 1
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", sentence)
    assert AuditEvent.objects.get(code="job.failed").subject_id == str(job.pk)


def test_an_unforeseen_error_is_tried_three_times(caplog):
    calls = []

    def function(progress):
        calls.append(progress.attempts)
        raise RuntimeError("boom")

    with kind("test.job", function):
        job = ask()
        for _round in range(5):
            work_off()
            Job.objects.filter(pk=job.pk, state="waiting").update(run_after=clock.real_now() - timedelta(seconds=1))
    job.refresh_from_db()
    assert calls == [1, 2, 3]
    assert job.state == "failed"
    assert "3 次" in job.error and "RuntimeError" in job.error and "boom" not in job.error


def test_an_unknown_kind_fails_with_a_sentence():
    job = jobs.enqueue_on_commit("no.such")
    work_off()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "本版没有这种任务。")


def test_a_lease_that_holds_is_respected_and_one_that_ran_out_is_taken_over_three_times():
    job = ask()
    first = jobs.claim("a")
    assert first.pk == job.pk and jobs.claim("b") is None
    tokens = {first.token}
    for name in ("b", "c"):
        expire(job)
        tokens.add(jobs.claim(name).token)
    assert len(tokens) == 3
    expire(job)
    assert jobs.claim("d") is None
    job.refresh_from_db()
    assert job.state == "failed" and "3 次中断" in job.error


def test_a_late_worker_can_write_nothing(tmp_path):
    by = user("asker")
    job = ask(by=by)
    late = jobs.Progress(jobs.claim("a"))
    expire(job)
    successor = jobs.Progress(jobs.claim("b"))
    path = tmp_path / "r"
    path.write_bytes(b"late")
    for write in (late.commit(), late.finish(result=path, name="late")):
        with pytest.raises(jobs.LeaseLost), write:
            SavedFilter.objects.create(user=by, page="x", name="late", query="")
        late._lost = False  # it does not know yet: the row itself refuses
    late.hand_back()
    late._lost = False
    with pytest.raises(jobs.LeaseLost):
        late.end(jobs.JobState.FAILED, "late")
    late.pulse()
    with pytest.raises(jobs.LeaseLost):
        late.check()
    path.write_bytes(b"second")
    with successor.finish(result=path, name="second"):
        pass
    job.refresh_from_db()
    assert (job.state, job.result_name, job.worker) == ("done", "second", "b")
    assert b"".join(shelf.pieces(job.result_file)) == b"second"
    assert not SavedFilter.objects.exists()


def test_a_chunk_and_what_goes_on_from_it_stand_together():
    seen = []

    def function(progress):
        for number in range(progress.kept.get("next", 0), 4):
            with progress.commit(next=number + 1):
                SavedFilter.objects.create(user=by, page="x", name=str(number), query="")
                seen.append(number)
                if number == 2 and progress.attempts == 1:
                    raise RuntimeError("power cut")

    by = user("asker")
    with kind("test.job", function):
        job = ask(by=by)
        work_off()
        Job.objects.filter(pk=job.pk).update(run_after=clock.real_now() - timedelta(seconds=1))
        work_off()
    assert seen == [0, 1, 2, 2, 3]
    assert sorted(SavedFilter.objects.values_list("name", flat=True)) == ["0", "1", "2", "3"]


def test_cancelling():
    by = user("asker")

    def function(progress):
        actions.cancel(job=Job.objects.get(pk=progress.job_id), by=by, at=AT)
        progress.pulse()
        with progress.finish():
            SavedFilter.objects.create(user=by, page="x", name="x", query="")

    with kind("test.job", function):
        waiting, running = ask(by=by, key="1"), ask(by=by, key="2")
        actions.cancel(job=waiting, by=by, at=AT)
        work_off()
        with pytest.raises(Job.DoesNotExist):
            actions.cancel(job=running, by=user("other"), at=AT)
        assert {Job.objects.get(pk=j.pk).state for j in (waiting, running)} == {"cancelled"}
        assert not SavedFilter.objects.exists()
        with pytest.raises(Refused):
            actions.cancel(job=waiting, by=by, at=AT)
        again = actions.repeat(job=waiting, by=by, at=AT)
        assert (again.pk, again.state, again.attempts) == (waiting.pk, "waiting", 0)


def test_a_worker_told_to_stop_hands_its_job_back_at_once():
    stopping = threading.Event()

    def function(progress):
        if progress.token == 1:
            stopping.set()
        progress.at(1, 2)

    with kind("test.job", function):
        job = ask()
        jobs.run(jobs.claim("a"), stopping)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.worker) == ("waiting", 0, "")
        stopping.clear()
        assert work_off("b", stopping) == 1
    job.refresh_from_db()
    assert (job.state, job.token) == ("done", 2)


def test_a_job_of_a_closed_account_fails():
    by = user("asker")
    with kind("test.job", lambda progress: progress.person):
        job = ask(by=by)
        type(by).objects.filter(pk=by.pk).update(is_active=False)
        work_off()
    job.refresh_from_db()
    assert job.state == "failed" and "已停用" in job.error


def test_scheduled_jobs_once_per_due_moment():
    daily = registries.Scheduled("test.daily", daily="03:10")
    hourly = registries.Scheduled("test.hourly", every=3600)
    at = datetime(2026, 10, 26, 3, 9, tzinfo=clock.SHANGHAI)
    assert jobs.last_due(daily, at) == datetime(2026, 10, 25, 3, 10, tzinfo=clock.SHANGHAI)
    assert jobs.last_due(daily, at + timedelta(minutes=1)) == datetime(2026, 10, 26, 3, 10, tzinfo=clock.SHANGHAI)
    assert jobs.last_due(hourly, at) == datetime(2026, 10, 26, 3, 0, tzinfo=clock.SHANGHAI)
    kept = dict(registries.scheduled)
    registries.scheduled.clear()
    try:
        with kind("test.daily", print, schedule=daily), kind("test.hourly", print, schedule=hourly):
            assert sorted(job.code for job in jobs.plan(at)) == ["test.daily", "test.hourly"]
            assert jobs.plan(at + timedelta(seconds=30)) == []
            assert [job.code for job in jobs.plan(at + timedelta(minutes=2))] == ["test.daily"]
            assert sorted(job.code for job in jobs.plan(at + timedelta(days=9))) == ["test.daily", "test.hourly"]
    finally:
        registries.scheduled.update(kept)


def test_tidying_takes_old_results_forgotten_files_and_nothing_else(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"x")
    now = clock.real_now()

    def job(name, until):
        kept = shelf.keep(path, f".results/{name}")
        return Job.objects.create(code="c", state="done", requested_at=now, finished_at=now, run_after=now,
                                  result_file=kept.name, result_name=name, result_until=until)  # fmt: skip

    old, young = job("old", now - timedelta(seconds=1)), job("young", now + timedelta(days=1))
    shelf.keep(path, ".uploads/named")
    shelf.keep(path, ".uploads/forgotten")
    Job.objects.create(code="c", requested_at=now, run_after=now, kept={"file": ".uploads/named"})
    ancient = Job.objects.create(code="c", state="done", requested_at=now, run_after=now,
                                 finished_at=now - timedelta(days=91))  # fmt: skip
    tidying.tidy(at=now, files_before=clock.real_now() + timedelta(seconds=5))
    assert {name for name, _touched in shelf.stand()} == {".results/young", ".uploads/named"}
    old.refresh_from_db()
    assert (old.result_file, old.result_name) == ("", "old") and reading.shown(old).result_gone
    assert Job.objects.filter(pk=young.pk).exists() and not Job.objects.filter(pk=ancient.pk).exists()
    with pytest.raises(vault.VaultError):
        list(shelf.pieces(".results/old"))


def test_a_file_on_the_shelf_is_encrypted_and_cannot_be_cut_or_swapped(tmp_path):
    path = tmp_path / "f"
    path.write_bytes("电话13912345678".encode() * 200_000)
    shelf.keep(path, ".uploads/a")
    shelf.keep(path, ".uploads/b")
    there = shelf.root() / ".uploads" / "a"
    raw = there.read_text()
    assert "13912345678" not in raw and raw.count("\n") == 5
    lines = raw.splitlines(keepends=True)
    other = (shelf.root() / ".uploads" / "b").read_text()
    for spoiled in ("".join(lines[:-1]), "".join(lines[1:]), "".join(lines[1::-1] + lines[2:]), other, "", lines[-1]):
        there.write_text(spoiled)
        with pytest.raises(vault.VaultError):
            list(shelf.pieces(".uploads/a"))
    there.write_text(raw)
    with shelf.copy_of(".uploads/a") as clear:
        assert clear.read_bytes() == path.read_bytes()
        assert clear.stat().st_mode & 0o077 == 0
    assert not clear.exists()
    for name in ("a", "b"):
        shelf.drop(f".uploads/{name}")


def test_check_tells_of_a_missing_worker_and_of_jobs_that_wait():
    assert health._jobs(deploy=False)["ok"] and not health._jobs(deploy=True)["ok"]
    job = ask()
    Job.objects.filter(pk=job.pk).update(run_after=clock.real_now() - timedelta(minutes=6))
    told = health._jobs(deploy=False)
    assert not told["ok"] and "1 项任务等了五分钟以上" in told["detail"] and told["fix"]
    Job.objects.all().delete()
    now = clock.real_now()
    JobWorker.objects.create(name="w", host="h", started_at=now, seen_at=now)
    assert health._jobs(deploy=True)["ok"]
    JobWorker.objects.update(seen_at=now - timedelta(minutes=10))
    assert not health._jobs(deploy=True)["ok"]


@pytest.mark.django_db(transaction=True)
def test_several_workers_do_each_job_once():
    """Threads with connections of their own, as processes have them; the beat runs too."""
    done, lock = [], threading.Lock()

    def function(progress, number):
        with progress.commit():
            Job.objects.filter(pk=progress.job_id).update(done=number)
        with lock:
            done.append(number)

    kept = dict(registries.scheduled)
    registries.scheduled.clear()
    failures = []

    def work():
        try:
            jobs.Worker().work(until_idle=True)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    try:
        with kind("test.job", function):
            for number in range(12):
                jobs.enqueue_on_commit("test.job", number)
            threads = [threading.Thread(target=work) for _n in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
    finally:
        registries.scheduled.update(kept)
    close_old_connections()
    assert not failures
    assert sorted(done) == list(range(12))
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
    assert not JobWorker.objects.exists()
