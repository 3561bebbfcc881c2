"""Dues, posts, terms and venues of the branches that the house walks through: one inside and one outside."""

from datetime import date, timedelta
from typing import Any

from liaoyuan.core import clock
from liaoyuan.party.models import Due, DuesRequest, DuesStudy, DuesUse, PartyOrganization, Venue, VenueBooking
from tests.core.factories import AT
from tests.party import factories as party


def lay(keys: dict[str, Any]) -> None:
    """A paid and an unpaid month of the member, his base, a use, a post, a term, a venue with a booking."""
    for name in ("inside", "outside"):
        branch = PartyOrganization.objects.get(pk=keys[f"branch_{name}"])
        who = party.Member.objects.get(pk=keys[f"member_{name}"])
        party.dues_base(who, 5001)
        told = {"party_organization": branch, "member": who, "category": "monthly", "rate": 150, "due_fen": 7502,
                "recorded_at": AT}  # fmt: skip
        owed = Due.objects.create(month=date(2026, 9, 1), **told)
        paid = Due.objects.create(month=date(2026, 8, 1), paid_on=date(2026, 8, 20), paid_fen=7502, payee="甲", **told)
        use = DuesUse.objects.create(party_organization=branch, on=date(2026, 8, 25), purpose="订阅党报党刊",
                                     amount_fen=5000, approved_by="支部委员会", recorded_at=AT)  # fmt: skip
        post = party.post(branch, who, "publicity")
        party.term(branch, number=9, due_on=date(2027, 1, 1))
        venue = Venue.objects.create(party_organization=branch, name=f"演示驿站{name}", address="示例路1号", made_at=AT)
        start = clock.now() + timedelta(days=20)
        booking = VenueBooking.objects.create(venue=venue, party_organization=branch, starts_at=start, made_at=AT,
                                              ends_at=start + timedelta(hours=1), purpose="主题党日")  # fmt: skip
        asked = DuesRequest.objects.create(party_organization=branch, member=who, first_month=date(2026, 11, 1),
                                           last_month=date(2027, 3, 1), wished_fen=20, applied_on=date(2026, 10, 8),
                                           made_at=AT)  # fmt: skip
        study = DuesStudy.objects.create(party_organization=branch, member=who, heard_on=date(2026, 10, 8), months=6,
                                         opened_on=date(2026, 10, 9), made_at=AT)  # fmt: skip
        keys |= {f"dues_request_{name}": asked.pk, f"dues_study_{name}": study.pk}
        keys |= {f"due_{name}": owed.pk, f"paid_{name}": paid.pk, f"dues_use_{name}": use.pk, f"post_{name}": post.pk,
                 f"venue_{name}": venue.pk, f"booking_{name}": booking.pk}  # fmt: skip
