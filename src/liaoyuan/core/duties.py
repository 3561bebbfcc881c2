"""Shapes of what the floors enter about letters and duties: kinds of documents, blank forms, reminders, open work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DocumentField:
    """One place of a document's template: `{{ name }}` in Word, its Chinese title, an example.

    `kind`: text (one line), long (paragraphs), date, days (a number of working days). A field that is `filled` comes
    from the facts of the subject or from issuing and is never asked in the form; `given` ones may be corrected there.
    """

    name: str
    title: str
    example: str
    kind: str = "text"
    required: bool = True
    filled: bool = False
    given: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document that an office issues about a subject (core.actions.documents; docs/adr/0024).

    `layout` are the paragraphs of the shipped template, each (style, text with places): see core.documents.shipped.
    `facts(subject, on)` gives the values of `filled` and first values of `given` fields as texts, and may be None.
    `subject_kind` is the lower-case name of a model with a `ScopeResolver`; its grants decide who may draft and sign.
    `numbered` takes a 文号, `reviewed` asks for 核稿 before signing, `sensitivity` C3 and above is kept sealed.
    `notice_days` names the field that says for how many working days the document is shown to the public (公示);
    `follows` is the kind of a closed, undisputed notice that this one certifies (无异议证明). `panel` offers it on
    the subject's record page; a kind without is drafted by its own floor. A `printed` kind is never drafted or issued:
    its floor fills the template from facts, so that staff may redesign it, and no register knows it.
    `view_permission` is asked of a reader beside the permission to see documents, over the office's area.
    A floor whose records live on a document hooks in (docs/adr/0031): `about(document, on)` gives texts that one
    document knows besides its subject; `ready(document, by, at)` is asked before a number is taken, it locks what will
    be written and raises Refused; `follow(document, step, by, at)` is called in the transaction of each step (codes of
    core's events: drafted, issued, delivered, withdrawn, discarded) and carries it out or raises Refused;
    `origin(document)` is the (title, address) of the record it belongs to, for staff, or None.
    """

    code: str
    title: str
    subject_kind: str
    fields: tuple[DocumentField, ...]
    layout: tuple[tuple[str, str], ...]
    facts: Callable[[Any, date], Mapping[str, str]] | None = None
    draft_permission: str = "core.document.draft"
    issue_permission: str = "core.document.issue"
    view_permission: str = ""
    numbered: bool = True
    reviewed: bool = True
    sensitivity: str = "C2"
    notice_days: str = ""
    follows: str = ""
    panel: bool = True
    printed: bool = False
    hint: str = ""
    about: Callable[[Any, date], Mapping[str, str]] | None = None
    ready: Callable[[Any, Any, datetime], None] | None = None
    follow: Callable[[Any, str, Any, datetime], None] | None = None
    origin: Callable[[Any], tuple[str, str] | None] | None = None

    def field(self, name: str) -> DocumentField | None:
        """The field of a name."""
        return next((entry for entry in self.fields if entry.name == name), None)


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A paper form printed with what is known of a subject. `url_name` takes key, code and ending (docx or pdf);
    `fits(subject)` says whether it is a form for this one.
    """

    code: str
    title: str
    url_name: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Owing:
    """Somebody who owes something by a day: one line of a reminder. `key` is the line's own within its source,
    `subject` (kind, id) whose timeline is told. `phone` is ciphertext of the source's `phone_purpose`; `call_url` is
    where a call is noted.
    """

    key: str
    subject: tuple[str, str]
    name: str
    what: str
    due_on: date | None
    place: str = ""
    person: str = ""
    phone: str = ""
    url: str = ""
    call_url: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """A duty with a day that bodies are reminded of (催办).

    `owing(user, on, since, until, keys)` gives who owes it now with a day in that span, earliest first, within what the
    user works on; `keys` (or None) narrows to those lines. Whoever has complied is not among them. `title` names the
    duty, `lead` begins the text for a group. `permission` may be several, `a|b`. A source that is not `listed` has
    no page of its own: a list of its floor brings the choice. `own(user, on, since, until)` gives what bodies that the
    user acts for owe themselves, for his calendar.
    """

    code: str
    title: str
    lead: str
    permission: str
    owing: Callable[..., Sequence[Owing]]
    phone_field: str = ""
    phone_purpose: str = ""
    listed: bool = True
    own: Callable[..., Sequence[Owing]] | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """Open work that belongs to a person and goes with him: `count(user)` how much there is, `move(user, to, by, at)`
    gives it to another account inside the transaction of the hand-over and returns how much that was.
    """

    code: str
    title: str
    count: Callable[[Any], int]
    move: Callable[..., int]
