"""Bodies of the public directory, with private values planted in every column that may hold one."""

from datetime import date
from types import SimpleNamespace

import pytest

from liaoyuan.core import search
from tests.registry import factories

#: C3/C4 values and names that must stand on no public page.
PLANTED = {
    "phone": "13951510773",
    "representative_id": "320211196803051238",
    "address": "无锡市滨湖区梁溪路999弄7号402室",
    "note": "负责人家住蠡湖大道88号",
    "legal_representative": "欧阳示例",
}


@pytest.fixture
def bodies(db):
    """Live, filed, closed, external and void bodies of a small 滨湖."""
    areas = factories.binhu()
    secret = {k: v for k, v in PLANTED.items()}
    live = factories.organization(
        "九色公益服务中心", "MF", street=areas["heli"], community_id=areas["huihe"].pk, field="09",
        registrar="滨湖区民政局", supervisor="滨湖区民政局", scope="社区服务", certificate_from=date(2024, 1, 1),
        certificate_to=date(2028, 12, 31), is_charity=True, **secret,
    )  # fmt: skip
    factories.changed(live, date(2019, 6, 1), name="九色公益发展中心")
    factories.changed(live, date(2020, 6, 1), name="九色公益服务中心")
    factories.rating(live, "4A", date(2024, 5, 1), date(2029, 5, 1))
    factories.honour(live)
    filed = factories.organization("河埒合唱队", "BA", street=areas["heli"], field="06", **secret)
    listed = factories.organization("青禾文化协会", "ST", street=areas["liyuan"], field="06", **secret)
    factories.credit(listed)
    closed = factories.organization(
        "春风互助协会", "ST", street=areas["liyuan"], closed_on=date(2025, 3, 1), status="deregistered", **secret
    )
    factories.rating(closed, "5A", date(2023, 1, 1), date(2028, 1, 1))
    external = factories.organization("外区社工中心", "MF", is_external=True, **secret)
    heir = factories.organization("河埒合唱协会", "ST", street=areas["heli"], predecessor=filed, field="06", **secret)
    search.refresh("organization")
    return SimpleNamespace(
        areas=areas, live=live, filed=filed, listed=listed, closed=closed, external=external, heir=heir
    )
