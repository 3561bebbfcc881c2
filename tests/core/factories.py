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


def binhu() -> dict[str, Area]:
    """A small true tree: 江苏 > 无锡 > 滨湖 > two streets with a community each, and 梁溪 beside it."""
    province = area("32", "江苏省")
    city = area("3202", "无锡市", province)
    district = area("320211", "滨湖区", city)
    other = area("320213", "梁溪区", city)
    heli = area("320211001", "河埒街道", district)
    liyuan = area("320211004", "蠡园街道", district)
    return {
        "province": province,
        "city": city,
        "district": district,
        "other": other,
        "heli": heli,
        "liyuan": liyuan,
        "huihe": area("320211001004", "惠河社区居委会", heli),
        "dongyuan": area("320211004001", "东苑社区", liyuan),
        "other_street": area("320213001", "崇安寺街道", other),
    }


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
