"""Encrypting again: every registered column, idempotent, with writers beside it, and killed at every point."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, models

from liaoyuan.conf.cli import main
from liaoyuan.core import events, keyring, registries, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import vault as actions
from liaoyuan.core.models import AuditEvent, EventKey, ImportBatch, ImportRow, VaultMark
from liaoyuan.core.queries import health, sealed
from liaoyuan.core.registries import SealedField
from liaoyuan.registry.models import Standing
from tests.core import vault_ground
from tests.house import source
from tests.registry import factories as make

BY = Operator("tests")
AT = make.AT


@pytest.fixture
def home(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("LIAOYUAN_CRYPTO", raising=False)
    return vault_ground.own_home(settings, tmp_path)


def lay(bodies: int = 3) -> None:
    """Ciphertext in text columns, in a JSON column at depth, and in keys of the audit."""
    for number in range(bodies):
        body = make.organization(f"换钥{number}中心", phone=f"139{number:08d}")
        events.conceal("13900000000", "organization", str(body.pk))
    area = make.binhu()["district"]
    batch = ImportBatch.objects.create(kind="organizations", file_name="a.csv", sha256="0", file_key="k",
                                       as_of=date(2026, 1, 1), area=area, created_at=AT)  # fmt: skip
    cipher = vault.encrypt("13811112222", purpose="organization.phone")
    ImportRow.objects.create(batch=batch, number=2, verdict="review", fields={"name": "甲", "phone": cipher},
                             before={"phone": ["", cipher], "_": {"columns": {"phone": [cipher, "", "2026-01-01"]}}},
                             raw=vault.encrypt('["甲"]', purpose="import.raw"))  # fmt: skip


def keys_in(text: str) -> set[str]:
    return {part.split(".")[1] for part in text.split('"') if vault.is_sealed(part)}


def phones() -> list[str]:
    return [vault.decrypt(value, purpose="organization.phone") for value in
            Standing.objects.order_by("organization_id").values_list("phone", flat=True)]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_everything_comes_under_the_new_key_and_reads_as_before(home):
    lay()
    before, old = phones(), vault.ring().active
    told = actions.rewrap(by=BY, at=AT)
    assert not any(told["done"].values()) and not any(told["remaining"].values())
    new = actions.rotate(by=BY, at=AT).active
    assert sum(sealed.remaining().values()) == 3 + 3 + 3  # bodies, their event keys, the staged row's three columns
    told = actions.rewrap(by=BY, at=AT)
    assert sum(told["done"].values()) == 9 and not any(told["remaining"].values())
    assert phones() == before
    row = ImportRow.objects.get()
    seen = json.dumps([row.fields, row.before, row.raw, *Standing.objects.values_list("phone", flat=True),
                       *EventKey.objects.values_list("wrapped", flat=True)])  # fmt: skip
    assert keys_in(seen) == {new} != {old}
    assert vault.decrypt(row.before["_"]["columns"]["phone"][0], purpose="organization.phone") == "13811112222"
    again = actions.rewrap(by=BY, at=AT)
    assert not any(again["done"].values()), "twice changes nothing"
    codes = list(AuditEvent.objects.filter(code__startswith="vault.").order_by("pk").values_list("code", flat=True))
    assert codes == ["vault.rotated", "vault.rewrapped"]


@pytest.mark.django_db(transaction=True)
def test_from_one_profile_to_the_other(home, monkeypatch):
    lay(2)
    before = phones()
    monkeypatch.setenv("LIAOYUAN_CRYPTO", "gm")
    actions.rotate(by=BY, at=AT)
    told = actions.rewrap(by=BY, at=AT)
    assert told["remaining"]["registry.Standing.phone"] == 0 and phones() == before
    assert {value[:3] for value in Standing.objects.values_list("phone", flat=True)} == {"g1."}
    body = Standing.objects.order_by("pk")[0].organization_id
    cipher = events.conceal("13712345678", "organization", str(body))
    assert cipher.startswith("h1.") and events.disclose(cipher, "organization", str(body)) == "13712345678"


@pytest.mark.django_db(transaction=True)
def test_a_rotated_index_is_recomputed(home, monkeypatch):
    """`note` stands in for the column of a blind index; the people's floor has the first true one."""
    monkeypatch.setattr(registries, "sealed_fields", [
        SealedField("registry.Standing", "phone", "organization.phone", index="note")
    ])  # fmt: skip
    body = make.organization("索引中心", phone="13912345678")
    rows = Standing.objects.filter(organization=body)
    rows.update(note=vault.blind_index("13912345678", purpose="organization.phone"))
    assert sealed.sample().astray == []
    actions.rotate(index=True, by=BY, at=AT)
    wanted = vault.blind_indexes("13912345678", purpose="organization.phone")
    assert rows.filter(note__in=wanted).exists(), "search goes on before the work is done"
    told = actions.rewrap(by=BY, at=AT)
    assert told["done"] == {"registry.Standing.phone": 1}
    assert rows.get().note == vault.blind_index("13912345678", purpose="organization.phone")
    assert not actions.rewrap(by=BY, at=AT)["done"]["registry.Standing.phone"]
    rows.update(note="0" * 64)
    assert sealed.sample().astray == ["registry.Standing.phone"]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_stays_and_is_told(home):
    body = make.organization("坏值中心", phone="13912345678")
    rows = Standing.objects.filter(organization=body)
    foreign = vault.encrypt("1", purpose="elsewhere")
    rows.update(phone=foreign)
    actions.rotate(by=BY, at=AT)
    told = actions.rewrap(by=BY, at=AT)
    assert told["unreadable"]["registry.Standing.phone"] == told["remaining"]["registry.Standing.phone"] == 1
    assert rows.get().phone == foreign
    rows.update(phone="13912345678")
    assert sealed.sample().clear == ["registry.Standing.phone"]
    assert not next(c for c in health.examine(deploy=False) if c["name"] == "加密数据")["ok"]


