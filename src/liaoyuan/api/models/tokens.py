"""Bearer tokens: a machine acts in the name of a person, with a part of that person's permissions."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from liaoyuan.core.models import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens by time."""

    def live(self, at: datetime) -> "ApiTokenQuerySet":
        """Tokens that open the door at this moment."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class ApiToken(models.Model):
    """One token of one account. The token itself is shown once; only its keyed hash is kept.

    `permissions` are codes; what the token opens is always their meeting with what the owner's grants hold that day.
    When it was last used is not kept: a GET writes nothing.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens", verbose_name="账号")
    name = models.CharField("用途", max_length=40)
    token_hash = models.CharField("令牌散列", max_length=64, unique=True)
    hint = models.CharField("开头", max_length=12)
    permissions = models.JSONField("权限", default=list)
    expires_at = models.DateTimeField("有效至")
    created_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("收回时间", null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="收回人")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_paired",
                violation_error_message="收回令牌须同时记下时间和人。",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="api_token_dates_in_order",
                violation_error_message="令牌的有效期须晚于建立时间。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="api_token_named", violation_error_message="请写明令牌的用途。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.hint}…）"
