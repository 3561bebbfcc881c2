"""Files of a body: taken in, attached, replaced, removed; alike photos; checklists; two writers at once."""

import hashlib
import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from liaoyuan.core import clock, policy, registries
from liaoyuan.core.actions import files as actions
from liaoyuan.core.actions import parameters
from liaoyuan.core.files import store
from liaoyuan.core.models import Attachment, AuditEvent, Parameter, StoredFile
from liaoyuan.core.queries import files as queries
from liaoyuan.core.queries import health
from liaoyuan.kit.files import photos
from liaoyuan.kit.findings import Refused
from liaoyuan.registry.params.papers import KEYS, PURPOSES
from tests.core import file_ground as files
from tests.core.factories import AT, user
from tests.registry import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES = tmp_path / "files"


@pytest.fixture
def areas():
    return make.binhu()


@pytest.fixture
def body(areas):
    return make.organization("甲服务中心", street=areas["heli"])


@pytest.fixture
def officer(areas):
    return user("officer", ("registry_officer", "area", "320211"))


def place(who, record):
    found = queries.place_of(who, type(record).__name__.lower(), str(record.pk))
    assert found is not None
    return found


def take(who, record, paper="章程", name="章程.pdf", data=None):
    there = place(who, record)
    purpose = queries.purpose_for(there.kind, paper)
    taken = actions.take_in(
        place=there, purpose=purpose, name=name, chunks=[files.pdf() if data is None else data], by=who, at=AT
    )
    return there, purpose, taken


def add(who, record, paper="章程", name="章程.pdf", data=None, **more):
    there, purpose, taken = take(who, record, paper, name, data)
    return actions.attach(place=there, purpose=purpose, paper=paper, taken=taken, by=who, at=AT, **more)


def codes(caught) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def test_a_paper_is_kept_with_its_hashes_and_an_event(officer, body):
    row = add(officer, body, note="2026 年核准")
    data = files.pdf()
    assert row.file.sha256 == hashlib.sha256(data).hexdigest()
    assert (row.file.size, row.file.kind, row.sensitivity, row.purpose) == (len(data), "pdf", "C1", "charter")
    assert store.path_of(row.file.name).read_bytes() == data
    assert row.pledged_at == AT and row.uploaded_by == officer
    event = AuditEvent.objects.get(code="file.added")
    assert (event.subject_kind, event.subject_id) == ("organization", str(body.pk))
    assert event.payload["sha256"] == row.file.sha256 and event.payload["sm3"] == row.file.sm3


def test_the_same_content_is_kept_once(officer, body, areas):
    other = make.organization("乙服务中心", street=areas["heli"])
    first, second = add(officer, body), add(officer, other, name="另一个名字.pdf")
    assert first.file == second.file
    assert StoredFile.objects.count() == 1


def test_the_name_is_put_right_and_said(officer, body):
    _place, _purpose, taken = take(officer, body, name="../x\u202e/章程.png")
    assert taken.name == "章程.pdf"
    assert [f.code for f in taken.notes] == ["FILE.renamed"]


@pytest.mark.parametrize(
    ("paper", "name", "data", "code"),
    [
        ("章程", "a.docx", files.office("docx", {"word/vbaProject.bin": b"x"}), "FILE.macros"),
        ("章程", "机密.pdf", files.pdf(), "FILE.mark_in_name"),
        ("章程", "a.zip", files.zipped({"a": "a"}), "FILE.archive"),
        ("照片", "a.pdf", files.pdf(), "FILE.not_here"),
        ("章程", "a.pdf", b"", "FILE.empty"),
        ("照片", "a.jpg", files.photo()[:900], "FILE.damaged"),
    ],
)
def test_what_is_refused_leaves_nothing(officer, body, paper, name, data, code):
    with pytest.raises(Refused) as caught:
        take(officer, body, paper, name, data)
    assert codes(caught) == [code]
    assert name in str(caught.value)
    assert not StoredFile.objects.exists() and not Attachment.objects.exists()
    assert not [path for path in store.folder().rglob("*") if path.is_file()]


