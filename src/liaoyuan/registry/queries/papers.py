"""Files of the register's records: which record, who sees it, where one goes back to, which checklist holds."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.core import policy
from liaoyuan.core.queries import files
from liaoyuan.core.registries import FileSubject
from liaoyuan.registry.models import Honour, Organization, Rating, RatingEntry, Standing
from liaoyuan.registry.params.papers import KEYS
from liaoyuan.registry.queries import ratings

type Record = Rating | Honour | RatingEntry


def _standing(organization: Organization) -> Standing:
    """The open standing, read once for each organization at hand."""
    kept: Standing | None = organization.__dict__.get("_open_standing")
    if kept is None:
        kept = Standing.objects.now_open().select_related("registrar_area").get(organization=organization)
        organization.__dict__["_open_standing"] = kept
    return kept


def _organization(user: Any, key: str) -> Organization | None:
    return Organization.objects.visible_to(user).filter(pk=int(key)).first() if _is_key(key) else None


def _is_key(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 19


def _rating(user: Any, key: str) -> Rating | None:
    rows = Rating.objects.current().visible_to(user).select_related("organization")
    return rows.filter(pk=int(key)).first() if _is_key(key) else None


def _honour(user: Any, key: str) -> Honour | None:
    rows = Honour.objects.current().visible_to(user).select_related("organization")
    return rows.filter(pk=int(key)).first() if _is_key(key) else None


def _entry(user: Any, key: str) -> RatingEntry | None:
    return ratings.seen(user, int(key)) if _is_key(key) else None


def _tab(organization: Organization, tab: str) -> str:
    """Without a fragment: a script that leads to the same address but for one would not load the page again."""
    return f"{reverse('registry:organization_detail', args=[organization.pk])}?tab={tab}"


def _chain(organization: Organization) -> Sequence[str]:
    return policy.chain(_standing(organization).registrar_area.path)


def _of_record(record: Record) -> str:
    name = _standing(record.organization).name
    if isinstance(record, Rating):
        return _("{name}：{level} 评估等级（{day}）").format(name=name, level=record.level, day=record.valid_from)
    if isinstance(record, RatingEntry):
        return _("{name}：评估自评的佐证材料（{round}）").format(name=name, round=record.round)
    return _("{name}：荣誉“{title}”").format(name=name, title=record.title)


def _awards(record: Record) -> str:
    return _tab(record.organization, "awards")


def _subject(kind: str, title: str, find: Any, address: Any = _awards) -> FileSubject:
    return FileSubject(
        kind=kind,
        title=title,
        find=find,
        holder=lambda record: record.organization,
        label=_of_record,
        address=address,
        papers=lambda record: "",
        chain=lambda record: _chain(record.organization),
    )


SUBJECTS = {
    subject.kind: subject
    for subject in (
        FileSubject(
            kind="organization",
            title="社会组织",
            find=_organization,
            holder=lambda organization: organization,
            label=lambda organization: _standing(organization).name,
            address=lambda organization: _tab(organization, "files"),
            papers=lambda organization: KEYS.get(_standing(organization).kind, ""),
            chain=_chain,
        ),
        _subject("rating", "评估等级", _rating),
        _subject("honour", "荣誉", _honour),
        _subject("ratingentry", "评估自评", _entry, lambda record: reverse("registry:rating_entry", args=[record.pk])),
    )
}


def evidence(ratings: Sequence[Rating], honours: Sequence[Honour]) -> dict[str, dict[str, list[Any]]]:
    """Files beside ratings and honours, by kind and key."""
    return {
        "rating": files.of_subjects("rating", [row.pk for row in ratings]) if ratings else {},
        "honour": files.of_subjects("honour", [row.pk for row in honours]) if honours else {},
    }
