"""Names of members, for pages whose scope was asked already."""

from collections.abc import Iterable

from liaoyuan.party.models import MemberRecord


def member_names(keys: Iterable[int | None]) -> dict[int, str]:
    """The present names by key. The caller may show them: officers are named to whoever sees their party organization,
    others to whoever sees the roster.
    """
    wanted = {key for key in keys if key}
    rows = MemberRecord.objects.current().filter(member__in=wanted) if wanted else MemberRecord.objects.none()
    return dict(rows.values_list("member_id", "name"))
