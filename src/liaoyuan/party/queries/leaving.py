"""Members who left long ago: what is told of them is due to end."""

from datetime import datetime

from liaoyuan.core.clock import localdate
from liaoyuan.party.models import MemberRecord


def left_before(before: datetime) -> list[int]:
    """Keys of members who left before the moment and of whom something is still told."""
    rows = MemberRecord.objects.current().filter(left_on__lt=localdate(before)).exclude(name="*")
    return list(rows.order_by("member").values_list("member_id", flat=True))
