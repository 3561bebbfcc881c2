"""The list's statements against the ORM's scope door and a naive filter in Python."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from liaoyuan.core import access
from liaoyuan.core.models import Area
from liaoyuan.registry.models import OPEN, CreditEntry, Organization, Rating, Standing
from liaoyuan.registry.queries.listing import SORTS, Criteria, Listing
from liaoyuan.registry.queries.lookup import Place, places, tree
from tests.core.factories import user
from tests.registry import factories as make

TODAY = date(2026, 10, 26)
KINDS = ("ST", "MF", "JJ", "BA", "NB")


def _place(area: Area) -> Place:
    return Place(area.pk, area.code, area.name, area.level, area.path)


@pytest.fixture
def district(db):
    """Some 120 bodies of every sort, seeded: places in and out of scope, changes, ends, records."""
    draw = random.Random(11)
    areas = make.binhu()
    streets = [areas["heli"], areas["liyuan"], areas["other_street"], None]
    for number in range(120):
        kind = draw.choice(KINDS)
        street = draw.choice(streets)
        registrar = areas["other"] if draw.random() < 0.2 else None
        begin = date(2010, 1, 1) + timedelta(days=draw.randrange(5000))
        made = make.organization(
            f"滨湖区{draw.choice('甲乙丙丁')}示例{number}", kind, street=street, registrar_area=registrar,
            registered_on=begin, is_external=registrar is not None and draw.random() < 0.5,
            field=draw.choice(["", "04", "09"]), district_field=draw.choice(["", "education"]),
            is_charity=draw.choice([None, True, False]), community=None,
            certificate_to=draw.choice([None, date(2026, 12, 31), date(2027, 6, 30)]),
            filing_to=draw.choice([None, date(2026, 11, 30)]) if kind == "BA" else None,
            closed_on=begin + timedelta(days=900) if draw.random() < 0.2 else None,
            community_id=areas["huihe"].pk if street == areas["heli"] and draw.random() < 0.5 else None,
        )  # fmt: skip
        if draw.random() < 0.3:
            end = draw.choice([OPEN, date(2025, 1, 1)])
            make.rating(made, draw.choice(["5A", "4A", "3A", "1A"]), date(2022, 1, 1), end)
        if draw.random() < 0.2:
            make.credit(made, draw.choice(["abnormal", "serious"]), date(2024, 1, 1))
        if draw.random() < 0.2:
            make.changed(made, begin + timedelta(days=400), name=f"滨湖区改名{number}")
    return areas


def _users():
    return [
        user("district", ("registry_officer", "area", "320211")),
        user("city", ("leadership", "area", "3202")),
        user("street", ("street_office", "area", "320211001")),
        user("community", ("street_office", "area", "320211001004")),
        user("two", ("street_office", "area", "320211004"), ("leadership", "area", "320213")),
        user("head", ("organization_head", "organization", str(Organization.objects.order_by("pk")[3].pk))),
        user("nobody"),
        access.Operator("tests"),
    ]


def _naive(who, asked: Criteria) -> set[int]:
    """The same answer out of the ORM's door and plain Python."""
    found = set()
    ratings, credits_ = {}, {}
    for row in Rating.objects.active(asked.on):
        ratings.setdefault(row.organization_id, set()).add(row.level)
    for row in CreditEntry.objects.active(asked.on):
        credits_.setdefault(row.organization_id, set()).add(row.list_kind)
    for row in Standing.objects.active(asked.on).visible_to(who).select_related("organization", "registrar_area"):
        body = row.organization
        levels, lists = ratings.get(body.pk, set()), credits_.get(body.pk, set())
        ends = [d for d in (row.certificate_to, row.filing_to) if d]
        tests = [
            asked.external or not body.is_external,
            not asked.kind or row.kind == asked.kind,
            asked.group != "registered" or row.kind in ("ST", "MF", "JJ"),
            asked.group != "filed" or row.kind == "BA",
            {"": row.status in ("active", "liquidating"), "all": True}.get(asked.status, row.status == asked.status),
            asked.area is None or row.registrar_area.path.startswith(asked.area.path),
            not asked.field or row.field == ("" if asked.field == "none" else asked.field),
            not asked.since or (body.registered_on and body.registered_on >= asked.since),
            not asked.until or (body.registered_on and body.registered_on <= asked.until),
            not asked.expires or any(end <= asked.expires for end in ends),
            "is_charity" not in asked.traits or row.is_charity is True,
            not asked.q or asked.q in row.name or asked.q in body.code or asked.q in body.filing_no,
            asked.ids is None or body.pk in asked.ids,
            {"": True, "any": bool(levels), "none": not levels, "3A+": bool(levels & {"3A", "4A", "5A"})}.get(
                asked.rating, asked.rating in levels
            ),
            {"": True, "normal": not lists, "listed": bool(lists)}.get(asked.credit, asked.credit in lists),
        ]
        if asked.streets == "none":
            tests.append(row.street_id is None)
        elif asked.streets == "outside":
            tests.append(row.street_id is not None and not row.street.path.startswith(asked.area.path))
        elif asked.streets:
            tests.append(row.street_id in [s.pk for s in asked.streets])
        if asked.communities:
            tests.append(row.community_id in [c.pk for c in asked.communities])
        if all(tests):
            found.add(body.pk)
    return found


