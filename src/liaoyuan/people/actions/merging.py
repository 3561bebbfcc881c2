"""Two entries of one human being become one; one entry of two becomes two. Done by an officer over all the bodies."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, registries
from liaoyuan.core.access import Actor
from liaoyuan.people.actions import entering, moving
from liaoyuan.people.choices import REVIEW_TITLES, Event, Permission
from liaoyuan.people.models import NameReview, Person, Profile
from liaoyuan.people.queries import names, secrets
from liaoyuan.registry.models import Organization


def _bodies(*persons: Person) -> list[Organization]:
    rows = Profile.objects.current().filter(person__in=persons)
    return list(Organization.objects.filter(pk__in=rows.values("organization")))


def _require_all(by: Actor, *persons: Person) -> None:
    """An officer with the permission over the area of every body concerned; a body's own people may not merge."""
    for organization in _bodies(*persons):
        access.require(by, Permission.EDIT, organization)


@transaction.atomic
def merge(*, kept: Person, gone: Person, reason: str, by: Actor, at: datetime) -> Person:
    """All rows of `gone` are carried to `kept`, which stays. Refused for two different identity numbers, for the same
    person, for overlapping employments, and without a reason.
    """
    _require_all(by, kept, gone)
    entering.lock(persons=[kept.pk, gone.pk], organizations=[o.pk for o in _bodies(kept, gone)])
    kept, gone = entering.living(kept), entering.living(gone)
    if kept.pk == gone.pk:
        raise entering.refusal("PER-MERGE-SELF", _("两条记录是同一条。"), "other")
    if kept.id_index and gone.id_index and kept.id_index != gone.id_index:
        raise entering.refusal("PER-MERGE-ID", _("两人的身份证号不同，不能合并。请先更正身份证号。"), "other")
    if len(reason.strip()) < 2:
        raise entering.refusal("PER-MERGE-REASON", _("请写明合并的依据。"), "reason")
    moved = moving.carry(gone, kept, by=by, at=at)
    for _knows, carry in registries.tellers.values():
        carry(gone=gone.pk, kept=kept.pk, by=by, at=at)
    gone.merged_into, gone.merged_at, gone.merged_by = kept, at, entering.recorder(by)
    gone.save(update_fields=["merged_into", "merged_at", "merged_by"])
    if gone.id_index and not kept.id_index:
        kept.id_number, kept.id_index = secrets.seal("id_number", secrets.number_of(gone)), gone.id_index
        kept.save(update_fields=["id_number", "id_index"])
    entering.touched(kept)
    for person, other in ((kept, gone), (gone, kept)):
        events.record(
            Event.MERGED, entering.subject(person, ""), by=by, at=at,
            payload={"other": other.pk, "kept": kept.pk, "rows": moved, "reason": reason.strip()[:200]},
        )  # fmt: skip
    return kept


@transaction.atomic
def decide(
    *, person: Person, outcome: str, profile: Profile | None = None, reason: str = "", by: Actor, at: datetime
) -> Person:
    """Decide about one identity number under several names: the same human being, or `profile` is somebody else.

    Somebody else gets an entry of his own without a number, which his body then corrects.
    """
    _require_all(by, person)
    if outcome not in REVIEW_TITLES:
        raise entering.refusal("PER-OUTCOME", _("请选择核定结论。"), "outcome")
    entering.lock(persons=[person.pk], organizations=[o.pk for o in _bodies(person)])
    person = entering.living(person)
    told = Profile.objects.current().filter(person=person)
    review = NameReview.objects.create(
        person=person, names=names.key_of(told.values_list("name_key", flat=True)), outcome=outcome,
        note=reason.strip()[:200], decided_at=at, decided_by=entering.recorder(by),
    )  # fmt: skip
    events.record(
        Event.NAMES_REVIEWED, entering.subject(person, ""), by=by, at=at,
        payload={"review": review.pk, "outcome": outcome, "reason": review.note},
    )  # fmt: skip
    if outcome == "different":
        if profile is None or not told.filter(pk=profile.pk).exists() or told.count() < 2:
            raise entering.refusal("PER-WHICH", _("请选择身份证号填错的是哪个组织的人员。"), "profile")
        other = Person.objects.create(created_at=at, created_by=entering.recorder(by))
        moved = moving.carry(person, other, organization=profile.organization, by=by, at=at)
        events.record(
            Event.SPLIT, entering.subject(person, ""), by=by, at=at,
            payload={"organization": profile.organization_id, "into": other.pk, "rows": moved},
        )  # fmt: skip
    entering.touched(person)
    return person
