"""ORG-ID and ORG-NAME: numbers and names (handbook §1.2, §1.4).

Every function takes facts, limits and the decision date and returns its findings, an empty list when all is lawful.
An import asks them for every row of a sheet, so the lawful case leaves early.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from operator import mul

from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.kit.identifiers import org_check_char
from liaoyuan.registry.choices import KIND_TITLES, Kind
from liaoyuan.registry.rules.facts import OrganizationFacts

_REGISTERED = frozenset({"ST", "MF", "JJ"})
_DIVISION_DIGITS = 6


def code_shape(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-ID-01: a registered body has a code of the right length out of the allowed symbols."""
    code = facts.code
    if facts.kind == "BA":
        return []
    if not code:
        if facts.code_as_given:
            return [limits.finding("ORG-ID-01", field="code", variant="given", given=facts.code_as_given)]
        if facts.kind not in _REGISTERED:
            return []
        return [limits.finding("ORG-ID-01", field="code", variant="missing", uses=("uscc.len",))]
    expected = limits["uscc.len"]
    if len(code) != expected:
        return [
            limits.finding(
                "ORG-ID-01", field="code", uses=("uscc.len",), code=code, length=len(code), expected=expected
            )
        ]
    symbols = _symbols(limits["uscc.alphabet"])
    if not symbols.issuperset(code):
        characters = "、".join(sorted(set(code) - symbols))
        return [
            limits.finding(
                "ORG-ID-01", field="code", variant="alphabet", uses=("uscc.alphabet",), code=code, characters=characters
            )
        ]
    return []


def code_check(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-ID-02: both check characters of a whole code are right (GB 32100-2015, GB 11714)."""
    code = facts.code
    if not code or facts.kind == "BA":
        return []
    values, weights = _values(limits["uscc.alphabet"]), limits["uscc.weights"]
    if len(code) != len(weights) + 1:
        return []  # no whole code: ORG-ID-01 says so
    try:
        total = sum(map(mul, map(values.__getitem__, code), weights))
        last = values[code[-1]]
    except KeyError:
        return []  # nor is this one
    if (total + last) % len(values):
        expected = limits["uscc.alphabet"][-total % len(values)]
        return [limits.finding("ORG-ID-02", field="code", uses=("uscc.weights",), code=code, expected=expected)]
    expected = org_check_char(code[8:16])
    if expected != code[16]:
        return [limits.finding("ORG-ID-02", field="code", variant="organization", code=code, expected=expected)]
    return []


def code_kind(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-ID-03: the first two characters are those of a social organization and fit its type."""
    code = facts.code
    if not code or facts.kind == "BA":
        return []
    prefix = code[:2]
    kinds = limits["uscc.map"]
    allowed = limits["uscc.prefixes"]
    if prefix not in allowed:
        return [
            limits.finding(
                "ORG-ID-03", field="code", variant="prefix", uses=("uscc.prefixes",), prefix=prefix,
                allowed="、".join(allowed),
            )
        ]  # fmt: skip
    mapped = kinds.get(prefix)
    fits = mapped == facts.kind if mapped else facts.kind not in kinds.values()
    if fits or not facts.kind:
        return []
    title = KIND_TITLES.get(Kind(facts.kind), facts.kind) if facts.kind in set(Kind) else facts.kind
    return [limits.finding("ORG-ID-03", field="code", uses=("uscc.map",), prefix=prefix, kind=title)]


def code_division(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-ID-04: characters 3-8 are the registrar's division, or one that is accepted beside it."""
    code, registrar = facts.code, facts.registrar_division
    if not registrar or facts.kind == "BA":
        return []
    division = code[2:8]
    registrar = registrar[:_DIVISION_DIGITS].ljust(_DIVISION_DIGITS, "0")
    if division == registrar or len(division) != _DIVISION_DIGITS:
        return []
    if division in limits["registrar.divisions"].get(registrar, ()):
        return []
    return [
        limits.finding("ORG-ID-04", field="code", uses=("registrar.divisions",), division=division, registrar=registrar)
    ]


def numbers_unique(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-ID-05: code and filing number are unique among live bodies; a namesake with another number is pointed out."""
    found = []
    if facts.code_holder_name and facts.code:
        found.append(limits.finding("ORG-ID-05", field="code", code=facts.code, holder=facts.code_holder_name))
    if facts.filing_holder_name and facts.filing_no:
        found.append(
            limits.finding(
                "ORG-ID-05", field="filing_no", variant="filing", filing_no=facts.filing_no,
                holder=facts.filing_holder_name,
            )
        )  # fmt: skip
    if facts.same_name_other_code:
        found.append(
            limits.finding(
                "ORG-ID-05", field="name", variant="same_name", name=facts.name, other=facts.same_name_other_code
            )
        )
    return found


def filed_identity(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-ID-06: a filed body has a filing number and no unified code."""
    if facts.kind != "BA":
        return []
    found = []
    if not facts.filing_no:
        found.append(limits.finding("ORG-ID-06", field="filing_no"))
    given = facts.code or facts.code_as_given
    if given:
        found.append(limits.finding("ORG-ID-06", field="code", variant="code", code=given))
    return found


def name_pattern(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-NAME-01: area, then field (for MF and JJ a trade name before it), then a form of organization."""
    if facts.kind not in _REGISTERED or not facts.name or facts.is_national:
        return []
    name = facts.name
    found = []
    area = max((a for a in facts.area_names if name.startswith(a)), key=len, default="")
    if facts.area_names and not area:
        found.append(limits.finding("ORG-NAME-01", field="name", name=name, areas="、".join(facts.area_names)))
    forms: Sequence[str] = limits["name.forms"].get(facts.kind, ())
    form = max((f for f in forms if name.endswith(f)), key=len, default="")
    if forms and not form:
        found.append(
            limits.finding(
                "ORG-NAME-01", field="name", variant="form", uses=("name.forms",), name=name,
                forms="、".join(forms[:6]),
            )
        )  # fmt: skip
    if not found and len(name) - len(area) - len(form) < limits["name.core_min"].get(facts.kind, 0):
        missing = "行业或会员组成" if facts.kind == "ST" else "字号和行业"
        found.append(
            limits.finding(
                "ORG-NAME-01", field="name", variant="core", uses=("name.core_min",), name=name, missing=missing
            )
        )
    return found


def name_words(facts: OrganizationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """ORG-NAME-02: a local name does not begin like a national one; no name claims to be first or highest."""
    found = []
    start = next((w for w in limits["name.forbidden_starts"] if facts.name.startswith(w)), None)
    if start and not facts.is_national:
        found.append(limits.finding("ORG-NAME-02", field="name", uses=("name.forbidden_starts",), word=start))
    found += [
        limits.finding("ORG-NAME-02", field="name", variant="word", uses=("name.forbidden_words",), word=word)
        for word in limits["name.forbidden_words"]
        if word in facts.name
    ]
    return found


@lru_cache(maxsize=8)
def _symbols(alphabet: str) -> frozenset[str]:
    return frozenset(alphabet)


@lru_cache(maxsize=8)
def _values(alphabet: str) -> dict[str, int]:
    return {symbol: value for value, symbol in enumerate(alphabet)}