def test_every_criterion_equals_the_naive_answer_for_every_reach(district):
    heli, liyuan, home = _place(district["heli"]), _place(district["liyuan"]), _place(district["district"])
    some = tuple(Organization.objects.order_by("pk").values_list("pk", flat=True)[:40])
    variants = [
        {}, {"kind": "MF"}, {"kind": "MF", "streets": (heli,)}, {"group": "registered"}, {"group": "filed"},
        {"group": "registered", "kind": "ST"}, {"group": "filed", "kind": "MF"}, {"status": "all"},
        {"status": "deregistered"}, {"external": True}, {"area": home}, {"area": heli}, {"streets": (heli, liyuan)},
        {"streets": "none"}, {"streets": "outside", "area": home}, {"communities": (_place(district["huihe"]),)},
        {"field": "04"}, {"field": "none"}, {"rating": "4A"}, {"rating": "any"}, {"rating": "none"}, {"rating": "3A+"},
        {"credit": "normal"}, {"credit": "listed"}, {"credit": "serious"}, {"since": date(2018, 1, 1)},
        {"until": date(2018, 1, 1), "status": "all"}, {"expires": date(2026, 12, 31)}, {"traits": ("is_charity",)},
        {"q": "乙"}, {"q": "MJ0000"}, {"q": "BA-3202"}, {"q": "%"}, {"q": "_"}, {"ids": some}, {"ids": ()},
        {"on": date(2014, 5, 4)}, {"on": date(2014, 5, 4), "status": "all", "q": "改名"}, {"on": date(1999, 1, 1)},
    ]  # fmt: skip
    for who in _users():
        for given in variants:
            asked = Criteria(**{"on": TODAY, **given})
            listing = Listing(who, asked)
            wanted = _naive(who, asked)
            assert set(listing.ids()) == wanted, (str(who), given)
            assert listing.count() == len(wanted), (str(who), given)


def test_pages_hold_each_organization_once_in_every_order(district):
    who = user("district", ("registry_officer", "area", "320211"))
    for key in SORTS:
        for order in (key, f"-{key}"):
            listing = Listing(who, Criteria(on=TODAY, status="all"), [order])
            whole = [line.pk for start in range(0, listing.count(), 7) for line in listing[start : start + 7]]
            assert whole == listing.ids(), order
            assert len(set(whole)) == len(whole)


