"""Invitations: codes kept as hashes, used once, thirty days, within the reach of who invites."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied

from liaoyuan.core import access, clock, registries
from liaoyuan.core.actions import invitations
from liaoyuan.core.models import AuditEvent, Grant, Invitation, SearchDocument, User
from liaoyuan.core.registries import ScopeResolver
from liaoyuan.kit.findings import Refused
from tests.core import factories
from tests.core.factories import AT

pytestmark = pytest.mark.django_db
PASSWORD = "Jiuse-2026-xx"


class Body(SimpleNamespace):
    """Stands for a register row: core knows only its key and what its resolver says."""


@pytest.fixture
def areas(monkeypatch):
    monkeypatch.setitem(registries.scope_kinds, "body", ScopeResolver("body", lambda b: ([b.path], [], str(b.pk))))
    cache.clear()
    return factories.binhu()


@pytest.fixture
def officer(areas):
    return factories.user("wang", ("registry_officer", "area", "320211"))


def document(key, title, area):
    return SearchDocument.objects.create(
        kind="organization", object_id=key, title=title, code=f"52320211MJ{key:08}", registrar_path="32/3202/320211/",
        domicile_path=area.path,
    )  # fmt: skip


def invite(officer, areas, key=7):
    return invitations.invite(subject=Body(pk=key, path=areas["heli"].path), label="示例服务中心", by=officer, at=AT)


def accept(code, username="zhang", at=AT, password=PASSWORD):
    return invitations.accept(code=code, username=username, display_name="张甲", password=password, at=at)


def test_a_slip_opens_one_account_with_one_grant(officer, areas):
    slip = invite(officer, areas)
    row = Invitation.objects.get()
    assert slip.code not in str(vars(row))
    assert slip.code.replace("-", "") not in str([e.payload for e in AuditEvent.objects.all()])
    assert row.expires_at == AT + timedelta(days=30)
    user = accept(slip.code.lower().replace("-", " "))
    assert user.check_password(PASSWORD)
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.scope_kind, grant.scope_id, grant.granted_by) == (
        "organization_head", "organization", "7", officer,
    )  # fmt: skip
    for permission in access.roles()["organization_head"].permissions:
        assert access.reach(user, permission).organizations == [7]
    with pytest.raises(Refused):
        accept(slip.code, "li.si")
    assert User.objects.count() == 2


def test_wrong_used_revoked_and_expired_codes_say_the_same(officer, areas):
    said = set()
    for code, at in [
        ("XXXX-XXXX-XXXX", AT),
        (invite(officer, areas, 1).code, AT + timedelta(days=30)),
        (invite(officer, areas, 2).code, AT + timedelta(days=31)),
    ]:
        with pytest.raises(Refused) as refused:
            accept(code, at=at)
        said.add(str(refused.value))
    slip = invite(officer, areas, 3)
    invitations.revoke(invitation=Invitation.objects.get(scope_id="3"), by=officer, at=AT)
    with pytest.raises(Refused) as refused:
        accept(slip.code)
    said.add(str(refused.value))
    assert len(said) == 1
    assert accept(invite(officer, areas, 4).code, at=AT + timedelta(days=30, seconds=-1))


def test_a_new_slip_revokes_the_old(officer, areas):
    old = invite(officer, areas)
    invite(officer, areas)
    with pytest.raises(Refused):
        accept(old.code)
    assert Invitation.objects.filter(revoked_at__isnull=False).count() == 1


def test_nobody_invites_outside_the_reach(officer, areas):
    outside = Body(pk=9, path=areas["other_street"].path)
    with pytest.raises(PermissionDenied):
        invitations.invite(subject=outside, label="外区", by=officer, at=AT)
    street = factories.user("jiedao", ("street_office", "area", "320211001"))
    with pytest.raises(PermissionDenied):
        invitations.invite_area(path=areas["liyuan"].path, targets=[("1", "甲")], by=street, at=AT)
    with pytest.raises(PermissionDenied):
        invitations.invite_area(path=areas["district"].path, targets=[("1", "甲")], by=street, at=AT)
    assert len(invitations.invite_area(path=areas["heli"].path, targets=[("1", "甲")], by=street, at=AT)) == 1


def test_weak_passwords_and_taken_names(officer, areas):
    slip = invite(officer, areas)
    with pytest.raises(Refused) as refused:
        accept(slip.code, password="kurz")
    assert refused.value.findings[0].field == "password"
    with pytest.raises(Refused) as refused:
        accept(slip.code, username="WANG")
    assert refused.value.findings[0].field == "username"
    assert accept(slip.code)


def test_change_of_head_revokes(officer, areas):
    user = accept(invite(officer, areas).code)
    open_slip = invite(officer, areas)
    told = invitations.revoke_head(organization=7, on=clock.localdate(AT), by=officer, at=AT)
    assert (told.ended, told.kept) == (["张甲"], [])
    assert Grant.objects.get(user=user).ended_at == AT
    with pytest.raises(Refused):
        accept(open_slip.code, "li.si")


def test_batch_of_a_street_and_its_sheet(client, officer, areas):
    for key in range(1, 7):
        document(key, f"河埒示例{key}", areas["huihe"])
    document(8, "蠡园示例", areas["dongyuan"])
    client.force_login(officer)
    page = client.get("/invitations/").content.decode()
    assert "河埒街道" in page
    assert "崇安寺街道" not in page
    sheet = client.post("/invitations/batch/", {"area": "320211001"}).content.decode()
    assert sheet.count('class="slip"') == 6
    assert sheet.count("page-break") == 1
    assert "蠡园示例" not in sheet
    codes = re.findall(r"<code>([A-Z2-9-]{14})</code>", sheet)
    assert len(set(codes)) == 6
    assert client.post("/invitations/batch/", {"area": "320213001"}).status_code == 302
    assert Invitation.objects.count() == 6
    listing = client.get("/invitations/").content.decode()
    assert "河埒示例1" in listing
    assert not any(code in listing for code in codes)


def test_accept_page(client, officer, areas):
    slip = invitations.invite(subject=Body(pk=7, path=areas["heli"].path), label="示例", by=officer, at=clock.now())
    form = {"code": slip.code, "username": "zhang", "display_name": "张甲", "password": PASSWORD, "again": PASSWORD}
    assert client.get("/invitation/").status_code == 200
    differ = client.post("/invitation/", {**form, "again": "x"})
    assert differ.status_code == 422
    assert PASSWORD not in differ.content.decode()
    assert client.post("/invitation/", form)["Location"] == "/login/"
    assert "账号已开通" in client.get("/login/").content.decode()
    login = client.post("/login/", {"username": "zhang", "password": PASSWORD})
    assert login.status_code == 302
    assert client.get("/account/").status_code == 200
    assert client.get("/invitations/").status_code == 403


def test_guessing_codes_is_slowed_down(client, areas):
    form = {
        "code": "AAAA-AAAA-AAAA",
        "username": "zhang",
        "display_name": "张",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    answers = [client.post("/invitation/", form).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_a_foreign_invitation_is_not_there(client, officer, areas):
    document(7, "河埒示例", areas["huihe"])
    invite(officer, areas)
    row = Invitation.objects.get()
    stranger = factories.user("jiedao", ("street_office", "area", "320211004"))
    client.force_login(stranger)
    assert client.get(f"/invitations/{row.pk}/revoke/").status_code == 404
    assert client.post(f"/invitations/{row.pk}/revoke/").status_code == 404
    assert "示例服务中心" not in client.get("/invitations/").content.decode()
    client.force_login(officer)
    assert client.get(f"/invitations/{row.pk}/revoke/").status_code == 200
    client.post(f"/invitations/{row.pk}/revoke/")
    row.refresh_from_db()
    assert row.revoked_by == officer
