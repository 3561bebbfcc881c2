"""Writing one body by hand: what holds when, what is refused, who was first."""

import itertools
import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core.choices import Event as CoreEvent
from liaoyuan.core.models import AuditEvent
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import organizations, secrets
from liaoyuan.registry.choices import Event, Status
from liaoyuan.registry.models import OPEN, Organization, Standing
from liaoyuan.registry.queries import matching
from liaoyuan.registry.queries.standings import history, standing_at
from tests.core.factories import user
from tests.registry import factories as make

NOW = make.AT
TODAY = date(2026, 10, 26)


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


def fields(**more):
    told = {
        "name": "无锡市滨湖区示例社会工作服务中心", "kind": "MF", "code": make.code("MF", 4711),
        "registered_on": "2026-09-01", "registrar": "滨湖区民政局", "street": "河埒街道",
        "legal_representative": "张某", "capital_fen": 3_000_000,
    }  # fmt: skip
    return {**told, **more}


def create(officer, areas, **more):
    given = fields(**more)
    kind = given["kind"]
    area = areas["heli"] if kind == "BA" else areas["district"]
    return organizations.create(
        fields=given, places={"street_id": areas["heli"].pk}, area=area, by=officer, at=NOW, confirmed=True,
    )  # fmt: skip


def change(made, officer, values, **more):
    row = Standing.objects.now_open().select_related("registrar_area").get(organization=made)
    before = matching.stored([made.pk], TODAY, row.registrar_area)[made.pk].fields
    more.setdefault("on", TODAY)
    return organizations.change(
        organization=made, fields=values, places=more.pop("places", {}), before=before, by=officer,
        at=more.pop("at", NOW), **more,
    )  # fmt: skip


def test_a_new_body_holds_from_its_registration_and_declared_facts_from_today(areas, officer):
    made = create(officer, areas)
    first, second = history(made)
    assert (first.valid_from, first.valid_to, second.valid_to) == (date(2026, 9, 1), TODAY, OPEN)
    assert (first.legal_representative, second.legal_representative) == ("", "张某")
    assert first.name == second.name == "无锡市滨湖区示例社会工作服务中心" and second.street_id == areas["heli"].pk
    assert (made.live, made.code, made.version) == (True, make.code("MF", 4711), 1)
    event = AuditEvent.objects.get(code=Event.CREATED)
    assert event.subject_id == str(made.pk) and event.payload["changes"]["name"][1] == first.name


def test_a_taken_code_is_refused_and_nothing_is_written(areas, officer):
    create(officer, areas)
    before = (Organization.objects.count(), Standing.objects.count(), AuditEvent.objects.count())
    with pytest.raises(Refused) as refused:
        create(officer, areas, name="无锡市滨湖区另一社会工作服务中心")
    assert "ORG-ID-05" in codes(refused)
    assert before == (Organization.objects.count(), Standing.objects.count(), AuditEvent.objects.count())


def test_permission_follows_kind_and_registrar(areas, officer):
    street = user("street", ("street_office", "area", "320211001"))
    with pytest.raises(PermissionDenied):
        create(street, areas)
    filed = create(street, areas, kind="BA", code=None, filing_no="BA-320211-001-2026-0001", name="惠河社区示例队")
    assert filed.filing_no == "BA-320211-001-2026-0001"
    other = user("other", ("street_office", "area", "320211004"))
    with pytest.raises(PermissionDenied):
        change(filed, other, {"note": "改"})
    far = user("far", ("registry_officer", "area", "320213"))
    with pytest.raises(PermissionDenied):
        change(create(officer, areas), far, {"note": "改"})


