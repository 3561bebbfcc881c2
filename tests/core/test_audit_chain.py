"""The walk over a chain, without a database: each manipulation of each small chain is found and called by its name."""

import hashlib
import json
import random
from copy import deepcopy

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from liaoyuan.core.chain import heads as signing
from liaoyuan.core.chain.heads import Head, HeadError, outside_head
from liaoyuan.core.chain.links import FIELDS, GENESIS, SM3, Link, digest, payload
from liaoyuan.core.chain.report import Evidence, verdict

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = signing.public_text(KEY)


def content(number: int) -> dict:
    told = dict.fromkeys(FIELDS, "")
    return {**told, "id": number * 3, "code": f"code.{number % 4}", "actor": None, "payload": {"n": number, "名": "值"}}


def hashed(content: dict, seq: int, before: str) -> str:
    """The chain's rule once more, written from its description."""
    told = {**content, "seq": seq, "prev_hash": before}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def chain(length: int) -> list[Link]:
    made, tip = [], GENESIS
    for seq in range(1, length + 1):
        told = content(seq)
        value = hashed(told, seq, tip)
        made.append(Link(seq, tip, value, told))
        tip = value
    return made


def again(links: list[Link], start: int = 0) -> None:
    """Hash everything from index `start` on anew, as an owner of the database would."""
    tip = links[start - 1].hash if start else GENESIS
    for number, link in enumerate(links[start:], start=start + 1):
        link.seq, link.prev_hash = number, tip
        link.hash = tip = hashed(link.content, number, tip)


def head(link: Link) -> Head:
    told = Head(link.seq, link.hash, "2026-10-26T02:00:00.000000Z", "sha256", signing.key_id(PUBLIC))
    return Head(told.seq, told.hash, told.at, told.algorithm, told.key_id, signing.sign(told, KEY))


def kept(link: Link) -> Head:
    return outside_head(head(link).as_dict(PUBLIC))


def seen(links, heads, outside=(), **more):
    ordered = sorted(links, key=lambda link: (link.seq, link.content["id"]))
    return verdict(ordered, Evidence(public_key=PUBLIC, local=[heads], outside=outside, **more))


def told(result) -> set:
    return {(fault["kind"], fault["seq"]) for fault in result["faults"]}


def test_an_untouched_chain_is_sound_and_its_completeness_open():
    links = chain(40)
    result = seen(links, [head(links[19]), head(links[39])])
    assert result["ok"] and result["integrity"] == "ok" and not result["faults"]
    assert result["outside_head"] == "not given" and result["completeness"] == "not provable"


def test_against_an_outside_head_completeness_is_proven():
    links = chain(40)
    result = seen(links, [head(links[39])], [kept(links[39])])
    assert result["ok"] and result["completeness"] == "proven" and result["proven_through"] == 40
    assert result["outside_head"] == "checked"


def test_an_empty_chain_is_sound():
    assert seen([], [])["ok"]


def test_the_rule_is_the_described_one_in_both_profiles():
    assert digest(content(7), 7, GENESIS) == hashed(content(7), 7, GENESIS)
    # GB/T 32905-2016, example 1: SM3("abc"); our own value must come from the same function over the same bytes
    from cryptography.hazmat.primitives import hashes

    engine = hashes.Hash(hashes.SM3())
    engine.update(b"abc")
    assert engine.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    text = json.dumps({**content(7), "seq": 7, "prev_hash": GENESIS}, sort_keys=True, ensure_ascii=False,
                      separators=(",", ":"))  # fmt: skip
    engine = hashes.Hash(hashes.SM3())
    engine.update(text.encode())
    assert digest(content(7), 7, GENESIS, SM3) == engine.finalize().hex()


def test_a_chain_may_change_its_profile_once():
    links = chain(10)
    tip = links[-1].hash
    for seq in range(11, 21):
        value = digest(content(seq), seq, tip, SM3)
        links.append(Link(seq, tip, value, content(seq)))
        tip = value
    assert seen(links, [head(links[-1])])["ok"]


def test_whole_floats_read_alike_from_both_databases():
    read = payload('{"a": 1e22, "b": [2.0, 0.5, -0.0], "c": 10000000000000000000000}')
    assert repr(read) == "{'a': 10000000000000000000000, 'b': [2, 0.5, 0], 'c': 10000000000000000000000}"
    assert payload("no json") == "no json"


# -- the six manipulations, each in the ways somebody would do it ---------------------------------------------------


