"""Users, their grants, invitations and the separation of duties."""

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import Office, ScopeKind, Separation


class UserManager(BaseUserManager["User"]):
    """Look-up by login name; accounts are made by `core.actions.accounts`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Login names are compared without case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """An account of a person or a machine. What it may do stands in `Grant`, never here.

    `office` is one of the three administrators' offices (三员); a CHECK keeps one at most, and grants of business roles
    are refused to its holder.
    """

    username = models.CharField("登录名", max_length=40, unique=True)
    display_name = models.CharField("姓名", max_length=40)
    email = models.EmailField("邮箱", blank=True, default="")
    unit = models.CharField("单位", max_length=60, blank=True, default="")
    office = models.CharField("三员", max_length=10, blank=True, default=Office.NONE.value)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    is_bootstrap = models.BooleanField("初装账号", default=False)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_changed_at = models.DateTimeField("改密时间", null=True)
    password_history = models.JSONField("旧密码散列", default=list)
    failed_logins = models.PositiveSmallIntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    large_text = models.BooleanField("大字模式", default=False)
    language = models.CharField("语言", max_length=10, blank=True, default="")
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__in=[str(o) for o in Office]),
                name="user_office_known",
                violation_error_message="三员岗位只能是系统、安全、审计之一。",
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used; `core.access` decides."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's own permissions are not used; `core.access` decides."""
        return False


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants by time."""

    def active(self, on: date) -> "GrantQuerySet":
        """Grants that hold on the day `on`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class Grant(models.Model):
    """One role for one user over one scope and time; several grants give the union.

    `deputy_for` marks a deputy's grant (代理). `scope_id` is an area code or an organization's primary key as text.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="用户")
    role = models.CharField("角色", max_length=30)
    scope_kind = models.CharField("范围类别", max_length=12)
    scope_id = models.CharField("范围", max_length=40, blank=True, default="")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True)
    deputy_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代理谁")
    granted_at = models.DateTimeField("授权时间")
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="授权人")
    ended_at = models.DateTimeField("收回时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="收回人")

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role", "valid_from", "pk"]
        indexes = [models.Index(fields=["user", "valid_to"], name="grant_user_until")]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope_kind__in=[str(k) for k in ScopeKind]),
                name="grant_scope_known",
                violation_error_message="授权范围类别不对。",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind=ScopeKind.ALL.value, scope_id="")
                | (~Q(scope_kind=ScopeKind.ALL.value) & ~Q(scope_id="")),
                name="grant_scope_given",
                violation_error_message="请选择授权范围。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_dates_in_order",
                violation_error_message="授权的止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False),
                name="grant_end_paired",
                violation_error_message="收回授权须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.role}@{self.scope_kind}:{self.scope_id}"


class Invitation(models.Model):
    """A one-time code, bound to a register row, with which a body opens its account. Only the code's hash is kept."""

    code_hash = models.CharField("邀请码散列", max_length=64, unique=True)
    role = models.CharField("角色", max_length=30)
    scope_kind = models.CharField("范围类别", max_length=12)
    scope_id = models.CharField("范围", max_length=40)
    label = models.CharField("对象", max_length=120)
    expires_at = models.DateTimeField("有效至")
    created_at = models.DateTimeField("发出时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发出人")
    used_at = models.DateTimeField("使用时间", null=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="使用人")
    revoked_at = models.DateTimeField("撤回时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤回人")

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="invitation_used_paired",
                violation_error_message="使用邀请须同时记下时间和账号。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True) | Q(revoked_at__isnull=False),
                name="invitation_revoked_paired",
                violation_error_message="撤回邀请须记下时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SeparationQuerySet(models.QuerySet["SeparationSetting"]):
    """Separation levels by time."""

    def binding(self) -> "SeparationQuerySet":
        """Settings that count: a lowering counts only after the auditor has signed it."""
        return self.filter(Q(lowers=False) | Q(signed_at__isnull=False))


class SeparationSetting(models.Model):
    """The separation level in force from a date on: the latest binding row whose `valid_from` has come.

    A row that lowers the level binds only when an audit administrator has signed it.
    """

    level = models.CharField("级别", max_length=14)
    valid_from = models.DateField("起")
    set_at = models.DateTimeField("设定时间")
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="设定人")
    lowers = models.BooleanField("降低级别", default=False)
    signed_at = models.DateTimeField("签字时间", null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审计管理员签字")

    objects = SeparationQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="separation_signed_paired",
                violation_error_message="签字须同时记下时间和人。",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[str(s) for s in Separation]),
                name="separation_level_known",
                violation_error_message="职责分离级别不对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}@{self.valid_from}"


class SavedFilter(models.Model):
    """A query form's values kept under a name by one user; `query` is the address's query string."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters", verbose_name="用户")
    page = models.CharField("页面", max_length=60)
    name = models.CharField("名称", max_length=40)
    query = models.CharField("查询", max_length=1000)

    class Meta:
        ordering = ["page", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_filter_once",
                violation_error_message="已有同名的查询，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name
