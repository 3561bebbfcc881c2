"""Retention of dues: a base that holds no more is emptied after some years; what was due and paid stays."""

from collections.abc import Sequence
from datetime import datetime

from liaoyuan.core.access import Actor
from liaoyuan.core.registries import Retained
from liaoyuan.party.models import DuesBase
from liaoyuan.party.queries import dues

CLASS = "dues_bases"


def _end(keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    return DuesBase.objects.filter(pk__in=list(keys)).update(base="")


CLASSES = (Retained(CLASS, dues.bases_before, _end),)
