"""Nobody outside the scope sees a member: whatever is asked, by whom, the answer is that of a member who is not there.

Everything is asked twice: once about the district beyond, once about nothing at all. The answers must be the same to
the letter, numbers and counts included, and hold no word of the canaries. Lines of the house's matrix say which
addresses there are and what kind of key each takes, so that a new page is walked as soon as it has its line.
"""

import logging
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from liaoyuan.conf.roles import ROLES
from liaoyuan.core import registries, sessions, staging
from liaoyuan.party.exports import statutory
from liaoyuan.party.queries.coverage import Asked
from liaoyuan.ui import pages
from tests.house import matrix
from tests.house.conftest import db, forget_bell  # noqa: F401 - one transaction for the module
from tests.party import leak_ground as laying
from tests.party.leak_ground import BEYOND, HOME, MISSING, NEAR, NUMBER, OVER, SECRETS, STRIDE
from tests.people import factories as people

NOBODY = "魑鹍一"
SOMEBODY, PARTY, PARTY_HOME = f"魑{BEYOND}二", f"{BEYOND}党支部", f"{HOME}党支部"
#: What differs from one answer to the next by itself.
_CHANGING = re.compile(
    r'((?:csrfmiddlewaretoken" value|csrf-token" content)="|nonce="|name="(?:key|seen)" value=")[^"]+'
)
_SLOT = re.compile(r"\{(\w+?)(?:_inside|_outside)?\}")
#: Floors whose pages say something of party organizations or members; the others know none (import-linter).
FLOORS = ("party:", "reports:", "people:", "api:", "core:")
CODES = frozenset().union(*(map(str, role.permissions) for role in ROLES.values()))
DOORS = {name: getattr(view, "door", "") for name, view, _pattern in matrix.urls()}
#: Pages that are new each time they are opened.
OWN = ("core:totp", "core:login", "core:recovery_codes", "core:calendar_feed")
CASES = [case for case in matrix.cases() if case.page.startswith(FLOORS) and case.page not in OWN]
#: Fields that look something up, of the text fields of forms and lists.
LOOKED_UP = {"q", "name", "id_number", "organization", "body", "carrier", "units", "username", "member", "person",
             "party", "instructor", "superior", "branch", "street", "area", "speaker", "host", "recorder"}  # fmt: skip


@pytest.fixture(scope="module")
def world(db, tmp_path_factory):  # noqa: F811
    from liaoyuan.core import policy
    from liaoyuan.core.queries import calendar, due

    due.forget()
    policy.forget()
    calendar.forget()
    return laying.build(tmp_path_factory.mktemp("leaks"))


@pytest.fixture
def plain_frame(monkeypatch):
    monkeypatch.setattr(sessions, "_counters", [])
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    monkeypatch.setattr(pages, "error_page", lambda request, status: HttpResponse(status=status))


def asked(client, path: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
    """(status, text) of an answer, with whatever it wrote taken back."""
    cookies = client.cookies.output(header="")
    with transaction.atomic():
        response = client.get(path) if data is None else client.post(path, data)
        told = response.status_code, matrix.text_of(response) + response.get("Location", "")
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)  # nor a message for the next page
    return told


def plain(text: str, *words: Any) -> str:
    """The answer without what was asked and what changes by itself."""
    for word in sorted(map(str, words), key=len, reverse=True):
        text = text.replace(word, "#").replace(quote(word), "#")
    return _CHANGING.sub(r"\1", text)


def opens(user: str, page: str) -> bool:
    """Whether the door of the page lets the account's role in; those it keeps out are asked in tests/house."""
    door = set(DOORS[page].split("|"))
    role = user.removeprefix("over_").removeprefix("near_")
    return not door <= CODES or bool(door & set(map(str, ROLES[role].permissions)))


def slots(text: str) -> list[str]:
    """The kinds of keys in an argument, as places call them."""
    return [{"outside": "inside"}.get(name, name) for name in _SLOT.findall(text)]


