"""Appointing to a post, ending and correcting it, linking the declared representative."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.kit.findings import Finding, only_new, refuse_if_blocked
from liaoyuan.kit.text import match_key
from liaoyuan.people.actions import entering, persons
from liaoyuan.people.choices import POST_TITLES, SOLE, Event, PostKind
from liaoyuan.people.models import Person, Post
from liaoyuan.people.queries import bodies
from liaoyuan.people.queries import posts as reading
from liaoyuan.registry.choices import LIVE
from liaoyuan.registry.models import OPEN, Organization, Standing
from liaoyuan.registry.rules.facts import OrganizationFacts

#: What a post says besides its kind and period.
FIELDS = (
    "term_no", "elected_on", "evidence", "is_paid", "is_relative", "relative_note", "is_retired_cadre",
    "cadre_approval", "is_state_staff", "age_approval", "cleared_on",
)  # fmt: skip


def asked(
    person: Person | None, organization: Organization, fields: Mapping[str, Any], *, start: date, end: date,
    birth: str = "", without: Post | None = None,
) -> list[Finding]:  # fmt: skip
    """What the rules say of the appointment as it would be, by the parameters of its first day."""
    row = bodies.standing(organization, start)
    limits = bodies.limits(row, start)
    least = limits.get("jj.council_min", 0)
    facts = reading.facts(
        person, organization, row, fields, on=start, end=end, birth=birth, without=without, council_min=least,
    )  # fmt: skip
    found = policy.evaluate(Moment.APPOINTMENT, facts, limits, start)
    here = Post.objects.active(start).filter(organization=organization)
    if without is not None:
        here = here.exclude(pk=without.pk)
    planned = Post(person=person, kind=str(fields.get("kind", "")), valid_from=start, valid_to=end)
    told = reading.council_facts([*here, planned], row, least=least)
    council = OrganizationFacts.from_dict({name: value for name, value in told.items() if value is not None})
    return [*found, *policy.evaluate("GOV-03", council, limits, start)]


@transaction.atomic
def appoint(
    *, person: Person, organization: Organization, fields: Mapping[str, Any], start: date, end: date = OPEN,
    assumed: bool = False, by: Actor, at: datetime, confirmed: bool = False, on_behalf: str = "",
) -> Post:  # fmt: skip
    """Appoint the person from the day `start`, until before `end`. `fields` holds `kind`, those of `FIELDS` and what is
    asked only (`no_capacity`, `sentence_ended_on`: judged, never stored).

    Refused by the rules of the appointment, for a post that somebody holds then, and for a body that is not live.
    """
    entering.require(by, organization)
    entering.lock(persons=[person.pk], organizations=[organization.pk])
    person = entering.living(person)
    profile = entering.told_by(person, organization)
    row = bodies.standing(organization, start)
    _check_body(row)
    _check_free(person, organization, str(fields["kind"]), start, end)
    birth = reading.birth_told(person, organization)
    told = refuse_if_blocked(
        asked(person, organization, fields, start=start, end=end, birth=birth), confirmed=confirmed
    )
    post = Post.objects.create(
        person=person, organization=organization, kind=fields["kind"], valid_from=start, valid_to=end, assumed=assumed,
        recorded_at=at, recorded_by=entering.recorder(by), **_columns(fields),
    )  # fmt: skip
    entering.touched(person)
    events.record(
        Event.APPOINTED, entering.subject(person, profile.name), by=by, at=at, findings=told, on_behalf=on_behalf,
        payload={"organization": organization.pk, "post": post.pk, "on": start.isoformat(),
                 "note": f"{row.name} {_(POST_TITLES[PostKind(post.kind)])}"},
    )  # fmt: skip
    return post


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    texts = {"evidence", "relative_note", "cadre_approval", "age_approval"}
    return {name: (fields.get(name) or "") if name in texts else fields.get(name) for name in FIELDS}


def _check_body(row: Standing) -> None:
    if row.status not in {str(s) for s in LIVE}:
        raise entering.refusal("POST-CLOSED", _("这个组织当日已终止，不能任职。"), "start")


def _check_free(
    person: Person, organization: Organization, kind: str, start: date, end: date, without: Post | None = None
) -> None:
    if end <= start:
        raise entering.refusal("POST-DATES", _("离任日期须晚于任职日期。"), "end")
    rows = Post.objects.overlapping(start, end).filter(organization=organization, kind=kind)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    if rows.filter(person=person).exists():
        raise entering.refusal("POST-TWICE", _("这名人员在这段时间已任同一职务。"), "kind")
    held = rows.first() if kind in SOLE else None
    if held is not None:
        sentence = _("这段时间已有人任{post}（自 {since}），请先办理离任。")
        since = held.valid_from.isoformat() if not held.assumed else _("不详")
        raise entering.refusal("POST-HELD", sentence, "kind", post=_(POST_TITLES[PostKind(kind)]), since=since)


def _locked(post: Post, by: Actor) -> tuple[Post, Person]:
    entering.require(by, post.organization)
    entering.lock(persons=[post.person_id], organizations=[post.organization_id])
    found = Post.objects.current().filter(pk=post.pk).select_related("organization", "person").first()
    if found is None:
        raise entering.refusal("POST-STALE", _("这条任职记录已被修改，请刷新后再试。"))
    return found, entering.living(found.person)


def _replace(post: Post, at: datetime, by: Actor, **changes: Any) -> Post:
    Post.objects.filter(pk=post.pk).update(superseded_at=at)
    post.pk, post._state.adding = None, True
    post.recorded_at, post.recorded_by, post.superseded_at = at, entering.recorder(by), None
    for name, value in changes.items():
        setattr(post, name, value)
    post.save(force_insert=True)
    return post


@transaction.atomic
def end(*, post: Post, on: date, reason: str = "", by: Actor, at: datetime, on_behalf: str = "") -> Post:
    """Let a post end: `on` is the first day on which it is not held any more."""
    post, person = _locked(post, by)
    if on <= post.valid_from:
        raise entering.refusal("POST-END", _("离任日期须晚于任职日期 {day}。"), "on", day=post.valid_from.isoformat())
    if on > localdate(at):
        raise entering.refusal("POST-END-LATE", _("离任日期不能晚于今天；任期届满日请用更正填写。"), "on")
    was = post.valid_to
    post = _replace(post, at, by, valid_to=on, end_reason=reason.strip()[:100])
    entering.touched(person)
    events.record(
        Event.POST_ENDED, entering.subject(person, entering.told_by(person, post.organization).name), by=by, at=at,
        on_behalf=on_behalf,
        payload={"organization": post.organization_id, "post": post.pk, "on": on.isoformat(),
                 "note": f"{bodies.standing(post.organization).name} {_(POST_TITLES[PostKind(post.kind)])}",
                 "changes": {"valid_to": [was.isoformat(), on.isoformat()]}},
    )  # fmt: skip
    return post


@transaction.atomic
def correct(
    *, post: Post, fields: Mapping[str, Any], start: date, end: date = OPEN, by: Actor, at: datetime,
    confirmed: bool = False,
) -> Post:  # fmt: skip
    """Correct what was never true of a post. Only findings that the correction brings about refuse it."""
    post, person = _locked(post, by)
    organization = post.organization
    _check_free(person, organization, str(fields["kind"]), start, end, without=post)
    birth = reading.birth_told(person, organization)
    was = {"kind": post.kind, **{name: getattr(post, name) for name in FIELDS}}
    before = asked(person, organization, was, start=post.valid_from, end=post.valid_to, birth=birth, without=post)
    after = asked(person, organization, fields, start=start, end=end, birth=birth, without=post)
    told = refuse_if_blocked(only_new(after, before), confirmed=confirmed)
    now = {"kind": fields["kind"], **_columns(fields), "valid_from": start, "valid_to": end}
    was = {**was, "valid_from": post.valid_from, "valid_to": post.valid_to}
    changes = {n: [entering.plain(was)[n], entering.plain(now)[n]] for n in now if was[n] != now[n]}
    if not changes:
        return post
    post = _replace(post, at, by, **now, assumed=post.assumed and start == was["valid_from"])
    entering.touched(person)
    events.record(
        Event.POST_CORRECTED, entering.subject(person, entering.told_by(person, organization).name), by=by, at=at,
        findings=told, payload={"organization": organization.pk, "post": post.pk, "changes": changes},
    )  # fmt: skip
    return post


@transaction.atomic
def link_declared(
    *, organization: Organization, fields: Mapping[str, Any], start: date, end: date = OPEN, assumed: bool, by: Actor,
    at: datetime, confirmed: bool = False,
) -> Post:  # fmt: skip
    """Link the representative whom the register declares to a person: he is entered (or found) and holds the post.

    `fields` are those of the person and of the post. A name that the register does not declare needs confirmation.
    """
    entering.require(by, organization)
    row = bodies.standing(organization)
    declared = row.legal_representative
    if match_key(declared) != match_key(str(fields["name"])) and not confirmed:
        sentence = _("登记库申报的是“{declared}”，与所填姓名不同，请核对。")
        refuse_if_blocked([entering.doubt("POST-DECLARED", sentence, "name", declared=declared or _("（空）"))])
    told = {name: value for name, value in fields.items() if name in (*persons.FIELDS, "id_number")}
    person = persons.enter(organization=organization, fields=told, by=by, at=at, confirmed=confirmed)
    kind = PostKind.PRINCIPAL if row.kind == "BA" else PostKind.LEGAL
    return appoint(
        person=person, organization=organization, fields={**fields, "kind": str(kind)}, start=start, end=end,
        assumed=assumed, by=by, at=at, confirmed=confirmed,
    )  # fmt: skip
