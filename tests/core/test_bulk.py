"""What is loaded in bulk equals what is written row by row, to the last sign: SQLite compares moments as text."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from liaoyuan.core import bulk
from liaoyuan.core.models import Area, ImportBatch
from tests.core import factories

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 26, 1, 0, 0, 912545, tzinfo=UTC)


def kept(pk: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT created_at FROM core_importbatch WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def batch(at: datetime) -> ImportBatch:
    return ImportBatch.objects.create(
        kind="x", file_name="a", sha256="s", file_key=f"k{ImportBatch.objects.count()}", as_of=date(2026, 1, 1),
        created_at=at, area=Area.objects.filter(code="320211").first() or factories.area("320211"),
    )  # fmt: skip


@pytest.mark.parametrize("at", [AT, AT.replace(microsecond=0), AT.astimezone()])
def test_a_loaded_moment_reads_like_a_written_one(at):
    written = batch(at)
    columns = [f.attname for f in ImportBatch._meta.concrete_fields if f.name != "id"]
    row = ["other" if name == "file_key" else getattr(written, name) for name in columns]
    bulk.load(ImportBatch, columns, [row])
    loaded = ImportBatch.objects.latest("pk")
    assert loaded.pk != written.pk
    assert kept(loaded.pk) == kept(written.pk)
    assert ImportBatch.objects.filter(created_at__lte=at, created_at__gte=at).count() == 2


def test_a_moment_written_by_many_compares_with_one_written_alone():
    first, second = batch(AT), batch(AT)
    later = AT + timedelta(hours=1)
    bulk.run_many("UPDATE core_importbatch SET created_at = %s WHERE id = %s", [(later, first.pk)])
    ImportBatch.objects.filter(pk=second.pk).update(created_at=later)
    assert kept(first.pk) == kept(second.pk)
