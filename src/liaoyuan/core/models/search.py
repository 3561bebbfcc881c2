"""The documents that search reads. `core.search` is the only writer."""

from django.db import models


class SearchDocument(models.Model):
    """One findable thing and everything it can be found by, each text under its `match_key`.

    `key` is the title; `former`, `codes` and `sounds` (full pinyin and initials) hold one text a line between line
    feeds, so that a whole line can be asked for; `aliases` are the former names as people wrote them, line by line
    beside `former`. `registrar_path` and `domicile_path` are area paths, so that a hit is shown only to whom the row
    itself is visible. Rows are written and deleted, never changed: the full-text index beside the table (made by a
    migration, FTS5 on SQLite, a stored tsvector with GIN on PostgreSQL) follows by triggers.
    """

    kind = models.CharField("类别", max_length=30)
    object_id = models.BigIntegerField("记录")
    title = models.CharField("标题", max_length=200)
    code = models.CharField("编号", max_length=60, blank=True, default="")
    key = models.TextField("标题词", blank=True, default="")
    former = models.TextField("曾用名词", blank=True, default="")
    aliases = models.TextField("曾用名", blank=True, default="")
    codes = models.TextField("编号词", blank=True, default="")
    sounds = models.TextField("读音", blank=True, default="")
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
