"""Small makers of core rows for tests: invented persons, real area codes."""

from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password

from liaoyuan.core.models import Area, Grant, User

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
PASSWORD = "Liaoyuan-test-1"
_HASH: list[str] = []


def area(code: str, name: str = "", parent: Area | None = None, level: str = "") -> Area:
    """One area below `parent`; an existing code is returned as it is."""
    found = Area.objects.filter(code=code).first()
    if found:
        return found
    kind = level or {2: "province", 4: "city", 6: "district", 9: "street", 12: "community"}[len(code)]
    path = (parent.path if parent else "") + code + "/"
    return Area.objects.create(code=code, name=name or code, level=kind, parent=parent, path=path)


#: A small true tree by its names here: code, name, whose child.
_BINHU = {
    "province": ("32", "江苏省", ""),
    "city": ("3202", "无锡市", "province"),
    "district": ("320211", "滨湖区", "city"),
    "other": ("320213", "梁溪区", "city"),
    "heli": ("320211001", "河埒街道", "district"),
    "liyuan": ("320211004", "蠡园街道", "district"),
    "huihe": ("320211001004", "惠河社区居委会", "heli"),
    "dongyuan": ("320211004001", "东苑社区", "liyuan"),
    "other_street": ("320213001", "崇安寺街道", "other"),
}


def binhu() -> dict[str, Area]:
    """A small true tree: 江苏 > 无锡 > 滨湖 > two streets with a community each, and 梁溪 beside it.

    Every maker of a body asks for it: what is there already is read with one statement.
    """
    there = {row.code: row for row in Area.objects.filter(code__in=[code for code, _name, _above in _BINHU.values()])}
    made: dict[str, Area] = {}
    for name, (code, title, above) in _BINHU.items():
        made[name] = there.get(code) or area(code, title, made.get(above))
    return made


def user(username: str, *grants: tuple[str, str, str], office: str = "", **extra) -> User:
    """A user with grants (role, scope kind, scope id); the password is PASSWORD."""
    if not _HASH:
        _HASH.append(make_password(PASSWORD))
    extra.setdefault("display_name", username)
    made = User.objects.create(username=username, office=office, password=_HASH[0], created_at=AT, **extra)
    for role, kind, scope in grants:
        Grant.objects.create(
            user=made, role=role, scope_kind=kind, scope_id=scope, valid_from=date(2020, 1, 1), granted_at=AT
        )
    return made