def filled(case: matrix.Case, keys: dict[str, Any], *, first: dict[str, Any] | None = None) -> list[str] | None:
    """The arguments of a line with these keys, or with the first one of others; None when a kind is not laid."""
    made, here = [], first if first is not None else keys
    for text in case.args:
        given = text
        for kind in slots(text):
            if kind not in here:
                return None
            given, here = str(here[kind]), keys
        made.append(given)
    return made


def addresses(case: matrix.Case, keys: dict[str, Any], home: dict[str, Any]) -> Iterator[list[str]]:
    """Arguments with the keys alone, and behind a first one that is at home."""
    count = sum(len(slots(text)) for text in case.args)
    if count and (made := filled(case, keys)) is not None:
        yield made
    if count > 1 and (made := filled(case, keys, first=home)) is not None:
        yield made


class Missing(dict):
    """Every kind has a key that no row has."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> int:
        return MISSING


def leaks(text: str, *, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word in text]


@pytest.mark.parametrize("role", OVER)
def test_what_lies_beyond_is_as_if_it_were_not(role, world, client, plain_frame):
    """Every address with a key: a key of the district beyond is answered like one that nothing has."""
    client.force_login(world.users[f"over_{role}"])
    faults, seen = [], set()
    for case in CASES:
        if not opens(f"over_{role}", case.page):
            continue
        pairs = zip(addresses(case, world.beyond.keys, world.home.keys),
                    addresses(case, Missing(), world.home.keys), strict=False)  # fmt: skip
        for there, nowhere in pairs:
            paths = [reverse(case.page, args=args) for args in (there, nowhere)]
            for data in (None, case.post or {}):
                if (paths[0], data is None) in seen:
                    continue
                seen.add((paths[0], data is None))
                (one, text), (two, other) = (asked(client, path, data) for path in paths)
                if one != two or plain(text, *there) != plain(other, *nowhere):
                    faults.append(f"{case.page} {there} {data}: {one} instead of {two}")
                faults += [f"{case.page} {there}: {word}" for word in leaks(text, words=(BEYOND, *SECRETS))]
    assert not faults, "\n".join(faults)


class Forms(HTMLParser):
    """The forms of a page: (method, action, {field: values offered}, fields that take a text)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, list[str]], set[str]]] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        told = dict(given)
        if tag == "form":
            self.found.append((told.get("method") or "get", told.get("action") or "", {}, set()))
        if not self.found:
            return
        _method, _action, fields, texts = self.found[-1]
        name, kind = told.get("name") or "", told.get("type") or "text"
        if tag == "option" and self._select:
            fields[self._select].append(told.get("value") or "")
        elif not name or kind in ("submit", "file") or tag not in ("input", "select", "textarea"):
            return
        elif tag == "select":
            self._select = name
            fields.setdefault(name, [])
        else:
            if kind not in ("checkbox", "radio", "hidden", "date", "number") or tag == "textarea":
                texts.add(name)
            fields.setdefault(name, []).append(told.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def foreign(values: list[str], world: laying.World) -> list[int]:
    """Keys beyond of the table that the values at home are of."""
    tables = {int(v) // STRIDE for v in values if v.isdecimal() and STRIDE <= int(v) < MISSING}
    there = [key for key in world.beyond.keys.values() if isinstance(key, int) and key // STRIDE in tables]
    return there[:1]


def test_a_list_tells_nothing_by_its_filters(world, client, plain_frame):
    """A name, a number or a key from beyond in any field of any list: the same rows and counts as for none at all."""
    faults, asks = [], 0
    for role in ("party_lead", "branch_secretary", "registry_officer", "leadership", "organization_head"):
        client.force_login(world.users[f"over_{role}"])
        for page in sorted({case.page for case in CASES if not any(map(slots, case.args))}):
            for case in (case for case in CASES if case.page == page):
                if case.post is not None or not opens(f"over_{role}", page):
                    continue
                path = reverse(page, args=case.args)
                status, text = asked(client, f"{path}?{case.query}" if not slots(case.query) else path)
                faults += [f"{role} {page}: {word}" for word in leaks(text, words=(BEYOND, *SECRETS))]
                fields = {name: values for method, _to, told, _t in Forms(text).found if method.lower() == "get"
                          for name, values in told.items()} if status == 200 else {}  # fmt: skip
                texts = set().union(*(form[3] for form in Forms(text).found)) if fields else set()
                for name, values in fields.items():
                    pairs = [(SOMEBODY, NOBODY), (PARTY, "鹍党支部")] if name in texts & LOOKED_UP else []
                    pairs += [(key, MISSING) for key in foreign(values, world)]
                    for there, nowhere in pairs:
                        asks += 1
                        one, two = (asked(client, f"{path}?{name}={quote(str(w))}") for w in (there, nowhere))
                        if (one[0], plain(one[1], there)) != (two[0], plain(two[1], nowhere)):
                            faults.append(f"{role} {page}?{name}={there} is told from {nowhere}")
    assert asks > 50, asks
    assert not faults, "\n".join(faults)


def test_a_form_tells_nothing_of_what_is_put_into_it(world, client, plain_frame):
    """Keys and names from beyond in every field of every form at home: refused in the words of one that is nothing."""
    faults, asks = [], 0
    for role in ("party_lead", "party_head", "branch_secretary", "organization_head"):
        client.force_login(world.users[f"over_{role}"])
        seen = set()
        for case in CASES:
            args = filled(case, world.home.keys)
            if not case.page.startswith("party:") or args is None or not opens(f"over_{role}", case.page):
                continue
            path = reverse(case.page, args=args)
            if path in seen:
                continue
            seen.add(path)
            status, text = asked(client, path)
            for method, action, fields, texts in Forms(text).found if status == 200 else ():
                if method.lower() != "post" or "/account/" in action or (role, action, *fields) in seen:
                    continue
                seen.add((role, action, *fields))
                base = {name: values[:1] for name, values in fields.items()}
                for name, values in fields.items():
                    if name == "csrfmiddlewaretoken":
                        continue
                    pairs = [(key, MISSING) for key in foreign(values, world)]
                    pairs += [(SOMEBODY, NOBODY)] if name in texts & LOOKED_UP else []
                    for there, nowhere in pairs:
                        asks += 1
                        one, two = (asked(client, action or path, {**base, name: [str(w)]}) for w in (there, nowhere))
                        if (one[0], plain(one[1], there)) != (two[0], plain(two[1], nowhere)):
                            faults.append(f"{role} {action or path} {name}={there}: {one[0]} {two[0]}")
                        shown = plain(one[1], there)
                        faults += [
                            f"{role} {action or path} {name}: {w}" for w in leaks(shown, words=(BEYOND, *SECRETS))
                        ]
    assert asks > 50, asks
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", [*NEAR, "system_administrator", "security_administrator", "audit_administrator"])
def test_without_the_roster_no_member_is_named(role, world, client, plain_frame):
    """Pages of the district beyond that an account without its roster opens: who holds a post may stand there."""
    user = f"near_{role}" if role in NEAR else role
    client.force_login(world.users[user])
    faults, seen = [], set()
    for case in CASES:
        args = filled(case, world.beyond.keys)
        if args is None or not opens(user, case.page):
            continue
        path = reverse(case.page, args=args) + (f"?{case.query}" if not slots(case.query) else "")
        if path in seen:
            continue
        seen.add(path)
        _status, text = asked(client, path)
        faults += [f"{path}: {word}" for word in leaks(text, words=(f"魑{BEYOND}", *SECRETS))]
    assert not faults, "\n".join(faults)


def test_the_walk_finds_what_is_there(world, client, plain_frame):
    """The same walk over keys at home tells them from nothing, and the accounts with the roster read the names."""
    client.force_login(world.users["over_party_lead"])
    told, text_of_all = 0, ""
    for case in CASES:
        if (args := filled(case, world.home.keys)) is None or not any(map(slots, case.args)):
            continue
        if case.post is None and opens("over_party_lead", case.page):
            status, text = asked(client, reverse(case.page, args=args))
            told += status == 200
            text_of_all += text
    assert told > 70, told
    for word in ("魑家二", "家党支部", "家介1号", "家召开", "家事项", "魑家申", "家驿站", "家指导"):
        assert word in text_of_all, word


def test_what_is_taken_out_holds_nobody_from_beyond(world, client, plain_frame):
    """Every sheet and file that a form at home gives, the tables of statistics, the pack for an inspection."""
    faults, files = [], 0
    for role in ("party_lead", "street_office", "branch_secretary"):
        client.force_login(world.users[f"over_{role}"])
        for case in CASES:
            args = filled(case, world.home.keys)
            if case.post is None or args is None or not opens(f"over_{role}", case.page):
                continue
            for form in ("csv", "xlsx", "json") if "form" in case.post else ("",):
                status, text = asked(client, reverse(case.page, args=args), {**case.post, "form": form})
                files += status == 200
                faults += [f"{role} {case.page} {form}: {w}" for w in leaks(text, words=(BEYOND, *SECRETS))]
    assert files > 15, files
    assert not faults, "\n".join(faults)
    for what in (statutory.write, statutory.pack):
        path = world.home.folder / what.__name__
        what(Asked(world.home.area, laying.AT.date()), path, by=world.users["over_party_lead"])
        with zipfile.ZipFile(path) as book:
            whole = b"".join(book.read(name) + name.encode() for name in book.namelist()).decode("utf-8", "replace")
        assert BEYOND not in whole and leaks(whole, words=SECRETS) == [], what


def test_reminders_and_calendars_name_nobody_from_beyond(world, client, plain_frame):
    for role in OVER:
        client.force_login(world.users[f"over_{role}"])
        paths = [reverse("core:reminder_source", args=[code]) for code in registries.reminders]
        paths += [reverse(name) for name in ("core:calendar_file", "core:reminder_month", "reports:todo")]
        for path in paths:
            _status, text = asked(client, path)
            assert leaks(text, words=(BEYOND, *SECRETS)) == [], (role, path)


def previews(world, client, folder, **cells) -> list[tuple[list[str], list[str]]]:
    """(verdicts, pages) of a row about a member beyond, and of the same row with a number that nobody has."""
    lead, told = world.users["over_party_lead"], []
    client.force_login(lead)
    for name, number in ((SOMEBODY, NUMBER), (NOBODY, people.ric("19870723", 733, division="329971"))):
        path = folder / f"{number}.csv"
        row = {"姓名": name, "身份证号": number, "党支部": PARTY_HOME, "入党时间": "2010-06-01",
               "转正时间": "2011-06-01", "性别": "男", "依据": "介绍信", **cells}  # fmt: skip
        path.write_text(",".join(row) + "\n" + ",".join(row.values()), encoding="utf-8-sig")
        order = staging.Order(kind="members", path=path, file_name="名册.csv", area=world.home.area,
                              as_of=laying.AT.date())  # fmt: skip
        batch = staging.stage(order, by=lead, at=laying.AT)
        rows = list(batch.rows.exclude(verdict="skip").order_by("number"))
        paths = [reverse("core:import_detail", args=[batch.pk])]
        paths += [reverse("core:import_row", args=[batch.pk, row.number]) for row in rows]
        changing = [name, number, f"{number[:6]}********{number[-4:]}", f"/{batch.pk}/", *(row.key for row in rows)]
        changing += [row.pk for row in rows]
        told.append(([row.verdict for row in rows], [plain(asked(client, path)[1], *changing) for path in paths]))
    return told


def test_an_import_does_not_tell_whom_it_knows_from_elsewhere(world, client, plain_frame, tmp_path):
    """A row about a member beyond reads like one about nobody. Only a second formal affiliation is refused, as it must
    be, in words that say nothing of the first.
    """
    known, unknown = previews(world, client, tmp_path, 组织关系状态="未转入", 组织关系所在地="演示外地党支部")
    assert known == unknown and known[0] == ["accept"] and PARTY_HOME in known[1][1]
    (verdicts, pages_), _unknown = previews(world, client, tmp_path, 组织关系状态="已转入")
    assert verdicts == ["reject"] and leaks("".join(pages_), words=(BEYOND, *SECRETS)) == []
