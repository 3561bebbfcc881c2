"""The report an importer owes for a sheet, line by line, and how a reported line is compared with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.truth.rows import Value
from tests.truth.sheets import POLITICAL, Line, Sheet

#: The normalised fields of the contract; a report may carry more, but of these none that the truth does not know.
FIELDS = frozenset(
    {
        *("name", "code", "filing_no", "kind", "registrar", "supervisor", "industry_regulator", "party_lead"),
        *("legal_representative", "phone", "address", "street", "community", "registered_on", "capital_fen", "scope"),
        *("field", "district_field", "certificate_from", "certificate_to", "full_time", "part_time", "members_unit"),
        *("members_person", "council_count", "supervisors_count", "party_members_declared", "rating", "rated_on"),
        *("rating_until", "annual_results", "is_charity", "public_fundraising", "tax_deductible", "credit_status"),
        *("status", "closed_on", "note"),
    }
)
#: Personal fields (class C3): a report may mask or leave them out, but not change them.
PRIVATE = frozenset({"phone"})
_READ = frozenset({"accept", "review", "duplicate"})


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """The truth about one sheet row.

    ``key`` is None where it is not fixed. ``open`` names fields whose value is not fixed, each with the values it may
    hold (None: absent; empty: anything). ``also`` are verdicts as safe as ``verdict``, ``findings`` the rule ids that
    must be among the line's findings, ``ruling`` the choice in the docstring of ``mutations`` behind the verdict.
    """

    row: int
    verdict: str
    key: str | None
    fields: dict[str, Value]
    open: dict[str, tuple[Value | None, ...]]
    also: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    mutation: str = "clean"
    ruling: str = ""


def _expected(number: int, line: Line) -> ExpectedLine:
    row = line.row
    if row is None:
        return ExpectedLine(number, "skip", None, {}, {}, mutation=line.role)
    ruling = row.ruling or ("T4" if line.hidden else "")
    verdict = row.verdict
    return ExpectedLine(
        number,
        verdict,
        row.key if verdict in {"accept", "duplicate"} else None,
        dict(row.fields),
        dict(row.open),
        row.also,
        row.findings,
        f"hidden-{row.mutation}" if line.hidden else row.mutation,
        ruling,
    )


def expected_lines(sheet: Sheet) -> list[ExpectedLine]:
    """The expected lines of the rows below the header, in order; their number is the report's ``rows``."""
    return [_expected(number, line) for number, line in sheet.below_header]


def verdicts(lines: Iterable[ExpectedLine]) -> dict[str, int]:
    """How often each verdict is expected."""
    return dict(Counter(line.verdict for line in lines))


def _same(reported: object, expected: object) -> bool:
    """Equal in type too: True is not 1, and a whole number is not 12.0."""
    return type(reported) is type(expected) and reported == expected


def _field_differences(expected: ExpectedLine, reported: Mapping[str, object]) -> list[str]:
    found: list[str] = []
    given = {name: value for name, value in reported.items() if value not in (None, "", {})}
    for name in sorted(FIELDS):
        value = given.get(name)
        if name in expected.open:
            allowed = expected.open[name]
            if allowed and not any(_same(value, other) for other in allowed):
                found.append(f"{name}: {value!r}, allowed {allowed!r}")
        elif name in PRIVATE:
            wanted = expected.fields.get(name)
            masked = isinstance(value, str) and "*" in value
            if value is not None and not masked and value != wanted:
                found.append(f"{name}: {value!r}, expected {wanted!r}")
        elif not _same(value, expected.fields.get(name)):
            found.append(f"{name}: {value!r}, expected {expected.fields.get(name)!r}")
    found += [f"{name}: {value!r} must be dropped" for name, value in given.items() if value in POLITICAL]
    return found


def differences(expected: ExpectedLine, reported: Mapping[str, object]) -> list[str]:
    """What a line of the report says wrongly; empty when it is right. Fields count where the row was read."""
    found: list[str] = []
    if reported.get("row") != expected.row:
        found.append(f"row {reported.get('row')}, expected {expected.row}")
    verdict = reported.get("verdict")
    if verdict != expected.verdict and verdict not in expected.also:
        found.append(f"verdict {verdict}, expected {expected.verdict}")
    fields = reported.get("fields") or {}
    assert isinstance(fields, Mapping)
    if verdict in _READ and expected.verdict in _READ and not (verdict == "duplicate" and not fields):
        found += _field_differences(expected, fields)
    if expected.key is not None and verdict in {"accept", "duplicate"} and reported.get("key") != expected.key:
        found.append(f"key {reported.get('key')!r}, expected {expected.key!r}")
    listed = reported.get("findings") or []
    assert isinstance(listed, list)
    missing = expected.findings - {str(finding.get("code")) for finding in listed}
    if missing and verdict in {"review", "reject"}:
        found.append(f"findings without {sorted(missing)}")
    return [
        f"row {expected.row} ({expected.mutation}{', ' + expected.ruling if expected.ruling else ''}): {text}"
        for text in found
    ]


def report_differences(lines: list[ExpectedLine], report: Mapping[str, object]) -> list[str]:
    """Every wrong line of a report, missing and surplus lines, and sums that do not add up."""
    reported = report["lines"]
    counts = report["verdicts"]
    assert isinstance(reported, list)
    assert isinstance(counts, Mapping)
    by_row = {line["row"]: line for line in reported}
    known = {line.row for line in lines}
    found = [text for line in lines if line.row in by_row for text in differences(line, by_row[line.row])]
    found += [f"row {line.row} ({line.mutation}): no line" for line in lines if line.row not in by_row]
    found += [f"row {number}: not expected" for number in by_row if number not in known]
    if report["rows"] != len(lines) or sum(counts.values()) != len(lines):
        found.append(f"rows {report['rows']}, verdicts {dict(counts)}, expected {len(lines)} rows")
    if len(by_row) != len(reported):
        found.append("a row is reported twice")
    return found
