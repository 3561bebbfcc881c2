"""Texts that a spreadsheet program would take for a formula, and how to write them so that it does not.

The rule of OWASP's "CSV injection", with its full-width signs. An apostrophe in front keeps such a text a text; one
that already has apostrophes there gets one more, so that `unescape_formula` gives back exactly what was written.
"""

import re

FORMULA_SIGNS = frozenset("'=+-@\t\r\n＝＋－＠")
"""First characters of the texts that `escape_formula` may change."""
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_MARKED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_AS_TEXT = re.compile('="([^"]*)"')


def escape_formula(text: str) -> str:
    """The text with an apostrophe in front if it could be taken for a formula.

    >>> escape_formula("=1+1"), escape_formula("-"), escape_formula("A-1")
    ("'=1+1", "'-", 'A-1')
    """
    return "'" + text if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """The inverse of `escape_formula`; also `="0012"`, by which others mark a text in CSV.

    >>> unescape_formula("'=1+1"), unescape_formula("'quoted'"), unescape_formula('="0012"')
    ('=1+1', "'quoted'", '0012')
    """
    if _MARKED.match(text):
        return text[1:]
    marked = _AS_TEXT.fullmatch(text)
    return marked[1] if marked else text
