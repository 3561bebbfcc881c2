"""Words of the demo: invented names of bodies and persons, drawn without repetition; codes with right check characters.

Nothing here names a real body or person: trade names are compounds that no register was asked for, persons are called
by the signs of the calendar (赵甲子), and whatever fails bears a name of the fancy (子虚, 蜃楼).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from random import Random
from typing import Any

from liaoyuan.kit.identifiers import USCC_ALPHABET, org_check_char

#: In no table of divisions: the demo registrar's own code (product.md, "What it never does", 10).
DIVISION = "329911"
#: The street whose office has an account: something waits there for it.
STREET = "320211003"
_PREFIX = {"ST": "51", "MF": "52", "JJ": "53"}
#: 154 is allotted to no operator, so nobody is called by such a number.
_PHONES = 154_0000_0000
#: So many draws without, then with one more word.
_PLAIN = 20
_TRIES = 400


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The demo's word lists."""
    file = resources.files("liaoyuan.registry") / "data" / "demo" / "words.json"
    return json.loads(file.read_text(encoding="utf-8"))


def outline() -> bytes:
    """A rough outline of the district, as GeoJSON (NOTICE says whose it is); no official map."""
    return (resources.files("liaoyuan.registry") / "data" / "demo" / "outline.geojson").read_bytes()


def code(kind: str, number: int) -> str:
    """统一社会信用代码 of an invented registered body: division 329911, both check characters right (GB 32100)."""
    body = f"MJ{number:06d}"
    head = f"{_PREFIX[kind]}{DIVISION}{body}{org_check_char(body)}"
    total = sum(USCC_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(head))
    return head + USCC_ALPHABET[-total % 31]


def phone(number: int) -> str:
    """A mobile number that cannot exist."""
    return str(_PHONES + number)


@dataclass(slots=True)
class Namer:
    """Draws names; one that was given before is never given again, former names included."""

    draw: Random
    taken: set[str] = field(default_factory=set)

    def registered(self, kind: str, theme: dict[str, Any], *, fails: bool = False) -> str:
        """A registered body's name: 行政区划, 字号, 行业, 组织形式."""
        forms = words()["foundations"] if kind == "JJ" else theme["st_forms"] if kind == "ST" else theme["mf_forms"]
        return self._fresh(lambda more: f"无锡市滨湖区{more}{self.trade(fails=fails)}{self.draw.choice(forms)}")

    def filed(self, community: str, forms: list[str]) -> str:
        """A filed body's name: community, word, kind of group."""
        return self._fresh(lambda more: f"{community}{more}{self.trade()}{self.draw.choice(forms)}")

    def trade(self, *, fails: bool = False) -> str:
        """An invented trade name of two characters, one of the fancy for a body about which failures are told."""
        table = words()
        if fails:
            return self.draw.choice(table["fancies"])
        return self.draw.choice(table["heads"]) + self.draw.choice(table["tails"])

    def person(self) -> str:
        """A person who plainly does not exist: a surname and two signs of the calendar."""
        table = words()
        place = self.draw.randrange(60)
        return self.draw.choice(table["surnames"]) + table["stems"][place % 10] + table["branches"][place % 12]

    def _fresh(self, make: Callable[[str], str]) -> str:
        """A name that was not given yet; when the plain ones run out, with one more word in it."""
        for attempt in range(_TRIES):
            name = make("" if attempt < _PLAIN else self.trade())
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise RuntimeError("the demo's word lists are too short for this scale")
