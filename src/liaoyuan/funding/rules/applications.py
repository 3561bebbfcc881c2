"""APP: quota, eligibility, double funding, staff, sponsor, window, former projects (handbook §9.3).

Nothing here knows who is a member of the Party: having no member is no reason to refuse.
"""

from datetime import date
from typing import Any

from liaoyuan.funding.choices.budget import FUNDING_LEVEL_TITLES, REGION_TITLES, CountJoint, CountSponsored, Region
from liaoyuan.funding.rules.facts.applications import ApplicationFacts
from liaoyuan.kit.dates import add_months
from liaoyuan.kit.findings import Finding, Limits
from liaoyuan.registry.choices import (
    ANNUAL_RESULT_TITLES,
    CREDIT_TITLES,
    KIND_TITLES,
    STATUS_TITLES,
    CreditStatus,
    Kind,
    Status,
)

_MAX = "gv.max_apply"
_SPONSORED, _JOINT = "gv.count_sponsored", "gv.count_joint"


def quota(facts: ApplicationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-APP-01: so many projects a body and round, counted with this one; a sponsored one where the place says."""
    most, whose = limits[_MAX], limits[_SPONSORED]
    found = []
    own = not (facts.sponsor and whose == CountSponsored.SPONSOR)
    if own and facts.others is not None:
        found += _own_quota(facts, facts.others + 1, limits)
    if facts.sponsor and facts.sponsor_others is not None and facts.sponsor_others + 1 > most:
        variant = "sponsor" if whose == CountSponsored.OWN else "sponsor_quota"
        found.append(
            limits.finding("GV-APP-01", field="sponsor", variant=variant, uses=(_MAX, _SPONSORED),
                           count=facts.sponsor_others + 1, most=most)
        )  # fmt: skip
    if limits[_JOINT] == CountJoint.ALL:
        found += [
            limits.finding("GV-APP-01", field="partners", variant="partner", uses=(_MAX, _JOINT), names=name,
                           count=count + 1, most=most)
            for name, count in zip(facts.partners, facts.partner_others, strict=False)
            if count + 1 > most
        ]  # fmt: skip
    together = (facts.others or 0) + (facts.representative_others or 0) + 1
    if facts.representative_others and together > most:
        found.append(
            limits.finding("GV-APP-01", field="others", variant="representative", uses=(_MAX,), count=together,
                           most=most, names="、".join(facts.representative_bodies) or "—")
        )  # fmt: skip
    return found


def _own_quota(facts: ApplicationFacts, count: int, limits: Limits) -> list[Finding]:
    """The body's own quota, and the smaller one of a body that was never rated."""
    most, few = limits[_MAX], limits["gv.max_apply_unrated"]
    if count > most:
        return [
            limits.finding("GV-APP-01", field="others", uses=(_MAX, _SPONSORED), others=count - 1, count=count,
                           most=most)
        ]  # fmt: skip
    if few is not None and facts.rating == 0 and count > few:
        return [
            limits.finding("GV-APP-01", field="others", variant="unrated", uses=("gv.max_apply_unrated",), count=count,
                           most=few)
        ]  # fmt: skip
    return []


def eligible(facts: ApplicationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-APP-02: the body on the day, and what the call asks of the project."""
    return [*_body(facts, limits), *_standing(facts, limits, on), *_project(facts, limits), *_persons(facts, limits)]


def _body(facts: ApplicationFacts, limits: Limits) -> list[Finding]:
    found = []
    types = limits["gv.types"]
    sponsored = facts.kind == Kind.BA and limits["gv.sponsored"]
    if facts.kind and facts.kind not in types and not sponsored:
        names = "、".join(KIND_TITLES[Kind(code)] for code in types if code in set(Kind)) or "—"
        found.append(
            limits.finding("GV-APP-02", field="kind", variant="kind", uses=("gv.types", "gv.sponsored"), types=names,
                           kind=KIND_TITLES[Kind(facts.kind)])
        )  # fmt: skip
    if facts.status and facts.status != Status.ACTIVE:
        found.append(
            limits.finding("GV-APP-02", field="status", variant="status", status=STATUS_TITLES[Status(facts.status)])
        )
    region = limits["gv.region"]
    here, serves = facts.registered_here, facts.serves_here
    outside = here is False if region == Region.REGISTERED else here is False and serves is False
    if region != Region.OPEN and outside:
        found.append(
            limits.finding("GV-APP-02", field="registered_here", variant="region", uses=("gv.region",),
                           region=REGION_TITLES[Region(region)])
        )  # fmt: skip
    if limits["gv.need_history"] and facts.has_history is False:
        found.append(limits.finding("GV-APP-02", field="has_history", variant="history", uses=("gv.need_history",)))
    return found


def _standing(facts: ApplicationFacts, limits: Limits, on: date) -> list[Finding]:
    found = []
    months, years, least = (limits[f"gv.{key}"] for key in ("min_age_months", "annual_ok_years", "rating_min"))
    if months is not None and facts.registered_on is not None and on < add_months(facts.registered_on, months):
        found.append(
            limits.finding("GV-APP-02", field="registered_on", variant="age", uses=("gv.min_age_months",),
                           registered=facts.registered_on.isoformat(), months=months,
                           first=add_months(facts.registered_on, months).isoformat())
        )  # fmt: skip
    if years and facts.annual_results and not _all_well(facts.annual_results, years):
        told = "、".join(ANNUAL_RESULT_TITLES.get(result, result) for result in facts.annual_results[:years])
        found.append(
            limits.finding("GV-APP-02", field="annual_results", variant="annual", uses=("gv.annual_ok_years",),
                           years=years, results=told)
        )  # fmt: skip
    if least is not None and facts.rating is not None and facts.rating < least:
        found.append(
            limits.finding("GV-APP-02", field="rating", variant="rating", uses=("gv.rating_min",), least=least,
                           rating=f"{facts.rating}A" if facts.rating else "未评")
        )  # fmt: skip
    for key, variant in (("gv.bar_lists", "serious"), ("gv.warn_lists", "listed")):
        named = [CREDIT_TITLES[CreditStatus(code)] for code in facts.credit_lists if code in limits[key]]
        if named:
            found.append(
                limits.finding("GV-APP-02", field="credit_lists", variant=variant, uses=(key,), lists="、".join(named))
            )
    return found


def _all_well(results: tuple[str, ...], years: int) -> bool:
    """Whether the last years were all qualified, or exempt from the check."""
    return len(results) >= years and set(results[:years]) <= {"qualified", "exempt"}


def _project(facts: ApplicationFacts, limits: Limits) -> list[Finding]:
    found = []
    fields = limits["gv.fields"]
    if fields and facts.field and facts.field not in fields:
        found.append(
            limits.finding("GV-APP-02", field="field", variant="field", uses=("gv.fields",), fields="、".join(fields),
                           given=facts.field)
        )  # fmt: skip
    first, last = facts.period_from, facts.period_to
    if first is None or last is None:
        return found
    told: dict[str, Any] = {"first": first.isoformat(), "last": last.isoformat()}
    if last < first:
        return [*found, limits.finding("GV-APP-02", field="period_to", variant="period", **told)]
    shortest, longest = limits["gv.period_min_months"], limits["gv.period_max_months"]
    after = date.fromordinal(last.toordinal() + 1)
    if shortest is not None and after < add_months(first, shortest):
        found.append(
            limits.finding("GV-APP-02", field="period_to", variant="period_short", uses=("gv.period_min_months",),
                           months=shortest, **told)
        )  # fmt: skip
    if longest is not None and after > add_months(first, longest):
        found.append(
            limits.finding("GV-APP-02", field="period_to", variant="period_long", uses=("gv.period_max_months",),
                           months=longest, **told)
        )  # fmt: skip
    return found


def _persons(facts: ApplicationFacts, limits: Limits) -> list[Finding]:
    ages = (("leader_age", facts.leader_age), ("team_age", facts.team_age))
    return [
        limits.finding("GV-APP-02", field=name, variant=name, uses=(f"gv.{name}_below",), age=age,
                       below=limits[f"gv.{name}_below"])
        for name, age in ages
        if limits[f"gv.{name}_below"] is not None and age is not None and age >= limits[f"gv.{name}_below"]
    ]  # fmt: skip


def double(facts: ApplicationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-APP-03: money given for the same is a bar, likeness of words only a hint."""
    found = []
    if limits["gv.bar_double"] and facts.funded_same:
        found.append(
            limits.finding(
                "GV-APP-03", field="funded_same", uses=("gv.bar_double",), names="；".join(facts.funded_same)
            )
        )
    levels = [
        FUNDING_LEVEL_TITLES.get(level, level) for level in facts.funded_levels if level in limits["gv.bar_levels"]
    ]
    if levels:
        found.append(
            limits.finding("GV-APP-03", field="funded_levels", variant="level", uses=("gv.bar_levels",),
                           levels="、".join(levels))
        )  # fmt: skip
    if limits["gv.bar_last_winners"] and facts.won_last_round:
        found.append(
            limits.finding("GV-APP-03", field="won_last_round", variant="winner", uses=("gv.bar_last_winners",))
        )
    if facts.similar:
        found.append(limits.finding("GV-APP-03", field="similar", variant="similar", names="；".join(facts.similar)))
    return found


def staff(facts: ApplicationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-APP-04: full-time staff of the body, more of a social-work agency, and on the project."""
    social = limits["gv.full_time_min_social"] if facts.social_work else None
    key = "gv.full_time_min_social" if social is not None else "gv.full_time_min"
    asked = (
        ("full_time", facts.full_time, key, "social" if social is not None else ""),
        ("full_time_on_project", facts.full_time_on_project, "gv.full_time_on_project", "project"),
    )
    return [
        limits.finding("GV-APP-04", field=name, variant=variant, uses=(key,), least=limits[key], count=count)
        for name, count, key, variant in asked
        if limits[key] is not None and count is not None and count < limits[key]
    ]


def sponsor(facts: ApplicationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-APP-05: a body that is only filed applies through a registered sponsor."""
    if facts.kind != Kind.BA:
        return []
    if not limits["gv.sponsored"]:
        return [limits.finding("GV-APP-05", field="kind", variant="barred", uses=("gv.sponsored",))]
    if not facts.sponsor:
        return [limits.finding("GV-APP-05", field="sponsor")]
    if facts.sponsor_kind and facts.sponsor_kind not in limits["gv.types"]:
        return [
            limits.finding("GV-APP-05", field="sponsor", variant="kind", uses=("gv.types",), sponsor=facts.sponsor,
                           kind=KIND_TITLES[Kind(facts.sponsor_kind)])
        ]  # fmt: skip
    return []


def window(facts: ApplicationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-APP-06: written and handed in within the window; its last day counts to 24:00."""
    if facts.opens_on is not None and on < facts.opens_on:
        return [limits.finding("GV-APP-06", variant="early", first=facts.opens_on.isoformat())]
    if facts.closes_on is not None and on > facts.closes_on and not facts.late_agreed:
        return [limits.finding("GV-APP-06", last=facts.closes_on.isoformat())]
    return []


def former(facts: ApplicationFacts, limits: Limits, *, on: date) -> list[Finding]:
    """GV-APP-07: unfinished or failed projects, and a ban that still runs."""
    found = []
    if limits["gv.bar_unfinished"] and facts.overdue_projects:
        found.append(
            limits.finding("GV-APP-07", field="overdue_projects", uses=("gv.bar_unfinished",),
                           names="；".join(facts.overdue_projects))
        )  # fmt: skip
    if limits["gv.bar_failed"] and facts.failed_projects:
        found.append(
            limits.finding("GV-APP-07", field="failed_projects", variant="failed", uses=("gv.bar_failed",),
                           names="；".join(facts.failed_projects))
        )  # fmt: skip
    if facts.banned_until is not None and on <= facts.banned_until:
        last = facts.banned_until.isoformat()
        found.append(limits.finding("GV-APP-07", field="banned_until", variant="ban", last=last))
    return found
