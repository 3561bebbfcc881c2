"""The vault and its ring: round trips, tampering, moved and foreign values, both profiles, the first releases' file."""

import base64
import hashlib
import hmac
import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given
from hypothesis import settings as examined
from hypothesis import strategies as st

from liaoyuan.core import keyring, vault
from tests.core import vault_ground

DAY = date(2026, 10, 26)
PROFILES = ("intl", "gm")


@pytest.fixture(params=PROFILES)
def home(request, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_CRYPTO", request.param)
    vault_ground.own_home(settings, tmp_path, profile=request.param)
    return request.param


@examined(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=st.text(min_size=1, max_size=300), purpose=st.text(min_size=1, max_size=30))
def test_what_goes_in_comes_out(home, text, purpose):
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    sealed = vault.encrypt(text, purpose=purpose)
    assert vault.decrypt(sealed, purpose=purpose) == text
    assert vault.is_sealed(sealed) and sealed.startswith({"intl": "v1.", "gm": "g1."}[home])
    assert vault.encrypt(text, purpose=purpose) != sealed, "the same text never looks the same"
    with pytest.raises(vault.VaultError):
        vault.decrypt(sealed, purpose=purpose + "x")


def test_empty_stays_empty(home):
    assert vault.encrypt("", purpose="x") == vault.decrypt("", purpose="x") == vault.blind_index("", purpose="x") == ""
    assert vault.blind_indexes("", purpose="x") == []


@examined(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_a_touched_value_is_refused(home, place, bit):
    head, key, body = vault.encrypt("320211199003070011", purpose="x").split(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises(vault.VaultError):
        vault.decrypt(f"{head}.{key}.{base64.urlsafe_b64encode(raw).decode()}", purpose="x")


@pytest.mark.parametrize("junk", ["x", "v1.", "v1.aa.bb", "v2.12345678.AAAA", "v1.12345678.AAAA", "13800001234"])
def test_what_is_no_ciphertext_is_refused(home, junk):
    with pytest.raises(vault.VaultError):
        vault.decrypt(junk, purpose="x")


def test_a_value_of_another_home_is_refused(home, settings, tmp_path):
    sealed = vault.encrypt("13800001234", purpose="x")
    vault_ground.own_home(settings, tmp_path / "b", profile=home)
    with pytest.raises(vault.VaultError, match="另一把密钥"):
        vault.decrypt(sealed, purpose="x")


def test_the_version_cannot_be_swapped(home):
    version, rest = vault.encrypt("13800001234", purpose="x").split(".", 1)
    with pytest.raises(vault.VaultError):
        vault.decrypt(f"{'g1' if version == 'v1' else 'v1'}.{rest}", purpose="x")


def test_v1_is_aes_gcm_as_anybody_computes_it(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("LIAOYUAN_CRYPTO", raising=False)
    raw = vault_ground.old_file(settings, tmp_path)
    key_id = hashlib.sha256(b"id" + raw).hexdigest()[:8]
    nonce = bytes(range(12))
    sealed = base64.urlsafe_b64encode(nonce + AESGCM(raw).encrypt(nonce, "金夕".encode(), b"x")).decode()
    assert vault.decrypt(f"v1.{key_id}.{sealed}", purpose="x") == "金夕"


def test_sm4_gcm_as_the_standard_s_vector_has_it():
    """RFC 8998, appendix A.1."""
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    cipher = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    tag = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")
    plain = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    with pytest.raises(UnicodeDecodeError):  # it opens: what is inside is just no text
        vault.unseal(key, nonce + cipher + tag, bound=bound, profile="gm")
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    opener = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    opener.authenticate_additional_data(bound)
    assert opener.update(cipher) + opener.finalize() == plain


def test_the_file_of_the_first_releases_is_read_and_written_anew(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("LIAOYUAN_CRYPTO", raising=False)
    raw = vault_ground.old_file(settings, tmp_path)
    sealed, index = vault.encrypt("13800001234", purpose="x"), vault.blind_index("13800001234", purpose="x")
    old_index = hmac.new(hashlib.sha256(b"index" + raw).digest(), b"x:13800001234", hashlib.sha256).hexdigest()
    assert index == old_index
    assert keyring.upgrade(DAY) and not keyring.upgrade(DAY)
    assert vault_ground.stored()["keys"][0]["created_on"] == "2026-10-26"
    assert vault.decrypt(sealed, purpose="x") == "13800001234"
    assert vault.blind_index("13800001234", purpose="x") == index
    assert not vault.make_key(), "an existing ring is never overwritten"


def test_rotation_keeps_the_old_keys_and_the_search(home):
    sealed, index = vault.encrypt("13800001234", purpose="x"), vault.blind_index("13800001234", purpose="x")
    before = keyring.ring()
    after = keyring.rotate(DAY)
    assert after.active != before.active and after.index == before.index and after.old == [before.active]
    assert vault.decrypt(sealed, purpose="x") == "13800001234"
    assert vault.parts(vault.encrypt("1", purpose="x")).key_id == after.active
    assert vault.blind_index("13800001234", purpose="x") == index
    turned = keyring.rotate(DAY, index=True)
    assert turned.index != after.index
    assert vault.blind_index("13800001234", purpose="x") != index
    assert vault.blind_indexes("13800001234", purpose="x") == [vault.blind_index("13800001234", purpose="x"), index]
    assert stat.S_IMODE(keyring.path().stat().st_mode) == 0o600


def test_one_ring_holds_keys_of_both_profiles(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_CRYPTO", "intl")
    vault_ground.own_home(settings, tmp_path)
    old = vault.encrypt("旧", purpose="x")
    monkeypatch.setenv("LIAOYUAN_CRYPTO", "gm")
    keyring.rotate(DAY)
    new = vault.encrypt("新", purpose="x")
    assert (old[:3], new[:3]) == ("v1.", "g1.")
    assert (vault.decrypt(old, purpose="x"), vault.decrypt(new, purpose="x")) == ("旧", "新")


def test_an_unknown_profile_is_one_sentence(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_CRYPTO", "rot13")
    settings.HOME = tmp_path
    with pytest.raises(keyring.KeyringError, match="intl 或 gm"):
        vault.make_key()


@pytest.mark.parametrize("damage", ["{", "{}", '{"format": 9}', "not base64!", ""])
def test_a_damaged_ring_is_one_sentence(settings, tmp_path, damage):
    vault_ground.own_home(settings, tmp_path)
    keyring.path().write_text(damage)
    with pytest.raises(vault.VaultError, match="已损坏"):
        vault.ring()


def test_a_swapped_key_is_noticed(settings, tmp_path):
    vault_ground.own_home(settings, tmp_path)
    told = vault_ground.stored()
    told["keys"][0]["key"] = base64.b64encode(b"0" * 32).decode()
    keyring.path().write_text(json.dumps(told))
    with pytest.raises(vault.VaultError, match="已损坏"):
        vault.ring()


def test_without_a_ring_one_sentence_says_what_to_do(settings, tmp_path):
    settings.HOME = tmp_path
    with pytest.raises(vault.VaultError, match="liaoyuan init"):
        vault.encrypt("1", purpose="x")


def test_a_running_process_notices_a_new_key(settings, tmp_path):
    home = vault_ground.own_home(settings, tmp_path)
    first = vault.ring().active
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'liaoyuan.conf.settings'; django.setup();"
        "from datetime import date; from liaoyuan.core import keyring; print(keyring.rotate(date(2026, 1, 1)).active)"
    )
    environment = {"LIAOYUAN_HOME": str(home), "LIAOYUAN_SECRET_KEY": "x" * 50, "PATH": "/usr/bin:/bin"}
    environment["PYTHONPYCACHEPREFIX"] = os.environ["PYTHONPYCACHEPREFIX"]  # modules are compiled once for all
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert vault.ring().active == told.stdout.strip() != first


def test_many_rotations_at_once_lose_no_key(settings, tmp_path):
    vault_ground.own_home(settings, tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = {ring.active for ring in pool.map(lambda _: keyring.rotate(DAY), range(16))}
    assert len(made) == 16 and made <= set(keyring.ring().keys)


def test_a_ring_shows_no_key():
    assert "raw" not in repr(vault.ring()) and base64.b64encode(next(iter(vault.ring().keys.values())).raw).decode()[
        :12
    ] not in repr(vault.ring())
