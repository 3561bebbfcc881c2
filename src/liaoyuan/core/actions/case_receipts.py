"""送达回执: what is recorded of the delivery of a decision's letter is written into its case."""

from datetime import datetime

from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import deciding
from liaoyuan.core.choices import CaseState, DeliveryResult, Event
from liaoyuan.core.models import Case, Document
from liaoyuan.core.params import DELIVERY_RESULT_TITLES, DELIVERY_WAY_TITLES
from liaoyuan.core.rules.documents import decided_case


def follow(document: Document, step: str, by: Actor, at: datetime) -> None:
    """When the decision's letter is signed for, its case is delivered: on that day, in that way.

    Whoever records the delivery need not handle the case. One that was noted as delivered by hand stays as it is.
    """
    key = decided_case(document.mark)
    if step != Event.DOCUMENT_DELIVERED or key is None:
        return
    told = document.deliveries.order_by("-pk").first()
    case = Case.objects.filter(pk=key).first()
    if told is None or told.result != DeliveryResult.SIGNED or case is None or case.state != CaseState.DECIDED:
        return
    words = (_(DELIVERY_WAY_TITLES[told.way]), _(DELIVERY_RESULT_TITLES[told.result]), document.number)
    deciding.receipt(case=case, on=told.signed_on or told.sent_on, how=" ".join(filter(None, words)), by=by, at=at)
