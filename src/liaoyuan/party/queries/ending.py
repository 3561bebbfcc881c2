"""What hangs on a party organization that is to be dissolved, counted on a day."""

from datetime import date, timedelta

from django.db.models import Q

from liaoyuan.core.choices import CaseDecision, CaseState
from liaoyuan.core.clock import moment
from liaoyuan.party.choices.life import MeetingState
from liaoyuan.party.choices.members import Stage, TransferState
from liaoyuan.party.choices.organizations import TASK_KINDS, FoundingState
from liaoyuan.party.choices.reorganizing import ChangeState
from liaoyuan.party.models import (
    Affiliation,
    Applicant,
    Due,
    Founding,
    Meeting,
    PartyOrganization,
    Reorganization,
    Transfer,
    Venue,
    VenueBooking,
)
from liaoyuan.party.queries import organizations as reading
from liaoyuan.party.queries import terms
from liaoyuan.party.rules.ending import EndingFacts

_TO_SETTLE = (Stage.SURVEYED.value, Stage.DUAL.value, Stage.MOVING.value)
_MEETINGS = (MeetingState.PLANNED.value, MeetingState.NOTICED.value, MeetingState.HELD.value)
#: An application whose case was refused or withdrawn is over, whatever its own state says.
OVER = Q(case__state=CaseState.WITHDRAWN.value) | Q(case__decision=CaseDecision.REFUSED.value)


def facts(party: PartyOrganization, on: date, *, without: int | None = None) -> EndingFacts:
    """What is left on the day `on`; `without` is the application to dissolve itself."""
    here = Affiliation.objects.current().filter(party_organization=party, valid_to__gt=on)
    open_letters = [TransferState.DRAFT.value, TransferState.ISSUED.value]
    letters = Transfer.objects.filter(Q(source=party) | Q(target=party), state__in=open_letters)
    foundings = Founding.objects.filter(superior=party).exclude(state=FoundingState.FILED.value).exclude(OVER)
    changes = Reorganization.objects.filter(Q(party_organization=party) | Q(superior=party))
    changes = changes.filter(state=ChangeState.APPLIED.value).exclude(OVER).exclude(pk=without or 0)
    bookings = VenueBooking.objects.standing().filter(
        Q(party_organization=party) | Q(venue__party_organization=party), ends_at__gte=moment(on + timedelta(days=1), 0)
    )
    term = terms.running(party)
    return EndingFacts(
        formal=here.formal().values("member").distinct().count(), below=reading.beneath(party),
        transfers=letters.count(), applicants=Applicant.objects.open().filter(party_organization=party).count(),
        dues=Due.objects.current().unpaid().filter(party_organization=party).count(),
        dual=here.sorted_out().filter(stage__in=_TO_SETTLE).values("member").distinct().count(),
        meetings=Meeting.objects.filter(party_organization=party, state__in=_MEETINGS).count(),
        held=Meeting.objects.filter(party_organization=party, state=MeetingState.CLOSED, held_on__gte=on).count(),
        venues=Venue.objects.in_use().filter(party_organization=party).count(), bookings=bookings.count(),
        applications=foundings.count() + changes.count(), term=term.number if term else 0,
        task=reading.formation(party, on).branch_kind in {str(kind) for kind in TASK_KINDS},
    )  # fmt: skip
