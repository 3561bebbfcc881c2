"""Who may write policy rows, and how: drafts, confirmation by a second person, upgrades of shipped rows."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from liaoyuan.core import access, policy, registries
from liaoyuan.core.actions import parameters
from liaoyuan.core.models import AuditEvent, Parameter
from liaoyuan.kit.findings import Refused, Severity
from tests.core import factories

AT = datetime(2026, 10, 26, 2, tzinfo=UTC)
ON = date(2026, 10, 26)
DAY = date(2026, 11, 1)


@pytest.fixture
def people(db):
    factories.binhu()
    return {
        "officer": factories.user("officer", ("registry_officer", "area", "320211")),
        "other_officer": factories.user("officer2", ("registry_officer", "area", "320211")),
        "head": factories.user("head", ("registry_head", "area", "320211")),
        "both": factories.user("both", ("registry_officer", "area", "320211"), ("registry_head", "area", "320211")),
        "neighbour": factories.user(
            "neighbour", ("registry_officer", "area", "320213"), ("registry_head", "area", "320213")
        ),
        "street": factories.user("street", ("street_office", "area", "320211001")),
    }  # fmt: skip


def edit(by, **changed):
    given = {
        "key": "filing.members_min", "jurisdiction": "320211", "valid_from": DAY, "value": 8, "severity": "warn",
        "source": "滨民发〔2026〕1号第三条", "by": by, "at": AT, **changed,
    }  # fmt: skip
    return parameters.edit(**given)


def codes(refused) -> list[str]:
    return [f"{f.code}:{f.field}" for f in refused.value.findings]


def held(on=DAY, place="320211", key="filing.members_min"):
    return policy.limits(on, policy.chain(place)).row(key)


class TestEdit:
    def test_a_draft_takes_part_and_is_local(self, people):
        parameters.sync_shipped(at=AT)
        made = edit(people["officer"])
        assert (made.origin, made.status, made.edited_by, made.edited_at) == ("local", "draft", people["officer"], AT)
        assert (held().value, held().status) == (8, "draft")
        assert held(DAY - timedelta(1)).value == 5
        assert held(place="320213").value is None
        event = AuditEvent.objects.get(code="parameter.edited")
        assert event.payload["value"] == 8
        assert event.payload["source"] == "滨民发〔2026〕1号第三条"
        assert event.actor == people["officer"]

    def test_an_edit_replaces_the_draft_of_the_same_day(self, people):
        first = edit(people["officer"])
        second = edit(people["other_officer"], value=9)
        first.refresh_from_db()
        assert (first.withdrawn_by, first.withdrawn_at) == (people["other_officer"], AT)
        assert held().value == 9
        assert AuditEvent.objects.filter(code="parameter.edited").last().payload["replaces"] == [first.pk]
        assert Parameter.objects.in_force().local().get() == second

    def test_the_same_again_is_refused(self, people):
        edit(people["officer"])
        with pytest.raises(Refused, match="没有改动"):
            edit(people["officer"])

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"key": "no.such"}, ["PARAMETER:key"]),
            ({"value": "八"}, ["PARAMETER:value"]),
            ({"value": True}, ["PARAMETER:value"]),
            ({"value": -1}, ["PARAMETER:value"]),
            ({"value": [8]}, ["PARAMETER:value"]),
            ({"key": "rating.valid_months", "value": None}, ["PARAMETER:value"]),
            ({"key": "ORG-ID-06", "value": 0}, ["PARAMETER:value"]),
            ({"key": "name.forbidden_words", "value": "第一"}, ["PARAMETER:value"]),
            ({"key": "term.remind_days", "value": ["180"]}, ["PARAMETER:value"]),
            ({"key": "uscc.map", "value": []}, ["PARAMETER:value"]),
            ({"severity": "stop"}, ["PARAMETER:severity"]),
            ({"source": "  "}, ["PARAMETER:source"]),
            ({"valid_to": DAY}, ["PARAMETER:valid_to"]),
            ({"jurisdiction": "990000"}, ["PARAMETER:jurisdiction"]),
            ({"jurisdiction": "320211001"}, ["PARAMETER:jurisdiction"]),
            ({"jurisdiction": "somewhere"}, ["PARAMETER:jurisdiction"]),
        ],
    )
    def test_what_is_not_whole_is_refused_and_nothing_written(self, people, changed, told):
        with pytest.raises(Refused) as refused:
            edit(access.Operator("root"), **changed)
        assert codes(refused) == told
        assert refused.value.findings[0].text.endswith("。")
        assert not Parameter.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_null_is_a_value_where_the_release_has_no_figure(self, people):
        assert edit(people["officer"], value=None).value is None

    @pytest.mark.parametrize("who", ["neighbour", "street", "head"])
    def test_only_officers_of_the_place_edit(self, people, who):
        with pytest.raises(PermissionDenied):
            edit(people[who])

    @pytest.mark.parametrize("place", ["national", "32", "3202", "320213"])
    def test_nobody_edits_beyond_his_area(self, people, place):
        with pytest.raises(PermissionDenied):
            edit(people["officer"], jurisdiction=place)

    def test_a_district_writes_its_programmes(self, people):
        assert edit(people["officer"], jurisdiction="programme:320211-venture").pk
        with pytest.raises(PermissionDenied):
            edit(people["officer"], jurisdiction="programme:320213-venture")


class TestConfirm:
    def test_a_second_person_confirms(self, people):
        made = edit(people["officer"])
        parameters.confirm(parameter=made, by=people["head"], at=AT + timedelta(1))
        assert (held().value, held().status) == (8, "confirmed")
        event = AuditEvent.objects.get(code="parameter.confirmed")
        assert (event.actor, event.payload["key"]) == (people["head"], "filing.members_min")

    def test_never_the_editor(self, people):
        made = edit(people["both"])
        with pytest.raises(Refused, match="编辑人以外的人"):
            parameters.confirm(parameter=made, by=people["both"], at=AT)
        assert held().status == "draft"

    def test_never_the_command_line(self, people):
        made = edit(people["officer"])
        with pytest.raises(Refused, match="命令行"):
            parameters.confirm(parameter=made, by=access.Operator("root"), at=AT)

    def test_what_the_command_line_wrote_waits_for_a_person(self, people):
        made = edit(access.Operator("root"))
        assert made.edited_by is None
        parameters.confirm(parameter=made, by=people["head"], at=AT)
        assert held().status == "confirmed"

    @pytest.mark.parametrize("who", ["officer", "other_officer", "neighbour", "street"])
    def test_only_holders_of_the_right_in_the_place(self, people, who):
        made = edit(people["officer"])
        with pytest.raises(PermissionDenied):
            parameters.confirm(parameter=made, by=people[who], at=AT)

    def test_once_only_and_drafts_only(self, people):
        parameters.sync_shipped(at=AT)
        shipped = Parameter.objects.get(key="FIL-03", status="draft")
        made = edit(people["officer"])
        parameters.confirm(parameter=made, by=people["head"], at=AT)
        for row in (made, shipped):
            with pytest.raises((Refused, PermissionDenied)):
                parameters.confirm(parameter=row, by=people["both"], at=AT)

    def test_a_correction_of_the_same_day_waits_for_its_confirmation(self, people):
        made = edit(people["officer"])
        parameters.confirm(parameter=made, by=people["head"], at=AT)
        correction = edit(people["officer"], value=6)
        assert held().value == 8
        parameters.confirm(parameter=correction, by=people["head"], at=AT + timedelta(1))
        assert held().value == 6
        made.refresh_from_db()
        assert (made.status, made.withdrawn_by) == ("confirmed", people["head"])

    def test_confirming_lifts_a_draft_s_ceiling(self, people):
        """A rule known from memory only warns; an office that confirms it with a source may let it block."""
        parameters.sync_shipped(at=AT)
        facts = registries.rules["FIL-03"].parse({"kind": "BA", "filing_until": "2026-10-01"})

        def told():
            return [
                str(f.severity)
                for f in policy.evaluate("daily", facts, policy.limits(DAY, policy.chain("320211")), DAY)
            ]

        assert told() == ["warn"]
        made = edit(people["officer"], key="FIL-03", value=True, severity="block")
        assert told() == ["warn"]
        parameters.confirm(parameter=made, by=people["head"], at=AT)
        assert told() == ["block"]


class TestWithdraw:
    @pytest.mark.parametrize("who", ["officer", "other_officer", "head"])
    def test_a_draft_is_taken_back(self, people, who):
        made = edit(people["officer"])
        parameters.withdraw(parameter=made, by=people[who], at=AT)
        made.refresh_from_db()
        assert (made.withdrawn_at, made.withdrawn_by) == (AT, people[who])
        assert held().value == 5
        assert AuditEvent.objects.filter(code="parameter.withdrawn").count() == 1
        assert edit(people["officer"]).pk != made.pk

    @pytest.mark.parametrize("who", ["neighbour", "street"])
    def test_not_by_strangers(self, people, who):
        made = edit(people["officer"])
        with pytest.raises(PermissionDenied):
            parameters.withdraw(parameter=made, by=people[who], at=AT)

    def test_confirmed_and_withdrawn_rows_stay(self, people):
        made = edit(people["officer"])
        parameters.confirm(parameter=made, by=people["head"], at=AT)
        with pytest.raises(Refused):
            parameters.withdraw(parameter=made, by=people["head"], at=AT)
        draft = edit(people["officer"], value=6)
        parameters.withdraw(parameter=draft, by=people["officer"], at=AT)
        for action in (parameters.withdraw, parameters.confirm):
            with pytest.raises(Refused):
                action(parameter=draft, by=people["head"], at=AT)


class TestShipped:
    def test_the_release_is_written_once(self, people, django_assert_num_queries):
        report = parameters.sync_shipped(at=AT)
        assert (report.created, report.updated, report.removed, report.conflicts) == (
            len(registries.parameters),
            0,
            0,
            [],
        )
        before = list(Parameter.objects.values_list())
        again = parameters.sync_shipped(at=AT + timedelta(1))
        assert (again.created, again.updated, again.removed, again.conflicts) == (0, 0, 0, [])
        assert list(Parameter.objects.values_list()) == before
        assert AuditEvent.objects.filter(code="parameter.shipped").count() == 1
        assert Parameter.objects.filter(status="draft", confirmed_at__isnull=False).count() == 0

    def test_an_upgrade_leaves_local_rows_and_names_conflicts(self, people, monkeypatch):
        parameters.sync_shipped(at=AT)
        local = edit(people["officer"])
        elsewhere = edit(people["neighbour"], jurisdiction="320213", key="rating.valid_months", value=36)
        kept = list(Parameter.objects.local().values_list())
        table = [dict(entry) for entry in registries.parameters if entry["key"] != "CRD-02"]
        for entry in table:
            if entry["key"] == "filing.members_min" and entry["jurisdiction"] == "320211":
                entry["value"] = 7
        table.append({"key": "new.one", "valid_from": "2026-01-01", "value": 1, "source": "甲"})
        monkeypatch.setattr(registries, "parameters", table)
        report = parameters.sync_shipped(at=AT + timedelta(1))
        assert (report.created, report.updated, report.removed) == (1, 1, 1)
        assert report.conflicts == ["filing.members_min（320211，2026-11-01 起）"]
        assert list(Parameter.objects.local().values_list()) == kept
        assert held(DAY - timedelta(1)).value == 7
        assert held().value == 8
        assert {local.pk, elsewhere.pk} == set(Parameter.objects.local().values_list("pk", flat=True))
        assert "filing.members_min" in str(report)

    def test_a_national_change_conflicts_with_every_district_that_departs(self, people, monkeypatch):
        parameters.sync_shipped(at=AT)
        edit(people["neighbour"], jurisdiction="320213", key="rating.valid_months", value=36)
        table = [dict(e, value=48) if e["key"] == "rating.valid_months" else e for e in registries.parameters]
        monkeypatch.setattr(registries, "parameters", table)
        report = parameters.sync_shipped(at=AT)
        assert report.conflicts == ["rating.valid_months（320213，2026-11-01 起）"]

    def test_a_release_that_contradicts_itself_is_a_fault(self, people, monkeypatch):
        monkeypatch.setattr(registries, "parameters", [*registries.parameters, registries.parameters[0]])
        with pytest.raises(ValueError, match="same key"):
            parameters.sync_shipped(at=AT)


def test_a_rule_is_switched_off_for_one_office_by_two_persons(people):
    parameters.sync_shipped(at=AT)
    made = edit(people["officer"], key="ORG-ID-06", value=False, severity="block")
    assert held(key="ORG-ID-06").severity == Severity.BLOCK
    assert policy.limits(DAY, policy.chain("320211")).is_on("ORG-ID-06")  # one person alone does not switch it off
    parameters.confirm(parameter=made, by=people["head"], at=AT)
    assert not policy.limits(DAY, policy.chain("320211")).is_on("ORG-ID-06")
    assert policy.limits(DAY - timedelta(1), policy.chain("320211")).is_on("ORG-ID-06")
    assert policy.limits(DAY, policy.chain("320213")).is_on("ORG-ID-06")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_confirm_once():
    factories.binhu()
    officer = factories.user("officer", ("registry_officer", "area", "320211"))
    heads = [factories.user(f"head{n}", ("registry_head", "area", "320211")) for n in range(4)]
    made = edit(officer)
    outcomes: list[str] = []
    barrier = threading.Barrier(len(heads))

    def run(head):
        try:
            barrier.wait()
            parameters.confirm(parameter=Parameter.objects.get(pk=made.pk), by=head, at=AT)
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(head,)) for head in heads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    assert AuditEvent.objects.filter(code="parameter.confirmed").count() == 1
