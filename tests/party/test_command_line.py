"""The command line about party building: figures against a plain count, rosters out and in, members found by name."""

import json
import random
from datetime import date, timedelta

import pytest

from liaoyuan.conf.cli import main
from liaoyuan.core import registries, search
from liaoyuan.party.models import Member
from tests.party import coverage_ground as ground
from tests.party import factories as make
from tests.party.plain_count import Export
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 26)
KINDS = ("MF", "ST", "JJ", "BA")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T12:00:00")


@pytest.fixture
def run(capsys):
    """A command; gives its exit status, its JSON (None without one) and the lines of standard error."""

    def call(*words):
        capsys.readouterr()
        try:
            status = main.run(main.parser().parse_args([*map(str, words)]))
        except SystemExit as error:
            status = error.code
        told = capsys.readouterr()
        return status, json.loads(told.out) if told.out.startswith("{") else None, told.err.strip().splitlines()

    return call


@pytest.fixture
def district(areas, committee):
    """Thirty bodies in two streets and none, a third of them covered in one of three ways, members at half of them."""
    chance = random.Random(20261026)
    for number in range(30):
        street = (areas["heli"], areas["liyuan"], None)[number % 3]
        body = registry.organization(f"演示机构{number:02d}", KINDS[number % 4], street=street)
        branch = make.party(area=areas["district"], superior=committee, start=DAY - timedelta(days=200),
                            kind=("independent", "joint", "attached")[number % 3], name=f"演示党支部{number:02d}",
                            evidence="滨组〔2026〕9号")  # fmt: skip
        if number % 3 == number % 2:
            make.unit(branch, body)
        for _n in range(chance.choice([0, 1, 3, 4])):
            full = chance.random() < 0.8
            who = make.member(confirmed_on=date(2016, 6, 1) if full else None)
            kind = chance.choice(["formal", "formal", "temporary"])
            told = {"consented_on": date(2026, 1, 5), "full_time": True} if chance.random() < 0.5 else {}
            make.affiliate(who, branch, kind, organization=body, **(told if kind == "temporary" else {}))
        if number % 5 == 0:
            ground.letter(areas["district"], body, span=(DAY - timedelta(days=99), 100000), no="滨聘1号",
                          **{"from": DAY - timedelta(days=99)})  # fmt: skip
    return areas


def counted(export, bodies, day):
    """The figures of these bodies by loops over the exported rows."""
    told = dict.fromkeys(("count", "covered", "own", "joint", "area", "due", "built", "worked"), 0)
    told["gaps"] = dict.fromkeys("ABCD", 0)
    heads = dict.fromkeys(("formal", "probationary", "committed", "dual"), 0)
    for body in bodies:
        ways, here = export.ways(body, day), export.heads(body, day)
        due = here[0] + here[2] >= 3
        marks = {"count": True, "covered": bool(ways), **{how: how in ways for how in ("own", "joint", "area")},
                 "due": due, "built": due and "own" in ways,
                 "worked": bool(ways or export.looked_after(body, day))}  # fmt: skip
        for name, holds in marks.items():
            told[name] += holds
        for letter in export.gaps(body, day):
            told["gaps"][letter] += 1
        for name, number in zip(heads, here, strict=True):
            heads[name] += number
    return told, heads


def share(part, whole):
    return round(part * 100 / whole, 1) if whole else None


@pytest.mark.parametrize("dims", [(), ("street",), ("type",), ("street", "type")])
def test_the_figures_are_those_of_a_plain_count(district, run, dims):
    export = Export()
    for area, day in ((district["district"], DAY), (district["heli"], DAY), (district["district"], date(2026, 6, 30))):
        status, told, _err = run("stats", "coverage", "--as-of", day, "--area", area.code, "--by", ",".join(dims),
                                 "--json")  # fmt: skip
        assert status == 0
        assert set(told) == {"name", "as_of", "known_at", "area", "definition", "dims", "rows", "total", "figures",
                             "filed", "members", "hidden_below"}  # fmt: skip
        assert (told["name"], told["as_of"], told["area"]) == ("coverage", day.isoformat(), area.code)
        assert told["dims"] == list(dims) and told["definition"] and told["known_at"]
        bodies = export.base(area, day)
        whole, heads = counted(export, bodies, day)
        rates = ("organization_rate", "work_rate", "built_rate")
        parts = (whole["covered"], whole["count"]), (whole["worked"], whole["count"]), (whole["built"], whole["due"])
        assert told["total"] == len(bodies) == whole["count"]
        assert told["figures"] == {**whole, **dict(zip(rates, (share(*pair) for pair in parts), strict=True))}
        assert {name: told["members"][name] for name in heads} == heads
        cells = {}
        for row in export.standings:
            if row["organization_id"] in bodies and row["valid_from"] <= day < row["valid_to"]:
                street = export.areas[row["street_id"]]["name"] if row["street_id"] else "（未填）"
                words = {"street": street, "type": row["kind"]}
                cells.setdefault(tuple(words[dim] for dim in dims), []).append(row["organization_id"])
        assert len(told["rows"]) == (len(cells) if dims else 0)
        for row in told["rows"]:
            figures, heads = counted(export, cells[tuple(row[dim] for dim in dims)], day)
            assert {name: row[name] for name in (*figures, *heads)} == {**figures, **heads}
            assert row["organization_rate"] == share(figures["covered"], figures["count"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("coverage", "--area", "320211", "--by", "colour"), "没有统计口径“colour”"),
        (("coverage", "--by", "street,street"), "同一项写了两次"),
        (("coverage", "--area", "999999"), "没有代码为“999999”的区划"),
        (("coverages",), "没有统计“coverages”"),
    ],
)
def test_an_unknown_figure_area_or_dimension_is_one_sentence(areas, run, words, sentence):
    status, told, err = run("stats", *words, "--json")
    assert (status, told, len(err)) == (2, None, 1)
    assert sentence in err[0]


