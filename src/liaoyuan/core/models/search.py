"""The documents that search reads. `core.search` is the only writer."""

from django.db import models


class SearchDocument(models.Model):
    """One findable thing: its title and all words it can be found by (names, former names, codes, pinyin, initials).

    `registrar_path` and `domicile_path` are area paths, so that a hit is shown only to whom the row itself is visible;
    `organization_id` serves grants over one organization. The full-text index beside it is made by a migration: FTS5
    with external content on SQLite, a stored tsvector with GIN on PostgreSQL.
    """

    kind = models.CharField("类别", max_length=30)
    object_id = models.BigIntegerField("记录")
    title = models.CharField("标题", max_length=200)
    code = models.CharField("编号", max_length=40, blank=True, default="")
    words = models.TextField("词", blank=True, default="")
    grams = models.TextField("索引词", blank=True, default="")
    registrar_path = models.CharField("登记区划路径", max_length=60, blank=True, default="")
    domicile_path = models.CharField("住所区划路径", max_length=60, blank=True, default="")
    is_public = models.BooleanField("公开", default=False)
    weight = models.SmallIntegerField("权重", default=0)

    class Meta:
        ordering = ["kind", "object_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                name="search_document_once",
                violation_error_message="同一记录只有一份检索文档。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
