"""The ground of the demo: practice mark, points of the areas, accounts to try, the registrar's own code accepted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import access, clock, events
from liaoyuan.core.access import Actor
from liaoyuan.core.actions import accounts, grants, parameters, separation
from liaoyuan.core.actions.clock import mark_practice
from liaoyuan.core.choices import Event, Office, Permission, ScopeKind, Separation
from liaoyuan.core.models import Area, User

#: One plain password for all demo accounts; they need not change it and carry no second factor.
PASSWORD = "Liaoyuan-1026"  # noqa: S105 - printed for everybody who tries the demo
OFFICER, HEAD, APPLICANT = "dengji", "kezhang", "fuzeren"
#: Accounts in the order in which they are printed: login name, name, role, scope.
PEOPLE: Sequence[tuple[str, str, str, str]] = (
    (OFFICER, "登记干部（演示）", "registry_officer", "area"),
    (HEAD, "登记科长（演示）", "registry_head", "area"),
    ("dangjian", "党建干部（演示）", "party_lead", "area"),
    ("liyuan", "街道干部（演示）", "street_office", "street"),
    ("zhidao", "党建指导员（演示）", "instructor", "organization"),
    ("shuji", "支部书记（演示）", "branch_secretary", "organization"),
    (APPLICANT, "组织负责人（演示）", "organization_head", "organization"),
    ("xiangmu", "项目负责人（演示）", "project_manager", "organization"),
    ("kuaiji", "组织财务（演示）", "accountant", "organization"),
    ("chuangtou", "创投承办（演示）", "grants_office", "area"),
    ("lingdao", "区领导（演示）", "leadership", "area"),
    ("caiwu", "区财务（演示）", "finance", "area"),
    ("pinggu", "评估人员（演示）", "evaluator", "area"),
    ("zhuanjia", "评估专家（演示）", "expert", "area"),
)
OFFICES: Sequence[tuple[str, str, Office]] = (
    ("xitong", "系统管理员（演示）", Office.SYSTEM),
    ("anquan", "安全管理员（演示）", Office.SECURITY),
    ("shenji", "审计管理员（演示）", Office.AUDIT),
)
_SINCE = date(2015, 10, 1)
_SOURCE = "演示登记机关的代码（不是真实区划）"
_NEAR = 0.008


def is_empty() -> bool:
    """Whether there is no account but the one that `init` made."""
    return not User.objects.filter(is_bootstrap=False).exists()


def mark(*, by: Actor, at: datetime) -> None:
    """Mark the database as practice: banner on every page, movable clock."""
    mark_practice(by=by, at=at)


@transaction.atomic
def place_points(
    *, district: Area, points: Mapping[str, Sequence[float]], seed: int, by: Actor, at: datetime
) -> int:  # fmt: skip
    """Give streets the invented points (WGS-84 degrees) by code and scatter their communities around them."""
    access.require(by, Permission.AREA_EDIT)
    draw = Random(seed)  # noqa: S311 - invented points, no secret
    changed = []
    for street in Area.objects.within(district.path).filter(code__in=points).order_by("code"):
        street.longitude, street.latitude = points[street.code]
        changed.append(street)
        for one in Area.objects.filter(parent=street).order_by("code"):
            one.longitude = round(street.longitude + draw.uniform(-_NEAR, _NEAR), 5)
            one.latitude = round(street.latitude + draw.uniform(-_NEAR, _NEAR), 5)
            changed.append(one)
    Area.objects.bulk_update(changed, ["longitude", "latitude"])
    events.record(Event.AREA_EDITED, district, by=by, at=at, payload={"points": len(changed), "demo": True})
    return len(changed)


@transaction.atomic
def make_accounts(
    *, area: str, street: str, organization: int, organization_name: str, by: Actor, at: datetime
) -> list[str]:
    """One account for each role and the three administrators; the first account of `init` is closed.

    Returns the lines to print. The separation level is the strictest one, so that the demo shows it.
    """
    names = dict(Area.objects.filter(code__in=[area, street]).values_list("code", "name"))
    scopes = {
        "area": (ScopeKind.AREA, area, names[area]),
        "street": (ScopeKind.AREA, street, names[street]),
        "organization": (ScopeKind.ORGANIZATION, str(organization), organization_name),
    }
    lines = [_("可以试用的账号（密码都是 {password}）：").format(password=PASSWORD)]
    for username, name, office in OFFICES:
        grants.appoint(user=_account(username, name, "", by=by, at=at), office=office, by=by, at=at)
    for username, name, role, scope in PEOPLE:
        kind, key, label = scopes[scope]
        grants.give(
            user=_account(username, name, label, by=by, at=at), role=role, scope_kind=kind, scope_id=key, by=by, at=at
        )
        lines.append(f"  {username:<10}{access.roles()[role].title}（{label}）")
    lines += [f"  {username:<10}{name.removesuffix('（演示）')}" for username, name, _office in OFFICES]
    separation.set_level(level=Separation.THREE_OFFICES, valid_from=clock.localdate(at), by=by, at=at)
    for first in User.objects.filter(is_bootstrap=True, is_active=True):
        accounts.close_user(user=first, by=by, at=at, reason="demo")
    return lines


def extra_account(
    *, username: str, name: str, role: str, scope_kind: str, scope_id: str, label: str, by: Actor, at: datetime
) -> User:
    """One more account to try, which a higher floor's part of the demo needs."""
    made = _account(username, name, label, by=by, at=at)
    grants.give(user=made, role=role, scope_kind=scope_kind, scope_id=scope_id, by=by, at=at)
    return made


def plain_account(*, username: str, name: str, label: str, by: Actor, at: datetime) -> User:
    """One more account to try, without any role: whose page it is follows from what it is linked to."""
    return _account(username, name, label, by=by, at=at)


def _account(username: str, name: str, unit: str, *, by: Actor, at: datetime) -> User:
    made, _shown = accounts.create_user(
        username=username, display_name=name, unit=unit, password=PASSWORD, is_demo=True, by=by, at=at
    )
    return made


@transaction.atomic
def accept_division(*, area: str, division: str, by: Actor, at: datetime) -> None:
    """Let the demo registrar's code count as the district's own (ORG-ID-04), and leave one draft to be confirmed.

    Both are written by the officer's account; the head confirms the first. `by` is the builder, who may do both.
    """
    access.require(by, Permission.PARAMETER_EDIT)
    officer = User.objects.get(username=OFFICER)
    row = parameters.edit(
        key="registrar.divisions", jurisdiction=area, valid_from=_SINCE, value={area: [division]}, severity="warn",
        source=_SOURCE, by=officer, at=at,
    )  # fmt: skip
    parameters.confirm(parameter=row, by=User.objects.get(username=HEAD), at=at)
    parameters.edit(
        key="filing.members_min", jurisdiction=area, valid_from=clock.localdate(at).replace(month=1, day=1), value=5,
        severity="warn", source="滨湖区社区社会组织备案工作规程（演示）", by=officer, at=at,
    )  # fmt: skip
