"""No C3/C4 value stands in clear anywhere, and every column of ciphertext is registered (core.registries).

The vault is called by the actions, not by a field class (docs/adr/0018): this is what proves that nobody forgot it.
"""

import json
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import reverse

from liaoyuan.core import clock, events, registries, search, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import install, privacy
from liaoyuan.core.choices import RequestKind
from liaoyuan.core.queries import sealed
from liaoyuan.registry.actions import batches, demo
from liaoyuan.registry.models import Standing
from tests.house import ground as laying
from tests.house import source
from tests.registry import factories as make

BY = Operator("house")
_CIPHER = re.compile(r"(?:v1|g1)\.[0-9a-f]{8}\.[A-Za-z0-9_-]{38,}")


def texts():
    """(model, column, row's key, text) of everything that stands in a text or JSON column of any model."""
    for model in apps.get_models():
        columns = [f.name for f in model._meta.concrete_fields
                   if isinstance(f, models.CharField | models.TextField | models.JSONField)]  # fmt: skip
        if not columns or not model._meta.managed:
            continue
        for row in model._default_manager.values_list("pk", *columns).iterator(chunk_size=2000):
            for name, value in zip(columns, row[1:], strict=True):
                if value:
                    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                    yield model._meta.label, name, row[0], told


def unregistered() -> set[str]:
    known = {(entry.model, entry.column) for entry in registries.sealed_fields}
    return {f"{model}.{name}" for model, name, _pk, text in texts()
            if _CIPHER.search(text) and (model, name) not in known}  # fmt: skip


def _must_be_sealed(entry, name: str, text: str) -> bool:
    """A secret field of a JSON column, but for marks and the days that stand beside its values."""
    named = bool(name) and bool(entry.purposes_of(name)) and "" not in entry.purpose
    return named and text not in ("", "***") and not re.fullmatch(r"\d{4}-\d\d-\d\d", text)


def in_clear() -> set[str]:
    """Registered columns that hold something that is no ciphertext."""
    found = set()
    for entry in registries.sealed_fields:
        for row in sealed.model_of(entry)._default_manager.all().iterator(chunk_size=2000):
            if sealed.is_json(entry):
                found |= {
                    f"{entry.model}.{entry.column}:{name}"
                    for name, text in sealed.strings(getattr(row, entry.column))
                    if _must_be_sealed(entry, name, text) and not vault.is_sealed(text)
                }
            elif getattr(row, entry.column) and not vault.is_sealed(getattr(row, entry.column)):
                found.add(f"{entry.model}.{entry.column}")
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_after_the_demo_no_telephone_number_stands_in_clear():
    call_command("migrate", verbosity=0)
    install.load_areas(at=make.AT)
    demo.build(scale=1, seed=1026, by=BY, at=make.AT, say=lambda line: None)
    assert Standing.objects.exclude(phone="").count() > 1000
    assert not unregistered() and not in_clear()
    phones = {vault.decrypt(v, purpose="organization.phone") for v in
              Standing.objects.exclude(phone="").order_by("pk").values_list("phone", flat=True)[:300]}  # fmt: skip
    everything = "\n".join(text for _m, _n, _pk, text in texts())
    assert not [phone for phone in phones if phone in everything]


ID, PHONE, TYPED, SAID = "110101199003070011", "13987651234", "13511112222", "请把我的手机13622223333改掉"


