"""A change of head takes the former head's access with it: through the form and through an import, and says so."""

from datetime import date, timedelta

import pytest

from liaoyuan.core import access, staging
from liaoyuan.core.actions import invitations
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import AuditEvent, Grant, Invitation
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import batches, organizations
from liaoyuan.registry.choices import Status
from tests.registry import factories as make
from tests.registry.test_actions_organizations import change

NOW = make.AT
TODAY = date(2026, 10, 26)
DAY = timedelta(days=1)


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


@pytest.fixture
def body(areas):
    return make.organization("滨湖区甲示例服务中心", street=areas["heli"], legal_representative="张某")


def opened(body, officer, username="zhang", at=NOW):
    slip = invitations.invite(subject=body, label="甲", by=officer, at=at)
    return invitations.accept(code=slip.code, username=username, display_name=username, password="Jiuse-2026-xx", at=at)


def holds(who, on):
    access.forget(who)
    return bool(access.grants_of(who, on))


def test_grants_end_on_the_day_and_open_invitations_at_once(body, officer):
    head = opened(body, officer)
    invitations.invite(subject=body, label="甲", by=officer, at=NOW)
    deputy = make.user("bianji", ("accountant", "organization", str(body.pk)))
    changed = change(body, officer, {"legal_representative": "李某"})
    assert (changed.head_change.ended, changed.head_change.kept) == (["zhang"], [])
    assert not holds(head, TODAY) and holds(deputy, TODAY)
    assert not Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True).exists()
    assert AuditEvent.objects.filter(code="grant.ended", subject_id=str(head.pk)).count() == 1


def test_a_change_to_come_ends_them_on_its_day(body, officer):
    head = opened(body, officer)
    change(body, officer, {"legal_representative": "李某"}, on=TODAY + 7 * DAY)
    assert holds(head, TODAY + 6 * DAY) and not holds(head, TODAY + 7 * DAY)
    event = AuditEvent.objects.get(code="grant.ended")
    assert event.payload["on"] == "2026-11-02"


def test_who_came_after_a_change_entered_late_stays(body, officer):
    early = opened(body, officer, "zhang", NOW - 90 * DAY)
    late = opened(body, officer, "li.si", NOW - 10 * DAY)
    changed = change(body, officer, {"legal_representative": "李某"}, on=TODAY - 30 * DAY)
    assert (changed.head_change.ended, changed.head_change.kept) == (["zhang"], ["li.si"])
    assert not holds(early, TODAY) and holds(late, TODAY)


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"full_time": 9}, {}),
        ({"legal_representative": "张 某"}, {}),
        ({"legal_representative": "章某"}, {"correction": True}),
    ],
)
def test_what_is_no_change_of_head_takes_nothing(body, officer, values, more):
    head = opened(body, officer)
    changed = change(body, officer, values, **more)
    assert changed.head_change is None and holds(head, TODAY)


def test_a_head_nobody_knew_is_no_change(areas, officer):
    body = make.organization("滨湖区乙示例服务中心", street=areas["heli"])
    head = opened(body, officer)
    assert change(body, officer, {"legal_representative": "张某"}).head_change is None
    assert holds(head, TODAY)


def test_a_past_change_that_a_later_one_overlays_takes_nothing(body, officer):
    change(body, officer, {"legal_representative": "李某"}, on=TODAY - 100 * DAY)
    head = opened(body, officer)
    assert change(body, officer, {"legal_representative": "王某"}, on=TODAY - 200 * DAY).head_change is None
    assert holds(head, TODAY)


def test_nothing_is_taken_when_the_change_is_refused(body, officer):
    head = opened(body, officer)
    with pytest.raises(Refused):
        change(body, officer, {"legal_representative": "李某"}, version=99)
    assert holds(head, TODAY)


def test_the_page_says_whose_access_ended(client, body, officer, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    opened(body, officer)
    officer.is_demo = True
    officer.save()
    client.force_login(officer)
    from tests.registry.test_forms_pages import values

    address = f"/registry/{body.pk}/change/"
    given = values(client.get(address)) | {"legal_representative": "李某", "on": "2026-10-26", "confirmed": "1",
                                           "kind": "MF", "street": "320211001", "community": ""}  # fmt: skip
    page = client.post(address, given, follow=True).content.decode()
    assert "原负责人账号对本组织的授权到变更之日为止：zhang" in page
    assert not Grant.objects.filter(ended_at__isnull=True, scope_id=str(body.pk)).exists()


def test_the_end_of_a_body_ends_its_heads_access(body, officer):
    head = opened(body, officer)
    invitations.invite(subject=body, label="甲", by=officer, at=NOW)
    organizations.close(organization=body, status=Status.LIQUIDATING, on=TODAY - DAY, by=officer, at=NOW)
    assert holds(head, TODAY), "in liquidation it still has to be wound up"
    closed = organizations.close(organization=body, status=Status.DEREGISTERED, on=TODAY, by=officer, at=NOW)
    assert closed.head_change.ended == ["zhang"] and not holds(head, TODAY)
    assert not Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True).exists()


def test_an_import_takes_the_access_of_former_heads_too(tmp_path, areas, officer):
    bodies = [
        make.organization(f"滨湖区示例{n}服务中心", street=areas["heli"], legal_representative="张某") for n in range(3)
    ]
    heads = [opened(body, officer, f"head{n}") for n, body in enumerate(bodies)]
    path = tmp_path / "台账.csv"
    names = ("李某", "张　某", "张某")  # another head, another spacing, the same with another count
    lines = [f"滨湖区示例{n}服务中心,{body.code},{names[n]},{n + 3}" for n, body in enumerate(bodies)]
    path.write_text("名称,统一社会信用代码,法定代表人,专职人数\n" + "\n".join(lines), encoding="utf-8-sig")
    order = staging.Order(kind="organizations", path=path, file_name="台账.csv", area=areas["district"], as_of=TODAY)
    batch = batches.apply_batch(batch=staging.stage(order, by=officer, at=NOW), confirm_review=True, by=officer, at=NOW)
    assert [holds(head, localdate(NOW)) for head in heads] == [False, True, True]
    assert any("head0" in note and "head1" not in note for note in batch.notes)
    batch.refresh_from_db()
    assert any("head0" in note for note in batch.notes)