@pytest.mark.django_db(transaction=True)
def test_writers_beside_it_lose_nothing(home):
    """Eight writers change telephone numbers while everything is encrypted again, and the key is turned once more."""
    bodies = [make.organization(f"并发{n}中心", phone="13900000000") for n in range(24)]
    faults: list[BaseException] = []

    def write(mine: int) -> None:
        try:
            for turn in range(6):
                for body in bodies[mine::4]:
                    text = vault.encrypt(f"138{turn:04d}{body.pk:04d}", purpose="organization.phone")
                    Standing.objects.filter(organization=body).update(phone=text)
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        actions.rotate(by=BY, at=AT)
        actions.rewrap(by=BY, at=AT)
    for thread in threads:
        thread.join(60)
    assert not faults
    actions.rewrap(by=BY, at=AT)
    assert not any(sealed.remaining().values())
    told = {
        row.organization_id: vault.decrypt(row.phone, purpose="organization.phone") for row in Standing.objects.all()
    }
    assert told == {body.pk: f"1380005{body.pk:04d}" for body in bodies}


@pytest.mark.django_db
def test_the_mark_ties_database_and_home(home, settings, tmp_path):
    assert sealed.mark_faults() == ["数据库还没有密钥标记，请运行 liaoyuan init。"]
    assert actions.set_mark(at=AT) and not actions.set_mark(at=AT)
    assert sealed.mark_faults() == []
    probe = sealed.probe_path()
    kept = probe.read_text()
    probe.unlink()
    assert "没有挂载" in sealed.mark_faults()[0]
    probe.write_text(("B" if kept[0] == "A" else "A") + kept[1:])
    assert "另一套安装" in sealed.mark_faults()[0]
    probe.write_text(kept)
    settings.ZONE = "internet"
    assert "LIAOYUAN_ZONE" in sealed.mark_faults()[0]
    settings.ZONE = "gov"
    ring = keyring.path().read_text()
    keyring.rotate(date(2026, 10, 26))  # as if killed before the mark was written
    assert "接续" in sealed.mark_faults()[0]
    assert actions.set_mark(at=AT) and sealed.mark_faults() == []
    keyring.path().write_text(ring)  # a second machine with yesterday's key file
    assert "没有" in sealed.mark_faults()[0]
    with pytest.raises(vault.VaultError, match="不符"):
        actions.set_mark(at=AT)
    assert VaultMark.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_commands(home, capsys):
    def run(*argv: str) -> tuple[int, dict]:
        status = main.run(main.parser().parse_args(["vault", *argv, "--json"]))
        told = capsys.readouterr().out
        return status, json.loads(told) if told else {}

    lay(2)
    assert run("status")[0] == 1, "no mark yet"
    actions.set_mark(at=AT)
    status, told = run("status")
    assert status == 0 and told["profile"] == "intl" and len(told["keys"]) == 1
    assert vault_ground.stored()["keys"][0]["key"] not in json.dumps(told)
    assert run("rotate", "--index")[0] == 0
    waiting = run("status")[1]["remaining"]
    assert waiting["registry.Standing.phone"] == 2
    ImportRow.objects.update(raw=vault.encrypt("1", purpose="elsewhere"))
    keyring.rotate(date(2026, 10, 26))
    actions.set_mark(at=AT)
    status, told = run("rewrap")
    assert status == 1 and told["unreadable"]["core.ImportRow.raw"] == 1
    ImportRow.objects.update(raw="")
    status, told = run("rewrap")
    assert status == 0 and told["ok"] and not any(told["remaining"].values())
    assert main.run(main.parser().parse_args(["vault", "erase", "nothing", "1", "--reason", "x"])) == 2
    assert main.run(main.parser().parse_args(["vault", "erase", "organization", "999999", "--reason", "本人请求"])) == 2