def test_a_day_that_is_none_ends_the_call(areas, run):
    status, told, err = run("stats", "coverage", "--as-of", "2026-13-31", "--json")
    assert (status, told) == (2, None) and "“2026-13-31”不是日期" in err[-1]


def test_a_person_without_the_roster_gets_members_of_the_last_quarter_with_small_ones_hidden(district, run):
    registry.officer("chief", role="leadership")
    _status, told, _err = run("--as", "chief", "stats", "coverage", "--area", "320211", "--by", "street", "--json")
    export, numbers = Export(), {}
    for row in export.standings:
        if row["organization_id"] in export.base(district["district"], date(2026, 9, 30)):
            street = export.areas[row["street_id"]]["name"] if row["street_id"] else "（未填）"
            numbers.setdefault(street, 0)
            numbers[street] += export.heads(row["organization_id"], date(2026, 9, 30))[1]
    assert told["members"]["as_of"] == "2026-09-30" and told["hidden_below"] == 10
    small = [street for street, number in numbers.items() if 0 < number < 10]
    assert small and all(row["probationary"] is None for row in told["rows"] if row["street"] in small)


def test_a_roster_goes_out_and_comes_in_unchanged(district, run, tmp_path):
    path = tmp_path / "名册.csv"
    status, _told, err = run("export", "members", "--output", path, "--area", "320211")
    held = Member.objects.count()
    assert status == 0 and err == [f"已导出 {held} 行到 {path}。"]
    status, report, _err = run("import", "members", path, "--area", "320211", "--json")
    assert status == 0
    assert (report["rows"], report["created"], report["updated"], report["unchanged"]) == (held, 0, 0, held)
    status, told, _err = run("compare", "members", path, "--area", "320211", "--as-of", "2026-10-26", "--json")
    assert (status, told["only_there"], told["only_here"], told["differing"], told["same"]) == (0, [], [], [], held)


@pytest.mark.parametrize("words", [("import", "party", "x.csv"), ("export", "party", "--output", "x.csv"),
                                   ("compare", "dues", "x.csv", "--as-of", "2026-10-26"),
                                   ("search", "演示", "--kind", "persons")])  # fmt: skip
def test_a_kind_that_there_is_none_of_is_one_sentence(areas, run, words):
    status, _told, err = run(*words)
    assert status == 2 and len(err) == 1
    assert "members" in err[0] or "member" in err[0]


def test_every_kind_of_party_building_comes_in_by_the_command(areas, run, tmp_path):
    path = tmp_path / "空.csv"
    path.write_text("序号,没有用的列\n", encoding="utf-8-sig")
    kinds = ("members", "letters", "development", "declarations", "dues", "dues_uses", "venues")
    assert set(kinds) <= set(registries.import_kinds)
    for kind in kinds:
        status, _told, err = run("import", kind, path, "--area", "320211", "--dry-run", "--json")
        assert status == 2 and len(err) == 1, kind


def test_members_are_found_by_whoever_sees_their_roster(areas, committee, run):
    branch = make.party("演示河埒党支部", area=areas["heli"], superior=committee)
    who = make.member("演示鹍甲")
    make.affiliate(who, branch)
    search.refresh("partyorganization")
    make.lead()
    registry.officer("registrar")
    found = {"kind": "member", "id": who.pk, "name": "演示鹍甲", "code": ""}
    for words in ((), ("--as", "lead")):
        assert run(*words, "search", "鹍甲", "--kind", "member", "--json")[:2] == (0, {"total": 1, "hits": [found]})
        assert found in run(*words, "search", "演示", "--json")[1]["hits"]
    assert run("--as", "registrar", "search", "鹍甲", "--kind", "member", "--json")[1] == {"total": 0, "hits": []}
    assert run("search", "鹍甲", "--kind", "organization", "--json")[1]["total"] == 0