def test_sizes_are_parameters_of_the_place_and_the_purpose(officer, body):
    def bound(key, value):
        Parameter.objects.create(
            key=key, jurisdiction="320211", valid_from=date(2020, 1, 1), value=value, origin="local",
            status="draft", source="滨民〔2026〕1号", edited_at=AT,
        )  # fmt: skip
        policy.forget()

    parameters.sync_shipped(at=AT)
    big = files.pdf() + bytes(2 * 2**20)
    add(officer, body, data=big)
    bound("file.max_mb", 1)
    with pytest.raises(Refused) as caught:
        add(officer, body, data=big)
    assert codes(caught) == ["FILE.too_large"]
    bound("file.max_mb.charter", 3)
    add(officer, body, data=big)
    bound("file.megapixels", 0)
    with pytest.raises(Refused) as caught:
        add(officer, body, "照片", "a.jpg", files.photo())
    assert codes(caught) == ["FILE.pixels"]


def test_a_photo_has_its_time_and_copies_without_its_place(officer, body):
    data = files.photo(taken="2026:10:26 09:30:00")
    row = add(officer, body, "照片", "合影.jpg", data)
    assert row.file.taken_at.isoformat() == "2026-10-26T01:30:00+00:00"
    assert store.path_of(row.file.name).read_bytes() == data
    for form in ("copy", "thumb"):
        content, size = queries.content(row.file, form)
        with content:
            shown = content.read()
        assert len(shown) == size
        assert files.PLACE_NAME not in shown and files.CAMERA.encode() not in shown


def test_a_roster_is_sealed(officer, areas):
    filed = make.organization("丙队", "BA", street=areas["heli"])
    data = "姓名,电话\n甲,13900001111\n乙,13900002222\n".encode()
    row = add(officer, filed, "成员名单", "名单.csv", data)
    assert row.sensitivity == "C3" and row.file.wrapped_key
    raw = store.path_of(row.file.name).read_bytes()
    assert b"13900001111" not in raw
    content, size = queries.content(row.file, "original")
    with content:
        assert content.read(size) == data
    told = str(list(AuditEvent.objects.values_list("payload", flat=True)))
    assert "名单.csv" not in told and "成员名单" in told
    again = add(officer, filed, "成员名单", "名单2.csv", data)
    assert again.file == row.file
    lying_open = add(officer, filed, "章程", "c.csv", data)
    assert lying_open.file != row.file and not lying_open.file.wrapped_key


def test_replacing_keeps_a_version_and_removing_keeps_everything(officer, body):
    old = add(officer, body)
    new = add(officer, body, data=files.pdf(b"(Second)"), replaces=old)
    old.refresh_from_db()
    assert old.replaced_at == AT and new.replaces == old
    assert list(Attachment.objects.living()) == [new]
    with pytest.raises(Refused) as caught:
        add(officer, body, replaces=old)
    assert codes(caught) == ["FILE.gone"]
    with pytest.raises(Refused) as caught:
        add(officer, body, "住所证明", replaces=new)
    assert codes(caught) == ["FILE.other_paper"]
    there = place(officer, body)
    with pytest.raises(Refused) as caught:
        actions.remove(place=there, attachment=new, reason=" ", by=officer, at=AT)
    assert codes(caught) == ["FILE.reason"]
    assert StoredFile.objects.uncited().count() == 0
    actions.remove(place=there, attachment=new, reason="传错了", by=officer, at=AT)
    assert list(StoredFile.objects.uncited()) == [new.file], "a version is cited, a removed one is not"
    assert store.path_of(new.file.name).is_file()
    with pytest.raises(Refused):
        actions.remove(place=there, attachment=new, reason="再一次", by=officer, at=AT)
    assert [e.code for e in AuditEvent.objects.order_by("pk")] == ["file.added", "file.replaced", "file.removed"]


