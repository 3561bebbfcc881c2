"""Applicants when two entries of a person become one, and when what is told of them is due to end."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import retention
from liaoyuan.core.registries import Retained
from liaoyuan.party.actions import developing, entering
from liaoyuan.party.choices.codes import Event
from liaoyuan.party.models import Applicant, ApplicantRecord, DevelopmentMark, DevelopmentStep, Mentor
from liaoyuan.party.queries import applicants as reading

CLASS = "applicants_closed"
#: Stands where a name was.
GONE = "*"


def knows(person: int) -> bool:
    """Whether this floor tells of the person as an applicant."""
    return Applicant.objects.known().filter(person=person).exists()


def carry_person(*, gone: int, kept: int, by: Actor, at: datetime) -> None:
    """The applicant becomes the person who stays. Refused when both have an application, without saying so."""
    rows = list(Applicant.objects.known().filter(person=gone).select_related("party_organization"))
    if not rows:
        return
    if Applicant.objects.known().filter(person=kept, closed_on__isnull=True).exists():
        raise entering.refusal("PER-MERGE-OTHER", _("两人在其他业务里各有记录，不能在这里合并。"), "other")
    told = {r.applicant_id: r.name for r in ApplicantRecord.objects.current().filter(applicant__in=rows)}
    for row in rows:
        developing.lock(row)
        row.person_id, row.version = kept, row.version + 1
        row.save(update_fields=["person", "version"])
        events.record(Event.MEMBER_CARRIED, developing.subject(row, told.get(row.pk, "")), by=by, at=at)


def _end(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Empty what is told of them and destroy their event keys; those under a legal hold stay."""
    free = [key for key in keys if retention.erase_each(reading.SUBJECT, [key], by=by, at=at)]
    ApplicantRecord.objects.filter(applicant__in=free).update(
        name=GONE, name_key=GONE, birth="", education="", job="", numbered=False, leaves_on=None
    )
    DevelopmentStep.objects.filter(applicant__in=free).update(evidence="", reason="")
    DevelopmentMark.objects.filter(applicant__in=free).update(evidence="")
    Mentor.objects.filter(applicant__in=free).delete()
    return Applicant.objects.filter(pk__in=free).count()


CLASSES = (Retained(CLASS, reading.closed_before, _end),)
TELLER = (knows, carry_person)
