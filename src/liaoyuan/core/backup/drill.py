"""The restore drill: a backup is proved by restoring it into a scratch home, in a process of its own.

The scratch home is always SQLite: what a backup says does not depend on the database it was made of.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

type Check = dict[str, Any]
#: Lines of `liaoyuan check` that a restored home must pass.
_SOUND = ("密钥", "数据库", "数据表")


def _check(name: str, ok: bool, detail: str, fix: str = "") -> Check:
    return {"name": name, "ok": ok, "detail": detail, "fix": "" if ok else fix}


def verify(path: Path, *, code: str = "", passphrase: str = "") -> list[Check]:
    """All checks of one backup; the last ones are left out when an earlier one fails.

    `code` is the recovery code as written, or `passphrase` the one the backup was made with.
    """
    again = _("另做一份备份；查清这个文件是在哪里损坏的")
    with tempfile.TemporaryDirectory(prefix="liaoyuan-drill-") as folder:
        secret = json.dumps({"code": code, "passphrase": passphrase})
        status, told = _run(folder, ["backup", "restore", str(path.resolve()), "--secret-from-stdin"], secret)
        checks = [_check(_("恢复"), status == 0, str(told.get("detail") or told.get("error")), again)]
        if status != 0:
            return checks
        _status, audit = _run(folder, ["audit", "verify"])
        faults = len(audit.get("faults", [])) if "faults" in audit else None
        chain = _("已封存 {n} 条，没有发现改动").format(n=audit.get("sealed")) if faults == 0 else str(audit)[:200]
        checks.append(_check(_("日志链"), faults == 0, chain, again))
        _status, sound = _run(folder, ["check"])
        for line in sound.get("checks", [{"name": _("安装"), "ok": False, "detail": str(sound)[:200]}]):
            if line["name"] in _SOUND or "checks" not in sound:
                checks.append(_check(line["name"], line["ok"], line["detail"], again))
    return checks


def _run(home: str, words: Sequence[str], given: str = "") -> tuple[int, dict[str, Any]]:
    """Exit status and JSON answer of a command in the scratch home; its last words as `error` when it gave none."""
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "LIAOYUAN_FILES")}
    env |= {"LIAOYUAN_HOME": home, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    done = subprocess.run(  # noqa: S603 - our own interpreter and command
        [sys.executable, *settings.COMMAND, *words, "--json"],
        env=env, input=given, text=True, capture_output=True, check=False,
    )  # fmt: skip
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        last = [line for line in done.stderr.splitlines() if line.strip()]
        return done.returncode or 1, {"error": last[-1] if last else _("没有回答")}
