"""Agreements with their money that the house walks through: one of the body inside, one of the next district."""

from datetime import date, datetime, timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.core.access import Operator
from liaoyuan.core.models import Area, SeparationSetting, User
from liaoyuan.funding.actions import agreements, amendments, ending, expenses, hand_overs, paying, publicity, tranches
from liaoyuan.funding.models import Agreement, Pool, Project, Round
from liaoyuan.registry.models import Organization
from tests.core.factories import AT, user
from tests.funding import granting
from tests.funding import ground as funding

BY = Operator("house")
WAN = granting.WAN


def lay(keys: dict[str, Any], users: dict[str, User], bodies: dict[str, Organization], areas: dict[str, Area]) -> None:
    """Of both districts a running project: its first instalment is paid out of a payment file, a voucher, a change and
    an ending wait, a hand-over file is made; a second agreement inside waits for its file to be paid.
    """
    level = SeparationSetting.objects.create(level="small_office", valid_from=date(2020, 1, 1), set_at=AT)
    for suffix, code, body, district in (
        ("", "320211", "inside", "district"),
        ("_outside", "320213", "outside", "other"),
    ):
        desk = granting.Desk(*(
            user(f"pay{suffix}{name}", (role, "area", code))
            for name, role in zip(granting.Desk._fields, ("grants_office", "grants_office", "registry_head",
                                                          "registry_head", "finance", "finance"), strict=True)
        ))  # fmt: skip
        head = users["organization_head"] if not suffix else funding.head(bodies["outside"], "pay-head-outside")
        keys |= {f"{name}{suffix}": key for name, key in _one(desk, suffix, bodies[body], head, areas[district],
                                                             keys).items()}  # fmt: skip
    level.delete()


def _one(
    desk: granting.Desk, suffix: str, body: Organization, head: User, district: Area, keys: dict[str, Any]
) -> dict[str, Any]:
    round_ = Round.objects.get(pk=keys[f"round_open{suffix}"])
    area = Area.objects.filter(level="street", path__startswith=district.path).order_by("code").first()
    project = funding.submitted(funding.written(round_, body, head, title=f"演示拨付{suffix}", area=area), head)
    Project.objects.filter(pk=project.pk).update(state="proposed")
    project = granting.project(project)
    began: datetime = clock.now() - timedelta(days=30)
    made = publicity.draft(round_=round_, lines=[(project, 10 * WAN)], title="拟立项公示", receiver="社会组织科",
                           by=desk.officer, at=began)  # fmt: skip
    made = publicity.publish(award_list=made, by=desk.host, at=began)
    at = began + timedelta(days=15)
    paper = publicity.draft_approval(award_list=made, lines=list(made.lines.all()), by=desk.officer, at=at)
    publicity.approve(document=paper, by=desk.host, at=at)
    pool = Pool.objects.filter(round=round_).order_by("pk").first()
    row = granting.signed(desk, project, [(pool, 10 * WAN)], at=at)
    paid = paying.pay(
        tranche=granting.ordered(desk, row, at=at), paid_on=granting.day(at), voucher_no=f"F{suffix}",
        voucher=granting.paper("付款凭证"), by=desk.cashier, at=at,
    )  # fmt: skip
    agreements.start(agreement=granting.agreement(row), started_on=granting.day(at), by=desk.officer, at=at)
    values = {"voucher_no": f"演示凭证{suffix}", "spent_on": granting.day(at), "payee": "示例物业", "title": "场地",
              "budget_class": "B06", "amount_fen": 100_000, "grant_fen": 100_000}  # fmt: skip
    spent = expenses.enter(agreement=row, values=values, file=granting.paper(f"凭证{suffix}"), by=head, at=at)
    agreements.meet(agreement=granting.agreement(row), trigger="mid_passed", met_on=granting.day(at), evidence="意见",
                    by=desk.host, at=at)  # fmt: skip
    tranches.prepare(tranche=granting.tranche(row, 2), evidence="意见", by=desk.officer, at=at)
    tranches.approve(tranche=granting.tranche(row, 2), by=desk.host, at=at)
    paying.make_file(round_=round_, by=desk.finance, at=at)
    return _rest(desk, row, head, at) | {
        "project_paid": project.pk, "tranche_paid": paid.pk, "tranche_ordered": granting.tranche(row, 2).pk,
        "tranche_planned": granting.tranche(row, 3).pk, "payment": granting.tranche(row, 2).batch_id,
        "payment_paid": paid.batch_id, "pool_paid": pool.pk, "expense": spent.pk, "agreement": row.pk,
    }  # fmt: skip


def _rest(desk: granting.Desk, row: Agreement, head: User, at: datetime) -> dict[str, Any]:
    paper = hand_overs.make(agreement=granting.agreement(row), gives="演示甲", takes="演示乙", reason="离职", by=head,
                            at=at)  # fmt: skip
    ruling = ending.ask(agreement=granting.agreement(row), kind="recover", reason="追回", amount_fen=100,
                        due_on=granting.day(at) + timedelta(days=60), by=desk.officer, at=at)  # fmt: skip
    change = amendments.ask(
        agreement=granting.agreement(row), after={"leader": "演示乙"}, reason="离职", by=head, at=at
    )
    return {"hand_over": paper.pk, "ruling": ruling.pk, "amendment": change.pk}