def test_a_change_holds_from_its_day_and_a_correction_for_the_whole_run(areas, officer):
    made = create(officer, areas, registered_on="2020-01-01")
    change(made, officer, {"supervisor": "滨湖区教育局"}, on=date(2022, 5, 1))
    change(made, officer, {"supervisor": "滨湖区民政局"}, on=date(2024, 5, 1), at=NOW + timedelta(hours=1))
    on = [standing_at(made, day).supervisor for day in (date(2021, 1, 1), date(2023, 1, 1), date(2025, 1, 1))]
    assert on == ["", "滨湖区教育局", "滨湖区民政局"]
    change(
        made, officer, {"supervisor": "滨湖区卫健委"}, on=date(2023, 1, 1), correction=True, at=NOW + timedelta(hours=2)
    )
    on = [standing_at(made, day).supervisor for day in (date(2021, 1, 1), date(2023, 1, 1), date(2025, 1, 1))]
    assert on == ["", "滨湖区卫健委", "滨湖区民政局"]
    then = standing_at(made, date(2023, 1, 1), known_at=NOW + timedelta(hours=1, minutes=30))
    assert then.supervisor == "滨湖区教育局", "what was known before the correction stays"
    assert {e.code for e in AuditEvent.objects.all()} >= {Event.FACTS_CHANGED, Event.FACTS_CORRECTED}


def test_an_old_fault_does_not_refuse_an_unrelated_change(areas, officer):
    made = make.organization("示例", "MF", street=areas["heli"], code="")
    change(made, officer, {"note": "补充说明"})
    assert standing_at(made, TODAY).note == "补充说明"
    with pytest.raises(Refused) as refused:
        change(made, officer, {"code": "51320211MJ60000192"})
    assert codes(refused) == {"ORG-ID-03"}, "a new fault asks"


def test_a_corrected_registration_date_moves_the_beginning(areas, officer):
    made = create(officer, areas, registered_on="2020-01-01")
    change(made, officer, {"registered_on": "2018-03-05"}, correction=True)
    assert history(made)[0].valid_from == date(2018, 3, 5)
    assert Organization.objects.get(pk=made.pk).registered_on == date(2018, 3, 5)
    change(made, officer, {"note": "二〇二二年的说明"}, on=date(2022, 1, 1))
    with pytest.raises(Refused) as refused:
        change(made, officer, {"registered_on": "2023-01-01"}, correction=True)
    assert codes(refused) == {"ORG-BEGIN"}


def test_precision_marks_follow_the_date_entered(areas, officer):
    made = create(officer, areas, registered_on="2015-05")
    assert standing_at(made, TODAY).precision == {"registered_on": "M"}
    change(made, officer, {"registered_on": "2015-05-20"}, correction=True)
    assert standing_at(made, TODAY).precision == {}


def test_closing_ends_the_body_and_frees_its_code(areas, officer):
    made = create(officer, areas, registered_on="2020-01-01")
    with pytest.raises(Refused) as refused:
        organizations.close(organization=made, status=Status.DEREGISTERED, on=date(2019, 1, 1), by=officer, at=NOW)
    assert codes(refused) == {"ORG-CLOSE-EARLY"}
    with pytest.raises(Refused) as refused:
        organizations.close(organization=made, status=Status.DEREGISTERED, on=date(2026, 10, 27), by=officer, at=NOW)
    assert codes(refused) == {"ORG-CLOSE-LATE"}
    made = organizations.close(
        organization=made, status=Status.DEREGISTERED, on=date(2026, 10, 1), reason="自行解散", by=officer, at=NOW
    )
    assert (made.live, made.closed_on) == (False, date(2026, 10, 1))
    assert standing_at(made, date(2026, 9, 30)).status == "active"
    assert standing_at(made, date(2026, 10, 1)).status == "deregistered"
    with pytest.raises(Refused) as refused:
        organizations.close(organization=made, status=Status.REVOKED, on=TODAY, by=officer, at=NOW)
    assert codes(refused) == {"ORG-CLOSED"}
    again = create(officer, areas, name="无锡市滨湖区新的社会工作服务中心")
    assert again.code == made.code


def test_an_end_entered_late_holds_over_later_changes(areas, officer):
    made = create(officer, areas, registered_on="2020-01-01")
    organizations.close(organization=made, status=Status.LIQUIDATING, on=date(2026, 9, 1), by=officer, at=NOW)
    made = organizations.close(organization=made, status=Status.DEREGISTERED, on=date(2026, 8, 1), by=officer, at=NOW)
    assert {row.status for row in history(made) if row.valid_from >= date(2026, 8, 1)} == {"deregistered"}
    assert not made.live


