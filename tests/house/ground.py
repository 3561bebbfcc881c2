"""The small district that the house walks through: one account per role, rows inside its scope and just outside it.

Area roles hold 滨湖区 (320211), the street office 河埒街道 (320211001), roles of an organization the body `inside`.
"""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from liaoyuan.api.models import ApiToken
from liaoyuan.api.params import GRANTABLE
from liaoyuan.api.queries import tokens
from liaoyuan.conf.roles import ROLES
from liaoyuan.core import clock, registries, search, staging, vault
from liaoyuan.core.access import Operator
from liaoyuan.core.actions import (
    calendar,
    cases,
    comparing,
    document_batches,
    document_numbers,
    document_templates,
    documents,
    invitations,
    notices,
    parameters,
    privacy,
    publicity,
    reminders,
)
from liaoyuan.core.actions import files as file_actions
from liaoyuan.core.choices import ScopeKind
from liaoyuan.core.documents import shipped
from liaoyuan.core.models import (
    Area,
    AuditEvent,
    AuditHead,
    Grant,
    ImportBatch,
    Invitation,
    Job,
    Parameter,
    PersonalRequest,
    SavedFilter,
    SeparationSetting,
    User,
)
from liaoyuan.core.queries import files as file_queries
from liaoyuan.core.registries import Owing
from liaoyuan.registry.actions import annual, claims, listings, merging, shared
from liaoyuan.registry.choices import Ground as Ground_
from liaoyuan.registry.choices import Listing
from liaoyuan.registry.models import AnnualReport, AnnualRound, IdleFinding, Organization
from liaoyuan.registry.queries import annual as annual_queries
from tests.core import file_ground as files
from tests.core.factories import AT, user
from tests.house import ground_coverage as coverage
from tests.house import (
    ground_development,
    ground_dues,
    ground_funding,
    ground_funding_award,
    ground_funding_pay,
    ground_meetings,
    ground_planning,
)
from tests.house import ground_members as members
from tests.house import ground_ratings as ratings
from tests.people import factories as people
from tests.registry import factories as make

DISTRICT, STREET, NEXT_STREET, ELSEWHERE = "320211", "320211001", "320211004", "320213"
#: Names of bodies by how far they are: nothing else in the ground contains these words.
NAMES = {
    "inside": "甲内福利服务中心",
    "filed": "乙备邻里互助社",
    "next_street": "丙邻科普协会",
    "next_filed": "丁邻健身队",
    "outside": "戊外文化服务中心",
    "outside_filed": "己外合唱团",
    "external": "壬外来基金会",
}
BY = Operator("house")


