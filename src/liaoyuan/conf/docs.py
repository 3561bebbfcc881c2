"""Writes docs/rules out of the rules themselves: `python -m liaoyuan.conf.docs [--check] [--out FOLDER]`.

One page per family of rules and a list of all; into the guide (`--guide FOLDER`) the states of a project of grants and
of a plan. Parameters are the release's own, examples are judged by them, so the pages do not depend on a database.
`--check` writes nothing and fails when a page is not what it would be.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

_FOLDER = Path("docs") / "rules"
_GUIDE = Path("docs") / "guide"
_HEAD = "<!-- Written by `python3 dev.py docs`; do not edit. -->\n"


def pages() -> dict[str, str]:
    """File name → text of every page. Needs the floors to have entered their rules."""
    from liaoyuan.core import registries
    from liaoyuan.core.moments import RULE_FAMILIES

    families: dict[str, list[str]] = {}
    for code in registries.rules:
        families.setdefault(code.partition("-")[0], []).append(code)
    found = {"README.md": _overview(families, RULE_FAMILIES)}
    for family, codes in families.items():
        title = RULE_FAMILIES[family]
        body = "\n".join(_rule(code) for code in codes)
        found[f"{family.lower()}.md"] = f"{_HEAD}# {family} {title}\n\n{body}"
    return found


def _overview(families: Mapping[str, Sequence[str]], titles: Mapping[str, str]) -> str:
    from liaoyuan.core import registries
    from liaoyuan.core.moments import MOMENT_TITLES
    from liaoyuan.core.params import SEVERITY_TITLES

    codes = list(registries.rules)
    live = [code for code in codes if registries.rules[code].function is not None]
    lines = [
        _HEAD + "# 规则",
        "",
        f"共 {len(codes)} 条，已提问 {len(live)} 条；其余规则的对象尚未建成，标“尚未提问”。",
        "依据凭经验、未见原文的参数为草稿：参与取值，但只作提醒，由本地确认后才按力度生效。",
        "",
    ]
    for family, members in families.items():
        rows = []
        for code in members:
            spec, row = registries.rules[code], _own(code)
            rows.append([
                f"[{code}]({family.lower()}.md#{code.lower()})", spec.title,
                "、".join(MOMENT_TITLES[m] for m in spec.moments), SEVERITY_TITLES[row.severity],
                "草稿" if row.status == "draft" else "已确认", "已提问" if spec.function else "尚未提问",
            ])  # fmt: skip
        lines += [f"## {titles[family]}", "", *_table(["编号", "名称", "时机", "力度", "依据", "是否提问"], rows), ""]
    return "\n".join(lines)


def _own(code: str) -> Any:
    from liaoyuan.core import policy, registries
    from liaoyuan.core.exports.rules import own_row

    return own_row(registries.rules[code], policy.shipped_rows())


def _rule(code: str) -> str:
    from liaoyuan.core import policy, registries
    from liaoyuan.core.actions.calendar import shipped_days
    from liaoyuan.core.exports.rules import rules_show
    from liaoyuan.core.moments import ENTITY_TITLES, JURISDICTION_TITLES, MOMENT_DOORS, MOMENT_TITLES
    from liaoyuan.kit.workdays import Calendar

    spec = registries.rules[code]
    days = Calendar((day, works, label) for day, (works, label) in shipped_days().items())
    shown = rules_show(code, rows=policy.shipped_rows(), days=days)
    asked_at = dict.fromkeys(door for m in spec.moments for door in MOMENT_DOORS.get(m, ()))
    lines = [
        f"## {code}",
        "",
        f"**{spec.title}** — {spec.statement}",
        "",
        f"- 对象：{ENTITY_TITLES[spec.entity]}",
        f"- 时机：{'、'.join(MOMENT_TITLES[m] for m in spec.moments)}",
        f"- 在哪里提问：{'、'.join(asked_at) if spec.function else '尚未提问'}",
        f"- 按谁的参数：{JURISDICTION_TITLES[spec.jurisdiction]}",
        "",
        *_parameters(shown["parameters"]),
        "",
    ]
    if spec.function is not None:
        lines += [*_facts(shown["facts"]["properties"]), "", *_examples(shown["examples"]), ""]
    return "\n".join(lines)


def _parameters(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    from liaoyuan.core import registries
    from liaoyuan.core.params import SEVERITY_TITLES, STATUS_TITLES
    from liaoyuan.core.queries.parameters import samples
    from liaoyuan.core.rules.parameters import shape_of, written

    places = {entry.chain[-1]: entry.title for entry in registries.profiles.values()} | {"national": "全国"}
    cells = [
        [
            f"`{row['key']}`",
            registries.parameter_titles.get(row["key"], ""),
            places.get(row["jurisdiction"], row["jurisdiction"]),
            f"{row['valid_from']} 至 {row['valid_to']}（不含）" if row["valid_to"] else row["valid_from"],
            written(row["value"], shape_of(row["key"], samples(row["key"]))),
            SEVERITY_TITLES[row["severity"]] if row["key"][:1].isupper() else "",
            STATUS_TITLES[row["status"]],
            row["source"],
        ]
        for row in rows
    ]
    return _table(["参数", "名称", "适用范围", "起", "值", "力度", "状态", "依据"], cells)


def _facts(properties: Mapping[str, Mapping[str, Any]]) -> list[str]:
    rows = []
    for name, shape in properties.items():
        rows.append([f"`{name}`", shape["title"], str(shape["type"][0])])
        inner = shape.get("items", {}).get("properties", {})
        rows += [[f"`{name}.{part}`", own["title"], str(own["type"][0])] for part, own in inner.items()]
    return _table(["事实", "含义", "类型"], rows)


def _examples(examples: Iterable[Mapping[str, Any]]) -> list[str]:
    from liaoyuan.core.params import SEVERITY_TITLES

    rows = []
    for example in examples:
        told = "；".join(f"{SEVERITY_TITLES[f['severity']]}：{f['message']}" for f in example["findings"]) or "通过"
        rows.append([f"`{json.dumps(example['facts'], ensure_ascii=False)}`", example["on"], told])
    return _table(["算例（滨湖区的随版参数）", "日期", "结果"], rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    written = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *written]


def guide() -> dict[str, str]:
    """File name → text of the generated pages of the guide."""
    return {"grant_states.md": _grant_states(), "plan_states.md": _plan_states()}


def _grant_states() -> str:
    from liaoyuan.conf.roles import ROLES
    from liaoyuan.core.moments import MOMENT_TITLES
    from liaoyuan.funding.choices import states

    titles = states.PROJECT_STATE_TITLES
    moves = []
    for move in states.MOVES.values():
        moves.append([
            states.MOVE_TITLES[move.code], "、".join(titles[state] for state in move.source), titles[move.target],
            "、".join(states.ACTOR_TITLES[actor] for actor in move.who),
            "、".join(states.REQUIREMENT_TITLES[need] for need in move.needs),
            "、".join(MOMENT_TITLES[moment] for moment in move.rules),
        ])  # fmt: skip
    actors = list(states.ACTOR_TITLES)
    by_state = []
    for state, title in titles.items():
        cells = [
            "、".join(
                states.MOVE_TITLES[move.code]
                for move in states.MOVES.values()
                if state in move.source and who in move.who
            )
            for who in actors
        ]
        by_state.append([title, *cells, "计入" if state in states.COUNTED else ""])
    who = [
        [states.ACTOR_TITLES[actor], "、".join(ROLES[code].title for code in states.ACTOR_ROLES[actor])]
        for actor in actors
    ]
    lines = [
        _HEAD + "# 公益创投项目的状态和办理",
        "",
        "项目从申报书草稿到归档的每一种状态，以及从这种状态可以怎样办理：由谁、到哪里、需要什么、按哪个时机的规则检查。表外的办理一律不能进行。",
        "",
        "## 办理",
        "",
        *_table(["办理", "从", "到", "由谁", "需要", "检查的规则（时机）"], moves),
        "",
        "## 状态",
        "",
        "“计入”指计入每个组织每届的申报项目数。",
        "",
        *_table(["状态", *(states.ACTOR_TITLES[actor] for actor in actors), "申报个数"], by_state),
        "",
        "## 由谁",
        "",
        *_table(["办理人", "角色"], who),
        "",
    ]
    return "\n".join(lines)


def _plan_states() -> str:
    from liaoyuan.conf.roles import ROLES
    from liaoyuan.planning.choices import states

    titles = states.STATE_TITLES
    moves = [
        [
            states.MOVE_TITLES[move.code], "、".join(titles[state] for state in move.source), titles[move.target],
            "、".join(role.title for role in ROLES.values() if move.who in role.permissions),
            "、".join(states.REQUIREMENT_TITLES[need] for need in move.needs),
        ]
        for move in states.MOVES.values()
    ]  # fmt: skip
    lines = [
        _HEAD + "# 覆盖编组方案的状态和办理",
        "",
        "编组算出来是草案；同一设想有了新的方案，草案和已审核的被替代；同一区划批准了新的方案，以前批准的被替代。表外的办理一律不能进行。",
        "",
        *_table(["办理", "从", "到", "由谁", "需要"], moves),
        "",
        f"状态：{'、'.join(titles.values())}。",
        "",
    ]
    return "\n".join(lines)


def stale_guide(folder: Path) -> list[str]:
    """Names of generated pages of the guide in `folder` that are missing or different."""
    return [
        name
        for name, text in guide().items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def stale(folder: Path) -> list[str]:
    """Names of pages in `folder` that are missing, different or too many."""
    wanted = pages()
    present = {path.name for path in folder.glob("*.md")}
    differ = [n for n, text in wanted.items() if n not in present or (folder / n).read_text(encoding="utf-8") != text]
    return sorted([*differ, *(present - set(wanted))])


def write(folder: Path) -> int:
    """Write all pages and take away those of rules that are gone; returns how many pages there are."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 1 when `--check` finds a stale page."""
    parser = argparse.ArgumentParser(description="Write docs/rules out of the rules.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a page is stale")
    parser.add_argument("--out", type=Path, default=_FOLDER, help="folder of the pages (default: docs/rules)")
    parser.add_argument("--guide", type=Path, help="folder of the guide (default: docs/guide, none with another --out)")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.conf.settings")
    import django

    django.setup()
    beside = asked.guide or (_GUIDE if asked.out == _FOLDER else None)
    if asked.check:
        found = [asked.out / name for name in stale(asked.out)]
        found += [beside / name for name in stale_guide(beside)] if beside else []
        for path in found:
            sys.stderr.write(f"{path} is not what the rules say; run `python3 dev.py docs`.\n")
        return 1 if found else 0
    sys.stdout.write(f"{write(asked.out)} pages written to {asked.out}.\n")
    if beside:
        for name, text in guide().items():
            (beside / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{len(guide())} pages written to {beside}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
