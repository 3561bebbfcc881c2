"""The upward registries: what a lower floor needs of a higher one is entered here, in `ready()` of its `apps.py`.

`panels` name a URL, never a view; the others name functions of queries, models, imports or rules.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from liaoyuan.core.casekinds import CaseField as CaseField  # noqa: PLC0414 - offered here, too
from liaoyuan.core.casekinds import CaseKind as CaseKind  # noqa: PLC0414 - offered here, too
from liaoyuan.core.casekinds import CaseTree as CaseTree  # noqa: PLC0414 - offered here, too
from liaoyuan.core.casekinds import Term as Term  # noqa: PLC0414 - offered here, too
from liaoyuan.core.choices import Permission
from liaoyuan.core.duties import BlankForm as BlankForm  # noqa: PLC0414 - offered here, too
from liaoyuan.core.duties import DocumentField as DocumentField  # noqa: PLC0414 - offered here, too
from liaoyuan.core.duties import DocumentKind as DocumentKind  # noqa: PLC0414 - offered here, too
from liaoyuan.core.duties import Handover as Handover  # noqa: PLC0414 - offered here, too
from liaoyuan.core.duties import Owing as Owing  # noqa: PLC0414 - offered here, too
from liaoyuan.core.duties import Reminder as Reminder  # noqa: PLC0414 - offered here, too
from liaoyuan.core.params import Profile as Profile  # noqa: PLC0414 - offered here, too

if TYPE_CHECKING:
    from liaoyuan.kit.findings import Finding
    from liaoyuan.kit.sheets.writing import Column


@dataclass(frozen=True, slots=True)
class Panel:
    """A tab of a record page: the page `url_name` is loaded into the tab for the subject's primary key.

    `permission` may be several, `a|b`; `before` are arguments of the address that stand before the key.
    """

    subject_kind: str
    code: str
    title: str
    url_name: str
    permission: str
    order: int = 50
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of findable record. `url_name` takes the primary key; `documents` yields documents for rebuilding."""

    kind: str
    title: str
    url_name: str
    permission: str
    documents: Callable[[Sequence[int] | None], Iterable[Mapping[str, Any]]]
    public_url_name: str = ""


@dataclass(frozen=True, slots=True)
class LiveHit:
    """One record that a `LiveSearch` found."""

    title: str
    note: str
    url: str
    key: int


@dataclass(frozen=True, slots=True)
class LiveSearch:
    """Records that are looked for in their own tables and never stand in the index, for their scope is finer than its.

    Only holders of the permission are served; `find(user, text, limit)` gives the number and the first of those that
    the user may see, `listed(text)` the address of the list with all of them.
    """

    code: str
    title: str
    permission: str
    find: Callable[[Any, str, int], tuple[int, list[LiveHit]]]
    listed: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class DueItem:
    """One line of 待办: what, by which lawful day, and the address of its one button."""

    title: str
    due_on: date | None
    url: str
    button: str
    provisional: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class DueSource:
    """Gives the lines of 待办 of one kind: at most `limit`, earliest first, plus the exact count."""

    code: str
    title: str
    permission: str
    items: Callable[..., tuple[list[DueItem], int]]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of import. The functions are named in the owning app's `imports` and `actions`.

    `fields` are the Chinese titles of the fields; `synonyms` the column names by field; `fill_down` gives, for a field
    that sheets write once per block, the texts of its values; columns whose label holds a word of `dropped` are never
    stored; `personal` names fields of persons in `core.zones`, which says what may come in here. `session` makes a
    `core.staging.Session`; `apply` and `undo` are set actions over a batch. `columns` are those of the template, with
    their drop-downs and notes.
    """

    kind: str
    title: str
    permission: str
    fields: Mapping[str, str]
    synonyms: Mapping[str, Sequence[str]]
    session: Callable[..., Any]
    apply: Callable[..., Any]
    undo: Callable[..., Any]
    fill_down: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    subject_kind: str = ""
    dropped: tuple[str, ...] = ("政治面貌",)
    personal: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset({"序号", "编号", "错误说明", ""})
    columns: "Sequence[Column]" = ()


@dataclass(frozen=True, slots=True)
class CompareKind:
    """A kind of records that another system's export can be set against (对账). The file is read as the import of the
    same kind. `book(area=, as_of=)` gives our side as a `core.actions.comparing.Book`; `cell(field, fields, unit)`
    what a cell of the other system's sheet would hold.
    """

    kind: str
    title: str
    book: Callable[..., Any]
    cell: Callable[[str, Mapping[str, Any], str], Any]


@dataclass(frozen=True, slots=True)
class ParameterOwner:
    """Who owns policy parameters: keys that begin with one of `prefixes` are drafted by holders of `edit` and confirmed
    by a second person who holds `confirm`, each over the jurisdiction. Nobody else may, whatever else he holds.
    `trial_url_name` is the page on which another value is tried before it is published; it takes `?key=`.
    """

    code: str
    title: str
    prefixes: tuple[str, ...]
    edit: str
    confirm: str
    trial_url_name: str = ""


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule of the handbook's table: what it says, when it is asked, which facts and parameters it reads.

    `function(facts, limits, on=date)` yields findings. `facts` is a JSON schema of the facts; `examples` are
    (facts, on, expected codes) triples that docs/rules prints with their results; `parse` reads such plain facts and
    raises ValueError with a sentence. `entity` without a `function` is a rule whose entity is not built yet ("not yet
    asked").
    """

    code: str
    title: str
    statement: str
    entity: str
    moments: tuple[str, ...]
    jurisdiction: str
    messages: Mapping[str, str]
    function: "Callable[..., Iterable[Finding]] | None" = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[tuple[Mapping[str, Any], str, tuple[str, ...]], ...] = ()
    params: tuple[str, ...] = ()
    parse: Callable[[Mapping[str, Any]], Any] | None = None