def test_sorting_by_name_and_date_sorts(district):
    who = user("district", ("registry_officer", "area", "320211"))
    lines = Listing(who, Criteria(on=TODAY), ["-registered_on"])[0:500]
    days = [str(line.registered_on) for line in lines]
    assert days == sorted(days, reverse=True) and len(set(days)) > 10
    if connection.vendor == "sqlite":  # PostgreSQL sorts by the language of its database
        names = [line.name for line in Listing(who, Criteria(on=TODAY), ["name"])[0:500]]
        assert names == sorted(names)


def test_the_walk_along_names_gives_the_same_page(district, monkeypatch):
    from liaoyuan.registry.queries import listing as module

    who = user("district", ("registry_officer", "area", "320211"))
    asked = Criteria(on=TODAY, kind="MF")
    plain = Listing(who, asked)
    expected = plain[0:10]
    monkeypatch.setattr(module, "_MANY", 0)
    walked = Listing(who, asked)
    assert walked.count() == plain.count()
    assert walked[0:10] == expected


def test_lines_carry_what_the_tables_hold(district):
    areas = district
    made = make.organization(
        "滨湖区示例陪伴服务中心", "MF", street=areas["heli"], community_id=areas["huihe"].pk, capital_fen=3_000_000,
        legal_representative="张某", registrar="滨湖区民政局", phone="13800001234",
    )  # fmt: skip
    make.rating(made, "4A")
    make.credit(made, "abnormal")
    make.credit(made, "serious")
    who = user("district", ("registry_officer", "area", "320211"))
    (line,) = Listing(who, Criteria(on=TODAY, q="示例陪伴"))[0:50]
    assert (line.pk, line.name, line.number, line.kind) == (made.pk, "滨湖区示例陪伴服务中心", made.code, "MF")
    assert (line.street, line.community, line.rating, line.credit) == ("河埒街道", "惠河社区居委会", "4A", "serious")
    assert (line.capital_fen, line.legal_representative, str(line.registered_on)) == (3_000_000, "张某", "2015-05-04")
    assert line.phone.startswith("v1.")
    (early,) = Listing(who, Criteria(on=date(2020, 1, 1), q="示例陪伴"))[0:50]
    assert (early.rating, early.credit) == (None, None)


def test_places_are_read_by_code_and_by_name(district):
    who = user("district", ("registry_officer", "area", "320211"))
    assert places({"street": "320211001"}, who).chosen.name == "河埒街道"
    assert places({"street": "河埒街道"}, who).chosen.code == "320211001"
    assert places({"street": "崇安寺街道"}, who).unknown == ("崇安寺街道",), "a name outside the reach"
    assert places({"street": "没有这个街道"}, who).unknown == ("没有这个街道",)
    assert places({"street": "none"}, who).streets == "none"
    assert places({"area": "999999"}, who).unknown == ("999999",)


def test_the_tree_opens_down_to_the_chosen_place_and_stays_in_the_reach(district, rf):
    from liaoyuan.ui.pager import Query

    def names(nodes):
        return [(node.name, node.open, names(node.children)) for node in nodes]

    query = Query(rf.get("/registry/?kind=MF&street=320211001"))
    officer = user("district", ("registry_officer", "area", "320211"))
    heli = places({"street": "320211001"}, officer).chosen
    (top,) = tree(officer, heli, query)
    assert top.name == "滨湖区"
    assert [node.name for node in top.children] == ["河埒街道", "蠡园街道"]
    assert [node.name for node in top.children[0].children] == ["惠河社区居委会"]
    assert top.children[0].current and top.children[0].href == "?kind=MF&street=320211001"
    assert top.children[0].children[0].href == "?kind=MF&street=320211001&community=320211001004"
    street = user("street", ("street_office", "area", "320211001"))
    (own,) = tree(street, None, query)
    assert (own.name, [node.name for node in own.children]) == ("河埒街道", ["惠河社区居委会"])
    assert tree(user("nobody"), None, query) == []
