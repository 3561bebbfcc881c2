"""Officers of party organizations and their terms (支部工作条例 ch. 5, 基层组织选举工作条例)."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from liaoyuan.party.choices.organizations import OfficerHow, OfficerKind
from liaoyuan.party.models.base import Dated, PeriodQuerySet, Recorded, RecordedQuerySet
from liaoyuan.party.models.members import Member
from liaoyuan.party.models.organizations import PartyOrganization
from liaoyuan.registry.models import OPEN

#: Posts that one member at a time holds.
SOLE = [OfficerKind.SECRETARY.value]


class OfficerQuerySet(PeriodQuerySet["Officer"]):
    """Officers by time and scope."""

    def visible_to(self, user: Any) -> "OfficerQuerySet":
        """Those of party organizations that the user sees."""
        return self.filter(party_organization__in=PartyOrganization.objects.visible_to(user))


class Officer(Dated):
    """One member in one post of a party organization. `evidence` is the number of the appointment or approval."""

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="officers", verbose_name="党组织"
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="posts", verbose_name="党员")
    kind = models.CharField("职务", max_length=12)
    how = models.CharField("产生方式", max_length=10)
    source = models.CharField("来源", max_length=40, blank=True, default="")
    evidence = models.CharField("依据文号", max_length=80, blank=True, default="")
    end_reason = models.CharField("免职事由", max_length=100, blank=True, default="")

    objects = OfficerQuerySet.as_manager()

    class Meta:
        ordering = ["party_organization", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization", "kind"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN, kind__in=SOLE),
                name="officer_sole_open_once",
                violation_error_message="这个党组织现已有书记。",
            ),
            models.UniqueConstraint(
                fields=["party_organization", "member", "kind"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="officer_open_once",
                violation_error_message="这名党员已在任同一职务。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in OfficerKind]),
                name="officer_kind_known",
                violation_error_message="职务不对。",
            ),
            models.CheckConstraint(
                condition=Q(how__in=[str(h) for h in OfficerHow]),
                name="officer_how_known",
                violation_error_message="产生方式须为选举或任命。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="officer_dates_in_order",
                violation_error_message="免职日期须晚于任职日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class TermQuerySet(RecordedQuerySet["Term"]):
    """Terms by scope."""

    def visible_to(self, user: Any) -> "TermQuerySet":
        """Those of party organizations that the user sees."""
        return self.filter(party_organization__in=PartyOrganization.objects.visible_to(user))


class Term(Recorded):
    """A term of a party organization's committee (or secretary): number, first day, last day, an extension approved.

    `due_on` is the last day of the term as it began; `extended_to` a later one with its approval (PB-OFF-05);
    `ended_on` the day on which the next one began.
    """

    party_organization = models.ForeignKey(
        PartyOrganization, models.PROTECT, related_name="terms", verbose_name="党组织"
    )
    number = models.PositiveSmallIntegerField("届次")
    began_on = models.DateField("起")
    due_on = models.DateField("届满日期")
    extended_to = models.DateField("延期至", null=True)
    extension_evidence = models.CharField("延期批复文号", max_length=80, blank=True, default="")
    ended_on = models.DateField("结束日期", null=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["party_organization", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organization", "number"],
                condition=Q(superseded_at__isnull=True),
                name="term_number_once",
                violation_error_message="这一届已有。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("began_on")),
                name="term_dates_in_order",
                violation_error_message="届满日期须晚于起日。",
            ),
            models.CheckConstraint(
                condition=(Q(extended_to__isnull=True) & Q(extension_evidence=""))
                | (Q(extended_to__isnull=False) & Q(extended_to__gt=F("due_on")) & ~Q(extension_evidence="")),
                name="term_extension_with_approval",
                violation_error_message="延期须晚于届满日期，并写明批复文号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