@dataclass(frozen=True, slots=True)
class ScopeResolver:
    """Says which grants cover a subject: returns the area paths that may write and those that may only read it, and
    the organization's key for grants over one organization (empty = none; several where several bodies act together).
    `find` gives the row of a key, or None.
    """

    subject_kind: str
    resolve: Callable[[Any], tuple[Sequence[str], Sequence[str], str | tuple[str, ...]]]
    find: Callable[[str], Any] | None = None


#: `subject_kind` of columns in rows of imports, whose subject is that of their kind.
STAGED = "staged"


@dataclass(frozen=True, slots=True)
class SealedField:
    """A column that holds ciphertext of the vault; rotation, erasure, health check and a house test walk these.

    `model` is `app.Model`, `column` a text column or a JSON column in which ciphertext stands at any depth below a key
    named in `purpose`. `purpose` is the one purpose of the column, or purposes by name (a JSON column's keys; "" = any
    other key; several where kinds of rows share the column). `index` is the column of the blind index over the same
    value. `subject_kind` and `subject` (an ORM path to its key) say whose C3/C4 value it is: erasing that subject
    empties it; `STAGED` are the rows of imports. Empty: a secret of the system. `personal` names the field in
    `core.zones`.
    """

    model: str
    column: str
    purpose: str | Mapping[str, tuple[str, ...]]
    index: str = ""
    subject_kind: str = ""
    subject: str = ""
    personal: str = ""

    def purposes_of(self, name: str) -> tuple[str, ...]:
        """The purposes that a value called `name` in this column may have; none when it does not stand here."""
        if isinstance(self.purpose, str):
            return (self.purpose,) if name == self.column else ()
        return self.purpose.get(name) or self.purpose.get("", ())


