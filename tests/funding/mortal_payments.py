"""What a process does that may be killed between approval and payment file; what must hold whenever one died."""

import csv
import os
from datetime import timedelta
from pathlib import Path

from liaoyuan.core.files import store
from liaoyuan.core.models import SeparationSetting, User
from liaoyuan.core.queries import files
from liaoyuan.funding.actions import paying, tranches
from liaoyuan.funding.models import PaymentBatch, Pool, PoolEntry, Round, Tranche
from liaoyuan.funding.queries import money
from tests.core.factories import AT
from tests.funding import granting, ground
from tests.registry import factories as registry

NOW = AT + timedelta(days=20)
PROJECTS = 3


def prepare() -> int:
    """Signed agreements whose first instalments were prepared."""
    areas = registry.binhu()
    SeparationSetting.objects.create(level="small_office", valid_from="2020-01-01", set_at=AT)
    round_ = ground.opened(areas["district"], ground.office())
    desk = granting.desk(areas["district"])
    lines = []
    for number in range(PROJECTS):
        body = ground.body(f"滨湖区第{number}示例服务中心", street=areas["heli"])
        head = ground.head(body, f"fuze{number}")
        lines.append((granting.proposed(round_, body, head, title=f"项目{number}"), 10 * granting.WAN))
    approved, at = granting.approved(desk, round_, lines)
    for line in approved:
        row = granting.signed(desk, line.project, [(granting.pool(round_), 10 * granting.WAN)], at=at)
        tranches.prepare(tranche=granting.tranche(row), evidence="协议", by=desk.officer, at=at)
    return 0


def _said(told: Path, line: str) -> None:
    """As a person would have seen it on the page."""
    with told.open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def work(told: Path) -> int:
    """Approve, order and pay whatever waits for it, one after the other."""
    host, finance, cashier = (User.objects.get(username=name) for name in ("dhost", "dfinance", "dcashier"))
    rows = Tranche.objects.select_related("sheet", "agreement").order_by("pk")
    for row in rows.filter(state="prepared"):
        tranches.approve(tranche=row, by=host, at=NOW)
        _said(told, f"approved {row.pk}")
    if rows.filter(state="approved").exists():
        batch = paying.make_file(round_=Round.objects.get(), by=finance, at=NOW)
        _said(told, f"file {batch.pk}")
    for row in rows.filter(state="ordered"):
        paying.pay(tranche=row, paid_on=granting.day(NOW), voucher_no=f"F{row.pk}", by=cashier, at=NOW)
        _said(told, f"paid {row.pk}")
    return 0


def content(row) -> list[list[str]]:
    """The lines of a payment file, below its titles."""
    with store.open_content(row.name, row.size, files.key_of(row)) as file:
        return list(csv.reader(file.read().decode("utf-8-sig").splitlines()))[1:]


def judge(told: Path) -> int:
    """Everything that must hold, asked of rows and files themselves."""
    states = dict(Tranche.objects.filter(no=1).values_list("pk", "state"))
    order = ["prepared", "approved", "ordered", "paid"]
    for line in told.read_text().splitlines() if told.exists() else ():
        what, key = line.split()
        if what == "file":
            assert PaymentBatch.objects.filter(pk=int(key)).exists()
        else:
            assert order.index(states[int(key)]) >= order.index(what), (line, states)
    listed = []
    for batch in PaymentBatch.objects.all():
        for file in (batch.csv, batch.xlsx):
            assert store.faults(file.name, file.sha256, file.size, files.key_of(file)) == ""
        lines = content(batch.csv)
        rows = list(batch.tranches.select_related("agreement__project").order_by("agreement__project__number"))
        assert [line[1] for line in lines] == [row.agreement.project.number for row in rows]
        assert [line[7] for line in lines] == [f"{row.amount_fen / 100:.2f}" for row in rows]
        assert batch.count == len(rows) and batch.total_fen == sum(row.amount_fen for row in rows)
        listed += [row.pk for row in rows]
    assert len(listed) == len(set(listed))  # nothing stands in two files
    assert set(listed) == {pk for pk, state in states.items() if state in ("ordered", "paid")}
    paid = [pk for pk, state in states.items() if state == "paid"]
    assert PoolEntry.objects.filter(kind="paid").count() == len(paid)  # nothing is paid twice
    pool = Pool.objects.get()
    assert pool.paid_fen == sum(Tranche.objects.filter(pk__in=paid).values_list("amount_fen", flat=True))
    assert money.ledger_faults(Round.objects.get()) == []
    return 0


def finished() -> int:
    """0 when everything was paid."""
    return 0 if Tranche.objects.filter(state="paid").count() == PROJECTS else 4


def run(what: str, told: str = "") -> int:
    """The verb of `tests.registry.mortal`."""
    if what == "prepare":
        return prepare()
    if what == "finished":
        return finished()
    return work(Path(told)) if what == "work" else judge(Path(told))
