"""Who may open what: every address has a door, and every role gets from every page what the hand-kept matrix says.

A page that is opened is opened under the guard of test_get_writes_nothing.py, so that one visit proves both.
"""

import logging
import os
from collections import Counter
from contextlib import nullcontext
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.http import HttpResponse

from liaoyuan.conf.roles import ROLES
from liaoyuan.core import registries, sessions
from liaoyuan.ui import pages
from tests.house import ground as laying
from tests.house import matrix
from tests.house.guard import SESSION, read_only

CASES = matrix.cases()
#: Addresses of libraries that carry no door, each with its reason. The list may only shrink.
NO_DOOR: dict[str, str] = {}
#: Pages whose argument names no row of one's scope, so that none is just outside it.
NO_OUTSIDE = {
    "core:account_unlock": "all accounts are seen by the three administrators",
    "core:account_reset": "all accounts are seen by the three administrators",
    "core:account_close": "all accounts are seen by the three administrators",
    "core:grant_appoint": "all accounts are seen by the three administrators",
    "core:grant_relieve": "all accounts are seen by the three administrators",
    "core:grant_hand_over": "all accounts are seen by the three administrators",
    "core:grant_factor_off": "all accounts are seen by the three administrators",
    "core:separation_sign": "one history for the installation",
    "core:parameter_confirm": "parameters are published: outside the scope they are read, not confirmed (403)",
    "core:parameter_withdraw": "parameters are published: outside the scope they are read, not withdrawn (403)",
    "core:parameter_edit": "the form asks for the place and offers one's own",
    "core:calendar_notice": "one calendar for the installation",
    "core:area_detail": "areas are public facts",
    "portal:grant_data": "awards are public once their publicity is over",
    "core:area_rename": "areas are public facts: outside the scope they are read, not edited (403)",
    "core:area_point": "areas are public facts: outside the scope they are read, not edited (403)",
    "core:area_outline": "areas are public facts: outside the scope they are read, not edited (403)",
    "core:area_outline_drop": "areas are public facts: outside the scope they are read, not edited (403)",
    "core:area_add": "areas are public facts: outside the scope they are read, not edited (403)",
    "core:area_abolish": "areas are public facts: outside the scope they are read, not edited (403)",
    "core:area_restore": "areas are public facts: outside the scope they are read, not edited (403)",
    "api:v1:grant_begin": "read as JSON first; a stranger's token is asked in tests/api/test_grants.py",
    "api:v1:grant_submit": "read as JSON first; a stranger's token is asked in tests/api/test_grants.py",
    "registry:filter_delete": "another's filter is left alone, see test_another_s_filter_stays",
}


def test_every_address_declares_its_access():
    known = {str(p) for role in ROLES.values() for p in role.permissions} | {
        "public",
        "login",
        "import",
        "case",
        "parameter",
    }
    for name, view, _pattern in matrix.urls():
        if name in NO_DOOR:
            continue
        door = getattr(view, "door", "")
        assert door, f"{name} says nowhere who may open it"
        assert set(door.split("|")) <= known, f"{name}: {door} is given to no role"


def test_a_view_without_a_door_is_caught():
    def planted(request):
        return None

    assert not getattr(planted, "door", "")


def test_every_page_stands_in_the_matrix():
    there = {name for name, _view, _pattern in matrix.urls()} - set(NO_DOOR)
    kept = {case.page for case in CASES}
    assert there - kept == set(), "pages without a line in role_matrix.json"
    assert kept - there == set(), "lines of role_matrix.json without a page"


def test_every_page_of_a_row_is_asked_for_one_outside():
    for name, _view, pattern in matrix.urls():
        if "<" in pattern and name not in NO_OUTSIDE and name not in NO_DOOR:
            answers = {told for case in CASES if case.page == name for told in case.expected.values()}
            assert "404" in answers, f"{name}: no line asks for a row outside the scope"


def test_public_pages_are_few():
    """What stands open to everybody is named here: a new one is a decision."""
    public = {name for name, view, _pattern in matrix.urls() if getattr(view, "door", "") == "public"}
    assert public <= {
        "core:login", "core:second_factor", "core:invitation_accept", "ui:language", "ui:text_size",
        "portal:directory", "portal:figures", "portal:organization", "portal:claim",
        "core:calendar_ics", "portal:bulletin_list", "portal:bulletin", "portal:bulletin_file",
        "portal:verify_form", "portal:verify", "portal:conclusions", "portal:notice_list", "portal:notice",
        "portal:grant_list", "portal:grant_data", "portal:award", "portal:award_object",
        "portal:objection", "portal:robots", "api:openapi",
        "api:nowhere",
    }  # fmt: skip