@dataclass
class Ground:
    """Keys of the rows by name, and who is there."""

    keys: dict[str, Any] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser in which this role is logged in; `anonymous` is nobody."""
        client = Client(raise_request_exception=True)
        if role != "anonymous":
            client.force_login(self.users[role])
        return client

    def fill(self, text: str) -> str:
        """`{inside}` in an address or a form becomes the key of that row."""
        return text.format(**self.keys) if "{" in text else text


def scope(role: str, inside: int) -> tuple[str, str, str]:
    """(role, kind, id) of the grant that the ground gives to a role."""
    kinds = ROLES[role].scopes
    if ScopeKind.ALL in kinds:
        return role, "all", ""
    if ScopeKind.ORGANIZATION in kinds:
        return role, "organization", str(inside)
    return role, "area", STREET if role == "street_office" else DISTRICT


def lay(folder: Path) -> Ground:
    """Make everything; `folder` takes the imported files."""
    ground = Ground()
    areas = make.binhu()
    calendar.sync_calendar(at=AT)
    parameters.sync_shipped(at=AT)
    other = {"registrar_area": areas["other"], "street": areas["other_street"]}
    bodies = {
        "inside": make.organization(NAMES["inside"], street=areas["heli"], phone="13912345678", full_time=3),
        "filed": make.organization(NAMES["filed"], "BA", street=areas["heli"]),
        "next_street": make.organization(NAMES["next_street"], "ST", street=areas["liyuan"]),
        "next_filed": make.organization(NAMES["next_filed"], "BA", street=areas["liyuan"]),
        "outside": make.organization(NAMES["outside"], **other),
        "outside_filed": make.organization(NAMES["outside_filed"], "BA", **other),
        "external": make.organization(NAMES["external"], "JJ", is_external=True, **other),
    }
    ground.keys = {name: body.pk for name, body in bodies.items()}
    for name in ("inside", "outside"):
        ground.keys[f"rating_{name}"] = make.rating(bodies[name]).pk
        ground.keys[f"honour_{name}"] = make.honour(bodies[name]).pk
        ground.keys[f"credit_{name}"] = make.credit(bodies[name]).pk
    for name, body in (("shared", bodies["inside"]), ("shared_outside", bodies["outside"])):
        done = shared.change(
            versions={body.pk: body.version},
            field="party_lead",
            value="某街道党工委",
            on=date(2026, 1, 1),
            by=BY,
            at=AT,
        )
        ground.keys[name] = done[0].pk
    search.refresh("organization")
    ground.users = {
        role: user(role, scope(role, bodies["inside"].pk), office=str(ROLES[role].office), is_demo=True)
        for role in ROLES
    }
    _accounts(ground)
    _batches(ground, folder)
    _comparisons(ground, folder)
    _papers(ground)
    _tokens(ground)
    _files(ground)
    _jobs(ground)
    _people(ground, bodies)
    members.lay(ground.keys, ground.users)
    ground_dues.lay(ground.keys)
    ratings.lay(ground.keys, ground.users, bodies)
    ground_meetings.lay(ground.keys)
    ground_development.lay(ground.keys)
    coverage.lay(ground.keys, ground.users, bodies)
    ground_funding.lay(ground.keys, ground.users, bodies, areas)
    ground_planning.lay(ground.keys, ground.users, areas)
    _letters(ground, bodies)
    ground_funding_pay.lay(ground.keys, ground.users, bodies, areas)
    ground_funding_award.lay(ground.keys, ground.users, bodies)
    _annual(ground, areas)
    _messages(ground, bodies)
    _merges(ground, bodies)
    return ground


def _letters(ground: Ground, bodies: dict[str, Organization]) -> None:
    """A draft, an issued letter, a notice with an objection about `inside`; a draft and an office elsewhere."""
    by, head, at = ground.users["registry_officer"], ground.users["registry_head"], clock.now()
    offices = {
        code: document_numbers.open_issuer(area=Area.objects.get(code=code), name=name, mark=mark, by=BY, at=at)
        for code, name, mark in ((DISTRICT, "某区民政局", "某民"), (ELSEWHERE, "他区民政局", "他民"))
    }
    said = {"matter": "年度工作报告", "due_on": "2026-12-31"}
    notice = {"title": "关于等级的公示", "content": "拟定 4A。", "days": "5", "receiver": "社会组织科"}
    drafts = {
        name: documents.draft(code=code, subject=bodies[body], fields=fields, by=who, at=at)
        for name, code, body, fields, who in (
            ("letter", "reminder", "inside", said, by), ("letter_issued", "reminder", "inside", said, by),
            ("notice", "publicity", "inside", notice, by), ("letter_outside", "reminder", "outside", said, BY),
        )
    }  # fmt: skip
    for name in ("letter_issued", "notice"):
        row = documents.review(document=drafts[name], by=head, at=at)
        drafts[name] = documents.issue(document=row, by=head, at=at)
    told = {"received_on": clock.localdate(at), "way": "来电", "text": "材料不实"}
    ground.keys["objection"] = publicity.object_to(notice=drafts["notice"], by=by, at=at, **told).pk
    ground.keys |= {name: row.pk for name, row in drafts.items()}
    ground.keys |= {"check": drafts["letter_issued"].check_code, "issuer": offices[DISTRICT].pk}
    ground.keys["issuer_outside"] = offices[ELSEWHERE].pk
    template = shipped.template((("number", "{{ number }}"), ("body", "{{ matter }}")))
    area = offices[DISTRICT].area
    ground.keys["template"] = document_templates.replace(
        code="reminder", area=area, name="模板.docx", data=template, by=BY, at=at
    ).pk
    batch, _job = document_batches.prepare(
        code="reminder", keys=[bodies["inside"].pk], fields=said, issuer=offices[DISTRICT], key="g", by=by, at=at
    )
    document_batches.draft_one(batch=batch, key=bodies["inside"].pk, by=by, at=at)
    Job.objects.filter(code="core.documents_draft").delete()
    ground.keys["letters"] = batch.pk


def _annual(ground: Ground, areas: dict[str, Area]) -> None:
    """A round of the district and one of the next, with the reports of bodies; a proposal inside and one outside."""
    for name, area, body in (("", "district", "inside"), ("_outside", "other", "outside")):
        terms, _before = annual_queries.proposed(areas[area], 2025, AT.date())
        round_ = annual.open_round(area=areas[area], year=2025, terms=terms, by=BY, at=AT)
        ground.keys[f"annual_round{name}"] = round_.pk
        reports = dict(round_.reports.values_list("organization", "pk"))
        ground.keys[f"report_{body}"] = reports[ground.keys[body]]
        organization = Organization.objects.get(pk=ground.keys[body])
        ground.keys[f"proposal_{body}"] = listings.propose(
            organization=organization, wants=Listing.SERIOUS, ground=Ground_.OTHER, reason="受到处罚", by=BY, at=AT,
            arisen_on=AT.date(),
        ).pk  # fmt: skip
        if not name:
            ground.keys["report_next"] = reports[ground.keys["next_street"]]
    told = {"published_at": AT, "publicity_from": date(2026, 10, 1), "publicity_to": date(2099, 12, 31)}
    published = AnnualRound.objects.create(area=areas["other"], year=2020, opened_at=AT, **told)
    AnnualReport.objects.create(
        round=published, organization_id=ground.keys["outside"], kind="MF", track="check", state="concluded",
        result="exempt", concluded_on=AT.date(), concluded_at=AT,
    )  # fmt: skip
    ground.keys["annual_published"] = published.pk


def _messages(ground: Ground, bodies: dict[str, Organization]) -> None:
    """A call list of the registry officer over `inside`."""
    rows = [Owing(str(bodies["inside"].pk), ("organization", str(bodies["inside"].pk)), NAMES["inside"], "", None)]
    made = reminders.make(
        source=registries.reminders["registry.organizations"], rows=rows, by=ground.users["registry_officer"], at=AT
    )
    ground.keys["call_list"] = made.pk
    for name, audience, area, published in (
        ("bulletin", "all", DISTRICT, True), ("bulletin_outside", "all", ELSEWHERE, True),
        ("bulletin_draft", "all", DISTRICT, False), ("bulletin_public", "public", DISTRICT, True),
    ):  # fmt: skip
        one = notices.save(
            notice=None, title=f"通知{name}", text="请知悉。", audience=audience, area=Area.objects.get(code=area),
            valid_from=date(2026, 1, 1), by=BY, at=AT,
        )  # fmt: skip
        if published:
            notices.publish(notice=one, by=BY, at=AT)
        ground.keys[name] = one.pk


def _merges(ground: Ground, bodies: dict[str, Organization]) -> None:
    """A record that was merged into `inside`, and one that was merged into `outside`."""
    for name in ("inside", "outside"):
        kept = Organization.objects.get(pk=bodies[name].pk)
        place = Area.objects.get(code=STREET if name == "inside" else ELSEWHERE)
        gone = make.organization(f"子并{name}站", street=place, registrar_area=kept.standings.all()[0].registrar_area)
        made = merging.merge(
            kept=kept.pk, gone=gone.pk, reason="电话核实", versions={kept.pk: kept.version, gone.pk: gone.version},
            by=BY, at=AT,
        )  # fmt: skip
        ground.keys[f"merge_{name}"], ground.keys[f"merged_{name}"] = made.pk, gone.pk


def _people(ground: Ground, bodies: dict[str, Organization]) -> None:
    """A person at `inside` and one at `outside`, with post, work and certificate; one number under two names."""
    for name in ("inside", "outside"):
        body = bodies[name]
        called = {"inside": "赵甲内", "outside": "钱戊外"}[name]
        one = people.person(body, called, mobile="13912340000", birth="1985-03")
        ground.keys[f"person_{name}"] = one.pk
        ground.keys[f"post_{name}"] = people.post(one, body).pk
        ground.keys[f"work_{name}"] = people.employment(one, body).pk
        people.certificate(one, body, registered_until=clock.today() + timedelta(days=20))
        people.volunteer(one, body, consented_on=date(2026, 1, 5), consent_evidence="同意书")
        people.service(one, body)
        ground.keys[f"honour_{name}"] = people.honour(one, body).pk
    two = people.person(bodies["inside"], "孙丙两名", number=people.ric())
    people.person(bodies["next_street"], "孙丙二名", number=people.ric())
    ground.keys["person_two"] = two.pk


def _accounts(ground: Ground) -> None:
    somebody = user("somebody", ("leadership", "area", DISTRICT), display_name="某某", is_demo=True)
    ground.keys["account"] = somebody.pk
    ground.keys["grant"] = Grant.objects.get(user=somebody).pk
    for name in ("registry_officer", "leadership"):
        kept = SavedFilter.objects.create(
            user=ground.users[name], page="registry:organization_list", name="常用", query="kind=MF"
        )
        ground.keys[f"filter_{name}"] = kept.pk


HEAD = ("名称", "统一社会信用代码", "类型", "成立日期", "专职人数")


def sheet(path: Path, *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> Path:
    """A CSV file with a header."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def stage(path: Path, kind: str, area: str) -> ImportBatch:
    """Read a file into a staged batch, as the operator."""
    order = staging.Order(
        kind=kind, path=path, file_name=path.name, area=Area.objects.get(code=area), as_of=date(2026, 10, 26)
    )
    return staging.stage(order, by=BY, at=AT)


