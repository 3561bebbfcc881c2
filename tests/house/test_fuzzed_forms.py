"""Every address that takes a form, posted with anything: no 5xx, and an answer of refusal has changed no row.

The addresses and who may use them come from the matrix, the fields from the page that shows the form; values are those
that break programs. A form is filled rightly but for a few fields at a time, so that the faults reach the actions; each
field takes its turn.
"""

import hashlib
import logging
import os
import re
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import quote_from_bytes

import hypothesis
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from tests.house import matrix

TAKES = ("200", "302", "422")
#: Pages that write when they refuse, each with its reason. The list may only shrink.
COUNTING = {
    "core:login": "a wrong password is counted and logged",
    "core:second_factor": "a wrong code is counted and logged",
    "core:totp_off": "a wrong code is counted and logged",
    "core:recovery_codes": "a wrong code is counted and logged",
}
#: So many fields are broken together, in so many ways: the first leaves them all empty.
TOGETHER = 5
EXAMPLES = int(os.environ.get("LIAOYUAN_FUZZ", "2"))
#: Statements that change no row, by their first word.
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "EXPLAIN", "SET ", "PRAGMA")
HOSTILE = [
    b"", b" ", b"\0", b"a\0b", b"x" * 6000, "字".encode() * 3000, b"-1", b"0", b"1", b"9" * 20, b"9" * 400,
    b"-9223372036854775809", b"1e400", b"NaN", b"inf", "²".encode(), "１２".encode(), "①".encode(), b"2026-13-45",
    b"0000-00-00", b"0001-01-01", b"9999-12-31", b"10000-01-01", b"2026-02-30", b"1-1-1", b"\xed\xa0\x80", b"\xff\xfe",
    "\u202e\u200b".encode(), "😀".encode(), b"<script>alert(1)</script>", b"=1+1", b"' OR 1=1--", b"../../etc/passwd",
    b"null", b"[]", b"{}", b"true", b"%00", b"\r\nX: y", b"320211", b"999999999",
]  # fmt: skip


class Form(HTMLParser):
    """The fields of the forms of a page that post to an address, with what they hold."""

    def __init__(self, path):
        super().__init__()
        self.path, self.fields, self.inside, self.choosing, self.writing = path, [], False, None, None

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        name = told.get("name")
        if tag == "form":
            action = told.get("action") or told.get("hx-post") or self.path
            self.inside = told.get("method", "get").lower() == "post" and action.split("?")[0] == self.path
        elif not self.inside or (name is None and tag != "option"):
            return
        elif tag == "input" and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self.fields.append((name, told.get("value") or ""))
        elif tag == "input":
            self.fields.append((name, None))
        elif tag == "select":
            self.choosing = name
        elif tag == "option" and self.choosing and ("selected" in told or told.get("value")):
            self.fields.append((self.choosing, told.get("value") or ""))
        elif tag == "textarea":
            self.writing = name

    def handle_data(self, data):
        if self.writing:
            self.fields.append((self.writing, data.strip("\n")))
            self.writing = None

    def handle_endtag(self, tag):
        if tag == "select":
            self.choosing = None
        elif tag == "textarea" and self.writing:
            self.fields.append((self.writing, ""))
            self.writing = None
        elif tag == "form":
            self.inside = False


def posts():
    """One line of the matrix and one role per address that may take a form."""
    found: dict = {}
    for case in matrix.cases():
        if case.token or case.page.startswith("api:v1"):
            continue
        role = next((r for r in ("registry_officer", *matrix.WHO) if case.expected[r] in TAKES), None)
        if role is None:
            continue
        better = case.post is not None and case.expected[role] in ("302", "200")
        if case.page not in found or (better and found[case.page][0].post is None):
            found[case.page] = (case, role)
    return list(found.values())


POSTS = posts()


def fields_of(client, case, ground, role):
    """What the form holds, or what the matrix posts."""
    path = case.address(ground).split("?")[0]
    form = Form(path)
    with transaction.atomic():
        page = client.get(case.address(ground))
        text = matrix.text_of(page)
        if page.status_code == 200 and "html" in page.get("Content-Type", ""):
            form.feed(text)
        transaction.set_rollback(True)
    held = {}
    for name, value in form.fields:
        if value is not None or name not in held:
            held[name] = value or ""
    posted = {k: v[0] if isinstance(v, list) and v else v or "" for k, v in case.form(ground).items() if k != "file"}
    return {k: str(v) for k, v in {**held, **posted}.items() if k != "csrfmiddlewaretoken"}


def tables():
    """All tables of the product, without sessions and Django's own."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return [name for name in sorted(names) if not name.startswith(("django_", "sqlite_"))]


def fingerprint(names):
    """All rows of these tables."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(names):
            cursor.execute(f"SELECT * FROM {table}")
            digest.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return digest.hexdigest()