@pytest.fixture
def plain_frame(monkeypatch):
    """Of some 3,500 answers most are refusals: no frame, which other tests look at, no bell, no traceback in a log."""
    monkeypatch.setattr(sessions, "_counters", [])
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    monkeypatch.setattr(pages, "error_page", lambda request, status: HttpResponse(status=status))


DOORS = {name: getattr(view, "door", "") for name, view, _pattern in matrix.urls()}
PLACES = {id(case): place for place, case in enumerate(CASES)}
CODES = frozenset().union(*(map(str, role.permissions) for role in ROLES.values()))


def kept_out(case, role) -> bool:
    """Whether the matrix refuses the role and the page's door alone does so: it asks for permissions, none of which the
    role has. To be refused by it for real is then another role's task.
    """
    asked = set(DOORS[case.page].split("|"))
    if case.expected[role] != "403" or not asked <= CODES or asked & set(map(str, ROLES[role].permissions)):
        return False
    refused = [who for who in matrix.WHO if case.expected[who] == "403"]
    return role != refused[PLACES[id(case)] % len(refused)]


@pytest.mark.parametrize("role", matrix.WHO)
def test_role(role, ground, plain_frame):
    """Each page answers as the matrix says, shows the bodies it should, names none outside the scope, and writes
    nothing when it is opened.
    """
    client = ground.client(role)
    client.get("/no-such-page/")  # touches the session: the pages below need not
    cookies = client.cookies.output(header="")
    hidden = outside(role)
    faults = []
    for case in CASES:
        if kept_out(case, role):
            continue
        client.cookies = SimpleCookie(cookies)  # the rows of the session come back as well
        written: Counter = Counter()
        opened = case.post is None and case.method in ("", "get")
        with read_only(written) if opened else nullcontext():
            told, text = matrix.ask(client, case, ground, role)
        if written[SESSION] > 1:
            faults.append(f"{case}: writes the session's row {written[SESSION]} times")
        if told != case.expected[role]:
            faults.append(f"{case}: {told} instead of {case.expected[role]}")
            continue
        if told == "200" and not case.page.startswith("portal:"):
            seen = [name for name in hidden if laying.NAMES[name] in text]
            faults += [f"{case}: shows {name}, which is outside the scope" for name in seen]
            missing = [name for name in case.shows.get(role, ()) if laying.NAMES[name] not in text]
            faults += [f"{case}: does not show {name}" for name in missing]
    assert not faults, "\n".join(faults)


def outside(role: str) -> list[str]:
    """Bodies whose names this role must never read. The consoles name bodies as scopes and subjects."""
    if role.endswith("_administrator"):
        return []
    inside = {
        "street_office": {"inside", "filed"},
        "finance": {"inside", "next_street"},  # they apply for grants
        "expert": {"inside"},
        "anonymous": set(),
        **{own: {"inside"} for own in ("instructor", "branch_secretary", "organization_head", "project_manager",
                                       "accountant")},
    }.get(role, {"inside", "filed", "next_street", "next_filed"})  # fmt: skip
    return [name for name in laying.NAMES if name not in inside]


def test_most_refusals_are_the_doors():
    """What `kept_out` leaves to the door is a refusal by the matrix and by the roles; each page's door is tried."""
    left = [(case, role) for case in CASES for role in matrix.WHO if kept_out(case, role)]
    assert len(left) > 1000
    for case in CASES:
        refused = [role for role in matrix.WHO if case.expected[role] == "403"]
        assert not refused or any(not kept_out(case, role) for role in refused), case


def test_another_s_filter_stays(ground):
    from liaoyuan.core.models import SavedFilter

    pk = ground.keys["filter_leadership"]
    ground.client("registry_officer").post(f"/registry/filters/{pk}/delete/")
    assert SavedFilter.objects.filter(pk=pk).exists()


def test_every_import_kind_has_a_permission_of_a_role():
    given = frozenset().union(*(role.permissions for role in ROLES.values()))
    assert {kind.permission for kind in registries.import_kinds.values()} <= given


def test_the_guide_prints_the_matrix():
    told = matrix.page()
    if os.environ.get("LIAOYUAN_REWRITE_ROLES"):
        matrix.PAGE.parent.mkdir(parents=True, exist_ok=True)
        Path(matrix.PAGE).write_text(told, encoding="utf-8")
    assert matrix.PAGE.read_text(encoding="utf-8") == told
