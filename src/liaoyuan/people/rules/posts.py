"""GOV: what the law and the charters ask of who holds a post (handbook §1.5)."""

from datetime import date

from liaoyuan.kit.dates import add_years
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.people.choices import COUNCIL, FOUNDATION_COUNCIL, OFFICERS, SUPERVISORS, PostKind
from liaoyuan.people.rules.facts import PersonFacts

_HEADS_OF_FOUNDATION = (PostKind.CHAIR, PostKind.VICE_CHAIR, PostKind.SECRETARY)


def _named(bodies: tuple[str, ...]) -> str:
    return "、".join(bodies)


def association_head(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-01: the legal representative of an association is not that of another one."""
    if facts.post != PostKind.LEGAL or facts.body_kind != "ST" or not facts.other_associations:
        return []
    return [limits.finding("GOV-01", field="kind", bodies=_named(facts.other_associations))]


def foundation_head(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-02: the legal representative of a foundation is that of nothing else; asked from either side."""
    if facts.post != PostKind.LEGAL:
        return []
    if facts.body_kind == "JJ" and facts.other_bodies:
        return [limits.finding("GOV-02", field="kind", bodies=_named(facts.other_bodies))]
    if facts.body_kind != "JJ" and facts.other_foundations:
        told = _named(facts.other_foundations)
        return [limits.finding("GOV-02", field="kind", variant="foundation", bodies=told)]
    return []


def foundation_relatives(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-04: relatives and paid directors of a foundation's council, and who may be its supervisor.

    Of a foundation that raises no public funds and of whose money nothing is known only the wider limit is asked.
    """
    if facts.body_kind != "JJ":
        return []
    found = []
    if facts.post in SUPERVISORS:
        for bars, variant in ((facts.on_council, "supervisor"), (facts.is_relative, "relative"),
                              (facts.finance_staff, "finance")):  # fmt: skip
            if bars:
                found.append(limits.finding("GOV-04", field="kind", variant=variant))
        return found
    council = facts.council_count or 0
    related, paid = facts.relatives_count or 0, facts.paid_count or 0
    if facts.public_fundraising or facts.private_money is False:
        if related:
            found.append(limits.finding("GOV-04", field="is_relative", variant="none", count=related))
    else:
        num, den = limits["jj.relatives_share"]
        if related * den > council * num:
            found.append(
                limits.finding("GOV-04", field="is_relative", uses=("jj.relatives_share",), council=council,
                               count=related, num=num, den=den)
            )  # fmt: skip
    num, den = limits["jj.paid_share"]
    if paid * den > council * num:
        found.append(
            limits.finding("GOV-04", field="is_paid", variant="paid", uses=("jj.paid_share",), council=council,
                           count=paid, num=num, den=den)
        )  # fmt: skip
    return found


def officer_age(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-06: an association's officer is not older than the charter allows, unless approved. The birthday passes."""
    if facts.post not in OFFICERS or facts.body_kind != "ST" or facts.birth is None or facts.age_approval:
        return []
    years = limits["officer.age_max"]
    full = add_years(facts.birth, years)
    if on <= full:
        return []
    return [limits.finding("GOV-06", field="age_approval", uses=("officer.age_max",), day=full.isoformat(),
                           years=years)]  # fmt: skip


def retired_cadre(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-07: a retired leading cadre in an association: approved, one post, two terms, seventy years, unpaid."""
    if not facts.retired_cadre or facts.body_kind != "ST":
        return []
    found = []
    if not facts.cadre_approval:
        found.append(limits.finding("GOV-07", field="cadre_approval"))
    most = limits["retired_cadre.posts_max"]
    if facts.cadre_posts is not None and facts.cadre_posts + 1 > most:
        found.append(limits.finding("GOV-07", field="is_retired_cadre", variant="posts",
                                    uses=("retired_cadre.posts_max",), most=most, count=facts.cadre_posts))  # fmt: skip
    most = limits["retired_cadre.terms_max"]
    if facts.term_no is not None and facts.term_no > most:
        found.append(limits.finding("GOV-07", field="term_no", variant="terms", uses=("retired_cadre.terms_max",),
                                    most=most, term=facts.term_no))  # fmt: skip
    years = limits["retired_cadre.age_max"]
    if facts.birth is not None and on > add_years(facts.birth, years):
        found.append(limits.finding("GOV-07", field="is_retired_cadre", variant="age", uses=("retired_cadre.age_max",),
                                    day=add_years(facts.birth, years).isoformat(), years=years))  # fmt: skip
    if facts.paid:
        found.append(limits.finding("GOV-07", field="is_paid", variant="paid"))
    return found


def state_staff(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-08: nobody in state service is chair, vice chair or secretary general of a foundation."""
    if facts.body_kind != "JJ" or facts.post not in _HEADS_OF_FOUNDATION or not facts.state_staff:
        return []
    return [limits.finding("GOV-08", field="is_state_staff")]


def charity_bars(facts: PersonFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GOV-10: who may not be an officer of a charity."""
    if not facts.is_charity or facts.post not in OFFICERS:
        return []
    found = []
    if facts.no_capacity:
        found.append(limits.finding("GOV-10", field="no_capacity"))
    years = limits["charity.bar_years"]
    for since, variant, field in (
        (facts.sentence_ended_on, "sentence", "sentence_ended_on"), (facts.closed_head_on, "closed", "kind"),
    ):  # fmt: skip
        if since is not None and on < add_years(since, years):
            found.append(
                limits.finding("GOV-10", field=field, variant=variant, uses=("charity.bar_years",),
                               since=since.isoformat(), years=years, until=add_years(since, years).isoformat())
            )  # fmt: skip
    return found


def sits(post: str, body_kind: str) -> bool:
    """Whether the holder of the post sits on the council of a body of this kind."""
    return post in (FOUNDATION_COUNCIL if body_kind == "JJ" else COUNCIL)