def test_who_may_upload_and_change(areas, body, officer):
    head = user("head", ("organization_head", "organization", str(body.pk)))
    leader = user("leader", ("leadership", "area", "320211"))
    stranger = user("stranger", ("registry_officer", "area", "320213"))
    assert queries.place_of(stranger, "organization", str(body.pk)) is None
    assert queries.place_of(head, "nothing", "1") is None and queries.place_of(head, "organization", "1e9") is None
    with pytest.raises(PermissionDenied):
        take(leader, body)
    official, own = add(officer, body), add(head, body, "住所证明", "住所.pdf", files.pdf(b"(Home)"))
    with pytest.raises(PermissionDenied):
        actions.remove(place=place(head, body), attachment=official, reason="不想要", by=head, at=AT)
    actions.remove(place=place(head, body), attachment=own, reason="传错了", by=head, at=AT)
    street = user("street", ("street_office", "area", "320211001"))
    with pytest.raises(PermissionDenied):
        take(street, body)
    filed = make.organization("丙队", "BA", street=areas["heli"])
    add(street, filed, "备案表", "备案表.pdf")
    roster = add(street, filed, "成员名单", "名单.pdf", files.pdf(b"(Names)"))
    assert queries.attachment_of(officer, roster.pk) is not None
    assert queries.attachment_of(leader, roster.pk) is None, "leadership looks things up, names are not for it"


def test_ratings_and_honours_have_their_evidence(officer, body):
    rating, honour = make.rating(body), make.honour(body)
    row = add(officer, rating, "依据", "等级证书.pdf")
    assert (row.subject_kind, row.subject_id) == ("rating", str(rating.pk))
    event = AuditEvent.objects.get()
    assert (event.subject_kind, event.subject_id) == ("organization", str(body.pk))
    add(officer, honour, "依据", "奖牌.jpg", files.photo())
    assert set(queries.of_subjects("rating", [rating.pk])) == {str(rating.pk)}


# Checklists


def test_the_checklist_says_given_missing_and_expired(officer, body):
    there = place(officer, body)
    papers = actions.limits_of(there, date(2026, 11, 1))[there.subject.papers(body)]
    assert papers == ["登记证书", "章程", "法定代表人任职文件", "住所证明"]
    add(officer, body)
    add(officer, body, "登记证书", "证.pdf", files.pdf(b"(Cert)"), valid_until=date(2026, 10, 31))

    def states(on):
        return {line.paper: line.state for line in queries.checklist(place(officer, body), papers, on)}

    assert states(date(2026, 10, 31))["登记证书"] == "given"
    assert states(date(2026, 11, 1)) == {
        "登记证书": "expired", "章程": "given", "法定代表人任职文件": "missing", "住所证明": "missing",
    }  # fmt: skip
    add(officer, body, "登记证书", "新证.pdf", files.pdf(b"(New)"), valid_until=date(2030, 10, 31))
    assert states(date(2026, 11, 1))["登记证书"] == "given"


def test_every_checklist_is_a_draft_with_a_source_and_an_office_may_add_a_paper(officer, body):
    shipped = {row["key"]: row for row in registries.parameters}
    for key in KEYS.values():
        assert shipped[key]["status"] == "draft" and shipped[key]["source"] and key in registries.parameter_titles
    purpose = queries.purpose_for("organization", "消防验收意见书")
    assert purpose == PURPOSES["paper"]
    row = add(officer, body, "消防验收意见书", "消防.pdf")
    lines = queries.checklist(place(officer, body), ["消防验收意见书"], clock.today())
    assert [line.rows for line in lines] == [(row,)]


# Photos that look alike


def alike_bits(**changes):
    picture = files.scene(5)
    return files.plain(picture.resize((640, 427)), quality=changes.get("quality", 60))


def test_a_photo_used_again_is_shown_and_must_be_answered(officer, body, areas):
    other = make.organization("乙服务中心", street=areas["heli"])
    first = add(officer, other, "照片", "春.jpg", files.photo(files.scene(5)))
    add(officer, other, "照片", "别的.jpg", files.photo(files.scene(6)))
    there, purpose, taken = take(officer, body, "照片", "秋.jpg", alike_bits())
    assert [found.row for found in taken.alike.seen] == [first] and taken.alike.elsewhere == 0
    assert taken.alike.seen[0].where == "乙服务中心"
    for answer, note, code in (("", "", "FILE.answer"), ("drop", "", "FILE.answer"), ("again", "", "FILE.answer_note")):
        with pytest.raises(Refused) as caught:
            actions.attach(place=there, purpose=purpose, paper="照片", taken=taken, answer=answer, answer_note=note,
                           by=officer, at=AT)  # fmt: skip
        assert codes(caught) == [code]
    row = actions.attach(place=there, purpose=purpose, paper="照片", taken=taken, answer="again",
                         answer_note="两家合办的活动", by=officer, at=AT)  # fmt: skip
    assert (row.answer, row.answer_note) == ("again", "两家合办的活动")
    assert row.alike["seen"][0]["attachment"] == first.pk
    assert AuditEvent.objects.filter(code="file.added", payload__answer="again").exists()


