"""What holds for every template of the package: strict policy, few macros, translated texts, known icons."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from tests.ui.pages import environment

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "liaoyuan"
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*.html"))
FRONTEND = PACKAGE.parents[1] / "frontend" / "build.mjs"


def names(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.fixture(params=TEMPLATES, ids=names)
def template(request) -> str:
    return request.param.read_text(encoding="utf-8")


def markup(source: str) -> str:
    """The HTML of a template: what Jinja computes is taken out."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.S)


def test_there_are_templates():
    assert len(TEMPLATES) > 8


def test_no_inline_script_style_or_handler(template):
    html = markup(template)
    for tag in re.findall(r"<script\b[^>]*>(.*?)</script>", html, flags=re.S | re.I):
        assert not tag.strip(), "a script with content"
    assert not re.search(r"<style\b", html, re.I)
    for tag in re.findall(r"<[a-zA-Z][^<>]*>", html):
        assert not re.search(r"\s(style|on[a-z]+|hx-on[:\w-]*)\s*=", tag, re.I), tag
        assert not re.search(r"(javascript:|hx-vals\s*=\s*[\"']js:|data-bs-|hx-boost)", tag, re.I), tag
        assert not re.search(r"\s(src|href|action)\s*=\s*[\"']?(https?:)?//", tag, re.I), tag


def test_attribute_names_are_never_computed(template):
    """`<div {{ x }}>` could carry a handler; only written attributes (`control`, xmlattr) stand there."""
    for inside in re.findall(r"<[a-zA-Z][^<>]*?[\s\w\"'}]\{\{\s*([^}]*?)\s*\}\}(?=[^<>]*>)", template):
        bare = re.search(r"<[a-zA-Z][^<>\"']*\{\{\s*" + re.escape(inside), template)
        if bare and not re.search(r"<\{\{", bare.group()):
            assert inside in {"f.control", "attrs|xmlattr"} or "xmlattr" in inside, inside


def test_texts_of_gettext_are_literal(template):
    """`translate` marks its text as safe: it may only ever be given a literal."""
    tree = environment().parse(template)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext", "ngettext", "pgettext"}:
            texts = call.args[:2] if call.node.name == "ngettext" else call.args[:1]
            assert texts, "gettext without a text"
            assert all(isinstance(text, nodes.Const) and isinstance(text.value, str) for text in texts)


def test_only_literals_are_declared_safe(template):
    for used in environment().parse(template).find_all(nodes.Filter):
        if used.name == "safe":
            consts = list(used.find_all(nodes.Const)) + ([used.node] if isinstance(used.node, nodes.Const) else [])
            assert consts
            assert not list(used.find_all(nodes.Getattr))


def test_chinese_words_are_translated(template):
    """A Chinese sentence that stands in the HTML itself has no English."""
    html = re.sub(r"<!--.*?-->", "", markup(template), flags=re.S)
    assert re.findall(r"[\u4e00-\u9fff]+", html) == []


def test_compiles(template):
    environment().compile(template)


def test_at_most_25_macros():
    found = [
        name for path in TEMPLATES for name in re.findall(r"\{%-?\s*macro\s+(\w+)", path.read_text(encoding="utf-8"))
    ]
    assert len(found) == len(set(found)) <= 25


def test_every_macro_is_offered_by_macros_html():
    folder = PACKAGE / "ui" / "templates" / "ui" / "macros"
    defined = {m for path in folder.glob("*.html") for m in re.findall(r"\{% macro (\w+)", path.read_text("utf-8"))}
    module = environment().get_template("ui/macros.html").module
    assert {name for name in dir(module) if name in defined} == defined


def test_gallery_shows_every_macro():
    module = environment().get_template("ui/macros.html").module
    gallery = (PACKAGE / "ui" / "templates" / "ui" / "gallery.html").read_text("utf-8")
    imported = re.search(r'from "ui/macros.html" import (.*?) %\}', gallery, re.S)
    assert imported
    offered = {name for name, value in vars(module).items() if type(value).__name__ == "Macro"}
    assert {part.split(" as ")[0].strip() for part in imported.group(1).split(",")} == offered
    for part in imported.group(1).split(","):
        assert re.search(rf"\b{part.split(' as ')[-1].strip()}\(", gallery), part


@pytest.mark.skipif(not FRONTEND.is_file(), reason="installed without the sources of the front end")
def test_every_icon_is_in_the_sprite():
    listed = re.search(r"ICONS = `(.*?)`", FRONTEND.read_text("utf-8"), re.S)
    assert listed
    known = set(listed.group(1).split())
    from liaoyuan.ui.marks import VERDICTS

    used = set(VERDICTS.values())
    for path in TEMPLATES:
        used |= set(re.findall(r"\bicon\(\"([\w-]+)\"", path.read_text("utf-8")))
        used |= set(re.findall(r"icon_name=\"([\w-]+)\"", path.read_text("utf-8")))
    assert used <= known