def _batches(ground: Ground, folder: Path) -> None:
    """One batch of the district, one of the street's filings, one of another district; each with a row in review."""
    for name, kind, area, number in (
        ("batch", "organizations", DISTRICT, 900001),
        ("batch_street", "filings", STREET, 900002),
        ("batch_outside", "organizations", ELSEWHERE, 900003),
    ):
        rows = [(f"庚待导入{number}中心", make.code("MF", number), "民办非企业单位", "2015-03", 3)]
        if kind == "filings":
            path = sheet(folder / f"{name}.csv", (f"庚待备案{number}队", "滨备900", "河埒街道", "2015-03"),
                         head=("名称", "备案号", "街道", "备案日期"))  # fmt: skip
        else:
            path = sheet(folder / f"{name}.csv", *rows)
        batch = stage(path, kind, area)
        ground.files[name] = path
        ground.keys[name] = batch.pk
        row = batch.rows.exclude(verdict="skip").get()
        ground.keys[f"{name}_row"], ground.keys[f"{name}_pk"] = row.number, row.pk


def _comparisons(ground: Ground, folder: Path) -> None:
    """One comparison of the district and one of another: done, with a difference each; one whose columns wait."""
    by = ground.users["registry_officer"]
    for name, area, number in (("compare", DISTRICT, 900011), ("compare_outside", ELSEWHERE, 900012)):
        path = sheet(folder / f"{name}.csv", (f"辛对账{number}中心", make.code("MF", number), "民非", "2015-03-08", 3))
        order = staging.Order(
            kind="organizations", path=path, file_name=path.name, area=Area.objects.get(code=area),
            as_of=date(2026, 10, 26),
        )  # fmt: skip
        made, _result = comparing.compare_file(order=order, by=BY, at=AT)
        ground.keys[name] = made.pk
        ground.files[name] = path
        ground.keys[f"{name}_row"] = f"{made.differences.order_by('pk')[0].pk}:0"
    order = staging.Order(
        kind="organizations", path=ground.files["compare"], file_name="待对应.csv",
        area=Area.objects.get(code=DISTRICT), as_of=date(2026, 10, 26),
    )  # fmt: skip
    ground.keys["compare_new"] = comparing.receive(order=order, by=by, at=clock.now()).pk


