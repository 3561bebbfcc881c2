"""docs/rules is what the rules say."""

from pathlib import Path

from liaoyuan.conf import docs
from liaoyuan.core.registries import rules

FOLDER = Path(__file__).parents[2] / "docs" / "rules"


def test_the_pages_are_fresh():
    assert docs.stale(FOLDER) == []


def test_every_rule_stands_there_once():
    text = "\n".join(docs.pages().values())
    for code, spec in rules.items():
        assert text.count(f"\n## {code}\n") == 1
        assert spec.statement in text


def test_a_changed_or_strange_page_is_noticed(tmp_path):
    assert docs.main(["--out", str(tmp_path)]) == 0
    assert docs.main(["--check", "--out", str(tmp_path)]) == 0
    (tmp_path / "fil.md").write_text("x")
    (tmp_path / "old.md").write_text("x")
    assert docs.stale(tmp_path) == ["fil.md", "old.md"]
    assert docs.main(["--check", "--out", str(tmp_path)]) == 1
    docs.write(tmp_path)
    assert docs.stale(tmp_path) == []
