"""Opening the grades of 民主评议: the branch's committee only, and each member learns that his was read."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from liaoyuan.core import reads
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.party.actions import entering
from liaoyuan.party.models import Member, PartyOrganization
from liaoyuan.party.queries import reviews, voters


@transaction.atomic
def opened(*, party: PartyOrganization, year: int, by: Actor, at: datetime) -> dict[int, str]:
    """Grades of a branch's year by member. A read event on the branch and on each member whose grade is shown."""
    if not reviews.may_read(by, party, localdate(at)):
        raise PermissionDenied
    found = reviews.grades(by, party, year, localdate(at))
    reads.opened(entering.subject(party), by=by, at=at)
    names = voters.names(found)
    for member in Member.objects.filter(pk__in=list(found)).order_by("pk"):
        reads.opened(entering.member_subject(member, names.get(member.pk, "")), by=by, at=at)
    return found
