"""The organization's identity and its dated facts (登记事项)."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from liaoyuan.core import access
from liaoyuan.core.models import Area, User
from liaoyuan.kit.geo import CHINA, Datum, Point
from liaoyuan.registry.choices import LIVE, Permission, Status

#: `valid_from` of a fact with open beginning, `valid_to` of an open row: plain dates keep ranges and indexes simple.
BEGINNING = date(1, 1, 1)
OPEN = date(9999, 12, 31)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations by existence and scope."""

    def known(self) -> "OrganizationQuerySet":
        """Without rows that an undone import left void."""
        return self.filter(voided_at__isnull=True)

    def visible_to(self, user: Any) -> "OrganizationQuerySet":
        """Those whose present standing the user may see."""
        seen = Standing.objects.now_open().visible_to(user).filter(organization=OuterRef("pk"))
        return self.known().filter(Exists(seen))


class Organization(models.Model):
    """One social organization as an identity: its numbers, where it came from, whether it lives.

    `code` is the 统一社会信用代码 in capitals, empty when unknown or for filed bodies; `code_as_given` keeps a text
    that is no whole code. A filed body that registers becomes a new organization with `predecessor`. `live` follows
    the open standing's status and makes code and filing number unique among live bodies (ORG-ID-05). A record that was
    merged into another is void and says where (`merged_into`). Accounts are never
    deleted and nobody asks what one account entered: who recorded a row has no index, here and in the dated facts, for
    each index costs an import of 100,000 rows its time.
    """

    code = models.CharField("统一社会信用代码", max_length=18, blank=True, default="")
    code_as_given = models.CharField("代码原文", max_length=60, blank=True, default="")
    filing_no = models.CharField("备案号", max_length=40, blank=True, default="")
    registered_on = models.DateField("成立日期", null=True)
    closed_on = models.DateField("终止日期", null=True)
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="successors", verbose_name="前身"
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name="并入")
    is_external = models.BooleanField("外区组织", default=False)
    live = models.BooleanField("存续", default=True)
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="录入人"
    )
    voided_at = models.DateTimeField("作废时间", null=True)
    voided_by = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="作废人"
    )

    #: No column: what an action did to the accounts of the body's head, for the page to tell (`HeadChange`).
    head_change: Any = None

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["filing_no"], name="organization_filing_no"),
            models.Index(fields=["is_external"], name="organization_external", condition=Q(is_external=True)),
            models.Index(
                fields=["predecessor"], name="organization_predecessor", condition=Q(predecessor__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(live=True) & ~Q(code=""),
                name="organization_code_live_once",
                violation_error_message="这个统一社会信用代码已被另一个存续组织使用。",
            ),
            models.UniqueConstraint(
                fields=["filing_no"],
                condition=Q(live=True) & ~Q(filing_no=""),
                name="organization_filing_live_once",
                violation_error_message="这个备案号已被另一个存续组织使用。",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | Q(live=False),
                name="organization_void_not_live",
                violation_error_message="已作废的组织不能存续。",
            ),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True) | Q(voided_at__isnull=False),
                name="organization_void_paired",
                violation_error_message="作废须有时间。",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(voided_at__isnull=False),
                name="organization_merged_void",
                violation_error_message="并入其他组织的记录须作废。",
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.filing_no or f"#{self.pk}"


class StandingQuerySet(models.QuerySet["Standing"]):
    """Standings by time and scope. Without `known_at` only rows that are not superseded count."""

    def current(self) -> "StandingQuerySet":
        """Rows as known now. A voided organization has none: voiding supersedes its rows."""
        return self.filter(superseded_at__isnull=True)

    def active(self, on: date) -> "StandingQuerySet":
        """The one row of each organization that is valid on the day `on`, as known now."""
        return self.current().filter(valid_from__lte=on, valid_to__gt=on)

    def known_by(self, at: Any) -> "StandingQuerySet":
        """Rows as recorded by the moment `at`."""
        return self.filter(recorded_at__lte=at).filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=at))

    def now_open(self) -> "StandingQuerySet":
        """The latest row of each organization."""
        return self.current().filter(valid_to=OPEN)

    def live(self) -> "StandingQuerySet":
        """Bodies that count: neither closed nor of another district."""
        external = Organization.objects.filter(is_external=True)
        return self.filter(status__in=[str(s) for s in LIVE]).exclude(organization__in=external)

    def within(self, path: str) -> "StandingQuerySet":
        """Rows whose registrar's area lies within the area with this path."""
        return self.filter(registrar_area__in=Area.objects.within(path))

    def visible_to(self, user: Any) -> "StandingQuerySet":
        """Rows of the registrar's area chain, of the domicile's, and the user's own organizations."""
        allowed = access.reach(user, Permission.VIEW)
        if allowed.everything:
            return self
        condition = Q(pk__in=[])
        for path in allowed.paths:
            areas = Area.objects.within(path)
            condition |= Q(registrar_area__in=areas) | Q(street__in=areas) | Q(community__in=areas)
        own = access.reach(user, Permission.OWN_VIEW).organizations + allowed.organizations
        if own:
            condition |= Q(organization__in=own)
        return self.filter(condition)


