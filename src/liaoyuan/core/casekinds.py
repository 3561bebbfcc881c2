"""Kinds of cases (事项) as data: what a floor enters of its procedure, by `registries.add_case_kinds`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from liaoyuan.core.choices import Permission
from liaoyuan.kit.findings import Finding

#: Names of permissions about cases that belong to no floor's procedure.
CASE_PERMISSION_TITLES: dict[str, str] = {Permission.CASE_EXPORT: "导出事项"}


class CaseMoment(StrEnum):
    """When a case asks the rules of the floor whose procedure it is: handed in or edited, decided, whenever shown."""

    SUBMIT = "submit"
    DECIDE = "decide"
    DAILY = "daily"


class StepKind(StrEnum):
    """What was done in a case, one line of its course each."""

    APPLIED = "applied"
    RECEIVED = "received"
    EDITED = "edited"
    MATERIAL = "material"
    SUPPLEMENT = "supplement"
    RESUMED = "resumed"
    OPINION = "opinion"
    DECIDED = "decided"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class CaseField:
    """One field of a case's form, as data: core makes form, display and comparison of it.

    `kind`: text, long, date, number, money (fen), choice, yesno, street and community (areas of the case's office).
    `purpose` is the vault purpose of a C3 field, whose value is stored as ciphertext and shown masked; `personal` its
    place in `core.zones`. `rules` are codes whose statements are told before one types. `part` is the heading it stands
    under. `after`: filled in once the case is decided.
    """

    name: str
    title: str
    kind: str = "text"
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    longest: int = 200
    help: str = ""
    purpose: str = ""
    personal: str = ""
    rules: tuple[str, ...] = ()
    part: str = ""
    after: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A lawful term: so many days or working days (`workdays`) from receipt; `key` is the parameter it came from."""

    days: int
    workdays: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class CaseTree:
    """How cases of a kind hang in a tree of their floor, so that a grant over a place in it covers those below.

    `scope(case)` gives (paths that may write, paths that may only read, key of the organization that hands in or "");
    `below(paths)` is the condition on cases under which a grant over these paths covers them. `own(user)` is the
    condition on those of whoever hands in, `applies(user, key)` says whether he does so for the subject with the key;
    without them the subject is a body, and grants over bodies count.
    """

    scope: Callable[[Any], tuple[Sequence[str], Sequence[str], str]]
    below: Callable[[Sequence[str]], Any]
    own: Callable[[Any], Any] | None = None
    applies: Callable[[Any, str], bool] | None = None


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case (事项), entered by the floor whose procedure it is. Permissions are asked over the case's office.

    `apply` lets a body's own people hand in (over the subject), `handle` receive and examine, `decide` decide, `view`
    read. `subject_kind` empty: there is no subject before the decision. `area` tells of a subject whose office it is
    (the key of the area). `fields` or, where they differ by case, `fields_of(case)`; `materials(case)` names the
    parameter that lists the papers (a dated list of names); `term(case, limits)` the lawful term; `mode` the parameter
    that says whether another system runs the case (pass-through). `findings(case, moment, on)` asks the floor's rules.
    `before(case)` gives the stored values beside which the wished ones are shown. `on_decided(case, by, at)` is called
    in the transaction of an approval with the power of `handle` over the case's area; it returns the subject as a
    triple when it made one. `per_field`: the officer accepts field by field. `two_persons`: who examined does not
    decide, above the level trial. `direct`: decided without an opinion, receipt and decision in one. `order` sorts the
    list of what can be begun. `tree`: grants over places in a floor's tree cover cases, too. `licence`: the decision is
    an administrative licence and has its letters; otherwise the document with the code `reply` about
    `reply_about(case)` tells an approval (批复), signed in the name of `office(case)`, and without one the number is
    written by hand.
    """

    code: str
    title: str
    handle: tuple[str, ...]
    decide: tuple[str, ...]
    fields: tuple[CaseField, ...] = ()
    subject_kind: str = ""
    view: tuple[str, ...] = ()
    apply: tuple[str, ...] = ()
    note: str = ""
    area: Callable[[Any], int] | None = None
    may_open: Callable[[Any], bool] | None = None
    fields_of: Callable[[Any], tuple[CaseField, ...]] | None = None
    materials: Callable[[Any], str] | None = None
    term: Callable[[Any, Any], Term | None] | None = None
    mode: str = ""
    findings: Callable[..., Iterable[Finding]] | None = None
    before: Callable[[Any], Mapping[str, Any]] | None = None
    on_decided: Callable[..., tuple[str, str, str] | None] | None = None
    per_field: bool = False
    two_persons: bool = True
    direct: bool = False
    licence: bool = True
    reply: str = ""
    reply_about: Callable[[Any], Any] | None = None
    office: Callable[[Any], str] | None = None
    order: int = 50
    begin: str = ""
    page: Callable[[Any], str] | None = None
    tree: CaseTree | None = None
