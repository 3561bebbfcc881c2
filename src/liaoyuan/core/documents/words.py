"""Word templates: what a template may hold, and filling one with texts. No Django here: the trial runs beside it.

A template is data from outside. Of Jinja only places (`{{ name }}`), conditions over them and one loop over a list are
read; no calls, no attributes but those of a loop's row, nothing nested. So the work of a template is bounded by its
size times the length of its lists, before it is run for the first time.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

#: Bytes of the file and of its text; rows of a list; characters of one value.
MOST_BYTES, MOST_TEXT, MOST_ROWS, MOST_VALUE = 4 << 20, 1 << 20, 2000, 20_000
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.For, nodes.If, nodes.Getattr, nodes.Not,
    nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Const,
)  # fmt: skip
_LOOP = frozenset({"index", "first", "last"})
_ILLEGAL = re.compile("[\x00-\x06\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FOREIGN = re.compile(r"^word/(embeddings|activeX)/|vbaProject|\.bin$|^word/afchunk", re.IGNORECASE)
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template is not taken; the sentence stands in `core.rules.documents`."""

    code: str
    args: Mapping[str, str] = field(default_factory=dict)


def environment() -> SandboxedEnvironment:
    """The sandbox: texts are escaped, an unknown name is an error, nothing is within reach."""
    made = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


def check(data: bytes, places: Mapping[str, str], *, wanted: Iterable[str] = ()) -> list[Fault]:
    """What is wrong with a template for these places (name → text or list); `wanted` are the names it must use."""
    if len(data) > MOST_BYTES:
        return [Fault("too_big", {"limit": str(MOST_BYTES >> 20)})]
    try:
        foreign = list(_foreign(data))
        if foreign:
            return [Fault("foreign", {"names": "、".join(foreign[:3])})]
        sources = list(_sources(data))
    except Exception:
        return [Fault("unreadable")]
    if sum(map(len, sources)) > MOST_TEXT:
        return [Fault("too_big", {"limit": str(MOST_TEXT >> 20)})]
    found, used = _judged(sources, places)
    missing = [name for name in wanted if name not in used]
    if not found and missing:
        found.append(Fault("missing", {"names": "、".join(f"{{{{ {name} }}}}" for name in missing)}))
    return found


def _judged(sources: Iterable[str], places: Mapping[str, str]) -> tuple[list[Fault], set[str]]:
    env, used, unknown = environment(), set[str](), set[str]()
    for source in sources:
        try:
            tree = env.parse(source)
        except TemplateSyntaxError as error:
            return [Fault("syntax", {"what": str(error.message or "")[:120]})], used
        fault = _fault(tree, places, frozenset(), used, unknown, looping=False)
        if fault:
            return [fault], used
    if unknown:
        return [Fault("unknown", {"names": "、".join(sorted(unknown))})], used
    return [], used


def _fault(
    node: nodes.Node, places: Mapping[str, str], rows: frozenset[str], used: set[str], unknown: set[str],
    *, looping: bool,
) -> Fault | None:  # fmt: skip
    """The first construct that is not allowed below a node; names are gathered on the way."""
    if not isinstance(node, _ALLOWED):
        return Fault("construct", {"what": type(node).__name__.lower()})
    inside, below = rows, looping
    if isinstance(node, nodes.For):
        listed = isinstance(node.iter, nodes.Name) and places.get(node.iter.name, "list") == "list"
        if looping or node.recursive or node.test or not listed or not isinstance(node.target, nodes.Name):
            return Fault("construct", {"what": "for"})
        used.add(node.iter.name)  # type: ignore[attr-defined]
        if node.iter.name not in places:  # type: ignore[attr-defined]
            unknown.add(node.iter.name)  # type: ignore[attr-defined]
        inside, below = rows | {node.target.name, "loop"}, True
        children: Iterable[nodes.Node] = (*node.body, *node.else_)
    elif isinstance(node, nodes.Getattr):
        known = isinstance(node.node, nodes.Name) and node.node.name in rows and not node.attr.startswith("_")
        if not known or (node.node.name == "loop" and node.attr not in _LOOP):  # type: ignore[attr-defined]
            return Fault("construct", {"what": f".{node.attr}"})
        children = ()
    else:
        if isinstance(node, nodes.Name) and node.name not in rows:
            used.add(node.name)
            if node.name not in places:
                unknown.add(node.name)
        children = node.iter_child_nodes()
    for child in children:
        fault = _fault(child, places, inside, used, unknown, looping=below)
        if fault:
            return fault
    return None


def _foreign(data: bytes) -> Iterator[str]:
    """Parts and links that could run or fetch something: programs, embedded objects, pictures from afar."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if _FOREIGN.search(info.filename):
                yield info.filename
            if info.filename.endswith(".rels") and info.file_size < MOST_TEXT:
                for link in _parsed(archive.read(info)):
                    kind = str(link.get("Type", "")).rpartition("/")[2]
                    if link.get("TargetMode") == "External" and kind != "hyperlink":
                        yield f"{info.filename}（{kind}）"


def _parsed(data: bytes) -> Any:
    return etree.fromstring(data, parser=etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _sources(data: bytes) -> Iterator[str]:
    """The Jinja texts of all parts that are filled: body, headers, footers, footnotes."""
    document = DocxTemplate(io.BytesIO(data))
    document.init_docx()
    yield document.patch_xml(document.get_xml())
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _key, part in document.get_headers_footers(uri):
            yield document.patch_xml(document.get_part_xml(part))
    for part in document.docx.part.package.parts:
        if part.content_type.endswith("footnotes+xml"):
            yield document.patch_xml(part.blob.decode())


def plain(text: str) -> str:
    """A text without signs that neither XML nor a database can hold."""
    return _ILLEGAL.sub("", text.replace("\a", "")).strip()


def clean(value: Any) -> Any:
    """A value as a template takes it: no sign that XML cannot hold, a new line is a new paragraph."""
    if isinstance(value, str):
        return re.sub(r"\s*\n\s*", "\a", _ILLEGAL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))[:MOST_VALUE])
    if isinstance(value, Mapping):
        return {str(name): clean(entry) for name, entry in value.items()}
    return [clean(entry) for entry in list(value)[:MOST_ROWS]]


def fill(data: bytes, values: Mapping[str, Any], *, title: str, author: str, at: datetime) -> bytes:
    """The template with its places filled, as the same bytes for the same values and moment.

    Raises ValueError with the place's name when a value is missing.
    """
    document = DocxTemplate(io.BytesIO(data))
    document.init_docx()
    _name(document.docx, "", "", at)
    try:
        document.render({name: clean(value) for name, value in values.items()}, environment())
    except TemplateError as error:
        raise ValueError(str(error)) from error
    _name(document.docx, title, author, at)
    out = io.BytesIO()
    document.docx.save(out)
    return steady(out.getvalue())


def _name(document: Any, title: str, author: str, at: datetime) -> None:
    told = document.core_properties
    told.title, told.author, told.last_modified_by = title[:200], author, author
    told.subject = told.keywords = told.comments = told.category = told.identifier = told.language = ""
    told.revision = 1
    told.created = told.modified = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def steady(data: bytes) -> bytes:
    """The same archive with fixed times and a fixed order of its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made,
    ):
        for name in sorted(given.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            made.writestr(info, given.read(name))
    return out.getvalue()
