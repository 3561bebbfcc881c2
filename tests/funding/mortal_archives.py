"""What a worker does that may be killed while it packs archives, or tries parameters; what must hold afterwards."""

import io
import json
import zipfile
from pathlib import Path

from liaoyuan.core import jobs, registries, shelf
from liaoyuan.core.models import AuditEvent, Job, SeparationSetting, User
from liaoyuan.funding.actions import archiving, trials
from liaoyuan.funding.models import Project, Round, Trial
from liaoyuan.funding.queries import trials as reading
from tests.core.factories import AT
from tests.funding import ground, trying
from tests.registry import factories as registry

PROJECTS = 3


def prepare() -> int:
    """Projects that are over, an archive of them that is asked for, and a trial."""
    areas = registry.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from="2020-01-01", set_at=AT)
    round_ = ground.opened(areas["district"], ground.office())
    by = trying.trier()
    body = ground.body("滨湖区甲示例服务中心", street=areas["heli"])
    rows = [trying.put(round_, body, n, 10_000_000, 4_000_000, state="accepted") for n in range(PROJECTS)]
    archiving.ask_file(round_=round_, projects=rows, by=by, at=AT)
    trials.ask(rounds=[round_], values={"gv.staff.percent": 30}, by=by, at=AT)
    return 0


def work() -> int:
    """A worker, a project at a time."""
    registries.scheduled.clear()
    reading.CHUNK = 1
    jobs.Worker().work(until_idle=True)
    return 0


def judge() -> int:
    """No half file is offered: what stands on the shelf belongs to a job that is done, and is whole."""
    offered = set(Job.objects.exclude(result_file="").values_list("result_file", flat=True))
    assert not Job.objects.exclude(result_file="").exclude(state="done").exists()
    for name in offered:
        with zipfile.ZipFile(io.BytesIO(b"".join(shelf.pieces(name)))) as held:
            assert held.testzip() is None
            told = json.loads(held.read("manifest.json"))
            assert {one["path"] for one in told["files"]} | {"manifest.json"} == set(held.namelist())
    assert AuditEvent.objects.filter(code="read.exported").count() == len(offered)
    assert set(Project.objects.values_list("state", flat=True)) == {"accepted"}
    for trial in Trial.objects.all():
        lines = trial.lines.values_list("project", flat=True)
        assert len(lines) == len(set(lines)) <= PROJECTS
    return 0


def finished(path: Path) -> int:
    """0 when all was done; the archive then lies at `path`."""
    if Job.objects.filter(state="done").count() != 2:
        return 4
    trial = Trial.objects.get()
    assert trial.finished_at is not None and trial.judged == PROJECTS == trial.lines.count()
    with path.open("wb") as file:
        file.writelines(shelf.pieces(Job.objects.exclude(result_file="").get().result_file))
    assert Round.objects.count() == 1 and User.objects.filter(username="shisuan").exists()
    return 0


def run(what: str, path: str = "") -> int:
    """The verb of `tests.registry.mortal`."""
    return {"prepare": prepare, "work": work, "judge": judge}[what]() if what != "finished" else finished(Path(path))