def changed(links, at):
    links[at].content["payload"] = {"n": "forged"}
    return {("changed", at + 1)}


def changed_and_hashed(links, at):
    links[at].content["payload"] = {"n": "forged"}
    links[at].hash = hashed(links[at].content, at + 1, links[at].prev_hash)
    return {("changed", at + 1)}


def hash_blanked(links, at):
    links[at].hash = ""
    return {("changed", at + 1)}


def previous_changed(links, at):
    links[at].prev_hash = "f" * 64
    return {("changed", at + 1)}


def deleted(links, at):
    del links[at]
    return {("deleted", at + 1)}


def deleted_and_renumbered(links, at):
    del links[at]
    for link in links[at:]:
        link.seq -= 1
    return {("deleted", at + 1)}


def deleted_and_tied(links, at):
    """The successor is tied to the predecessor and hashed anew."""
    del links[at]
    for link in links[at : at + 1]:
        link.prev_hash = links[at - 1].hash if at else GENESIS
        link.hash = hashed(link.content, link.seq, link.prev_hash)
    return {("deleted", at + 1)}


def intruder(seq, before, value=None, key=1000):
    told = {**content(1), "id": key, "payload": {"n": "intruder"}}
    return Link(seq, before, value or hashed(told, seq, before), told)


def inserted_beside(links, at):
    """A second row with the same number."""
    before = links[at].prev_hash
    links.insert(at, intruder(at + 1, before, "a" * 64))
    return {("inserted", at + 1)}


def inserted_with_low_id(links, at):
    links.insert(at, intruder(at + 1, links[at].prev_hash, key=1))
    return {("inserted", at + 1)}


def inserted_and_renumbered(links, at):
    for link in links[at:]:
        link.seq += 1
    links.insert(at, intruder(at + 1, links[at].prev_hash, "b" * 64))
    return {("inserted", at + 1)}


def inserted_tied_and_renumbered(links, at):
    for link in links[at:]:
        link.seq += 1
    links.insert(at, intruder(at + 1, links[at].prev_hash))
    return {("inserted", at + 1)}


def swapped_numbers(links, at):
    links[at].seq, links[at + 1].seq = links[at + 1].seq, links[at].seq
    return {("reordered", at + 1), ("reordered", at + 2)}


def swapped_contents(links, at):
    links[at].content, links[at + 1].content = links[at + 1].content, links[at].content
    return {("reordered", at + 1), ("reordered", at + 2)}


def swapped_but_for_the_id(links, at):
    one, two = links[at].content, links[at + 1].content
    links[at].content, links[at + 1].content = {**two, "id": one["id"]}, {**one, "id": two["id"]}
    return {("reordered", at + 1), ("reordered", at + 2)}


