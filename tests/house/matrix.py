"""The hand-kept matrix role × page: reading it, asking the pages, printing it into docs/guide/roles.md."""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver, reverse

from liaoyuan.conf.roles import ROLES
from tests.house.ground import Ground

KEPT = Path(__file__).parent / "role_matrix.json"
WHO = ("anonymous", *ROLES)


@dataclass(frozen=True)
class Case:
    """One line of the matrix: a page asked in one way, and the answer each role gets."""

    page: str
    about: str
    expected: dict[str, str]
    args: tuple[str, ...] = ()
    query: str = ""
    post: dict[str, Any] | None = None
    shows: dict[str, list[str]] = field(default_factory=dict)
    token: bool = False
    method: str = ""
    file: str = ""

    def __str__(self) -> str:
        return f"{self.page} {self.about}"

    def address(self, ground: Ground) -> str:
        """The address with the ground's keys in it."""
        path = reverse(self.page, args=[ground.fill(a) for a in self.args])
        return f"{path}?{ground.fill(self.query)}" if self.query else path

    def form(self, ground: Ground) -> dict[str, Any]:
        """What is posted."""
        told: dict[str, Any] = {
            name: [ground.fill(v) for v in value] if isinstance(value, list) else ground.fill(value)
            for name, value in (self.post or {}).items()
        }
        if self.file:
            path = ground.files[self.file]
            told["file"] = SimpleUploadedFile(path.name, path.read_bytes())
        return told

    def headers(self, ground: Ground, role: str) -> dict[str, str]:
        """The bearer token of the role's account, where the line asks with one."""
        return {"Authorization": f"Bearer {ground.tokens[role]}"} if self.token and role in ground.tokens else {}


def cases() -> list[Case]:
    """All lines; each names every role exactly once, by itself, by a group or by `rest`."""
    told = json.loads(KEPT.read_text(encoding="utf-8"))
    groups = told["groups"]
    for more in sorted(KEPT.parent.glob("role_matrix_*.json")):
        told["pages"] += json.loads(more.read_text(encoding="utf-8"))["pages"]

    def spread(names: list[str]) -> list[str]:
        return [role for name in names for role in groups.get(name, [name])]

    found = []
    for line in told["pages"]:
        expected: dict[str, str] = {}
        for answer, names in line.items():
            if answer.isdigit() or answer == "login":
                for role in spread(names):
                    assert role in WHO, f"{line['about']}: nobody is called {role}"
                    assert role not in expected, f"{line['about']}: {role} stands there twice"
                    expected[role] = answer
        for role in WHO:
            if role not in expected:
                assert "rest" in line, f"{line['about']}: {role} is missing"
                expected[role] = line["rest"]
        shows = {role: names for words, names in line.get("shows", {}).items() for role in spread([words])}
        found.append(
            Case(line["page"], line["about"], expected, tuple(line.get("args", ())), line.get("query", ""),
                 line.get("post"), shows, line.get("token", False), line.get("method", ""), line.get("file", ""))
        )  # fmt: skip
    return found


def answer(response: Any) -> str:
    """The answer in the matrix's words."""
    if response.status_code == 302 and urlsplit(response["Location"]).path == settings.LOGIN_URL:
        return "login"
    return str(response.status_code)


def text_of(response: Any) -> str:
    """What a person reads in the answer: the page, or the cells of the workbook."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(body)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if body and response.get("Content-Type", "").startswith("application/json"):
        return json.dumps(json.loads(body), ensure_ascii=False)
    return body.decode("utf-8", "replace")


def ask(client: Any, case: Case, ground: Ground, role: str) -> tuple[str, str]:
    """Ask the page and take back whatever it wrote: (answer, text)."""
    send = getattr(client, case.method or ("get" if case.post is None else "post"))
    body = {} if case.post is None else {"data": case.form(ground)}
    with transaction.atomic():
        response = send(case.address(ground), headers=case.headers(ground, role), **body)
        told = answer(response), text_of(response)
        transaction.set_rollback(True)
    return told


def urls(resolver: Any = None, space: str = "") -> Iterator[tuple[str, Any, str]]:
    """(name, view, pattern) of every address of the product."""
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from urls(entry, inner)
        else:
            yield f"{space}{entry.name}", entry.callback, str(entry.pattern)


_SIGN = {
    **dict.fromkeys(("200", "201", "204", "400", "409", "422"), "✓"),
    "302": "→",
    **dict.fromkeys(("login", "401"), "登录"),
    "403": "—",
    "404": "无",
}
_SHORT = {"anonymous": "未登录"}


def page() -> str:
    """docs/guide/roles.md: who the roles are, and what each gets from each page."""
    lines = [
        "<!-- Written by `LIAOYUAN_REWRITE_ROLES=1 pytest tests/house/test_access.py`; do not edit. -->",
        "# 角色与页面",
        "",
        "谁是谁、在什么范围内行使职责，以及每个角色打开每个页面得到什么。表中的内容人工维护在"
        " `tests/house/role_matrix.json`，测试逐格核对。",
        "",
        "## 角色",
        "",
        "| 角色 | 说明 | 范围 | 动态口令 | 首页 |",
        "|---|---|---|---|---|",
    ]
    scopes = {"area": "区划", "organization": "组织", "party": "党组织", "all": "全部"}
    lines += [
        f"| {role.title} | {role.description} | {'、'.join(scopes[s] for s in role.scopes)}"
        f" | {'须启用' if role.second_factor else '可选'} | `{role.home}` |"
        for role in ROLES.values()
    ]
    lines += [
        "",
        "## 页面",
        "",
        "✓ 可用；→ 转到自己的页面或办完后返回；登录 = 先登录（接口：先出示令牌）；无 = 不在自己范围内，如同不存在；"
        "— 没有这项职责。“本区”“本街道”“本组织”指授权范围之内，“外区”指范围之外。答复相同的角色列在一起。",
        "",
        "| 页面 | ✓ | → | 无 | — | 登录 |",
        "|---|---|---|---|---|---|",
    ]
    for case in cases():
        by: dict[str, list[str]] = {}
        for role, told in case.expected.items():
            by.setdefault(_SIGN[told], []).append(role)
        cells = [_roles(by.get(sign, [])) for sign in ("✓", "→", "无", "—", "登录")]
        lines.append(f"| {case.about} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _roles(codes: list[str]) -> str:
    if len(codes) == len(WHO):
        return "所有人"
    if set(codes) == set(ROLES):
        return "所有登录者"
    if len(codes) > len(ROLES) - 4 and "anonymous" not in codes:
        return "其余登录者"
    return "、".join(_SHORT.get(code) or ROLES[code].title for code in codes)


PAGE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "roles.md"


def clean(text: str) -> str:
    """The text without addresses: a link may say a key, never a name."""
    return re.sub(r'(?:href|action)="[^"]*"', "", text)
