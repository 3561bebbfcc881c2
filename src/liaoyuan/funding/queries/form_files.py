"""What a filled form changes of an application: the difference field by field, and what cannot be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.funding.models import Project
from liaoyuan.funding.params.application_form import SECTION_TITLES, TEXTS
from liaoyuan.funding.params.form_file import BASIC_TITLES, BUDGET_HEADS, LINE_HEADS
from liaoyuan.funding.queries import contents, revisions
from liaoyuan.funding.queries.incoming import Incoming


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference, and pairs of place and sentence for what cannot be stored."""

    changes: list[revisions.Change]
    faults: list[tuple[str, str]]


def compare(row: Project, told: Mapping[str, Any]) -> Comparison:
    """Set a read form against what is stored. Nothing is written."""
    before = contents.content(contents.whole(row))
    after = {**before, **told}
    for section in ("basic", "content"):
        if section in told:
            after[section] = {**before[section], **told[section]}
    reader = Incoming(row)
    reader.read(told)
    faults = [(place(finding.field), finding.text) for finding in reader.findings]
    names = {member.get("name") for member in after["team"]}
    for number, line in enumerate(told.get("budget") or [], 1):
        if line["member"] and line["member"] not in names:
            sentence = _("团队里没有“{name}”。").format(name=line["member"])
            faults.append((place(f"budget.{number}.member"), sentence))
    return Comparison(revisions.differing(before, after), faults)


def place(field: str) -> str:
    """Where a cell stands, in words: section, line, column."""
    section, _dot, rest = field.partition(".")
    words = [_(SECTION_TITLES.get(section, section))]
    number, _dot, name = rest.partition(".") if rest[:1].isdigit() else ("", "", rest)
    if number:
        words.append(_("第 {number} 行").format(number=number))
    titles = {
        "basic": BASIC_TITLES, "content": {text.key: text.title for text in TEXTS}, "budget": BUDGET_HEADS,
    }.get(section) or LINE_HEADS.get(section, {})  # fmt: skip
    if name:
        words.append(_(titles[name]) if name in titles else name)
    return " ".join(words)