def _tokens(ground: Ground) -> None:
    """A token per role that carries all a token may. Who must not hold one got it while he still might."""
    now = clock.now()
    for role, owner in ground.users.items():
        shown = ground.tokens[role] = f"lyt_{role}"
        row = ApiToken.objects.create(
            user=owner, name="每日同步", token_hash=tokens.hash_of(shown), hint=shown[:8],
            permissions=sorted(str(code) for code in GRANTABLE), created_at=now, expires_at=now + timedelta(days=30),
        )  # fmt: skip
        ground.keys[f"token_{role}"] = row.pk


def _files(ground: Ground) -> None:
    """A charter and a photo of the body inside, a charter of one outside, a roster of the filed body inside."""
    given = (
        ("file_inside", "inside", "章程", "a.pdf", files.pdf()),
        ("file_photo", "inside", "照片", "a.jpg", files.photo(files.scene(1, (90, 60)))),
        ("file_outside", "outside", "章程", "a.pdf", files.pdf()),
        ("file_roster", "filed", "成员名单", "a.pdf", files.pdf()),
    )
    for name, body, paper, file_name, data in given:
        place = file_queries.place_of(BY, "organization", str(ground.keys[body]))
        purpose = file_queries.purpose_for("organization", paper)
        assert place is not None and purpose is not None
        taken = file_actions.take_in(place=place, purpose=purpose, name=file_name, chunks=[data], by=BY, at=AT)
        row = file_actions.attach(place=place, purpose=purpose, paper=paper, taken=taken, by=BY, at=AT)
        ground.keys[name] = row.pk


