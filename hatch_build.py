"""Build hook: what is built and not committed (front end, message catalogues) goes into the wheel and the sdist.

An editable installation gets nothing from here: `dev.py setup` builds the same into the checkout. A wheel made from an
sdist takes what the sdist brought along, so that an installation from source needs neither Node nor Babel.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = ("app.css", "app.js", "charts.js", "icons.svg", "map.css", "map.js")


class Hook(BuildHookInterface):
    """Runs before hatchling collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build assets and catalogues. Raises RuntimeError when something is missing and cannot be made here."""
        if version == "editable":
            return
        root = Path(self.root)
        is_checkout = (root / "frontend" / "node_modules").is_dir()
        assets = root / "src" / "liaoyuan" / "ui" / "static" / "ui" / "build"
        if is_checkout:
            self.build(root, "node", [str(root / "frontend" / "build.mjs")])
        if not all((assets / name).is_file() for name in ASSETS):
            raise RuntimeError("The front end is not built: run `python3 dev.py setup` first.")
        for source in sorted((root / "src" / "liaoyuan" / "ui" / "locale").glob("*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            if is_checkout:
                self.build(root, "pybabel", ["-q", "compile", "-i", str(source), "-o", str(compiled)])
            if not compiled.is_file():
                raise RuntimeError(f"{source.name} is not compiled: run `python3 dev.py setup` first.")

    @staticmethod
    def build(root: Path, tool: str, words: list[str]) -> None:
        """Run a tool of the checkout's `.venv`, or of the machine; without either what is already built must do."""
        found = shutil.which(tool, path=f"{root / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
        if found:
            subprocess.run([found, *words], cwd=root, check=True, stdout=sys.stderr)  # noqa: S603 - our own tools, no shell