@pytest.mark.django_db
def test_what_comes_by_sheet_form_and_request_stands_in_clear_nowhere(client, tmp_path):
    """Accepted, doubtful and rejected rows; a form; a change; a reveal; a request; a column nobody asked for."""
    areas = make.binhu()
    search.refresh("organization")
    head = ("名称", "备案号", "街道", "备案日期", "身份证号", "电话", "政治面貌", "家庭住址", "手机")
    rows = [
        ("甲邻里互助会", "滨备901", "河埒街道", "2020-03-05", ID, PHONE, "中共党员", "梁清路1号", "13711119999"),
        ("乙邻里互助会", "滨备902", "河埒街道", "2020-03", "110101199003070012", PHONE, "群众", "梁清路2号", ""),
        ("", "滨备903", "河埒街道", "2020-03-05", ID, PHONE, "预备党员", "梁清路3号", ""),
    ]
    batch = laying.stage(laying.sheet(tmp_path / "a.csv", *rows, head=head), "filings", areas["heli"].code)
    assert {row.verdict for row in batch.rows.all()} == {"accept", "review", "reject"}
    kept = " ".join(vault.decrypt(row.raw, purpose="import.raw") for row in batch.rows.exclude(raw=""))
    for gone in ("党员", "群众", "梁清路", "13711119999"):
        assert gone not in kept, "a dropped column is not even kept as ciphertext"
    assert "乙邻里互助会" in kept and PHONE in kept
    batches.apply_batch(batch=batch, confirm_review=True, by=BY, at=make.AT)
    officer = make.user("streets", ("street_office", "area", areas["heli"].code),
                        ("registry_officer", "area", areas["heli"].code), is_demo=True)  # fmt: skip
    client.force_login(officer)
    body = Standing.objects.now_open().get(name="甲邻里互助会").organization
    made = client.post(reverse("registry:filing_create"), {
        "name": "丙邻里互助会", "filing_no": "滨备904", "street": areas["heli"].code, "registered_on": "2021-02-03",
        "phone": TYPED, "id_number": ID, "confirmed": "on",
    })  # fmt: skip
    assert made.status_code == 302
    client.post(reverse("registry:organization_reveal", args=[body.pk, "phone"]), {"reason": "通知年检"})
    head_of = make.head_of(body)
    privacy.ask(user=head_of, kind=RequestKind.CORRECT, subject=("organization", str(body.pk), "甲"), text=SAID,
                at=clock.now())  # fmt: skip
    events.record("x.y", ("organization", str(body.pk), ""), by=officer, at=make.AT,
                  payload={"changes": {"phone": [PHONE, TYPED], "id_number": ["", ID]}})  # fmt: skip
    assert not unregistered() and not in_clear()
    for model, name, _pk, text in texts():
        for secret in (
            ID,
            "110101199003070012",
            PHONE,
            TYPED,
            SAID,
            "13622223333",
            "13711119999",
            "中共党员",
            "梁清路",
        ):
            assert secret not in text, f"{secret} stands in {model}.{name}"


@pytest.mark.django_db
def test_a_planted_value_is_caught():
    body = make.organization("植入中心", phone=PHONE)
    assert not in_clear() and not unregistered()
    Standing.objects.filter(organization=body).update(phone=PHONE)
    assert in_clear() == {"registry.Standing.phone"}
    Standing.objects.filter(organization=body).update(phone="", note=vault.encrypt(PHONE, purpose="x"))
    assert unregistered() == {"registry.Standing.note"}


@pytest.mark.parametrize("label", ["政治面貌", "政治\n面貌", "政 治 面 貌", "（政治面貌）"])
def test_a_label_written_apart_is_recognised(db, tmp_path, label):
    """The cells of such a column stand nowhere, not even sealed beside a row that waits."""
    from datetime import date

    from liaoyuan.core import staging, vault
    from liaoyuan.core.queries import batches

    areas = make.binhu()
    cells = ("甲服务中心", make.code("MF", 78)[:17], "民办非企业单位", "2015-03-05", "群众")
    path = laying.sheet(tmp_path / "c.csv", cells,
                        head=("名称", "统一社会信用代码", "类型", "成立日期", label))  # fmt: skip
    order = staging.Order(kind="organizations", path=path, file_name="c.csv", area=areas["district"],
                          as_of=date(2026, 10, 26))  # fmt: skip
    row = staging.stage(order, by=BY, at=make.AT).rows.get()
    kept = vault.decrypt(row.raw, purpose=batches.RAW_PURPOSE)
    assert "甲服务中心" in kept and "群众" not in kept


def test_a_mapping_cannot_bring_the_political_status_in(db, tmp_path):
    """Even a person who says that the column 政治面貌 is the remark does not get it in."""
    from datetime import date

    from liaoyuan.core import staging

    areas = make.binhu()
    path = laying.sheet(tmp_path / "b.csv", ("甲服务中心", make.code("MF", 77), "民办非企业单位", "2015-03-05", "党员"),
                        head=("名称", "统一社会信用代码", "类型", "成立日期", "政治面貌"))  # fmt: skip
    order = staging.Order(kind="organizations", path=path, file_name="b.csv", area=areas["district"],
                          as_of=date(2026, 10, 26), mapping={"政治面貌": "note"})  # fmt: skip
    batch = staging.stage(order, by=BY, at=make.AT)
    assert "note" not in batch.rows.get().fields and "政治面貌" not in batch.mapping
    assert "“政治面貌”列不导入：本系统不收集这一项。" in batch.notes


def test_every_call_of_the_vault_names_a_registered_purpose():
    """Purposes that are written in the code are those of registered columns, or of what is never stored."""
    known = {p for entry in registries.sealed_fields for told in
             ([entry.purpose] if isinstance(entry.purpose, str) else entry.purpose.values())
             for p in ([told] if isinstance(told, str) else told)}  # fmt: skip
    unstored = {"api.token", "invitation", "probe"}
    for path in source.files():
        for purpose in re.findall(r'purpose="([!-~]+)"', path.read_text(encoding="utf-8")):
            assert purpose in known | unstored, f"{source.module(path)}: nobody registered the purpose {purpose}"
