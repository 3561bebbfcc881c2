"""送达回执: what is recorded of the delivery of a decision's letter is written into its case."""

from datetime import datetime

from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import deciding
from liaoyuan.core.choices import CaseState, DeliveryResult, Event
from liaoyuan.core.documents.case_letters import DECISIONS
from liaoyuan.core.models import Case, Document
from liaoyuan.core.params import DELIVERY_RESULT_TITLES, DELIVERY_WAY_TITLES


def follow(document: Document, step: str, by: Actor, at: datetime) -> None:
    """When the decision's letter is signed for, its case is delivered: on that day, in that way.

    Whoever records the delivery need not handle the case. One that was noted as delivered by hand stays as it is.
    """
    if step != Event.DOCUMENT_DELIVERED or document.code not in DECISIONS or not document.subject_id.isdecimal():
        return
    told = document.deliveries.order_by("-pk").first()
    case = Case.objects.filter(pk=int(document.subject_id)).first()
    if told is None or told.result != DeliveryResult.SIGNED or case is None or case.state != CaseState.DECIDED:
        return
    words = (_(DELIVERY_WAY_TITLES[told.way]), _(DELIVERY_RESULT_TITLES[told.result]), document.number)
    deciding.receipt(case=case, on=told.signed_on or told.sent_on, how=" ".join(filter(None, words)), by=by, at=at)
