"""What a process does that may be killed while applications are handed in; what must hold whenever one died."""

import os
from pathlib import Path

from liaoyuan.core.models import AuditEvent, User
from liaoyuan.funding.actions import handing_in
from liaoyuan.funding.models import Project, Revision, Round, Slot, TextMark
from liaoyuan.funding.queries import contents, doubles
from liaoyuan.kit.findings import Refused
from tests.core.factories import AT
from tests.funding import ground
from tests.registry import factories as registry

#: How often each body tries; three of each are taken.
TRIES = (4, 2)
MOST = 3


def prepare() -> int:
    """Certified drafts."""
    areas = registry.binhu()
    round_ = ground.opened(areas["district"], ground.office())
    for place, tries in enumerate(TRIES):
        body = ground.body(f"滨湖区第{place}示例服务中心", street=areas["heli"])
        head = ground.head(body, f"fuze{place}")
        for number in range(tries):
            ground.certified(ground.written(round_, body, head, title=f"项目{place}{number}"), head)
    return 0


def _said(told: Path, line: str) -> None:
    """As a person would have seen it on the page."""
    with told.open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def work(told: Path) -> int:
    """Hand in whatever is still a draft, one after the other."""
    rows = Project.objects.select_related("round__programme__area", "organization").order_by("pk")
    for row in rows.filter(state="draft"):
        head = User.objects.get(pk=row.certified_by_id)
        try:
            made = handing_in.submit(project=row, confirmed=True, by=head, at=AT)
        except Refused as refused:
            assert "GV-APP-01" in {finding.code for finding in refused.findings}
            _said(told, f"refused {row.pk}")
        else:
            _said(told, f"submitted {row.pk} {made.number}")
    return 0


def judge(told: Path) -> int:
    """Everything that must hold, asked of the rows themselves."""
    rows = {row.pk: row for row in Project.objects.select_related("area")}
    handed = {pk: row for pk, row in rows.items() if row.state == "submitted"}
    for line in told.read_text().splitlines() if told.exists() else ():
        what, key, *number = line.split()
        assert (what == "submitted") == (int(key) in handed), line
        assert number == ([rows[int(key)].number] if number else []), line
    assert sorted(row.number for row in handed.values()) == [f"2026-{n:03d}" for n in range(1, len(handed) + 1)]
    assert Round.objects.get().last_number == len(handed)  # neither a gap nor a double
    for pk, row in rows.items():
        there = pk in handed
        assert (row.state, bool(row.number), row.submitted_at is not None) == (
            "submitted" if there else "draft", there, there,
        )  # fmt: skip
        kept = list(Revision.objects.filter(project=pk))
        assert [one.occasion for one in kept] == ["submitted"] * there
        assert all(one.content == contents.content(contents.whole(row)) for one in kept)
        marks = TextMark.objects.filter(project=pk).values_list("mark", flat=True)
        assert sorted(marks) == (sorted(doubles.marks(row)) if there else [])
        assert Slot.objects.filter(project=pk).count() == there
        told_of = AuditEvent.objects.filter(code="project.submitted", subject_id=str(pk))
        assert told_of.count() == there
    for body in {row.organization_id for row in rows.values()}:
        slots = sorted(Slot.objects.filter(organization=body).values_list("slot", flat=True))
        assert slots == list(range(1, len(slots) + 1)) and len(slots) <= MOST
    return 0


def finished() -> int:
    """0 when everybody handed in as much as he may."""
    return 0 if Project.objects.filter(state="submitted").count() == sum(min(n, MOST) for n in TRIES) else 4


def run(what: str, told: str = "") -> int:
    """The verb of `tests.registry.mortal`."""
    if what == "prepare":
        return prepare()
    if what == "finished":
        return finished()
    return work(Path(told)) if what == "work" else judge(Path(told))