def test_a_photo_elsewhere_is_only_counted(areas, body, officer):
    far = make.organization("远处中心", registrar_area=areas["other"], street=areas["other_street"])
    add(user("there", ("registry_officer", "area", "320213")), far, "照片", "春.jpg", files.photo(files.scene(5)))
    _place, _purpose, taken = take(officer, body, "照片", "秋.jpg", alike_bits())
    assert taken.alike.seen == () and taken.alike.elsewhere == 1


def test_removed_photos_and_scans_are_no_likeness(officer, body):
    first = add(officer, body, "照片", "春.jpg", files.photo(files.scene(5)))
    actions.remove(place=place(officer, body), attachment=first, reason="传错了", by=officer, at=AT)
    add(officer, body, "住所证明", "扫描.jpg", files.photo(files.scene(5), quality=70))
    assert not take(officer, body, "照片", "秋.jpg", alike_bits())[2].alike


def test_the_search_finds_what_a_naive_scan_finds(officer, body):
    """Against a scan over all pairs, for every number of bits."""
    kept = []
    for seed in range(12):
        picture = files.scene(20 + seed % 4, (300, 200))
        data = files.plain(picture.rotate(seed // 4, expand=False), quality=60 + seed)
        there, purpose, taken = take(officer, body, "照片", f"{seed}.jpg", data)
        row = actions.attach(place=there, purpose=purpose, paper="照片", taken=taken, answer="same", by=officer, at=AT)
        kept.append(row)
    for bits in (0, 3, 4, 8, 11):
        for row in kept:
            look = photos.joined(row.file.parts)
            near = {r.pk for r in kept if photos.distance(look, photos.joined(r.file.parts)) <= bits}
            found = queries.alike(officer, row.file, bits)
            assert len(found.seen) == min(len(near), 6)
            assert {likeness.row.pk for likeness in found.seen} <= near


# Constraints, health, and two at once


def test_constraints_speak(officer, body):
    row = add(officer, body)
    for wrong in ({"sensitivity": "C9"}, {"removed_at": AT}, {"answer": "maybe"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=row.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=row.file_id).update(look_1=1)


def test_check_finds_lost_and_changed_contents(officer, body):
    row = add(officer, body)
    assert health._files()["ok"]
    store.path_of(row.file.name).write_bytes(b"changed")
    told = health._files()
    assert not told["ok"] and row.file.sha256[:12] in told["detail"]
    store.path_of(row.file.name).unlink()
    assert "缺失" in health._files()["detail"]
    add(officer, body)  # uploading the same file mends it
    assert health._files()["ok"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_keep_one_content(areas, officer):
    bodies = [make.organization(f"并发{n}中心", street=areas["heli"]) for n in range(4)]
    start = threading.Barrier(4)
    faults = []

    def upload(body):
        try:
            start.wait(30)
            add(officer, body)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert StoredFile.objects.count() == 1
    assert Attachment.objects.living().count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_replace_the_same_file_and_one_is_told(areas, officer):
    body = make.organization("并发中心", street=areas["heli"])
    old = add(officer, body)
    start = threading.Barrier(2)
    told = []

    def replace(number):
        try:
            there, purpose, taken = take(officer, body, data=files.pdf(b"(%d)" % number))
            start.wait(30)
            actions.attach(place=there, purpose=purpose, paper="章程", taken=taken, replaces=old, by=officer,
                           at=AT + timedelta(seconds=number))  # fmt: skip
            told.append("done")
        except Refused as refused:
            told.append(refused.findings[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=replace, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["FILE.gone", "done"]
    assert Attachment.objects.living().count() == 1