class Standing(models.Model):
    """All facts of one organization over one half-open period [`valid_from`, `valid_to`).

    Periods of one organization that are not superseded do not overlap; exactly one is open (`valid_to` = 9999-12-31).
    A change writes new rows and marks the replaced one `superseded_at`, so that both `as_of` and `known_at` can be
    answered. `assumed` lists fields whose beginning was assumed (decisions.md, "Time"); ["*"] = all. `precision` marks
    dates known to the month or year only ({"registered_on": "M"}). Money in fen. `phone` (C3) and `representative_id`
    (C4) are vault ciphertext. "" and null mean unknown. `longitude`, `latitude` (WGS-84 degrees) and `point_datum` (in
    which datum the point was entered) are one fact: they change together.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, db_index=False, related_name="standings", verbose_name="组织"
    )
    valid_from = models.DateField("起", default=BEGINNING)
    valid_to = models.DateField("止（不含）", default=OPEN)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="记录人"
    )
    superseded_at = models.DateTimeField("被替代时间", null=True)
    assumed = models.JSONField("推定起点的字段", default=list)

    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类型", max_length=2)
    status = models.CharField("状态", max_length=20, default=Status.ACTIVE.value)
    registrar = models.CharField("登记管理机关", max_length=60, blank=True, default="")
    registrar_area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False, verbose_name="登记区划")
    supervisor = models.CharField("业务主管单位", max_length=80, blank=True, default="")
    industry_regulator = models.CharField("行业管理部门", max_length=80, blank=True, default="")
    party_lead = models.CharField("党建领导机关", max_length=80, blank=True, default="")
    legal_representative = models.CharField("法定代表人/负责人", max_length=60, blank=True, default="")
    phone = models.CharField("联系电话", max_length=200, blank=True, default="")
    address = models.CharField("住所", max_length=200, blank=True, default="")
    street = models.ForeignKey(
        Area, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="所属街道"
    )
    street_as_given = models.CharField("街道原文", max_length=60, blank=True, default="")
    community = models.ForeignKey(
        Area, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="所属社区"
    )
    community_as_given = models.CharField("社区原文", max_length=60, blank=True, default="")
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)
    point_datum = models.CharField("坐标系", max_length=6, blank=True, default="")
    capital_fen = models.BigIntegerField("注册资金", null=True)
    scope = models.TextField("业务范围", blank=True, default="")
    field = models.CharField("行业分类", max_length=2, blank=True, default="")
    district_field = models.CharField("所属领域", max_length=12, blank=True, default="")
    certificate_from = models.DateField("证书有效期起", null=True)
    certificate_to = models.DateField("证书有效期止", null=True)
    full_time = models.PositiveIntegerField("专职人数", null=True)
    part_time = models.PositiveIntegerField("兼职人数", null=True)
    members_unit = models.PositiveIntegerField("单位会员数", null=True)
    members_person = models.PositiveIntegerField("个人会员数", null=True)
    council_count = models.PositiveIntegerField("理事数", null=True)
    supervisors_count = models.PositiveIntegerField("监事数", null=True)
    party_members_declared = models.PositiveIntegerField("党员数（申报）", null=True)
    term_from = models.DateField("届期起", null=True)
    term_to = models.DateField("届期止", null=True)
    is_charity = models.BooleanField("慈善组织", null=True)
    public_fundraising = models.BooleanField("公开募捐资格", null=True)
    tax_deductible = models.BooleanField("税前扣除资格", null=True)
    filing_category = models.CharField("备案类别", max_length=20, blank=True, default="")
    filing_to = models.DateField("备案有效期至", null=True)
    guidance_unit = models.CharField("指导单位", max_length=80, blank=True, default="")
    representative_id = models.CharField("负责人身份证号", max_length=200, blank=True, default="")
    precision = models.JSONField("日期精度", default=dict)
    traits = models.JSONField("标志", default=list)
    note = models.TextField("备注", blank=True, default="")

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "valid_from", "pk"]
        indexes = [
            models.Index(fields=["organization", "valid_from"], name="standing_history"),
            # Covers the count behind a list page; SQLite wants even the column of the condition in it for that.
            models.Index(
                fields=[
                    "kind",
                    "street",
                    "name",
                    "valid_to",
                    "valid_from",
                    "status",
                    "registrar_area",
                    "community",
                    "organization",
                    "superseded_at",
                ],
                name="standing_list",
                condition=Q(superseded_at__isnull=True),
            ),
            models.Index(fields=["name"], name="standing_name", condition=Q(superseded_at__isnull=True)),
            models.Index(
                fields=["registrar_area", "valid_to", "kind", "field", "street", "status", "organization"],
                name="standing_counts",
                condition=Q(superseded_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(superseded_at__isnull=True, valid_to=OPEN),
                name="standing_open_once",
                violation_error_message="一个组织只能有一条现行登记事项。",
            ),
            models.UniqueConstraint(
                fields=["organization", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="standing_start_once",
                violation_error_message="同一起日只能有一条登记事项。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=models.F("valid_from")),
                name="standing_dates_in_order",
                violation_error_message="止日须晚于起日。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["ST", "MF", "JJ", "BA", "NB"]),
                name="standing_kind_known",
                violation_error_message="组织类型不对。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[str(s) for s in Status]),
                name="standing_status_known",
                violation_error_message="组织状态不对。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="standing_named", violation_error_message="组织名称不能为空。"
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True, point_datum="")
                | Q(
                    longitude__isnull=False,  # a comparison with NULL does not fail a CHECK
                    latitude__isnull=False,
                    longitude__gte=CHINA[0],
                    longitude__lte=CHINA[2],
                    latitude__gte=CHINA[1],
                    latitude__lte=CHINA[3],
                    point_datum__in=[str(d) for d in Datum],
                ),
                name="standing_point_whole",
                violation_error_message="坐标须同时有经度、纬度和坐标系，且在中国范围内。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point | None:
        """The point in WGS-84 degrees, or None."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)
