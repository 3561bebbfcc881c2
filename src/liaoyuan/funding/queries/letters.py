"""What the documents of a round know by themselves."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from liaoyuan.core import clock, vault
from liaoyuan.core.models import Document
from liaoyuan.core.queries import documents as core
from liaoyuan.core.rules.documents import day_text
from liaoyuan.funding.choices.awards import TrancheState
from liaoyuan.funding.choices.money import TRANCHE_TRIGGER_TITLES
from liaoyuan.funding.choices.review import OBJECTION_KIND_TITLES
from liaoyuan.funding.models import Agreement, AwardLine, AwardList, AwardObjection, Tranche
from liaoyuan.funding.queries import limits, publicity, secrets
from liaoyuan.funding.rules.payments import plan
from liaoyuan.funding.rules.reviews import UNIT_TITLES
from liaoyuan.kit.money import format_yuan, to_capitals


def _names(lines: Iterable[AwardLine], amounts: Mapping[int, int]) -> str:
    return "\n".join(
        f"{place}. {line.number} {line.project_title}（{line.body_name}{'，' + line.place if line.place else ''}）"
        f"　{format_yuan(amounts[line.pk])} 元"
        for place, line in enumerate(lines, 1)
    )


def of_list(row: AwardList, on: date) -> dict[str, str]:
    """Notice and approval: the round, whom to object to, the list as it stands."""
    lines = list(row.lines.all())
    return {
        "round": row.round.title,
        "name": row.round.title,
        "receiver": row.receiver,
        "channel": row.channel,
        "names": _names(lines, {line.pk: line.amount_fen for line in lines}),
        "total": format_yuan(sum(line.amount_fen for line in lines)),
        "days": f"{row.days} {UNIT_TITLES[row.unit]}",
    }


def around_notice(document: Document, on: date) -> dict[str, str]:
    """The days of a notice that is issued on the day."""
    row = AwardList.objects.select_related("round__programme__area").get(pk=int(document.subject_id))
    last, _provisional = publicity.term(limits.limits_of(row.round), on)
    return {"first": day_text(on), "last": day_text(last)}


def around_approval(document: Document, on: date) -> dict[str, str]:
    """The projects that this approval approves, with the amounts that stand today."""
    row = AwardList.objects.select_related("document").get(pk=int(document.subject_id))
    lines = list(row.lines.filter(approval=document.pk))
    return {
        "names": _names(lines, {line.pk: line.due_fen for line in lines}),
        "total": format_yuan(sum(line.due_fen for line in lines)),
        "notice_number": row.document.number if row.document is not None else "",
        "first": day_text(row.opens_on) if row.opens_on is not None else "",
        "last": day_text(row.closes_on) if row.closes_on is not None else "",
    }


def of_objection(row: AwardObjection, on: date) -> dict[str, str]:
    """The answer: never who objected."""
    held = limits.limits_of(row.award_list.round)
    about = f"{row.line.number} {row.line.project_title}" if row.line is not None else row.award_list.title
    return {
        "name": "异议人",
        "about": about,
        "received": day_text(row.received_on),
        "kind": OBJECTION_KIND_TITLES[row.kind],
        "result": "异议成立" if row.upheld else "异议不成立",
        "appeal_days": f"{held['gv.objection.days']} {UNIT_TITLES[str(held['gv.objection.unit'])]}",
    }


def of_agreement(row: Agreement, on: date) -> dict[str, str]:
    """The agreement with its full account number; its document is kept sealed."""
    project, programme = row.project, row.project.round.programme
    held = limits.limits_of(project.round)
    percents, triggers = tuple(held["gv.tranche.percents"]), tuple(held["gv.tranche.triggers"])
    return {
        "round": project.round.title,
        "host": programme.host,
        "organizer": programme.organizer,
        "name": row.body_name,
        "project": project.title,
        "project_number": project.number,
        "amount": format_yuan(row.amount_fen),
        "capitals": to_capitals(row.amount_fen),
        "pools": "，".join(
            f"{share.pool.title} {format_yuan(share.amount_fen)} 元" for share in row.shares.select_related("pool")
        ),
        "first": day_text(row.starts_on),
        "last": day_text(row.ends_on),
        "places": "、".join(row.places),
        "account_name": row.account_name,
        "account_bank": row.account_bank,
        "account_number": vault.decrypt(row.account_number, purpose=secrets.ACCOUNT),
        "tranches": "\n".join(
            f"第 {no} 期 {percent}%，{TRANCHE_TRIGGER_TITLES[trigger]}后拨付，{format_yuan(fen)} 元"
            for no, (percent, trigger, fen) in enumerate(
                zip(percents, triggers, plan(percents, row.amount_fen), strict=False), 1
            )
        ),
        "targets": "\n".join(f"{one.title} {one.target} {one.unit}" for one in project.indicators.all()),
    }


def of_tranche(row: Tranche, on: date) -> dict[str, str]:
    """The approval sheet (F22). Of the account it tells the last four digits."""
    agreement = row.agreement
    paid = agreement.tranches.filter(state=TrancheState.PAID.value).values_list("amount_fen", flat=True)
    met = agreement.conditions.filter(trigger=row.trigger).first()
    return {
        "name": agreement.body_name,
        "body": agreement.body_name,
        "project": agreement.project.title,
        "project_number": agreement.project.number,
        "contract": format_yuan(agreement.amount_fen),
        "paid": format_yuan(sum(paid)),
        "no": str(row.no),
        "percent": str(row.percent),
        "amount": format_yuan(row.amount_fen),
        "capitals": to_capitals(row.amount_fen),
        "trigger": TRANCHE_TRIGGER_TITLES[row.trigger],
        "met": day_text(met.met_on) if met is not None else "",
        "account": f"{agreement.account_name}，{agreement.account_bank}，尾号 {agreement.account_tail}",
        "preparer": row.prepared_by.display_name if row.prepared_by is not None else "",
    }


def around(document: Document, on: date) -> dict[str, str]:
    """What one document knows besides its subject."""
    if document.code == "award_notice":
        return around_notice(document, on)
    return around_approval(document, on) if document.code == "award_approval" else {}


def subject_of(document: Document) -> Any:
    """The record that a document is about."""
    found = core.subject_of(document)
    if found is None:
        raise LookupError(f"document {document.pk} has lost its subject")
    return found


def issued_on(document: Document) -> date:
    """The day on which a document was issued."""
    if document.issued_at is None:
        raise LookupError(f"document {document.pk} is not issued")
    return clock.localdate(document.issued_at)