def mortal(job: dict) -> int:
    """Run `vault rewrap` in a process that dies at its n-th point; the exit status or minus the signal."""
    script = (
        "import json, sys; job = json.loads(sys.argv[1]);"
        "import django; django.setup();"
        "from liaoyuan.core.actions import vault; vault.CHUNK = 4;"
        "from tests.registry.mortal import Points; points = Points(job['point']); points.watch();"
        "from liaoyuan.conf.cli import main;"
        "raise SystemExit(main.run(main.parser().parse_args(['vault', 'rewrap', '--json'])))"
    )
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("LIAOYUAN_")}, "LIAOYUAN_HOME": job["home"],
        "LIAOYUAN_SECRET_KEY": "x" * 50, "DJANGO_SETTINGS_MODULE": "liaoyuan.conf.settings",
        "PYTHONPATH": os.pathsep.join([str(source.ROOT / "src"), str(source.ROOT)]),
    }  # fmt: skip
    if job["url"]:
        environment["DATABASE_URL"] = job["url"]
    done = subprocess.run([sys.executable, "-c", script, json.dumps(job)], env=environment, cwd=source.ROOT, text=True,
                          capture_output=True, check=False)  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_at_every_point_it_goes_on_where_it_was(home):
    """After each death every value reads as before under the old key or the new; the run that is let live ends it."""
    for number in range(24):
        make.organization(f"存亡{number}中心", phone=f"139{number:08d}")
    before = phones()
    actions.rotate(by=BY, at=AT)
    url = ""
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    else:
        Path(home / "liaoyuan.sqlite3").symlink_to(connection.settings_dict["NAME"])
    connection.close()
    # a column without stale rows is one commit, which is two points; the telephone numbers come after some of these
    first = 2 * [entry.column for entry in registries.sealed_fields].index("phone")
    deaths, left = 0, [24]
    for point in (1, *(first + n for n in (1, 2, 3, 5, 6)), 900):
        status = mortal({"point": point, "home": str(home), "url": url})
        assert phones() == before
        left.append(sealed.remaining()["registry.Standing.phone"])
        connection.close()
        if status == 0:
            break
        assert status == -signal.SIGKILL
        deaths += 1
    assert deaths >= 5 and left[-1] == 0 and left == sorted(left, reverse=True)
    assert len(set(left)) > 2, "it got on in steps"


def test_every_sealed_column_exists():
    for entry in registries.sealed_fields:
        field = sealed.model_of(entry)._meta.get_field(entry.column)
        assert isinstance(field, models.CharField | models.TextField | models.JSONField)
        if entry.index:
            sealed.model_of(entry)._meta.get_field(entry.index)
    with pytest.raises(ValueError, match="twice"):
        registries.add_sealed(registries.sealed_fields[0])
