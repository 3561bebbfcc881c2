"""At level trial no C3/C4 value comes in by any path: form, import page, interface, command line, corrected row."""

import io
import json
from argparse import Namespace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaoyuan.conf.cli import data
from liaoyuan.core import events, staging, vault
from liaoyuan.core.actions import imports
from liaoyuan.core.models import AuditEvent, ImportBatch, ImportRow, SeparationSetting
from liaoyuan.core.queries import batches as batch_queries
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.actions import batches, organizations, secrets
from liaoyuan.registry.models import Organization, Standing
from liaoyuan.registry.queries.standings import SECRET
from tests.core.factories import user
from tests.registry import factories as make
from tests.registry.test_actions_organizations import change, create
from tests.registry.test_forms_pages import values

NOW = make.AT
TODAY = date(2026, 10, 26)
PHONE, NUMBER = "13951510773", "320211196803051238"
HEAD = "名称,街道,备案号,联系电话,负责人,身份证号,备案日期,自编列\n"
#: One plain row, one in doubt (a day without its day): the second keeps its cells aside.
ROWS = (
    f"河埒甲队,河埒街道,滨备1,{PHONE},张某,{NUMBER},2020-03-01,{PHONE}\n"
    f"河埒乙队,河埒街道,滨备2,{PHONE},李某,{NUMBER},20-3-1,{PHONE}\n"
)


@pytest.fixture
def areas(db, monkeypatch):
    monkeypatch.setenv("LIAOYUAN_NOW", "2026-10-26T10:00:00")
    return make.binhu()


@pytest.fixture
def trial(areas):
    SeparationSetting.objects.create(level="trial", valid_from=date(2020, 1, 1), set_at=NOW)
    return areas


@pytest.fixture
def officer(areas):
    return user("wang", ("registry_officer", "area", "320211"), is_demo=True)


def nothing_kept():
    """No value anywhere: not in a fact, not in a staged row or its cells, not in an event."""
    for row in Standing.objects.all():
        assert (row.phone, row.representative_id) == ("", "")
    for staged in ImportRow.objects.all():
        assert not set(staged.fields) & set(SECRET)
        assert not {PHONE, NUMBER} & set(batch_queries.raw_cells(staged))
        assert PHONE not in json.dumps([staged.fields, staged.findings, staged.before], ensure_ascii=False)
    assert all(PHONE not in str(event.payload) for event in AuditEvent.objects.all())


def sealed(**fields):
    return secrets.sealed(fields)


def file(folder, name="备案.csv"):
    path = folder / name
    path.write_text(HEAD + ROWS, encoding="utf-8-sig")
    return path


def stage(folder, areas, officer):
    order = staging.Order(kind="filings", path=file(folder), file_name="备案.csv", area=areas["district"], as_of=TODAY)
    return staging.stage(order, by=officer, at=NOW)


@pytest.mark.parametrize(("name", "value", "title"), [("phone", PHONE, "联系电话"), ("id_number", NUMBER, "身份证号")])
def test_actions_refuse_and_name_the_field(trial, officer, name, value, title):
    with pytest.raises(Refused) as refused:
        create(officer, trial, **sealed(**{name: value}))
    told = [f for f in refused.value.findings if f.code == "SEC-04"]
    assert [(f.field, f.severity) for f in told] == [(name, "block")] and f"“{title}”" in told[0].text
    assert not Organization.objects.exists()
    made = create(officer, trial)
    for correction in (False, True):
        with pytest.raises(Refused):
            change(made, officer, sealed(**{name: value}), correction=correction)
    nothing_kept()


def test_what_stands_from_before_may_be_taken_away(trial, officer):
    made = make.organization("滨湖区甲示例中心", street=trial["heli"], phone=PHONE)
    change(made, officer, {"phone": ""})
    assert Standing.objects.now_open().get(organization=made).phone == ""


def test_a_filed_body_that_registers_brings_no_number(trial, officer):
    filed = make.organization("河埒甲队", "BA", street=trial["heli"], phone=PHONE)
    fields = {"name": "无锡市滨湖区甲示例社会工作服务中心", "kind": "MF", "code": make.code("MF", 4712),
              "registered_on": "2026-09-01", "registrar": "滨湖区民政局", "legal_representative": "张某",
              "capital_fen": 3_000_000}  # fmt: skip
    more = {"places": {}, "area": trial["district"], "on": TODAY, "by": officer, "at": NOW, "confirmed": True}
    with pytest.raises(Refused):
        organizations.succeed(filed=filed, fields=fields | sealed(phone=PHONE), **more)
    assert organizations.succeed(filed=filed, fields=fields, **more)