def _papers(ground: Ground) -> None:
    """Invitations, a parameter's drafts, a lowering of the separation level, an event."""
    for name in ("inside", "outside"):
        body = Organization.objects.get(pk=ground.keys[name])
        invitations.invite(subject=body, label=NAMES[name], by=BY, at=clock.now())
        ground.keys[f"invitation_{name}"] = Invitation.objects.get(scope_id=str(body.pk)).pk
    for name in ("inside", "filed", "next_filed", "outside"):
        ground.keys[f"claim_{name}"] = claims.submit(
            organization=ground.keys[name], told=make.claim_words(), at=clock.now()
        ).claim.pk
    for name in ("inside", "filed", "outside"):
        ground.keys[f"case_{name}"] = cases.submit(
            kind="registry.correct", facts={"address": "新址2号"}, label=NAMES[name],
            subject_id=str(ground.keys[name]), by=BY, at=AT,
        ).pk  # fmt: skip
        IdleFinding.objects.create(organization_id=ground.keys[name], found_on=date(2026, 10, 1))
    for name, place in (("draft", DISTRICT), ("draft_outside", ELSEWHERE)):
        row = Parameter.objects.create(
            key="RAT-03", jurisdiction=place, valid_from=date(2026, 1, 1), severity="warn", status="draft",
            origin="local", source="滨民〔2026〕1号", edited_at=AT, edited_by=ground.users["registry_officer"],
        )  # fmt: skip
        ground.keys[name] = row.pk
    for name, subject, path in (
        ("inside", ("organization", str(ground.keys["inside"])), Area.objects.get(code=DISTRICT).path),
        ("outside", ("organization", str(ground.keys["outside"])), Area.objects.get(code=ELSEWHERE).path),
        ("account", ("user", str(ground.keys["account"])), ""),
    ):
        asked = PersonalRequest.objects.create(
            user=ground.users["organization_head"], kind="correct", subject_kind=subject[0], subject_id=subject[1],
            area_path=path, text=vault.encrypt("请更正", purpose=privacy.PURPOSE), asked_at=AT,
            due_on=date(2026, 11, 16),
        )  # fmt: skip
        ground.keys[f"request_{name}"] = asked.pk
    today = clock.today()
    SeparationSetting.objects.create(level="three_offices", valid_from=today - timedelta(days=9), set_at=AT)
    lowering = SeparationSetting.objects.create(
        level="small_office", valid_from=today + timedelta(days=30), set_at=AT, lowers=True
    )
    ground.keys["setting"] = lowering.pk
    ground.keys["event"] = AuditEvent.objects.order_by("pk").values_list("pk", flat=True)[0]
    AuditHead.objects.create(seq=1, hash="0" * 64, at=AT, key_id="ground", signature="00")


def _jobs(ground: Ground) -> None:
    """One job of the registry officer that has failed, one whose result was fetched and is gone."""
    by, now = ground.users["registry_officer"], clock.now()
    common = {"code": "registry.export", "requested_at": now, "requested_by": by, "run_after": now, "finished_at": now}
    ground.keys["job"] = Job.objects.create(**common, label="台账甲", state="failed", error="没有写完。").pk
    ground.keys["job_done"] = Job.objects.create(
        **common, label="台账乙", state="done", noticed=True, result_name="台账乙.xlsx"
    ).pk
