"""The importer against the truth table: a module that shares no code with it says what each row must give."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from liaoyuan.core import staging
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import install
from liaoyuan.core.models import Area
from liaoyuan.core.queries import batches
from tests.truth.build import build
from tests.truth.expected import report_differences

AT = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory):
    return build(Path(tmp_path_factory.mktemp("truth")))


@pytest.fixture
def areas(db):
    install.load_areas(at=AT)


def stage(path: Path, options: dict[str, str], kind: str = "organizations"):
    order = staging.Order(
        kind=kind,
        path=path,
        file_name=path.name,
        area=Area.objects.get(code=options.get("area", "320211")),
        as_of=date.fromisoformat(options.get("as_of", "2026-10-26")),
        sheet=options.get("sheet"),
        unit=options.get("unit"),
    )
    return staging.stage(order, by=Operator("test"), at=AT)


@pytest.mark.parametrize("index", range(12))
def test_every_row_gives_its_verdict(fixtures, areas, index):
    fixture = fixtures[index]
    report = batches.report(stage(fixture.path, fixture.options))
    assert report["header_rows"] == fixture.header_rows
    assert report["encoding"] == fixture.encoding
    told = report_differences(fixture.expected, report)
    assert not told, f"{fixture.path.name}: {len(told)} differences\n" + "\n".join(told[:60])