class Writes:
    """Sees into which tables statements that write were sent; only their rows are compared. Triggers write into none
    but the index of search, whose table is written with it.
    """

    _VERB = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE(?: OR \w+)?|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.I)

    def __init__(self):
        self.known = set(tables())
        self.into = set()

    def __call__(self, execute, sql, params, many, context):
        found = self._VERB.match(sql)
        if found:
            self.into |= {found[1]} & self.known
        elif not sql.lstrip().upper().startswith(READING):
            self.into |= self.known  # whatever it may be
        return execute(sql, params, many, context)


broken = st.one_of(st.sampled_from(HOSTILE), st.binary(max_size=40), st.text(max_size=30).map(
    lambda text: text.encode("utf-8", "surrogatepass")))  # fmt: skip


STRANGE = ["ids", "do", "next", "q", "pk", "confirmed", "all_matching", "reason", "a\0"]


def turns(held):
    """The fields of a form a few at a time, neighbours apart; a form without fields has one turn too."""
    names = sorted(held)
    count = max(1, -(-len(names) // TOGETHER))
    return [names[turn::count] for turn in range(count)]


@st.composite
def bodies(draw, held, turn):
    """A form filled as it stands, with some fields broken, left out, repeated, or strange ones added."""
    told = {name: [value.encode()] for name, value in held.items()}
    for name in turn:
        way = draw(st.integers(0, 5))  # 5: as it stands
        told[name] = [draw(broken)] if way < 4 else draw(st.lists(broken, max_size=4)) if way == 4 else told[name]
    for name in draw(st.lists(st.sampled_from(STRANGE), max_size=2)):
        told.setdefault(name, [draw(broken)])
    pairs = [(name, value) for name, values in told.items() for value in values]
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs).encode()


@pytest.fixture
def quick(settings):
    """Passwords cost nothing here, and refusals come without tracebacks in the log."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    logging.getLogger("django.request").disabled = True
    yield
    logging.getLogger("django.request").disabled = False


@pytest.mark.parametrize(("case", "role"), POSTS, ids=[case.page for case, _role in POSTS])
def test_a_fuzzed_form(case, role, ground, quick):
    client = ground.client(role)
    client.raise_request_exception = False
    held = fields_of(client, case, ground, role)
    cookies = client.cookies.output(header="")
    with transaction.atomic():
        first = client.post(case.address(ground))
        matrix.text_of(first)  # a download that nobody reads stays open
        only_opened = first.status_code == 405
        transaction.set_rollback(True)
    if only_opened:
        return
    faults = []
    before: dict[frozenset, str] = {}  # of tables a refusal wrote to, the rows as every turn finds them

    def post(body, fragment):
        client.cookies = SimpleCookie(cookies)
        written, after = Writes(), None
        with transaction.atomic(), connection.execute_wrapper(written):
            answer = client.post(
                case.address(ground), body, content_type="application/x-www-form-urlencoded",
                headers={"HX-Request": "true"} if fragment else {},
            )  # fmt: skip
            text = matrix.text_of(answer)
            if answer.status_code >= 500:
                faults.append(f"{answer.status_code} {body[:300]!r} {getattr(answer, 'exc_info', None)}")
            elif "Traceback" in text:
                faults.append(f"traceback {body[:300]!r}")
            elif answer.status_code >= 400 and case.page not in COUNTING and written.into:
                after = fingerprint(written.into)
            transaction.set_rollback(True)
        if after is None:
            return
        names = frozenset(written.into)
        if names not in before:
            before[names] = fingerprint(names)
        if after != before[names]:
            faults.append(f"{answer.status_code} and rows changed: {body[:300]!r}")

    once = hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
                               phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    for turn in turns(held):
        once(given(body=bodies(held, turn), fragment=st.booleans())(post))()
    assert not faults, "\n".join(faults[:3])


def test_the_forms_are_found(ground):
    """The walk is no empty one: most addresses with a form have fields, and a change of a row is seen."""
    told = {}
    for case, role in POSTS:
        if case.page in ("registry:organization_change", "registry:rating_add", "core:parameter_edit"):
            told[case.page] = set(fields_of(ground.client(role), case, ground, role))
    assert len(told["registry:organization_change"]) > 25
    assert {"level", "rated_on"} <= told["registry:rating_add"]
    assert len(told["core:parameter_edit"]) > 3
    assert len(POSTS) > 70
    held = {str(n): "" for n in range(23)}
    assert sorted(name for turn in turns(held) for name in turn) == sorted(held)
    assert turns({}) == [[]]
    kept, written = fingerprint(tables()), Writes()
    with transaction.atomic(), connection.execute_wrapper(written):
        from liaoyuan.core.models import SavedFilter

        SavedFilter.objects.update(name="别名")
        assert written.into == {SavedFilter._meta.db_table}
        assert fingerprint(tables()) != kept
        saved = fingerprint(written.into)
        transaction.set_rollback(True)
    assert fingerprint(written.into) != saved
    assert fingerprint(tables()) == kept
