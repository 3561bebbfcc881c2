"""The backup page, and what happens by itself: made daily, proved weekly, thinned out, uncited contents gone."""

import os
from datetime import timedelta

import pytest

from liaoyuan.core import clock, tasks
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import backups
from liaoyuan.core.files import store
from liaoyuan.core.models import Attachment, AuditEvent, BackupRun, Job, StoredFile
from liaoyuan.core.queries import backups as queries
from tests.core import factories
from tests.core.jobs_ground import work_off

pytestmark = pytest.mark.django_db
OPERATOR = Operator("test")


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    settings.BACKUPS, settings.FILES = tmp_path / "backups", tmp_path / "files"
    settings.BACKUPS.mkdir()


@pytest.fixture
def administrator(client):
    user = factories.user("xitong", ("system_administrator", "all", ""), office="system", is_demo=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def made(settings, name: str, *, days: float, work: str = "create", ok: bool = True, signature: str = "") -> BackupRun:
    """A backup file with its run, so many days old; a drill has no file of its own."""
    if work == "create":
        (settings.BACKUPS / name).write_bytes(b"x" * 2048)
    return BackupRun.objects.create(
        work=work, file_name=name, signature=signature or name, ok=ok, done_at=clock.real_now() - timedelta(days=days)
    )


def content(data: bytes, *, days: float) -> StoredFile:
    """A kept content that nobody has wanted for so many days."""
    name = store.put(data)
    then = (clock.real_now() - timedelta(days=days)).timestamp()
    os.utime(store.path_of(name), (then, then))
    return StoredFile.objects.create(
        sha256=name, sm3="0" * 64, name=name, size=len(data), kind="pdf", created_at=clock.real_now()
    )


def attached(file: StoredFile, *, removed: bool) -> None:
    now = clock.real_now()
    gone = {"removed_at": now, "removed_because": "传错了"} if removed else {}
    Attachment.objects.create(
        file=file, subject_kind="organization", subject_id="1", purpose="registry.paper", paper="章程", name="a.pdf",
        sensitivity="C2", uploaded_at=now, pledged_at=now, **gone,
    )  # fmt: skip


def test_the_empty_page_says_what_is_missing_and_todo_tells_it(client, administrator):
    page = client.get("/console/backups/").content.decode()
    assert "最近 26 小时没有备份" in page and "最近 90 天没有通过的恢复演练" in page
    assert "文件夹里还没有备份" in page
    items, total = queries.due(user=administrator, on=clock.today(), limit=20)
    assert total == 1 and items[0].title == "最近一天没有备份"


@pytest.mark.parametrize(
    ("made_days", "drill_days", "told"),
    [
        (1.0, 89, []),
        (1.1, 89, ["最近一天没有备份"]),
        (1.0, 91, ["恢复演练已超过 90 天"]),
        (1.0, None, ["还没有做过恢复演练"]),
    ],
)
def test_a_day_and_ninety_days_are_the_borders(settings, administrator, made_days, drill_days, told):
    made(settings, "a.zip", days=made_days)
    if drill_days is not None:
        made(settings, "a.zip", days=drill_days, work="verify")
    made(settings, "b.zip", days=0.1, work="verify", ok=False)  # one that did not hold proves nothing
    assert [item.title for item in queries.due(user=administrator, on=clock.today(), limit=20)[0]] == told


def test_files_are_listed_with_what_their_drill_said(client, settings, administrator):
    made(settings, "liaoyuan-1.zip", days=2)
    made(settings, "liaoyuan-2.zip", days=1)
    made(settings, "elsewhere.zip", days=1, work="verify", signature="liaoyuan-1.zip")
    lines = {line.name: line.drilled for line in queries.lying()}
    assert list(lines) == ["liaoyuan-2.zip", "liaoyuan-1.zip"]
    assert lines["liaoyuan-2.zip"] is None and lines["liaoyuan-1.zip"].ok
    page = client.get("/console/backups/").content.decode()
    assert page.count('name="file"') == 2 and "2.0 kB" in page


def test_asking_makes_one_job_however_often(client, settings, administrator):
    first = client.post("/console/backups/", {"do": "create"})
    again = client.post("/console/backups/", {"do": "create"})
    assert first["Location"] == again["Location"] == f"/jobs/{Job.objects.get().pk}/"
    gone = client.post("/console/backups/", {"do": "verify", "file": "../../etc/passwd"})
    assert gone["Location"] == "/console/backups/" and Job.objects.count() == 1
    assert "已不在备份文件夹里" in client.get("/console/backups/").content.decode()


def test_others_do_not_come_in(client):
    other = factories.user("dengji", ("registry_officer", "all", ""), is_demo=True)
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/console/backups/").status_code == 403
    assert client.post("/console/backups/", {"do": "create"}).status_code == 403
    assert not Job.objects.exists()


def test_a_backup_that_cannot_be_written_is_a_failed_job_with_a_sentence(settings, administrator):
    settings.BACKUPS.rmdir()
    settings.BACKUPS.write_text("a file stands in the way")
    job = backups.ask(work="create", by=administrator, at=clock.now())
    work_off()
    job.refresh_from_db()
    assert job.state == "failed" and "备份没有写成" in job.error


def test_the_oldest_go_and_the_proved_one_stays(settings):
    for day in range(1, 7):
        made(settings, f"liaoyuan-{9 - day}.zip", days=day)
    made(settings, "p", days=1, work="verify", signature="liaoyuan-4.zip")
    assert backups.thin_out(keep=2) == ["liaoyuan-6.zip", "liaoyuan-5.zip", "liaoyuan-3.zip"]
    assert sorted(p.name for p in settings.BACKUPS.iterdir()) == [
        "liaoyuan-4.zip", "liaoyuan-7.zip", "liaoyuan-8.zip"
    ]  # fmt: skip


def test_the_newest_is_tried_once_a_week(settings):
    now = clock.real_now()
    assert queries.to_try(now) == ""
    made(settings, "a.zip", days=0.01)
    assert queries.to_try(now) == "", "made this moment: it is tried tomorrow"
    made(settings, "b.zip", days=0.2)
    assert queries.to_try(now) == "b.zip"
    made(settings, "b.zip", days=6, work="verify")
    assert queries.to_try(now) == ""
    BackupRun.objects.filter(work="verify").update(done_at=now - timedelta(days=7))
    assert queries.to_try(now) == "b.zip"


def test_only_what_nobody_attached_and_a_proved_backup_holds_goes(settings):
    old, fresh, used, removed = (
        content(data, days=days) for data, days in ((b"old", 9), (b"new", 3), (b"used", 9), (b"removed", 9))
    )
    attached(used, removed=False)
    attached(removed, removed=True)
    made(settings, "a.zip", days=3)
    assert backups.drop_uncited(by=OPERATOR, at=clock.real_now()) == 0, "not proved yet"
    made(settings, "a.zip", days=1, work="verify", signature="a.zip")
    assert backups.drop_uncited(by=OPERATOR, at=clock.real_now()) == 1
    assert set(StoredFile.objects.all()) == {fresh, used, removed}
    assert not store.path_of(old.name).exists()
    assert all(store.path_of(file.name).is_file() for file in (fresh, used, removed))
    event = AuditEvent.objects.get(code="file.dropped")
    assert event.payload["sha256"] == old.sha256 and event.payload["signature"] == "a.zip"


def test_a_content_that_is_wanted_again_rests_anew(settings):
    file = content(b"again", days=9)
    made(settings, "a.zip", days=2)
    made(settings, "a.zip", days=1, work="verify", signature="a.zip")
    assert store.put(b"again") == file.name, "the same content is taken in once more"
    assert backups.drop_uncited(by=OPERATOR, at=clock.real_now()) == 0


def test_what_was_put_aside_comes_back_or_ends_after_a_day():
    name = store.put(b"aside")
    store.put_aside(name)
    assert not store.path_of(name).exists()
    store.put_back(name)
    assert store.path_of(name).read_bytes() == b"aside"
    store.put_aside(name)
    assert store.sweep(clock.real_now() - timedelta(days=1)) == 0
    assert store.sweep(clock.real_now() + timedelta(seconds=5)) == 1


def test_every_moment_of_the_schedule_is_there():
    schedules = {schedule.code: schedule.daily for _kind, schedule in tasks.KINDS if schedule}
    assert schedules["core.backup"] == "02:30" and schedules["core.backup_drill"] == "03:40"