def test_a_wrong_end_can_be_corrected(areas, officer):
    made = create(officer, areas, registered_on="2020-01-01")
    organizations.close(organization=made, status=Status.DEREGISTERED, on=date(2026, 8, 1), by=officer, at=NOW)
    change(made, officer, {"closed_on": "2026-09-01"}, correction=True)
    made.refresh_from_db()
    assert standing_at(made, date(2026, 8, 15)).status == "active" and made.closed_on == date(2026, 9, 1)
    change(made, officer, {"closed_on": "2026-07-01"}, correction=True)
    assert standing_at(made, date(2026, 7, 15)).status == "deregistered"
    change(made, officer, {"status": "active", "closed_on": None}, correction=True)
    made.refresh_from_db()
    assert (made.live, made.closed_on, standing_at(made, TODAY).status) == (True, None, "active")


def test_a_filed_body_that_registers_becomes_another(areas, officer):
    filed = make.organization("惠河社区示例队", "BA", street=areas["heli"], registered_on=date(2022, 1, 1))
    made = organizations.succeed(
        filed=filed, fields=fields(), places={}, area=areas["district"], on=date(2026, 9, 1), by=officer, at=NOW,
        confirmed=True,
    )  # fmt: skip
    filed.refresh_from_db()
    assert made.predecessor == filed and not filed.live and filed.closed_on == date(2026, 9, 1)
    assert standing_at(filed, date(2026, 8, 31)).status == "active"
    assert standing_at(filed, date(2026, 9, 1)).status == "deregistered"
    with pytest.raises(Refused) as refused:
        organizations.succeed(filed=filed, fields=fields(code=make.code("MF", 4712)), places={},
                              area=areas["district"], on=TODAY, by=officer, at=NOW, confirmed=True)  # fmt: skip
    assert codes(refused) == {"ORG-CLOSED"}


def test_secrets_are_ciphertext_in_the_table_and_absent_from_events(areas, officer):
    made = create(officer, areas, **secrets.sealed({"phone": "13800001234"}))
    change(made, officer, secrets.sealed({"phone": "13900005678"}))
    stored = str(list(Standing.objects.values_list("phone", flat=True)))
    told = str(list(AuditEvent.objects.values_list("payload", flat=True)))
    for number in ("13800001234", "13900005678"):
        assert number not in stored and number not in told
    assert secrets.reveal(organization=made, field="phone", reason="通知", by=officer, at=NOW) == "13900005678"
    assert AuditEvent.objects.filter(code=CoreEvent.REVEALED).count() == 1


def test_the_slower_of_two_is_refused(areas, officer):
    made = create(officer, areas)
    change(made, officer, {"note": "甲"}, version=made.version)
    with pytest.raises(Refused) as refused:
        change(made, officer, {"note": "乙"}, version=made.version)
    assert codes(refused) == {"ORG-STALE"} and standing_at(made, TODAY).note == "甲"


@pytest.mark.django_db(transaction=True)
def test_of_writers_at_once_exactly_one_wins_each_version():
    areas = make.binhu()
    officer = make.officer()
    made = create(officer, areas)
    version, answers, start = made.version, [], threading.Barrier(6)

    def write(number):
        try:
            start.wait()
            change(made, officer, {"note": f"第{number}个"}, version=version)
            answers.append("written")
        except Refused as refused:
            answers.append(refused.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["ORG-STALE"] * 5 + ["written"]
    rows = list(Standing.objects.filter(organization=made, superseded_at__isnull=True).order_by("valid_from"))
    assert all(a.valid_to == b.valid_from for a, b in itertools.pairwise(rows)) and rows[-1].valid_to == OPEN
    assert Organization.objects.get(pk=made.pk).version == version + 1


@pytest.mark.django_db(transaction=True)
def test_of_two_bodies_with_one_code_at_once_one_is_entered():
    areas = make.binhu()
    officer = make.officer()
    answers, start = [], threading.Barrier(4)

    def write(number):
        try:
            start.wait()
            create(officer, areas, name=f"无锡市滨湖区第{number}社会工作服务中心")
            answers.append("written")
        except Refused as refused:
            answers.append("ORG-ID-05" if "ORG-ID-05" in {f.code for f in refused.findings} else "other")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["ORG-ID-05"] * 3 + ["written"]
    assert Organization.objects.filter(live=True).count() == 1
