"""Areas (行政区划): the tree that scopes, statistics and rules hang on."""

from typing import Any

from django.db import connections, models

from liaoyuan.core.choices import Level


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
    `longitude`/`latitude` are WGS-84 degrees; `datum` remembers in which datum the point was entered.
    """

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=10)
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True, verbose_name="上级")
    path = models.CharField("路径", max_length=60, db_index=True)
    is_town = models.BooleanField("镇", default=False)
    abolished = models.BooleanField("已撤销", default=False)
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)
    datum = models.CharField("坐标系", max_length=6, default="wgs84")
    source = models.CharField("来源", max_length=60, default="", blank=True)

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
                | models.Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="area_point_whole",
                violation_error_message="坐标须同时有经度和纬度，且在有效范围内。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_street(self) -> bool:
        """Whether this is a street or town (街道、镇)."""
        return self.level == Level.STREET
