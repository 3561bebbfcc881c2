"""查重合并: who is shown together and why, what a merge carries, that it happens once and can be taken back."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.urls import reverse

from liaoyuan.core import registries, search
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import files as file_actions
from liaoyuan.core.models import Attachment, AuditEvent
from liaoyuan.core.queries import files as file_queries
from liaoyuan.kit.findings import Refused
from liaoyuan.people.models import Employment, Post, Profile
from liaoyuan.registry.actions import claims, merging
from liaoyuan.registry.actions import organizations as bodies
from liaoyuan.registry.actions.merging import _POINTED, _RECORDS
from liaoyuan.registry.models import (
    AnnualResult,
    Claim,
    CreditEntry,
    Different,
    Honour,
    Merge,
    Organization,
    Rating,
    Standing,
)
from liaoyuan.registry.queries import duplicates
from liaoyuan.registry.queries import merging as queries
from tests.core import file_ground as files
from tests.core.factories import user
from tests.people import factories as people
from tests.registry import factories as make

NOW = make.AT
BY = Operator("tests")


@pytest.fixture
def areas(db):
    return make.binhu()


@pytest.fixture
def officer(areas):
    return make.officer()


def versions(*made):
    return dict(Organization.objects.filter(pk__in=[m.pk for m in made]).values_list("pk", "version"))


def merge(kept, gone, by=BY, take=(), **more):
    return merging.merge(
        kept=kept.pk, gone=gone.pk, take=take, reason=more.pop("reason", "电话核实"),
        versions=more.pop("versions", versions(kept, gone)), by=by, at=more.pop("at", NOW),
    )  # fmt: skip


def pairs(who=BY):
    return {(one.one, one.other): set(one.reasons) for one in duplicates.candidates(who)}


def facts(made):
    """Everything known now of a body, without the bookkeeping."""
    told = []
    for model in (Standing, Rating, CreditEntry, Honour, AnnualResult, Profile, Post, Employment):
        for row in model.objects.filter(organization=made, superseded_at__isnull=True).order_by("pk"):
            told.append({
                f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields
                if f.attname not in ("id", "recorded_at", "recorded_by_id", "superseded_at")
            } | {"model": model.__name__})  # fmt: skip
    told.sort(key=lambda row: (row["model"], str(row.get("valid_from", "")), str(row)))
    kept = Organization.objects.get(pk=made.pk)
    return told, (kept.code, kept.filing_no, kept.registered_on, kept.live, kept.voided_at, kept.merged_into_id)


def test_every_reason_shows_its_pair_and_nothing_else(areas):
    heli = areas["heli"]
    org = make.organization
    same = org("滨湖区晨光养老服务中心", street=heli), org("滨湖区晨光养老服务中心 ", street=heli)
    filed = org("梁溪合唱之友协会", "ST"), org("梁溪合唱之友协会", "BA", street=heli)
    former = org("滨湖区旧雨读书会", "ST"), org("湖畔今雨书友联谊社", "ST")
    make.changed(former[0], date(2020, 1, 1), name="湖畔今雨书友联谊社某")
    make.changed(former[1], date(2019, 1, 1), name="滨湖区清风棋院研习所")
    make.changed(former[1], date(2019, 1, 1), name="滨湖区清风棋院研习所")
    bearer = org("湖畔今雨书友联谊社", "ST")
    short = org("无锡市滨湖区松涛武术研究会", "ST"), org("滨湖区松涛武术研究会", "ST")
    near = org("滨湖区蒲公英亲子教育服务社", street=heli), org("滨湖区蒲公英亲子教育服务站", street=heli)
    place = (org("白鹭书画院雅集", legal_representative="孙某某", address="河埒街道示例路 18 号 2 楼"),
             org("云帆测绘技术联盟", legal_representative="孙某某", address="河埒街道示例路18号2楼"))  # fmt: skip
    phone = (org("飞鸟摄影学社甲", legal_representative="周某某", phone="0510-80001234"),
             org("远山登山运动俱乐部", legal_representative="周某某", phone="051080001234"))  # fmt: skip
    org("第一幼儿教育服务中心", street=heli), org("第二幼儿教育服务中心", street=heli)  # a number tells them apart
    org("另人同址的中心甲乙丙", legal_representative="吴某某", address="河埒街道示例路18号2楼")
    org("已经注销的重名中心", closed_on=date(2020, 1, 1)), org("已经注销的重名中心")
    found = pairs()
    key = lambda two: tuple(sorted(one.pk for one in two))  # noqa: E731
    assert found[key(same)] == {"name"} and found[key(filed)] == {"filed"}
    assert found[key(short)] == {"short"} and found[key(near)] == {"near"}
    assert found[key(place)] == {"place"} and found[key(phone)] == {"phone"}
    assert found[key((former[1], bearer))] == {"former"}
    assert found[key((former[0], bearer))] == {"near"}
    assert set(found) == {key(p) for p in (same, filed, short, near, place, phone, (former[1], bearer),
                                           (former[0], bearer))}  # fmt: skip


def test_what_was_called_different_is_not_shown_again_and_not_decided_twice(areas, officer):
    one, other = make.organization("滨湖区同名中心甲"), make.organization("滨湖区同名中心甲")
    assert list(pairs(officer)) == [(one.pk, other.pk)]
    merging.differ(one=other.pk, other=one.pk, text="两处办学点", by=officer, at=NOW)
    assert pairs(officer) == {} and Different.objects.get().note == "两处办学点"
    with pytest.raises(Refused):
        merging.differ(one=one.pk, other=other.pk, by=officer, at=NOW)
    with pytest.raises(Refused):
        merging.differ(one=one.pk, other=one.pk, by=officer, at=NOW)
    assert AuditEvent.objects.filter(code="organization.different").count() == 2


def test_only_who_may_edit_both_sees_and_merges(areas):
    filed = make.organization("河埒邻里合唱团队", "BA", street=areas["heli"])
    registered = make.organization("河埒邻里合唱团队", "ST", street=areas["heli"])
    street = user("jiedao", ("street_office", "area", areas["heli"].code))
    reader = user("reader", ("leadership", "area", "320211"))
    assert pairs(street) == {} and queries.pair(street, filed.pk, registered.pk) is None
    for who in (street, reader):
        with pytest.raises(PermissionDenied):
            merge(registered, filed, by=who)
    assert not Merge.objects.exists()


def filled(areas):
    """Two records of one body, each with something of its own and something of both."""
    kept = make.organization("滨湖区留存服务中心", street=areas["heli"], phone="13912345678", full_time=3)
    gone = make.organization("滨湖区并走服务中心", street=areas["heli"], supervisor="滨湖区民政局", full_time=5,
                             registered_on=date(2014, 2, 3))  # fmt: skip
    make.rating(kept, "3A", date(2019, 1, 1), date(2024, 1, 1))
    make.rating(gone, "4A", date(2024, 6, 1))
    make.rating(gone, "2A", date(2020, 1, 1), date(2022, 1, 1))
    make.credit(kept)
    make.credit(gone)
    make.credit(gone, "serious")
    make.honour(gone)
    for made, year in ((kept, 2024), (gone, 2024), (gone, 2023)):
        make.result(made, year)
    both, alone = people.person(kept, "赵甲一"), people.person(gone, "钱乙二")
    people.tell(both, gone, "赵甲一")
    people.post(both, kept, "director")
    people.post(both, gone, "director")
    people.post(alone, gone, "chair")
    people.employment(alone, gone)
    return kept, gone


def test_a_merge_carries_the_rows_and_loses_none(areas):
    kept, gone = filled(areas)
    made = merge(kept, gone, take=["supervisor", "full_time", "registered_on"])
    gone.refresh_from_db()
    assert (gone.live, gone.merged_into_id, gone.voided_at) == (False, kept.pk, NOW)
    assert not Standing.objects.current().filter(organization=gone).exists()
    now = Standing.objects.now_open().get(organization=kept)
    assert (now.supervisor, now.full_time, bool(now.phone)) == ("滨湖区民政局", 5, True)
    kept.refresh_from_db()
    assert kept.registered_on == date(2014, 2, 3)
    assert Standing.objects.current().filter(organization=kept).order_by("valid_from")[0].valid_from == date(2014, 2, 3)
    of = {"organization": kept, "superseded_at": None}
    assert sorted(Rating.objects.filter(**of).values_list("level", flat=True)) == ["3A", "4A"]  # 2A lies in the 3A
    assert sorted(CreditEntry.objects.filter(**of).values_list("list_kind", flat=True)) == ["abnormal", "serious"]
    assert Honour.objects.filter(**of).count() == 1
    assert sorted(AnnualResult.objects.filter(**of).values_list("year", flat=True)) == [2023, 2024]
    assert Profile.objects.filter(**of).count() == 2 and Post.objects.filter(**of).count() == 2
    assert Employment.objects.filter(**of).count() == 1
    for model in (Rating, CreditEntry, Honour, AnnualResult, Profile, Post, Employment):
        assert not model.objects.filter(organization=gone, superseded_at__isnull=True).exists(), model
    assert AuditEvent.objects.filter(code="organization.merged").count() == 2
    assert made.version == kept.version


def test_search_and_the_old_address_lead_to_the_one_that_stays(client, areas, officer):
    kept, gone = make.organization("滨湖区留存服务中心"), make.organization("滨湖区并走音乐学校")
    bodies.add_note(organization=gone, text="并入之前的走访", kind="visit", by=officer, at=NOW)
    merge(kept, gone, by=officer)
    for query in ("并走音乐", gone.code):
        assert [hit.object_id for hit in search.find(query, user=officer, kind=None, limit=9).hits] == [kept.pk]
    client.force_login(officer)
    there = reverse("registry:organization_detail", args=[kept.pk])
    answer = client.get(reverse("registry:organization_detail", args=[gone.pk]))
    assert answer.status_code == 302 and answer["Location"] == there
    assert "并入之前的走访" in client.get(there).text
    client.logout()
    answer = client.get(reverse("portal:organization", args=[gone.pk]))
    assert answer["Location"] == reverse("portal:organization", args=[kept.pk])


def test_a_merge_is_taken_back_as_if_it_had_not_been(areas):
    kept, gone = filled(areas)
    before = facts(kept), facts(gone)
    made = merge(kept, gone, take=["supervisor", "full_time", "registered_on", "code"])
    assert facts(kept) != before[0]
    merging.undo(merge=made, by=BY, at=NOW)
    assert (facts(kept), facts(gone)) == before
    with pytest.raises(Refused):
        merging.undo(merge=made, by=BY, at=NOW)
    again = merge(kept, gone)
    merging.undo(merge=again, by=BY, at=NOW)
    assert (facts(kept), facts(gone)) == before


@pytest.mark.parametrize("what", ["fact", "rating", "post"])
def test_what_was_touched_since_is_not_taken_back(areas, what):
    kept, gone = filled(areas)
    made = merge(kept, gone)
    if what == "fact":
        bodies.change(organization=Organization.objects.get(pk=kept.pk), fields={"supervisor": "某局"}, places={},
                      before={"supervisor": ""}, on=NOW.date(), by=BY, at=NOW)  # fmt: skip
    elif what == "rating":
        Rating.objects.filter(organization=kept, level="4A").update(superseded_at=NOW)
    else:
        Post.objects.filter(organization=kept, kind="chair").update(superseded_at=NOW)
    after = facts(kept), facts(gone)
    with pytest.raises(Refused):
        merging.undo(merge=made, by=BY, at=NOW)
    assert (facts(kept), facts(gone)) == after


def test_files_and_open_claims_go_along_and_accounts_end(areas, officer):
    kept, gone = make.organization("滨湖区留存服务中心"), make.organization("滨湖区并走服务中心")
    head = make.head_of(gone)
    claims.submit(organization=gone.pk, told=make.claim_words(), at=NOW)
    place = file_queries.place_of(BY, "organization", str(gone.pk))
    purpose = file_queries.purpose_for("organization", "章程")
    taken = file_actions.take_in(place=place, purpose=purpose, name="a.pdf", chunks=[files.pdf()], by=BY, at=NOW)
    paper = file_actions.attach(place=place, purpose=purpose, paper="章程", taken=taken, by=BY, at=NOW)
    made = merge(kept, gone, by=officer)
    assert [a.pk for a in Attachment.objects.of("organization", kept.pk)] == [paper.pk]
    assert Claim.objects.get().organization_id == kept.pk and made.moved["head"]
    assert not head.grants.filter(ended_at__isnull=True).exists()
    merging.undo(merge=made, by=officer, at=NOW)
    assert Claim.objects.get().organization_id == gone.pk
    assert [a.pk for a in Attachment.objects.of("organization", gone.pk)] == [paper.pk]


def test_what_cannot_be_merged_is_refused_with_a_sentence(areas):
    kept, gone = make.organization("滨湖区留存服务中心"), make.organization("滨湖区并走服务中心")
    filed = make.organization("河埒邻里合唱团队", "BA", street=areas["heli"])
    people.post(people.person(kept, "赵甲一"), kept, "chair")
    people.post(people.person(gone, "钱乙二"), gone, "chair")
    for act, word in (
        (lambda: merge(kept, kept), "同一条"),
        (lambda: merge(filed, kept), "反过来"),
        (lambda: merge(kept, gone, reason=" "), "依据"),
        (lambda: merge(kept, gone, versions={kept.pk: 99, gone.pk: 1}), "别人修改"),
        (lambda: merge(kept, gone), "不是同一人"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert word in str(refused.value)
    assert not Merge.objects.exists() and Organization.objects.known().count() == 3
    assert merge(kept, filed).gone_id == filed.pk


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_merge_both_ways_at_once_do_it_once():
    make.binhu()
    one, other = make.organization("滨湖区同时合并中心"), make.organization("滨湖区同时合并中心")
    seen = versions(one, other)
    start, told = threading.Barrier(2), []

    def work(kept, gone):
        try:
            start.wait(10)
            told.append(("done", merge(kept, gone, versions=seen).pk))
        except Refused as refused:
            told.append(("refused", str(refused)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(word for word, _what in told) == ["done", "refused"], told
    assert Merge.objects.count() == 1 and Organization.objects.known().count() == 1
    assert Standing.objects.now_open().count() == 1


def test_every_row_that_names_a_body_is_looked_after():
    """Whoever adds a model with a key to an organization says what a merge does with it."""
    own = {"registry.Standing", "registry.Merge", "registry.Different", "registry.Organization"}
    own |= {f"registry.{model.__name__}" for model in (*(m for m, _same in _RECORDS.values()), *_POINTED.values())}
    above = {name for merger in registries.mergers.values() for name in merger.models}
    found = {
        f"{relation.related_model._meta.app_label}.{relation.related_model.__name__}"
        for relation in Organization._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel | models.OneToOneRel)
    }
    assert found - own - above == set()


def test_from_the_list_over_the_choice_to_the_merge_and_back(client, areas, officer):
    kept = make.organization("滨湖区页面服务中心", supervisor="甲局")
    gone = make.organization("滨湖区页面服务中心", supervisor="乙局", address="示例路9号")
    client.force_login(officer)
    page = client.get(reverse("registry:duplicate_list")).text
    assert "名称相同" in page and "是同一家" in page
    there = reverse("registry:duplicate_merge", args=[kept.pk, gone.pk])
    page = client.get(there).text
    assert "甲局" in page and "乙局" in page and "示例路9号" in page
    shown = ",".join(f"{pk}:{version}" for pk, version in sorted(versions(kept, gone).items()))
    empty = client.post(there, {"kept": kept.pk, "versions": shown, "reason": ""})
    assert empty.status_code == 422 and not Merge.objects.exists()
    answer = client.post(there, {"kept": gone.pk, "versions": shown, "reason": "实地核实", "take": ["supervisor"]})
    assert answer["Location"] == reverse("registry:organization_detail", args=[gone.pk])
    assert Standing.objects.now_open().get(organization=gone).supervisor == "甲局"
    assert client.get(there).status_code == 404
    undo = reverse("registry:merge_undo", args=[Merge.objects.get().pk])
    assert "已撤销合并" in client.post(undo, follow=True).text
    client.post(reverse("registry:duplicate_differ", args=[kept.pk, gone.pk]), {"note": "两家"})
    assert "没有发现可能重复的组织" in client.get(reverse("registry:duplicate_list")).text
