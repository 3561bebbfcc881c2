"""Who sees which notice, who keeps which, what is unread."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from liaoyuan.core import access, registries
from liaoyuan.core.choices import Audience, NoticeState, Permission, ScopeKind
from liaoyuan.core.models import Area, Attachment, Notice, NoticeRead, User
from liaoyuan.core.models.notices import NoticeQuerySet
from liaoyuan.core.queries import files
from liaoyuan.core.vault import VaultError
from liaoyuan.kit.files.kinds import MEDIA_TYPES, PICTURES

AUDIENCE_TITLES: dict[str, str] = {
    Audience.OFFICES: "机关和街道",
    Audience.BODIES: "社会组织",
    Audience.ALL: "机关和社会组织",
    Audience.PUBLIC: "向社会公开",
}
STATE_TITLES: dict[str, str] = {
    NoticeState.DRAFT: "草稿", NoticeState.PUBLISHED: "已发布", NoticeState.WITHDRAWN: "已撤回",
}  # fmt: skip
MARKS = {"published": "ok", "withdrawn": "closed"}
KIND = "notice"
PURPOSE = "notice"


def _area(prefix: str) -> Q:
    """Notices for an area that holds this one, or lies in it."""
    codes = prefix.strip("/").split("/")
    return Q(area__path__startswith=prefix) | Q(area__code__in=codes)


def visible(user: Any, on: date) -> QuerySet[Notice]:
    """Notices of the day for this person: by what he is, where, and in which role; public ones for everybody."""
    told = Q(audience=Audience.PUBLIC)
    for grant in access.grants_of(user):
        roles = Q(roles="") | Q(roles__contains=f",{grant.role},")
        if grant.scope_kind == ScopeKind.ORGANIZATION:
            told |= Q(audience__in=(Audience.BODIES, Audience.ALL)) & roles & _of_body(grant.scope_id)
        else:
            place = _area(grant.path) if grant.path else Q()
            told |= Q(audience__in=(Audience.OFFICES, Audience.ALL)) & roles & place
    return Notice.objects.showing(on).filter(told).select_related("area")


def _of_body(key: str) -> Q:
    """Notices for the place where a body is registered, or a wider one."""
    resolver = registries.scope_kinds.get("organization")
    found = resolver.find(key) if resolver is not None and resolver.find is not None else None
    if resolver is None or found is None:
        return Q(pk__in=[])
    writable, readable, _key = resolver.resolve(found)
    codes = {code for path in (*writable, *readable) if path for code in path.strip("/").split("/")}
    return Q(area__code__in=codes)


def public(on: date) -> NoticeQuerySet:
    """What everybody may read."""
    return Notice.objects.showing(on).filter(audience=Audience.PUBLIC)


def kept(user: Any) -> QuerySet[Notice]:
    """Notices that the user writes and withdraws: those for places within his work."""
    reach = access.reach(user, Permission.NOTICE_EDIT)
    told = Q() if reach.everything else Q(pk__in=[])
    for path in reach.paths:
        told |= Q(area__path__startswith=path)
    rows = Notice.objects.filter(told).select_related("area", "made_by", "published_by")
    return rows.annotate(read_count=Count("reads")).order_by("-pk")


def with_marks(rows: QuerySet[Notice], user: User) -> QuerySet[Notice]:
    """The notices with `is_read`."""
    return rows.annotate(is_read=Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), user=user)))


def unread_of(rows: QuerySet[Notice], user: User) -> QuerySet[Notice]:
    """Those that the person has not marked as read."""
    return rows.exclude(pk__in=NoticeRead.objects.filter(user=user).values("notice"))


def unread(user: Any, on: date) -> int:
    """How many notices of the day the person has not marked as read."""
    return unread_of(visible(user, on), user).count()


def unread_first(user: Any, on: date) -> list[Notice]:
    """The first notices that the person has not marked as read, for his home page."""
    return list(unread_of(visible(user, on), user)[:3])


def find(user: Any, pk: int, on: date) -> Notice | None:
    """A notice that the person may read or keeps."""
    return visible(user, on).filter(pk=pk).first() or kept(user).filter(pk=pk).first()


def keeps(user: Any, notice: Notice) -> bool:
    """Whether the person may change and withdraw it."""
    reach = access.reach(user, Permission.NOTICE_EDIT)
    return reach.everything or any(notice.area.path.startswith(path) for path in reach.paths)


def areas_of(user: Any) -> list[Area]:
    """Places for which the person may publish: his own and the streets in them."""
    reach = access.reach(user, Permission.NOTICE_EDIT)
    told = Q(pk__in=[])
    for path in reach.paths:
        told |= Q(path__startswith=path)
    levels = ("province", "city", "district", "street")
    return list(Area.objects.live().filter(told, level__in=levels).order_by("code")[:500])


def files_of(notice: Notice) -> list[Attachment]:
    """Its attachments."""
    rows = Attachment.objects.living().of(KIND, notice.pk).select_related("file")
    return list(rows.order_by("uploaded_at", "pk"))


class Content(NamedTuple):
    """An attachment to be sent: of a picture the copy without EXIF."""

    content: Any
    size: int
    media_type: str
    name: str
    mark: str


def content(notice: Notice, key: int) -> Content | None:
    """One attachment of a notice, whose reader may read the notice; None when there is none, or it cannot be read."""
    row = next((one for one in files_of(notice) if one.pk == key), None)
    picture = row is not None and row.file.kind in ("heic", *PICTURES)
    if row is None or (picture and not row.file.copy_name):
        return None
    part = "copy" if picture else "original"
    try:
        found, size = files.content(row.file, part)
    except (OSError, ValueError, VaultError):
        return None
    name = f"{row.name.rpartition('.')[0] or row.name}.jpg" if picture else row.name
    media = "image/jpeg" if picture else MEDIA_TYPES[row.file.kind]
    return Content(found, size, media, name, f"{row.file.sha256[:32]}-{part}")


def paragraphs(text: str) -> list[str]:
    """The text in paragraphs; nothing in it is markup."""
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


# What the files of a notice need to know of it


def found(key: str) -> Notice | None:
    """The notice with this key."""
    return Notice.objects.select_related("area").filter(pk=int(key)).first() if key.isdecimal() else None


def scope_of(notice: Notice) -> tuple[list[str], list[str], str]:
    """Its place writes; who reads it is a matter of `visible`."""
    return [notice.area.path], [], ""


def to_file(user: Any, key: str) -> Notice | None:
    """A draft that the user keeps: what is published is not added to any more."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return kept(user).filter(pk=int(key), state=NoticeState.DRAFT).first()
