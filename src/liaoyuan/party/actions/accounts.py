"""Which account is a member's own, and what he or an officer has shown of his masked values."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, events, reads, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.models import User
from liaoyuan.party.actions import entering, members
from liaoyuan.party.choices.codes import Event, Permission
from liaoyuan.party.models import Member, MemberAccount
from liaoyuan.party.queries import members as reading
from liaoyuan.party.queries import secrets


@transaction.atomic
def link(*, member: Member, username: str, version: int | None = None, by: Actor, at: datetime) -> MemberAccount:
    """The account with this login name is the member's own. Refused when either of them has another already."""
    member, _keeper = members.kept(member, by, version)
    user = User.objects.select_for_update().filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise entering.refusal("ACCOUNT-NONE", _("没有这个登录名的账号。"), "username")
    if MemberAccount.objects.filter(member=member).exists():
        raise entering.refusal("ACCOUNT-TWICE", _("这名党员已关联账号，请先取消。"), "username")
    if MemberAccount.objects.filter(user=user).exists():
        raise entering.refusal("ACCOUNT-TAKEN", _("这个账号不能关联，请核对登录名。"), "username")
    row = MemberAccount.objects.create(member=member, user=user, made_at=at, made_by=entering.recorder(by))
    entering.touched(member)
    events.record(
        Event.ACCOUNT_LINKED, entering.member_subject(member), by=by, at=at, payload={"account": user.username}
    )
    return row


@transaction.atomic
def unlink(*, member: Member, by: Actor, at: datetime) -> None:
    """The account is not the member's own any more."""
    member, _keeper = members.kept(member, by)
    row = MemberAccount.objects.filter(member=member).select_related("user").first()
    if row is None:
        raise entering.refusal("ACCOUNT-NONE", _("这名党员没有关联账号。"))
    name = row.user.username
    row.delete()
    entering.touched(member)
    events.record(Event.ACCOUNT_UNLINKED, entering.member_subject(member), by=by, at=at, payload={"account": name})


def revealable(by: Actor, member: Member) -> set[str]:
    """Which masked fields `by` may have shown: his own; who keeps the file what it told; the number an officer only."""
    shown = {name for name in secrets.STAGED if secrets.allowed(name, zones.Op.SHOW)}
    own = not isinstance(by, access.Operator) and MemberAccount.objects.filter(member=member, user=by.pk).exists()
    if own or reading.keeps(by, member, Permission.MEMBERS_REVEAL):
        return shown
    return shown - {"id_number"} if reading.keeps(by, member) else set()


@transaction.atomic
def reveal(*, member: Member, field: str, reason: str, by: Actor, at: datetime) -> str:
    """The clear text of a masked field; the read is logged first. Refused without a reason."""
    if field not in revealable(by, member):
        raise PermissionDenied(str(Permission.MEMBERS_REVEAL))
    record = reading.current(member)
    reads.revealed(entering.member_subject(member, record.name), field=field, reason=reason, by=by, at=at)
    return secrets.clear(field, secrets.stored(record, field))


@transaction.atomic
def opened(*, member: Member, name: str, by: Actor, at: datetime) -> None:
    """Somebody looks into the member's dossier: a read event, and nothing else."""
    if not isinstance(by, access.Operator):
        reads.opened(entering.member_subject(member, name), by=by, at=at)
