"""The hand-written documents tell the truth where a program can check it."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from liaoyuan.conf.cli.main import parser
from liaoyuan.conf.roles import ROLES
from liaoyuan.core import registries
from liaoyuan.core.actions import demo
from liaoyuan.funding.imports import past_columns
from liaoyuan.party.imports import columns as members
from liaoyuan.party.imports import declarations, development_columns, dues_columns, letters, venues
from liaoyuan.party.params.development_sheet import FIELD_TITLES
from liaoyuan.registry.imports import columns

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = {"docs/rules", "docs/screenshots"}
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
SOURCE = "\n".join(path.read_text() for path in sorted((ROOT / "src").rglob("*.py")))
ROW_OF_FIELDS = r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$"
SHOTS = {
    "todo.png", "register.png", "record.png", "statistics.png", "coverage.png", "life.png", "committee.png",
    "report.png", "projects.png", "planner.png",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    missing = [
        link
        for link in links
        if not re.match(r"https?:|mailto:", link) and not (page.parent / link).exists() and Path(link).name not in SHOTS
    ]
    assert missing == []


def test_readme_shows_the_pictures():
    text = (ROOT / "README.md").read_text()
    assert {Path(name).name for name in re.findall(r"docs/screenshots/[\w.]+", text)} == SHOTS


def test_every_variable_is_explained():
    read = set(re.findall(r'"((?:LIAOYUAN|DATABASE)_[A-Z_]+)"', SOURCE))
    told = set(re.findall(r"^\| `((?:LIAOYUAN|DATABASE)_[A-Z_]+)`", (DOCS / "guide/operate.md").read_text(), re.M))
    assert told == read


def test_every_command_is_explained():
    commands = next(action for action in parser()._actions if hasattr(action, "choices") and action.choices)
    text = (DOCS / "guide/cli.md").read_text()
    told = {word for line in text.splitlines() if line.startswith("| `") for word in re.findall(r"`(\w+)", line)}
    assert set(commands.choices) <= told
    for later in re.findall(r"`(\w+)`", text.partition("还没有：")[2]):
        assert later not in commands.choices, later


def test_every_role_has_its_page():
    pages = {path.stem.removeprefix("roles-") for path in (DOCS / "guide").glob("roles-*.md")}
    assert pages == set(ROLES)
    for code, role in ROLES.items():
        assert f"# {role.title}\n" in (DOCS / f"guide/roles-{code}.md").read_text()


def test_the_accounts_of_the_demo_are_told():
    text = (ROOT / "README.md").read_text()
    names = [entry[0] for entry in (*demo.PEOPLE, *demo.OFFICES)]
    assert [name for name in names if f"`{name}`" not in text] == []
    assert demo.PASSWORD in text
    for name, _person, code, _scope in demo.PEOPLE:
        assert f"`{name}`" in (DOCS / f"guide/roles-{code}.md").read_text()


def test_the_glossary_knows_every_model_and_only_those():
    rows = [line.split("|") for line in (DOCS / "glossary.md").read_text().splitlines() if line.startswith("| ")][1:]
    told = {cell.strip(" `") for row in rows for cell in row[4].split(",") if cell.strip()}
    floors = {"core", "registry", "people", "party", "planning", "funding", "reports", "portal", "api"}
    built = {
        model.__name__ for config in apps.get_app_configs() if config.label in floors for model in config.get_models()
    }
    assert told == built


def test_identifiers_of_the_glossary_exist():
    rows = [line.split("|") for line in (DOCS / "glossary.md").read_text().splitlines() if line.startswith("| ")][1:]
    words = {word for row in rows for word in re.findall(r"`([\w.]+)`", row[3])}
    assert [word for word in sorted(words) if word.rpartition(".")[2] not in SOURCE] == []


def test_named_tests_and_files_exist():
    """What house.md and CONTRIBUTING.md name as holding a promise is there."""
    suite = "\n".join(path.read_text() for path in sorted((ROOT / "tests").rglob("*.py")))
    text = (DOCS / "house.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    assert [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in suite] == []
    names = {path.name for folder in ("src", "tests") for path in (ROOT / folder).rglob("*")}
    files = re.findall(r"`(?:[\w/]+/)?(\w+\.(?:py|json))`", text)
    assert [name for name in files if name not in names | {"dev.py"}] == []


def test_decisions_are_numbered_and_complete():
    pages = sorted((DOCS / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        heads = re.findall(r"^## (.+)$", page.read_text(), re.M)
        assert heads == ["Context", "Decision", "Consequences"], page.name


def test_every_kind_of_import_export_and_figure_is_told():
    """The lists of the command line's guide, and a section of the fields for every kind that can be imported."""
    lines = (DOCS / "guide/cli.md").read_text().splitlines()
    for command, kinds in (("import KIND", registries.import_kinds), ("compare KIND", registries.compare_kinds),
                           ("export KIND", registries.export_kinds)):  # fmt: skip
        line = next(one for one in lines if one.startswith(f"| `{command}"))
        assert set(re.findall(r"[a-z_]+", line.partition("KIND 为 ")[2].partition("。")[0])) == set(kinds), command
    told = {word for one in lines for word in re.findall(r"^\| `stats (\w+)", one)}
    assert told == set(registries.stats_kinds)
    sections = re.findall(r"^## .*（`(\w+)`）$", (DOCS / "guide/fields.md").read_text(), re.M)
    assert set(sections) == set(registries.import_kinds)


def test_every_field_of_the_imports_is_told():
    text = (DOCS / "guide/fields.md").read_text()
    way = {name: (title, None, development_columns.SYNONYMS[name]) for name, title in FIELD_TITLES.items()}
    for heading, table in (("F01", columns.ORGANIZATION), ("F02", columns.FILING), ("F25", columns.HONOUR),
                           ("F03", members.MEMBERS), ("收缴表 F09", dues_columns.COLLECTED),
                           ("使用表 F09", dues_columns.USED), ("F08", letters.COLUMNS),
                           ("F24", venues.COLUMNS), ("F07", way), ("F04", declarations.COLUMNS),
                           ("历届创投台账", past_columns.COLUMNS)):  # fmt: skip
        part = text.partition(heading)[2].partition("\n## ")[0]
        told = {name: (title, names) for name, title, _value, names in re.findall(ROW_OF_FIELDS, part, re.M)}
        assert told == {name: (title, "、".join(names)) for name, (title, _reader, names) in table.items()}
