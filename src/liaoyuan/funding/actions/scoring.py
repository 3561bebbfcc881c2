"""Score cards: kept while they are filled in, signed, annulled with a reason; spreads talked over."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, policy
from liaoyuan.core.access import Actor
from liaoyuan.core.choices import Moment
from liaoyuan.core.clock import localdate
from liaoyuan.funding.actions import assigning, entering, stages
from liaoyuan.funding.choices.codes import Event, Permission
from liaoyuan.funding.choices.review import CardState, ReaderRole
from liaoyuan.funding.choices.states import ProjectState
from liaoyuan.funding.models import Discussion, GrantExpert, Project, Reading, ReviewStage, Score, ScoreCard
from liaoyuan.funding.queries import results
from liaoyuan.funding.rules.facts import reviews
from liaoyuan.funding.rules.facts.reviews import ReviewFacts
from liaoyuan.funding.rules.remarks import MOST, Remark
from liaoyuan.kit.findings import Finding, refuse_if_blocked

_HUNDREDTHS = 100
_MOST_HUNDREDTHS = 2**31 - 1


def _reading(reading: Reading, by: Actor) -> Reading:
    """One's own reading, while it is read: begun, not closed, not signed by the project's end."""
    if not access.has(by, Permission.REVIEW_SCORE) or not Reading.objects.of(by).filter(pk=reading.pk).exists():
        raise PermissionDenied(str(Permission.REVIEW_SCORE))
    rows = Reading.objects.select_for_update(of=("self",)).select_related("stage__round", "stage__sheet", "project")
    row = rows.get(pk=reading.pk)
    if row.ended_at is not None:
        raise entering.refusal("READING-GONE", _("您已不评审这个项目。"))
    if row.stage.begun_at is None:
        raise entering.refusal("STAGE-EARLY", _("评审还没有开始。"))
    if row.stage.closed_at is not None or row.project.state != ProjectState.IN_REVIEW:
        raise entering.refusal("STAGE-CLOSED", _("这个项目的评审已经结束。"))
    return row


def _card(row: Reading, version: int | None) -> ScoreCard | None:
    found = ScoreCard.objects.select_for_update().living().filter(reading=row).first()
    if found is not None and version is not None and found.version != version:
        raise entering.refusal("CARD-STALE", _("这份评分在别的窗口里改过，请核对最新内容。"))
    return found


def _asked(row: Reading, points: Mapping[str, int], card: ScoreCard | None, at: datetime) -> list[Finding]:
    """GV-REV-03 of the points as they would stand."""
    signed = card.signed_at if card is not None and card.state == CardState.SIGNED else None
    facts = ReviewFacts(
        scores=tuple(reviews.Score(item, given) for item, given in points.items()),
        signed_on=localdate(signed) if signed is not None else None,
        changed=signed is not None,
    )
    return policy.evaluate(Moment.SCORE_SAVE, facts, results.limits_for(row.stage), localdate(at))


def _locked(card: ScoreCard) -> None:
    """Refuse a signed card whatever the rule says: the database would refuse it as well."""
    if card.state == CardState.SIGNED and card.signed_at is not None:
        raise entering.refusal("CARD-SIGNED", _("评分已于 {signed} 签字，只能写明理由作废后重新打分。"),
                               signed=localdate(card.signed_at).isoformat())  # fmt: skip


@transaction.atomic
def save(
    *, reading: Reading, points: Mapping[str, int | None], remark: Remark | None = None, version: int | None = None,
    by: Actor, at: datetime,
) -> ScoreCard:  # fmt: skip
    """Keep what an expert has filled in so far: points by item in hundredths; None empties an item.

    Items that are not named stay as they are, without a remark the kept one does. What is out of range is refused,
    what is missing is not yet asked for.
    """
    row = _reading(reading, by)
    card = _card(row, version)
    if card is not None:
        refuse_if_blocked(_asked(row, {}, card, at))
        _locked(card)
    kept = dict(card.scores.values_list("item", "hundredths")) if card is not None else {}
    for item, given in points.items():
        if given is None:
            kept.pop(item, None)
        elif not 0 <= given <= _MOST_HUNDREDTHS:
            raise entering.refusal("CARD-POINTS", _("得分须为 0 以上的数。"), item)
        else:
            kept[item] = given
    refuse_if_blocked(f for f in _asked(row, kept, None, at) if "items" not in f.args)
    most = {**row.stage.sheet.items, **row.stage.sheet.bonus}
    beyond = [item for item, given in kept.items() if item not in most or given > most[item] * _HUNDREDTHS]
    if beyond:
        raise entering.refusal("CARD-RANGE", _("得分超出评分表的分值。"), beyond[0])
    amount = remark.amount_fen if remark is not None else None
    if amount is not None and not 0 <= amount <= row.project.grant_fen:
        raise entering.refusal("CARD-AMOUNT", _("建议金额应在 0 至申请的 {asked} 元之间。"), "amount_fen",
                               asked=f"{row.project.grant_fen / 100:,.2f}")  # fmt: skip
    said = {} if remark is None else {"suggested_fen": amount, "comment": remark.comment.strip()[:MOST]}
    if card is None:
        card = ScoreCard.objects.create(reading=row, saved_at=at, saved_by=entering.recorder(by), **said)
        events.record(Event.CARD_BEGUN, card, by=by, at=at, payload={"reading": row.pk})
    else:
        card.saved_at, card.saved_by = at, entering.recorder(by)
        for name, value in said.items():
            setattr(card, name, value)
        entering.touched(card, "saved_at", "saved_by", *said)
    card.scores.all().delete()
    Score.objects.bulk_create(
        Score(card=card, item=item, hundredths=given, most=most[item] * _HUNDREDTHS) for item, given in kept.items()
    )
    return card


@transaction.atomic
def sign(*, reading: Reading, version: int | None = None, by: Actor, at: datetime) -> ScoreCard:
    """Sign one's sheet: every item has its points. From then on nothing of it changes."""
    row = _reading(reading, by)
    card = _card(row, version)
    if card is None:
        raise entering.refusal("CARD-EMPTY", _("还没有打分。"))
    _locked(card)
    points = dict(card.scores.values_list("item", "hundredths"))
    if not set(row.stage.sheet.items) <= set(points):
        refuse_if_blocked(_asked(row, points, None, at))
        raise entering.refusal("CARD-EMPTY", _("还有没打分的项目，不能签字。"))
    refuse_if_blocked(_asked(row, points, None, at))
    card.state, card.total = str(CardState.SIGNED), sum(points.values())
    card.signed_at, card.signed_by = at, entering.recorder(by)
    entering.touched(card, "state", "total", "signed_at", "signed_by")
    events.record(Event.CARD_SIGNED, card, by=by, at=at, payload={"reading": row.pk, "total": card.total})
    return card


