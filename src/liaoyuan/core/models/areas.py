"""Areas (行政区划): the tree that scopes, statistics and rules hang on."""

from datetime import date
from typing import Any

from django.db import connections, models

from liaoyuan.core.choices import Level
from liaoyuan.core.models.accounts import User
from liaoyuan.kit.geo import Datum, Point


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas by place in the tree."""

    def within(self, path: str) -> "AreaQuerySet":
        """The area with this path and all below it. Paths end in "/", so 3202 never matches 32021.

        SQLite's LIKE cannot use an index; a path is digits and "/", so the range up to "0" (the sign after "/") is the
        same there. PostgreSQL's collations may order otherwise, its LIKE has an index of its own.
        """
        if connections[self.db].vendor == "sqlite" and path:
            return self.filter(path__gte=path, path__lt=path[:-1] + "0")
        return self.filter(path__startswith=path)

    def live(self) -> "AreaQuerySet":
        """Areas that are not abolished."""
        return self.filter(abolished=False)

    def visible_to(self, user: Any) -> "AreaQuerySet":
        """Areas are public facts: everybody may read them all."""
        return self


class Area(models.Model):
    """One administrative division, from province (2 digits) to community (12 digits), abolished ones too.

    The statistics bureau's code is an attribute, not an identity: sources disagree on some streets, so names decide.
    `longitude`/`latitude` are WGS-84 degrees; `datum` remembers in which datum the point was entered. `provisional` =
    entered here under a code that the bureau does not give (docs/adr/0015). `edited_at` marks a row that an officer
    wrote: upgrades leave it alone. `name` is the present one; earlier ones stand in `FormerName`.
    """

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=10)
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True, verbose_name="上级")
    path = models.CharField("路径", max_length=60, db_index=True)
    is_town = models.BooleanField("镇", default=False)
    provisional = models.BooleanField("暂编代码", default=False)
    abolished = models.BooleanField("已撤销", default=False)
    abolished_on = models.DateField("撤销日期", null=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, related_name="predecessors", null=True, verbose_name="并入或改设为"
    )
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)
    datum = models.CharField("坐标系", max_length=6, default="wgs84")
    source = models.CharField("来源", max_length=60, default="", blank=True)
    edited_at = models.DateTimeField("编辑时间", null=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="编辑人")

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["parent", "code"], name="area_parent_code"),
            models.Index(fields=["name"], name="area_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True, latitude__isnull=True)
                | models.Q(
                    longitude__isnull=False,  # a comparison with NULL does not fail a CHECK
                    latitude__isnull=False,
                    longitude__gte=-180,
                    longitude__lte=180,
                    latitude__gte=-90,
                    latitude__lte=90,
                ),
                name="area_point_whole",
                violation_error_message="坐标须同时有经度和纬度，且在有效范围内。",
            ),
            models.CheckConstraint(
                condition=models.Q(datum__in=[str(d) for d in Datum]),
                name="area_datum_known",
                violation_error_message="坐标系不对。",
            ),
            models.CheckConstraint(
                condition=models.Q(edited_by__isnull=True) | models.Q(edited_at__isnull=False),
                name="area_edited_paired",
                violation_error_message="编辑须有时间。",
            ),
            models.CheckConstraint(
                condition=models.Q(abolished=True) | models.Q(abolished_on__isnull=True, successor__isnull=True),
                name="area_end_of_abolished",
                violation_error_message="没有撤销的区划不能有撤销日期和去向。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_street(self) -> bool:
        """Whether this is a street or town (街道、镇)."""
        return self.level == Level.STREET

    @property
    def point(self) -> Point | None:
        """The point in WGS-84 degrees, or None."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    """Names that areas bore before."""

    def borne_on(self, day: date) -> "FormerNameQuerySet":
        """Names that ended after the day, the earliest ending first: the first of an area is the one it bore."""
        return self.filter(valid_to__gt=day).order_by("area", "valid_to")

    def visible_to(self, user: Any) -> "FormerNameQuerySet":
        """Areas are public facts, their former names too."""
        return self


class FormerName(models.Model):
    """A name that an area bore until `valid_to` (exclusive), beginning where the one before it ended.

    Pages that show a day of the past name the area as it was called then; sheets that still use the name find it.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="former_names", verbose_name="区划")
    name = models.CharField("曾用名", max_length=60)
    valid_to = models.DateField("止（不含）")
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        ordering = ["area", "valid_to"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "valid_to"],
                name="former_name_end_once",
                violation_error_message="这一天已有一次更名。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AreaOutlineQuerySet(models.QuerySet["AreaOutline"]):
    """Outlines of areas."""

    def visible_to(self, user: Any) -> "AreaOutlineQuerySet":
        """Areas are public facts, their outlines too."""
        return self


class AreaOutline(models.Model):
    """The outline of an area as an office uploaded it, for sketches only: it decides nothing (docs/adr/0041).

    `rings` are the coordinates of a GeoJSON MultiPolygon in WGS-84 degrees; `datum` is the one they were told in.
    """

    area = models.OneToOneField(Area, models.PROTECT, related_name="outline", verbose_name="区划")
    rings = models.JSONField("边界", default=list)
    datum = models.CharField("坐标系", max_length=6, default="wgs84")
    source = models.CharField("来源", max_length=120)
    set_at = models.DateTimeField("上传时间")
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上传人")

    objects = AreaOutlineQuerySet.as_manager()

    class Meta:
        ordering = ["area"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(datum__in=[str(d) for d in Datum]) & ~models.Q(source=""),
                name="outline_datum_known",
                violation_error_message="坐标系不对，或没有写来源。",
            ),
            models.CheckConstraint(
                condition=models.Q(set_by__isnull=True) | models.Q(set_at__isnull=False),
                name="outline_set_paired",
                violation_error_message="上传须有时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id}"
