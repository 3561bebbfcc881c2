"""The English catalogue: nothing is missing, placeholders survive, and an English page shows Chinese only as data."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from liaoyuan.conf.menu import MENU
from liaoyuan.conf.roles import ROLES
from liaoyuan.core import registries
from liaoyuan.kit import cells
from liaoyuan.kit.sheets import refusal
from tests.registry import factories as registry

ROOT = Path(__file__).parents[2]
PO = ROOT / "src/liaoyuan/ui/locale/en/LC_MESSAGES/django.po"
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
# Texts that an English page may show in Chinese: the other language's own name, and names of bodies, areas, people.
DATA = re.compile(r'<option[^>]*>[^<]*</option>|lang="zh[^"]*"[^>]*>[^<]*<|<script.*?</script>', re.S)


@pytest.fixture(scope="module")
def catalogue():
    return read_po(io.BytesIO(PO.read_bytes()), locale="en")


def forms(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def test_every_sentence_has_english(catalogue):
    empty = [message.id for message in catalogue if message.id and not all(forms(message.string))]
    assert empty == []
    assert not [message.id for message in catalogue if message.id and message.fuzzy]


def test_placeholders_survive(catalogue):
    for message in catalogue:
        if not message.id:
            continue
        wanted = sorted(PLACE.findall(forms(message.id)[0]))
        for text in forms(message.string):
            assert sorted(PLACE.findall(text)) == wanted, message.id
            assert "%%" not in text or "%%" in forms(message.id)[0], message.id


@pytest.mark.slow
def test_the_source_holds_no_other_sentence():
    done = subprocess.run(
        [sys.executable, "dev.py", "i18n", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_words_of_tables_are_in_the_catalogue(catalogue):
    """Asked of the tables as they are at run time, not of the source that the extractor reads."""
    shown = [*cells.MESSAGES.values(), *refusal.MESSAGES.values()]
    shown += [word for section in MENU for word in (section.title, *(entry.title for entry in section.entries))]
    shown += [word for role in ROLES.values() for word in (role.title, role.description)]
    shown += [*registries.event_titles.values(), *registries.permission_titles.values()]
    shown += [*registries.parameter_titles.values()]
    for rule in registries.rules.values():
        shown += [rule.title, rule.statement, *rule.messages.values()]
    shown += [panel.title for panels in registries.panels.values() for panel in panels]
    shown += [kind.title for kind in registries.import_kinds.values()]
    shown += [kind.title for kind in registries.jobs.values()]
    missing = {str(word) for word in shown if word and HAN.search(str(word))} - {m.id for m in catalogue}
    assert not missing


def visible(response) -> str:
    """What an English reader sees of a page: its texts without markup, choices and the other language's name."""
    page = DATA.sub("", response.content.decode())
    return re.sub(r"<[^>]+>", "\n", page)


@pytest.mark.django_db
def test_login_in_english(client):
    page = visible(client.get("/login/", headers={"cookie": "django_language=en"}))
    assert "Log in" in page
    assert not HAN.search(page.replace("中文", "")), [line for line in page.splitlines() if HAN.search(line)]


@pytest.mark.django_db
def test_the_shell_and_imports_in_english(client):
    client.force_login(registry.officer("reader"))
    client.cookies["django_language"] = "en"
    page = visible(client.get("/imports/"))
    assert "Policy and rules" in page and "Upload and compare" in page
    names = ("中文", "滨湖区", "江苏省", "无锡市")
    left = [line.strip() for line in page.splitlines() if HAN.search(line) and line.strip() not in names]
    assert left == []


def test_a_rule_speaks_english():
    with translation.override("en"):
        text = translation.gettext(registries.rules["ORG-ID-01"].messages["ORG-ID-01"])
    assert (
        text.format(code="X", length=1, expected=18)
        == "The unified social credit code “X” has 1 characters instead of 18."
    )
