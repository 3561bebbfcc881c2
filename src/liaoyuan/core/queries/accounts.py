"""Reads about accounts, grants, invitations and the separation of duties."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from liaoyuan.core import access, sessions
from liaoyuan.core.access import Role
from liaoyuan.core.choices import Office, Permission, ScopeKind, Separation
from liaoyuan.core.models import Area, Grant, Invitation, PracticeClock, SearchDocument, SeparationSetting, User
from liaoyuan.core.rules.accounts import Holding, separation_findings, strictest
from liaoyuan.kit.findings import Finding

#: Who may see the list of accounts: the three administrators. Everybody sees the own one.
SEES_ACCOUNTS = (Permission.USER_MANAGE, Permission.GRANT_MANAGE, Permission.AUDIT_VIEW)


def visible_accounts(user: Any) -> QuerySet[User]:
    """The accounts a user may see: all for the three administrators, else the own one."""
    if access.any_of(user, SEES_ACCOUNTS):
        return User.objects.all()
    return User.objects.filter(pk=user.pk)


def accounts_by(user: Any, *, text: str = "", state: str = "", role: str = "", on: date) -> QuerySet[User]:
    """Visible accounts by words in name or unit, by state (open, closed, locked, none = without grant) and role."""
    found = visible_accounts(user).order_by("username")
    if text:
        found = found.filter(Q(username__icontains=text) | Q(display_name__icontains=text) | Q(unit__icontains=text))
    holding = Grant.objects.active(on).filter(ended_at__isnull=True)
    if role:
        found = found.filter(pk__in=holding.filter(role=role).values("user"))
    if state == "open":
        found = found.filter(is_active=True)
    elif state == "closed":
        found = found.filter(is_active=False)
    elif state == "locked":
        found = found.filter(locked_until__isnull=False)
    elif state == "none":
        found = found.filter(is_active=True).exclude(pk__in=holding.values("user"))
    return found


def find_account(username: str) -> User | None:
    """The account with this login name, without regard to case."""
    return User.objects.filter(username__iexact=username.strip()).first()


def has_totp(user: Any) -> bool:
    """Whether the account has a TOTP authenticator."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def _open(on: date) -> QuerySet[Grant]:
    rows = Grant.objects.filter(ended_at__isnull=True)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def open_grants(user: User, on: date) -> QuerySet[Grant]:
    """Grants of the user that hold on the day or begin later."""
    return _open(on).filter(user=user).select_related("deputy_for")


def holding_of(user: User, on: date) -> Holding:
    """What the account holds from the day on, as the separation rules read it."""
    codes = open_grants(user, on).order_by().values_list("role", flat=True).distinct()
    return _holding(user, codes)


def _holding(user: User, codes: Iterable[str]) -> Holding:
    table = access.roles()
    return Holding(user.office, frozenset(str(table[code].office) for code in codes if code in table))


def effective_level(on: date) -> Separation:
    """The separation level in force on the day, read from the database."""
    return sessions.read_installation().level(on)


def strictest_level(on: date) -> Separation:
    """The strictest level in force on the day or set to begin later: what is given now must fit that too."""
    facts = sessions.read_installation()
    return strictest([facts.level(on), *(level for start, level in facts.levels if start > on)])


def separation_faults(level: Separation, on: date) -> list[tuple[User, list[Finding]]]:
    """Active accounts whose holding the level would refuse, with what it says."""
    held: dict[int, set[str]] = {}
    for key, role in _open(on).order_by().values_list("user_id", "role").distinct():
        held.setdefault(key, set()).add(role)
    told = []
    holders = _open(on).order_by().values("user")
    for user in User.objects.filter(Q(pk__in=holders) | ~Q(office=""), is_active=True).order_by("username"):
        findings = separation_findings(level, _holding(user, held.get(user.pk, ())))
        if findings:
            told.append((user, findings))
    return told


def holders(role: str, on: date) -> QuerySet[User]:
    """Active accounts that hold the role on the day."""
    rows = Grant.objects.active(on).filter(role=role, ended_at__isnull=True)
    return User.objects.filter(is_active=True, pk__in=rows.values("user"))


def missing_administrators(on: date) -> list[Role]:
    """Administrators' roles that nobody holds on the day."""
    return [role for role in access.roles().values() if role.office != Office.NONE and not holders(role.code, on)]


#: Scopes of one record: the kind of its search document.
SEARCHED = {ScopeKind.ORGANIZATION: "organization", ScopeKind.PARTY: "partyorganization"}


def scope_labels(grants: Iterable[Grant]) -> dict[tuple[str, str], str]:
    """Chinese names of the grants' scopes by (kind, id); what is searchable is named by its search document."""
    rows = list(grants)
    codes = {g.scope_id for g in rows if g.scope_kind == ScopeKind.AREA}
    named: dict[tuple[str, str], str] = {(str(ScopeKind.ALL), ""): "全部"}
    if codes:
        for code, name in Area.objects.filter(code__in=codes).values_list("code", "name"):
            named[ScopeKind.AREA, code] = name
    for scope, kind in SEARCHED.items():
        keys = {int(g.scope_id) for g in rows if g.scope_kind == scope and g.scope_id.isdecimal()}
        if keys:
            documents = SearchDocument.objects.filter(kind=kind, object_id__in=keys)
            for key, title in documents.values_list("object_id", "title"):
                named[scope, str(key)] = title
    return named


def find_scope(scope: str, text: str) -> str:
    """The key of the one organization or party organization with this name or code, "" when none or several fit."""
    documents = SearchDocument.objects.filter(kind=SEARCHED[ScopeKind(scope)])
    keys = list(documents.filter(Q(title=text) | Q(code__iexact=text)).values_list("object_id", flat=True)[:2])
    return str(keys[0]) if len(keys) == 1 else ""


def visible_invitations(user: Any) -> QuerySet[Invitation]:
    """Invitations of organizations within the user's reach, newest first."""
    allowed = access.reach(user, Permission.INVITE)
    found = Invitation.objects.select_related("created_by", "used_by").order_by("-created_at", "-pk")
    if allowed.everything:
        return found
    return found.filter(scope_id__in=[str(key) for key in organizations_within(allowed.paths)])


def organizations_within(paths: Iterable[str]) -> list[int]:
    """Keys of the organizations whose registrar or domicile lies within the areas, from the search documents."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(registrar_path__startswith=path) | Q(domicile_path__startswith=path)
    rows = SearchDocument.objects.filter(condition, kind="organization")
    return list(rows.order_by("object_id").values_list("object_id", flat=True))


def organizations_in(path: str) -> list[tuple[str, str]]:
    """(key, name) of the organizations domiciled in an area, in the order of their names: a street's batch."""
    rows = SearchDocument.objects.filter(kind="organization", domicile_path__startswith=path).order_by("title")
    return [(str(key), title) for key, title in rows.values_list("object_id", "title")]


def practice_clock() -> PracticeClock | None:
    """The practice clock's row; None in a production database."""
    return PracticeClock.objects.order_by("pk").first()


def separation_history() -> QuerySet[SeparationSetting]:
    """All settings, latest first."""
    return SeparationSetting.objects.select_related("set_by", "signed_by").order_by("-valid_from", "-pk")


def addresses(ids: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Name and mail of accounts, for a message to them; no telephone is kept."""
    rows = User.objects.filter(pk__in=[int(key) for key in ids if key.isdecimal()], is_active=True)
    return {str(row.pk): (str(row), "", row.email) for row in rows}