@transaction.atomic
def annul(*, card: ScoreCard, reason: str, version: int | None = None, by: Actor, at: datetime) -> ScoreCard:
    """Whoever confirms the round's decisions annuls a signed card; the expert may then make a new one."""
    stage = card.reading.stage
    access.require(by, Permission.CONFIRM, stage.round)
    entering.lock(rounds=[stage.round_id])
    if stages.living_stage(stage).closed_at is not None:
        raise entering.refusal("STAGE-CLOSED", _("这个评审阶段已经结束。"))
    row = ScoreCard.objects.select_for_update().get(pk=card.pk)
    if version is not None and row.version != version:
        raise entering.refusal("CARD-STALE", _("您打开页面之后，这份评分有变化，请核对最新内容。"))
    if row.state != CardState.SIGNED:
        raise entering.refusal("CARD-STATE", _("只有签过字的评分才需要作废。"))
    if not reason.strip():
        raise entering.refusal("CARD-REASON", _("请写明作废的理由。"), "reason")
    row.state, row.annulled_reason = str(CardState.ANNULLED), reason.strip()[:200]
    row.annulled_at, row.annulled_by = at, entering.recorder(by)
    entering.touched(row, "state", "annulled_reason", "annulled_at", "annulled_by")
    payload = {"reading": row.reading_id, "note": row.annulled_reason}
    events.record(Event.CARD_ANNULLED, row, by=by, at=at, payload=payload)
    return row


@transaction.atomic
def discuss(
    *, stage: ReviewStage, project: Project, note: str, further: GrantExpert | None = None, by: Actor, at: datetime
) -> Discussion:
    """Keep what was said of a project whose totals lie far apart; `further` is the expert who reads it besides."""
    access.require(by, Permission.EDIT, stage.round)
    entering.lock(rounds=[stage.round_id])
    row = stages.living_stage(stage)
    if row.closed_at is not None:
        raise entering.refusal("STAGE-CLOSED", _("这个评审阶段已经结束。"))
    if project.pk not in results.spreads(row):
        raise entering.refusal("SPREAD-NONE", _("这个项目的评分差距没有超过规定。"))
    if not note.strip():
        raise entering.refusal("SPREAD-NOTE", _("请写下讨论的情况。"), "note")
    made = Discussion.objects.create(stage=row, project=project, note=note.strip()[:1000], held_at=at,
                                     held_by=entering.recorder(by))  # fmt: skip
    if further is not None:
        assigning.add(stage=row, project=project, expert=further, role=str(ReaderRole.FURTHER), by=by, at=at)
    payload = {"kind": row.kind, "further": further.pk if further is not None else None}
    events.record(Event.SPREAD_DISCUSSED, row.round, by=by, at=at, payload=payload)
    return made
