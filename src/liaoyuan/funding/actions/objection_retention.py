"""Who objected is forgotten some time after the answer; the objection and its answer stay."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from liaoyuan.core.access import Actor
from liaoyuan.core.registries import Retained
from liaoyuan.funding.models import AwardObjection

CLASS = "award_objectors"


def _due(before: datetime) -> Sequence[int]:
    rows = AwardObjection.objects.filter(answered_at__lt=before).exclude(objector="", contact="")
    appealed = Q(appeals__answered_at__isnull=True, appeals__isnull=False)
    return list(rows.exclude(appealed).order_by("pk").values_list("pk", flat=True))


def _end(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    return AwardObjection.objects.filter(pk__in=list(keys)).update(objector="", contact="")


CLASSES = (Retained(CLASS, _due, _end),)