def swapped_far(links, at):
    other = (at + len(links) // 2) % len(links)
    links[at].seq, links[other].seq = links[other].seq, links[at].seq
    return {("reordered", at + 1), ("reordered", other + 1)}


def swapped_contents_far(links, at):
    other = (at + len(links) // 2) % len(links)
    links[at].content, links[other].content = links[other].content, links[at].content
    return {("reordered", at + 1), ("reordered", other + 1)}


def swapped_and_hashed(links, at):
    """Both rows hashed anew in their new places; the third still names the old hash."""
    links[at].content, links[at + 1].content = links[at + 1].content, links[at].content
    for number in (at, at + 1):
        link = links[number]
        link.prev_hash = links[number - 1].hash if number else GENESIS
        link.hash = hashed(link.content, number + 1, link.prev_hash)
    return {("reordered", at + 1), ("reordered", at + 2)}


def cut(links, at):
    del links[at:]
    return {("cut", at + 1)}


INSIDE = [
    changed, hash_blanked, previous_changed, deleted, deleted_and_renumbered, deleted_and_tied, inserted_beside,
    inserted_with_low_id, inserted_and_renumbered, inserted_tied_and_renumbered, swapped_numbers, swapped_contents,
    swapped_but_for_the_id, swapped_far, swapped_contents_far,
]  # fmt: skip


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("manipulation", INSIDE)
def test_each_place_of_a_chain(manipulation, outside):
    """At every place but the last two, where some ways need a successor, the verdict names exactly what was done."""
    for length in (12, 300):
        for at in [*range(9), length - 4]:
            links = chain(length)
            heads, kept_heads = [head(links[-1])], [kept(links[-1])] if outside else []
            wanted = manipulation(links, at)
            result = seen(links, heads, kept_heads)
            assert not result["ok"], (length, at)
            assert wanted <= told(result), (length, at, result["faults"])
            assert {kind for kind, _ in told(result)} <= {kind for kind, _ in wanted} | {"changed"}, result["faults"]


@pytest.mark.parametrize("manipulation", [changed_and_hashed, swapped_and_hashed])
def test_rows_that_were_hashed_anew_are_given_away_by_their_successor(manipulation):
    for at in range(9):
        links = chain(12)
        heads = [head(links[-1])]
        wanted = manipulation(links, at)
        assert told(seen(links, heads)) == wanted


@pytest.mark.parametrize("manipulation", INSIDE)
def test_the_last_places_are_not_safe_either(manipulation):
    for at in (9, 10, 11):
        links = chain(12)
        heads = [head(links[-1])]
        try:
            wanted = manipulation(links, at)
        except IndexError:
            continue
        result = seen(links, heads)
        assert not result["ok"], at
        kinds = {kind for kind, _ in told(result)}
        expected = {kind for kind, _ in wanted}
        # the last row gone is a cut tail
        assert kinds & (expected | ({"cut"} if "deleted" in expected else set())), (at, result["faults"])


def test_the_tail_cut_is_told_by_the_heads_that_are_left():
    for at in range(12):
        links = chain(12)
        heads = [head(links[-1])]
        wanted = cut(links, at)
        result = seen(links, heads)
        assert told(result) == wanted and result["completeness"] == "cut"


def test_a_tail_cut_with_its_heads_is_found_against_an_outside_head_only():
    links = chain(12)
    outside = [kept(links[-1])]
    heads = [head(links[5])]
    cut(links, 6)
    blind = seen(links, heads)
    assert blind["completeness"] == "not provable" and blind["outside_head"] == "not given"
    result = seen(links, heads, outside)
    assert told(result) == {("cut", 7)} and not result["ok"]


def test_traces_of_removal_make_it_not_ok_and_not_provable():
    links = chain(12)
    heads = [head(links[5])]
    cut(links, 6)
    result = seen(links, heads, traces=["events were deleted"])
    assert not result["ok"] and result["completeness"] == "not provable"


def test_the_whole_chain_made_anew_by_the_owner_of_the_key():
    links = chain(30)
    outside = kept(links[19])
    links[4].content["payload"] = {"n": "forged"}
    again(links, 4)
    heads = [head(links[9]), head(links[29])]
    blind = seen(links, heads)
    assert blind["completeness"] == "not provable" and not blind["faults"]
    result = seen(links, heads, [outside])
    assert told(result) == {("rewritten", 20)} and not result["ok"]


def test_the_whole_chain_made_anew_without_the_key():
    links = chain(30)
    heads = [head(links[9]), head(links[29])]
    links[4].content["payload"] = {"n": "forged"}
    again(links, 4)
    assert told(seen(links, heads)) == {("rewritten", 10)}
    forged = [Head(30, links[29].hash, heads[1].at, "sha256", heads[1].key_id, heads[1].signature)]
    assert ("rewritten", 30) in told(seen(links, forged))
    assert told(seen(links, [])) == {("rewritten", 30)}


def test_rows_appended_behind_the_last_head_are_inserted():
    links = chain(12)
    heads = [head(links[-1])]
    links.append(intruder(13, links[-1].hash))
    assert told(seen(links, heads)) == {("inserted", 13)}


def test_rows_behind_the_last_head_stay_visible_when_the_sealer_goes_on():
    links = chain(12)
    first = head(links[-1])
    links.append(intruder(13, links[-1].hash))
    told_14 = content(14)
    links.append(Link(14, first.hash, hashed(told_14, 14, first.hash), told_14))
    assert told(seen(links, [first, head(links[-1])])) == {("inserted", 13)}


def test_the_last_row_changed_and_hashed_between_two_heads_was_changed():
    links = chain(12)
    heads = [head(links[-2]), head(links[-1])]
    changed_and_hashed(links, 11)
    assert told(seen(links, heads)) == {("changed", 12)}


def test_every_row_changed_is_told_in_flat_memory():
    links = chain(3000)
    heads = [head(links[-1])]
    for link in links:
        link.content["code"] = "x"
    result = seen(links, heads)
    assert len(result["faults"]) == 1000 and result["faults_more"] == 2000
    assert {fault["kind"] for fault in result["faults"]} == {"changed"}


def test_every_hash_blanked_is_found():
    links = chain(3000)
    heads = [head(links[-1])]
    for link in links:
        link.hash = link.prev_hash = ""
    result = seen(links, heads)
    assert len(result["faults"]) + result["faults_more"] >= 2900


def test_numbers_out_of_all_proportion_do_not_stop_the_check():
    links = chain(12)
    heads = [head(links[-1])]
    links.append(intruder(10**15, links[-1].hash))
    links.append(intruder(-5, "x", "y"))
    assert not seen(links, heads)["ok"]


def test_a_content_that_is_no_json_does_not_stop_the_check():
    links = chain(12)
    heads = [head(links[-1])]
    links[3].content["payload"] = {"n": float("nan")}
    assert ("changed", 4) in told(seen(links, heads))


# -- any manipulation of any chain -----------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_random_manipulation_is_found(data):
    """One to three manipulations at random places of a chain of random length with random heads: never ok."""
    length = data.draw(st.integers(1, 60))
    original = chain(length)
    places = sorted({length, *data.draw(st.lists(st.integers(1, length), max_size=4))})
    heads = [head(original[place - 1]) for place in places]
    links = deepcopy(original)
    rng = random.Random(data.draw(st.integers(0, 10**6)))
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(["content", "delete", "insert", "swap", "cut", "renumber", "hash", "again"]))
        _manipulate(name, links, rng)
    same = [(x.seq, x.prev_hash, x.hash, x.content) for x in sorted(links, key=lambda x: x.seq)]
    if same == [(x.seq, x.prev_hash, x.hash, x.content) for x in original]:
        return  # the manipulations undid each other
    result = seen(links, heads, [kept(original[-1])] if data.draw(st.booleans()) else [])
    assert not result["ok"] and result["faults"], (length, places)


def _manipulate(name, links, rng):
    if not links:
        return
    at = rng.randrange(len(links))
    if name == "content":
        links[at].content["payload"] = {"n": rng.random()}
        if rng.random() < 0.5:
            links[at].hash = hashed(links[at].content, links[at].seq, links[at].prev_hash)
    elif name == "delete":
        del links[at]
    elif name == "insert":
        links.insert(at, intruder(links[at].seq, links[at].prev_hash, key=rng.randrange(10**6)))
    elif name == "swap":
        other = rng.randrange(len(links))
        links[at].seq, links[other].seq = links[other].seq, links[at].seq
    elif name == "cut":
        del links[at:]
    elif name == "renumber":
        for number, link in enumerate(links, start=1):
            link.seq = number
    elif name == "hash":
        links[at].hash = rng.choice(["", "0" * 64, links[0].hash])
    elif name == "again":
        links[at].content["code"] = "again"
        again(links, at)


@settings(max_examples=300, deadline=None)
@given(st.integers(3, 400), st.data())
def test_a_single_manipulation_is_called_by_its_name(length, data):
    """One manipulation at a random place of a chain of random length: its kind and its number."""
    links = chain(length)
    heads = [head(links[-1])]
    manipulation = data.draw(st.sampled_from(INSIDE))
    at = data.draw(st.integers(0, length - 3))
    if manipulation in (swapped_far, swapped_contents_far) and length < 3:
        return
    wanted = manipulation(links, at)
    result = seen(links, heads)
    assert wanted <= told(result), (manipulation.__name__, length, at, result["faults"])


# -- heads ------------------------------------------------------------------------------------------------------------


def test_an_outside_head_may_be_typed_from_a_print():
    links = chain(5)
    typed = outside_head({"seq": 5, "hash": " " + links[4].hash.upper() + "\n"})
    assert seen(links, [head(links[4])], [typed])["completeness"] == "proven"


@pytest.mark.parametrize(
    "told_head",
    [
        {},
        {"seq": 0, "hash": "0" * 64},
        {"seq": True, "hash": "0" * 64},
        {"seq": "5", "hash": "0" * 64},
        {"seq": 5, "hash": "0" * 63},
        {"seq": 5, "hash": "z" * 64},
        {"seq": 5, "hash": None},
    ],
)
def test_what_is_no_head_is_refused(told_head):
    with pytest.raises(HeadError):
        outside_head(told_head)


def test_a_damaged_head_file_is_refused_not_taken_for_a_damaged_chain():
    good = head(chain(5)[4]).as_dict(PUBLIC)
    assert outside_head(good).outside
    for name, value in (("seq", 4), ("hash", "0" * 64), ("at", ""), ("key_id", "x"), ("public_key", "AAAA")):
        with pytest.raises(HeadError):
            outside_head({**good, name: value})
