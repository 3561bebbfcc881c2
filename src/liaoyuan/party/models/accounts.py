"""Which account is a member's own: entered by the party organization that keeps the file, never guessed from names."""

from typing import Any

from django.db import models

from liaoyuan.core.models import User
from liaoyuan.party.models.members import Member


class MemberAccountQuerySet(models.QuerySet["MemberAccount"]):
    """Links by scope."""

    def visible_to(self, user: Any) -> "MemberAccountQuerySet":
        """Those of members whose roster the user may see."""
        return self.filter(member__in=Member.objects.visible_to(user))


class MemberAccount(models.Model):
    """The account that shows a member his own data. It gives no permission; ending it deletes the row."""

    member = models.OneToOneField(Member, models.PROTECT, related_name="account", verbose_name="党员")
    user = models.OneToOneField(User, models.PROTECT, related_name="+", verbose_name="账号")
    made_at = models.DateTimeField("关联时间")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="关联人")

    objects = MemberAccountQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.member_id}:{self.user_id}"
