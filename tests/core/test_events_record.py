"""What an event holds, C3/C4 values under a key per subject, and read events."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from liaoyuan.core import events, reads, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import audit
from liaoyuan.core.choices import Channel, Event
from liaoyuan.core.models import AuditEvent, EventKey
from liaoyuan.kit.findings import Refused
from tests.core import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
SUBJECT = ("organization", "7", "滨湖区某某中心")


def stored(row: AuditEvent) -> str:
    fresh = AuditEvent.objects.get(pk=row.pk)
    return json.dumps(fresh.payload, ensure_ascii=False)


def test_an_event_says_who_through_which_door_and_on_whose_word():
    user = factories.user("wang")
    with events.through(Channel.WEB):
        row = events.record("x.y", user, by=user, at=AT, payload={"a": 1}, on_behalf="负责人张某来电")
    assert (row.actor, row.actor_name, row.channel, row.on_behalf) == (user, "wang", "web", "负责人张某来电")
    assert (row.subject_kind, row.subject_id, row.subject_label) == ("user", str(user.pk), "wang")
    assert row.recorded_at != row.at == AT
    operator = events.record("x.y", None, by=Operator("root"), at=AT)
    assert operator.actor is None and operator.actor_name == "operator:root" and operator.channel == "system"
    assert events.record("x.y", None, by=None, at=AT).actor_name == "system"


def test_sensitive_values_are_stored_as_ciphertext_only():
    row = events.record(
        "x.y", SUBJECT, by=None, at=AT,
        payload={"changes": {"phone": ["13800001234", "13900005678"], "name": ["旧名", "新名"],
                             "id_number": ["", "320211199003070011"]}},
    )  # fmt: skip
    text = stored(row)
    assert "13800001234" not in text and "13900005678" not in text and "320211199003070011" not in text
    changes = AuditEvent.objects.get(pk=row.pk).payload["changes"]
    assert changes["name"] == ["旧名", "新名"] and changes["id_number"][0] == ""
    assert events.disclose(changes["phone"][0], "organization", "7") == "13800001234"
    assert events.disclose(changes["phone"][1], "organization", "7") == "13900005678"
    other = events.conceal("13800001234", "organization", "8")
    with pytest.raises(vault.VaultError):
        events.disclose(other, "organization", "7")


def test_what_the_vault_encrypted_comes_under_its_subject_s_own_key():
    """Under the vault's key an event could never forget it."""
    sealed = vault.encrypt("13800001234", purpose="organization.phone")
    row = events.record("x.y", SUBJECT, by=None, at=AT, payload={"changes": {"phone": [sealed, "***"]}})
    old, new = AuditEvent.objects.get(pk=row.pk).payload["changes"]["phone"]
    assert not vault.is_sealed(old) and new == "***"
    assert events.disclose(old, "organization", "7") == "13800001234"
    with transaction.atomic():
        events.forget(SUBJECT, by=factories.user("wang"), at=AT)
    assert events.disclose(old, "organization", "7") is None


def test_ciphertext_of_an_unknown_field_keeps_its_mark_only():
    sealed = vault.encrypt("13800001234", purpose="x")
    row = events.record("x.y", SUBJECT, by=None, at=AT, payload={"changes": {"f": [sealed, "***"]}})
    assert AuditEvent.objects.get(pk=row.pk).payload["changes"] == {"f": ["***", "***"]}


@pytest.mark.django_db(transaction=True)
def test_erasing_destroys_the_key_and_the_chain_stays_valid():
    user = factories.user("wang")
    row = events.record("x.y", SUBJECT, by=user, at=AT, payload={"changes": {"phone": ["", "13800001234"]}})
    audit.seal(AT)
    cipher = AuditEvent.objects.get(pk=row.pk).payload["changes"]["phone"][1]
    assert events.disclose(cipher, "organization", "7") == "13800001234"
    with transaction.atomic():
        events.forget(SUBJECT, by=user, at=AT)
    assert events.disclose(cipher, "organization", "7") is None
    assert EventKey.objects.get().destroyed_by == user and EventKey.objects.get().wrapped == ""
    audit.seal(AT)
    assert audit.verify()["ok"]
    assert AuditEvent.objects.get(code=Event.EVENT_KEY_DESTROYED).subject_label == "", "the name is not repeated"
    # what is entered later about the same number has a new key; the old value stays lost
    later = events.record("x.y", SUBJECT, by=user, at=AT, payload={"changes": {"phone": ["", "13700000000"]}})
    fresh = AuditEvent.objects.get(pk=later.pk).payload["changes"]["phone"][1]
    assert events.disclose(fresh, "organization", "7") == "13700000000"
    with pytest.raises(vault.VaultError):
        events.disclose(cipher, "organization", "7")


def test_a_destroyed_key_is_destroyed_whole():
    events.conceal("1", "user", "1")
    with pytest.raises(IntegrityError), transaction.atomic():
        EventKey.objects.update(wrapped="")
    with pytest.raises(IntegrityError), transaction.atomic():
        EventKey.objects.update(destroyed_at=AT)


def test_an_event_is_part_of_its_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        events.record("x.y", None, by=None, at=AT)
        raise RuntimeError
    assert not AuditEvent.objects.exists()


def test_read_events():
    user = factories.user("wang")
    for reason in ("", "  ", "x"):
        with pytest.raises(Refused):
            reads.revealed(SUBJECT, field="phone", reason=reason, by=user, at=AT)
    assert not AuditEvent.objects.exists()
    row = reads.revealed(SUBJECT, field="phone", reason=" 通知年检 ", by=user, at=AT)
    assert (row.code, row.payload) == (Event.REVEALED, {"field": "phone", "reason": "通知年检"})
    assert reads.opened(SUBJECT, by=user, at=AT + timedelta(seconds=1)).code == Event.OPENED
    told = reads.exported("organization", rows=12, by=user, at=AT, filters={"street": "河埒"}, sensitive=True)
    assert told.code == Event.EXPORTED and told.payload["rows"] == 12 and told.payload["sensitive"] is True