def test_the_form_tells_it_before_and_refuses_after(client, trial, officer):
    client.force_login(officer)
    page = client.get("/registry/new/")
    assert "试用级别不能填写敏感信息" in page.content.decode()
    given = values(page) | {
        "name": "无锡市滨湖区示例社会工作服务中心", "kind": "MF", "registered_on": "2026-09-01", "street": "320211001",
        "community": "", "legal_representative": "张某", "capital_fen": "3", "phone": PHONE, "confirmed": "1",
    }  # fmt: skip
    refused = client.post("/registry/new/", given)
    assert refused.status_code == 422 and "试用级别不能填写“联系电话”" in refused.content.decode()
    assert not Organization.objects.exists()
    assert client.post("/registry/new/", given | {"phone": ""}).status_code == 302


def test_the_import_drops_the_columns_before_storing_and_says_so(tmp_path, trial, officer):
    batch = stage(tmp_path, trial, officer)
    told = [note for note in batch.notes if "试用级别" in note]
    assert [("联系电话" in note, "身份证号" in note) for note in told] == [(True, False), (False, True)]
    assert batch.rows.exclude(verdict="skip").count() == 2
    assert batch_queries.raw_cells(batch.rows.get(label="河埒乙队"))[0] == "河埒乙队"
    nothing_kept()
    batches.apply_batch(batch=batch, confirm_review=True, by=officer, at=NOW)
    assert Organization.objects.count() == 2
    nothing_kept()


def test_at_another_level_the_same_file_brings_them(tmp_path, areas, officer):
    batch = stage(tmp_path, areas, officer)
    assert not [note for note in batch.notes if "试用级别" in note]
    batches.apply_batch(batch=batch, confirm_review=True, by=officer, at=NOW)
    kept = Standing.objects.now_open().get(name="河埒甲队")
    assert vault.decrypt(kept.phone, purpose="organization.phone") == PHONE


def test_a_batch_read_before_the_level_fell_is_neither_applied_nor_taken_up_again(tmp_path, areas, officer):
    old = stage(tmp_path, areas, officer)
    SeparationSetting.objects.create(level="trial", valid_from=date(2020, 1, 1), set_at=NOW)
    with pytest.raises(Refused) as refused:
        batches.apply_batch(batch=old, confirm_review=True, by=officer, at=NOW)
    assert refused.value.findings[0].code == "IMP-SENSITIVE" and not Organization.objects.exists()
    fresh = stage(tmp_path, areas, officer)
    assert fresh.pk != old.pk
    imports.discard(batch=old, by=officer, at=NOW)
    batches.apply_batch(batch=fresh, confirm_review=True, by=officer, at=NOW)
    nothing_kept()


def test_a_corrected_row_brings_none(tmp_path, client, trial, officer):
    row = stage(tmp_path, trial, officer).rows.get(label="河埒乙队")
    client.force_login(officer)
    address = f"/imports/{row.batch_id}/{row.number}/"
    page = client.get(address).content.decode()
    assert 'name="phone"' not in page and 'name="id_number"' not in page and 'name="filing_no"' in page
    cells = {"name": "河埒乙队", "filing_no": "滨备2", "street": "河埒街道", "phone": PHONE}
    with pytest.raises(Refused) as refused:
        imports.correct_row(row=row, cells=cells, by=officer, at=NOW)
    assert "“联系电话”" in str(refused.value)
    del cells["phone"]
    imports.correct_row(row=row, cells=cells, by=officer, at=NOW)
    nothing_kept()


def test_the_import_page(client, tmp_path, trial, officer):
    client.force_login(officer)
    upload = SimpleUploadedFile("备案.csv", (HEAD + ROWS).encode("utf-8-sig"))
    asked = {"kind": "filings", "area": "320211", "as_of": "2026-10-26", "unit": "", "pledge": "on",
             "file": upload}  # fmt: skip
    answer = client.post("/imports/", asked)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = client.get(answer["Location"]).content.decode()
    assert "“联系电话”列没有读入，也没有保存：试用级别不能录入敏感信息。" in page
    nothing_kept()


def test_the_interface(trial, officer):
    from tests.api.conftest import Caller, token_of

    program = Caller(token_of(officer))
    upload = SimpleUploadedFile("备案.csv", (HEAD + ROWS).encode("utf-8-sig"))
    told = program.post("/imports", 201, {
        "kind": "filings", "area": "320211", "as_of": "2026-10-26", "pledge": "true", "file": upload,
    })  # fmt: skip
    assert sum("试用级别" in note for note in told["notes"]) == 2
    program.post(f"/imports/{told['batch']}/apply?confirm_review=true")
    assert Organization.objects.count() == 2
    nothing_kept()


def test_the_command_line(tmp_path, trial, capsys):
    asked = Namespace(
        kind="filings", file=file(tmp_path), sheet=None, area="320211", map=[], unit=None, as_of=TODAY, dry_run=False,
        confirm_review=True, report=None, errors=None, json=True, login=None,
    )  # fmt: skip
    data.import_file(asked)
    report = json.loads(io.StringIO(capsys.readouterr().out).read())
    assert sum("试用级别" in note for note in report["notes"]) == 2
    assert ImportBatch.objects.get().state == "applied"
    nothing_kept()


def test_the_register_s_secret_columns_are_known_as_sensitive():
    assert all(events.is_sensitive(name) for name in SECRET)