@dataclass(frozen=True, slots=True)
class AboutMe:
    """What a floor stores about an account's person. `rows(user)` gives (what, detail, address or "") lines;
    `subjects(user)` the subjects of events that speak of this person: who read them is told to him.
    """

    code: str
    title: str
    rows: Callable[[Any], Sequence[tuple[str, str, str]]]
    subjects: Callable[[Any], Sequence[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Retained:
    """How a class of data ends: `due(before)` gives the keys of what is older than the moment, `end(keys, by, at)`
    deletes or empties them and returns how many it ended. The table of the classes stands in `core.params`.
    """

    code: str
    due: Callable[[datetime], Sequence[Any]]
    end: Callable[..., int]


@dataclass(frozen=True, slots=True)
class AreaUse:
    """Something that hangs on areas. `count` gives how many live rows lie in the area with a path or below; an area
    that is used is not abolished. `href` is the address of their list for an area, shown to holders of `permission`.
    """

    kind: str
    title: str
    count: Callable[[str], int]
    permission: str
    href: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class FilePurpose:
    """What a file may be attached for. Its permissions are asked over the subject's holder: `view` to open, `edit` to
    upload and change, `own` to upload and change what one uploaded oneself. `behalf` is as `own`, for an office that
    fills in for a holder it may merely see (代填): it is asked over what one reads, not over what one writes.

    `title` is also the line of a checklist that such a file fills. `sensitivity` C3 and C4 are kept sealed and each
    download is a read event. `kinds` are file kinds by code, empty = documents and pictures. `photo` compares the
    picture with the others. `kinds_of_subject` are the subjects it belongs to; `general` ones may always be chosen, the
    others where a checklist asks for them.
    """

    code: str
    title: str
    kinds_of_subject: tuple[str, ...]
    view: tuple[str, ...]
    edit: tuple[str, ...]
    own: tuple[str, ...] = ()
    behalf: tuple[str, ...] = ()
    sensitivity: str = "C2"
    kinds: frozenset[str] = frozenset()
    photo: bool = False
    general: bool = False


@dataclass(frozen=True, slots=True)
class FileSubject:
    """A kind of record that files may be attached to, told by functions of the owning app's queries.

    `find(user, key)` gives the record if the user may see it; `holder` the record whose scope counts; `label` its name;
    `address` the page to go back to; `papers` the key of the parameter that lists the papers it needs, or empty;
    `chain` the jurisdictions whose parameters hold; `on_paper` which papers were received on paper, and when.
    """

    kind: str
    title: str
    find: Callable[[Any, str], Any]
    holder: Callable[[Any], Any]
    label: Callable[[Any], str]
    address: Callable[[Any], str]
    papers: Callable[[Any], str]
    chain: Callable[[Any], Sequence[str]]
    on_paper: Callable[[Any], Mapping[str, date]] | None = None


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work that waits (core.jobs). `function` stands in a room `tasks`: `function(progress, *ids)`.

    `may_fetch(user, job)` says whether the requester may still have the result; without it there is none to fetch.
    """

    code: str
    title: str
    function: Callable[..., None]
    may_fetch: Callable[[Any, Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """When a kind of job without a requester is due: every day at `daily` ("03:10", China), or `every` so many seconds.

    Over all workers each due moment is run once; after a standstill only the last one is made up for.
    """

    code: str
    daily: str = ""
    every: int = 0


@dataclass(frozen=True, slots=True)
class Merger:
    """What a higher floor does with its rows of an organization that is merged into another.

    `models` are the models with a key to an organization that it looks after (`app.Model`). `carry(gone=, kept=, by=,
    at=)` moves them inside the merge's transaction and returns what it did as plain JSON, or raises `Refused`;
    `untouched(told=)` says whether that still stands as it was written, `take_back(told=, by=, at=)` undoes it.
    """

    code: str
    models: tuple[str, ...]
    carry: Callable[..., Any]
    untouched: Callable[..., bool]
    take_back: Callable[..., None]


panels: dict[str, list[Panel]] = {}
case_kinds: dict[str, CaseKind] = {}
#: Purposes of ciphertext in the facts of cases, by field name; filled by `add_case_kinds`.
case_purposes: dict[str, tuple[str, ...]] = {}
reminders: dict[str, Reminder] = {}
handovers: dict[str, Handover] = {}
#: By kind of subject: `addresses(ids)` gives (name, telephone, mail) in clear by id. Called when a message is sent, and
#: at no other time.
addresses: dict[str, Callable[[Sequence[str]], Mapping[str, tuple[str, str, str]]]] = {}
sealed_fields: list[SealedField] = []
#: Purposes of ciphertext in staged rows, by the import's field name; entered by `add_staged`.
staged_purposes: dict[str, tuple[str, ...]] = {}
about_me: dict[str, AboutMe] = {}
retained: dict[str, Retained] = {}
searchables: dict[str, Searchable] = {}
live_searches: dict[str, LiveSearch] = {}
due_sources: dict[str, DueSource] = {}
import_kinds: dict[str, ImportKind] = {}
compare_kinds: dict[str, CompareKind] = {}
export_kinds: dict[str, Any] = {}
stats_kinds: dict[str, Any] = {}
scope_kinds: dict[str, ScopeResolver] = {}
#: By kind of scope that holds in a higher floor's tree: `paths(ids)` gives the present path of each that is alive.
scope_paths: dict[str, Callable[[Iterable[str]], Mapping[str, str]]] = {}
#: By floor: what it tells of a person beside the people floor, `knows(person)`, and how it follows a merge,
#: `carry(gone=, kept=, by=, at=)`, which may raise `Refused`.
tellers: dict[str, tuple[Callable[[int], bool], Callable[..., None]]] = {}
file_purposes: dict[str, FilePurpose] = {}
file_subjects: dict[str, FileSubject] = {}
jobs: dict[str, JobKind] = {}
scheduled: dict[str, Scheduled] = {}
mergers: dict[str, Merger] = {}
#: By floor: the last trace of activity of bodies, `source(ids)` → day by organization's key.
activity_sources: dict[str, Callable[[Sequence[int]], Mapping[int, date]]] = {}
guards: dict[str, list[Callable[..., "Iterable[Finding]"]]] = {}
area_uses: dict[str, AreaUse] = {}
#: Chinese titles of the fields in the events of a kind of record that no import names.
field_titles: dict[str, Mapping[str, str]] = {}
document_kinds: dict[str, DocumentKind] = {}
#: Blank forms by kind of subject.
blank_forms: dict[str, list[BlankForm]] = {}
rules: dict[str, RuleSpec] = {}
parameters: list[Mapping[str, Any]] = []
parameter_titles: dict[str, str] = {}
#: Places whose figures the floors ship, besides the product's own profiles (`core.params.PROFILES`).
profiles: dict[str, Profile] = {}
#: Who owns keys, entered by the floors; what nobody has entered belongs to `REGISTRAR`.
parameter_owners: dict[str, ParameterOwner] = {}
REGISTRAR = ParameterOwner(
    "registry", "登记管理", (), str(Permission.PARAMETER_EDIT), str(Permission.PARAMETER_CONFIRM)
)
event_titles: dict[str, str] = {}
permission_titles: dict[str, str] = {}


def add_panel(panel: Panel) -> None:
    """Enter a tab of a record page."""
    panels.setdefault(panel.subject_kind, []).append(panel)
    panels[panel.subject_kind].sort(key=lambda entry: (entry.order, entry.code))


def add_guard(name: str, check: "Callable[..., Iterable[Finding]]") -> None:
    """Enter a check of a higher floor that a lower floor's action asks before it writes."""
    guards.setdefault(name, []).append(check)


def add_case_kinds(*kinds: CaseKind) -> None:
    """Enter kinds of cases; a code entered twice is a programming error."""
    for kind in kinds:
        if kind.code in case_kinds:
            raise ValueError(f"case kind {kind.code} entered twice")
        case_kinds[kind.code] = kind
        for entry in kind.fields:
            if entry.purpose and entry.purpose not in case_purposes.get(entry.name, ()):
                case_purposes[entry.name] = (*case_purposes.get(entry.name, ()), entry.purpose)


def add_staged(purposes: Mapping[str, str]) -> None:
    """Enter the fields of an import that stand in staging as ciphertext, with their purposes."""
    for name, purpose in purposes.items():
        known = staged_purposes.get(name, ())
        staged_purposes[name] = known if purpose in known else (*known, purpose)


def add_sealed(*entries: SealedField) -> None:
    """Enter columns of ciphertext; a column entered twice is a programming error."""
    known = {(entry.model, entry.column) for entry in sealed_fields}
    for entry in entries:
        if (entry.model, entry.column) in known:
            raise ValueError(f"{entry.model}.{entry.column} entered twice")
        sealed_fields.append(entry)


def add_job(kind: JobKind, *, schedule: Scheduled | None = None) -> None:
    """Enter a kind of job, and when it is due by itself."""
    jobs[kind.code] = kind
    if schedule is not None:
        scheduled[kind.code] = schedule


def add_documents(*kinds: DocumentKind) -> None:
    """Enter kinds of documents; a code entered twice is a programming error."""
    for kind in kinds:
        if kind.code in document_kinds:
            raise ValueError(f"document {kind.code} entered twice")
        document_kinds[kind.code] = kind


def add_parameter_owner(owner: ParameterOwner) -> None:
    """Enter who owns keys; a code entered twice, and prefixes of two that cover each other, are programming errors."""
    for other in parameter_owners.values():
        if other.code == owner.code or any(
            a.startswith(b) or b.startswith(a) for a in owner.prefixes for b in other.prefixes
        ):
            raise ValueError(f"parameters of {owner.code} are owned already")
    parameter_owners[owner.code] = owner


def owner_of(key: str) -> ParameterOwner:
    """Who owns a parameter: the floor that entered its prefix, else the register's officers."""
    return next((owner for owner in parameter_owners.values() if key.startswith(owner.prefixes)), REGISTRAR)


def owners() -> "list[ParameterOwner]":
    """All who own parameters, the register's officers first."""
    return [REGISTRAR, *parameter_owners.values()]


def add_rules(specs: Iterable[RuleSpec]) -> None:
    """Enter rules; a code entered twice is a programming error."""
    for spec in specs:
        if spec.code in rules:
            raise ValueError(f"rule {spec.code} entered twice")
        rules[spec.code] = spec


def ask_rules(specs: Iterable[RuleSpec]) -> None:
    """Bring the functions of rules whose statements a lower floor has entered; a rule is brought only once."""
    for spec in specs:
        known = rules[spec.code]
        if known.function is not None:
            raise ValueError(f"rule {spec.code} is asked already")
        rules[spec.code] = replace(
            known, function=spec.function, facts=spec.facts, examples=spec.examples, parse=spec.parse
        )


def add_parameters(rows: Iterable[Mapping[str, Any]]) -> None:
    """Enter shipped parameter rows; `init` writes them into the database."""
    parameters.extend(rows)
