"""The ground of the state machine, and its doors: the same step through an action, a page, a file, the interface.

Every door tells whether the step was done; a refusal without a sentence fails the test.
"""

import csv
import io
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liaoyuan.core import registries, staging
from liaoyuan.core.actions import cases
from liaoyuan.core.actions import deciding as case_deciding
from liaoyuan.core.models import Area, ImportBatch
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import (
    affiliations,
    attending,
    ceremonies,
    deciding,
    founding,
    meetings,
    members,
    organizations,
    pauses,
    transfers,
)
from liaoyuan.party.actions.attending import Mark
from liaoyuan.party.models import Affiliation, Decision, Member, PartyOrganization, Transfer
from liaoyuan.party.models import Meeting as Gathering
from liaoyuan.people.models import Person
from liaoyuan.people.queries import secrets as numbers
from tests.api.conftest import Caller, token_of
from tests.core.factories import AT, user
from tests.party import factories as make
from tests.party.ledger_life import World
from tests.party.ledger_model import OUTSIDE, STAGED, Branch, Tie
from tests.people import factories as people
from tests.registry import factories as registry

TODAY = AT.date()
START, APPROVED = date(2024, 1, 1), date(2026, 3, 2)
CONSENTED, DUE = date(2026, 2, 2), date(2026, 11, 2)
#: Days on which things are drawn to happen; the last is still to come.
DAYS = (date(2015, 3, 2), date(2024, 1, 1), date(2025, 9, 1), date(2026, 3, 1), date(2026, 3, 2), date(2026, 6, 1),
        date(2026, 7, 25), date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 25),
        date(2026, 10, 26), date(2026, 10, 27))  # fmt: skip
STATES = {"formal": "已转入", "temporary": "未转入", "double": "双管", "floating": "流动"}
TOLD = {"admitted_on": date(2015, 6, 1), "confirmed_on": date(2016, 6, 1), "evidence": "党员档案"}
#: Members of the ground: (name, where, kind, body); p9 is on probation, p6 is hosted by the third branch.
LAID = (
    ("p0", "甲", "formal", "O1"), ("p1", "甲", "formal", "O1"), ("p2", "甲", "formal", ""), ("p3", "乙", "formal", ""),
    ("p4", "乙", "formal", "O1"), ("p5", "丁", "formal", ""), ("p6", "丙", "temporary", "O2"), ("p7", "", "formal", ""),
    ("p8", "丙", "formal", "O2"), ("p9", "甲", "formal", ""),
)  # fmt: skip


def named(who: str) -> str:
    """How a member is called."""
    return f"演员{chr(0x4E00 + int(who[1:]))}"


def number_of(who: str) -> str:
    """His identity number."""
    return people.ric(f"19{70 + int(who[1:]) % 25}0101", 100 + int(who[1:]))


class Ground:
    """Rows of the database and the model of them; `keys` are (kind, name) → primary key."""

    def __init__(self, world: World, mark: str = "") -> None:
        self.world, self.keys, self.mark = world, {}, mark
        world.signing = START
        areas = registry.binhu()
        self.area = areas["district"]
        signs = make.committee(self.area, f"演示综合党委{mark}")
        mute = make.party(f"演示无权党委{mark}", "committee", area=self.area)
        for place in "甲乙丙丁":
            above = mute if place == "丁" else signs
            self.branch(place, make.party(self.name(place), area=self.area, superior=above), START,
                        "" if place == "丁" else "K")  # fmt: skip
        self.bodies = {n: registry.organization(f"滨湖区{n}{mark}示例中心", street=areas["heli"]) for n in ("O1", "O2")}
        for who, place, kind, org in LAID:
            self.member(who, confirmed=None if who == "p9" else date(2016, 6, 1))
            if kind != "formal" or not place:
                self.tie(who, OUTSIDE, "formal", "")
            if place:
                self.tie(who, place, kind, org)
        self._founding(signs)

    def name(self, place: str) -> str:
        return f"演示{place}党支部{self.mark}" if len(place) == 1 else place

    def branch(self, place: str, party: PartyOrganization, founded: date, signs: str) -> None:
        self.keys["branch", place] = party.pk
        self.world.branches[place] = Branch(founded, signs)

    def member(self, who: str, confirmed: date | None) -> None:
        number = number_of(who) if not self.mark else ""
        index = numbers.index(number) if number else ""
        person = Person.objects.create(created_at=AT, id_number=numbers.seal("id_number", number) if number else "",
                                       id_index=index)  # fmt: skip
        made = make.member(
            named(who), person=person, confirmed_on=confirmed, numbered=bool(number), evidence="党员档案"
        )
        self.keys["who", who] = made.pk
        self.world.enter(who, next(iter(self.world.branches)), "formal", START, confirmed=confirmed)
        self.world.people[who].ties.clear()

    def tie(self, who: str, place: str, kind: str, org: str) -> None:
        told = {"stage": "surveyed", "stage_on": START} if kind in STAGED else {}
        make.affiliate(self.get(Member, who), self.place(place), kind, organization=self.bodies.get(org), **told)
        self.world.tie(who, place, kind, START, org)

    def _founding(self, signs: PartyOrganization) -> None:
        """An application that was approved: two of its members come formally, one has agreed to transfer."""
        roster = [("p0", "formal", "O1", None, None), ("p4", "formal", "O1", None, None),
                  ("p6", "committed", "O2", CONSENTED, DUE)]  # fmt: skip
        by, head = officer(f"applies{self.mark}"), officer(f"approves{self.mark}")
        listed = [founding.Listed(self.get(Member, who), standing, self.bodies[org], full_time=bool(agreed),
                                  consented_on=agreed, transfer_due_on=due)
                  for who, standing, org, agreed, due in roster]  # fmt: skip
        told = {"name": self.name("己"), "branch_kind": "joint"}
        row = founding.draft(superior=signs, applicant=self.bodies["O1"], units=list(self.bodies.values()),
                             fields=told, by=by, at=AT)  # fmt: skip
        row = founding.set_roster(founding=row, roster=listed, by=by, at=AT)
        row = founding.submit(founding=row, by=by, at=AT, received_on=APPROVED, confirmed=True)
        names = list(row.case.materials.values_list("name", flat=True))
        cases.take_papers(case=row.case, names=names, on=APPROVED, by=by, at=AT)
        cases.opine(case=row.case, outcome="agree", text="同意", by=by, at=AT)
        case_deciding.decide(case=row.case, decision="approved", on=APPROVED, decision_no="滨社工〔2026〕1号",
                             by=head, at=AT, confirmed=True)  # fmt: skip
        row.refresh_from_db()
        self.founding = row
        self.branch("己", row.party_organization, APPROVED, "K")
        self.world.founding = {"place": "己", "roster": roster, "state": "approved"}

    def get(self, model: Any, name: str) -> Any:
        """The row of a name, as it is now."""
        kind = {Member: "who", PartyOrganization: "branch", Transfer: "letter", Gathering: "meeting"}[model]
        return model.objects.get(pk=self.keys[kind, name])

    def place(self, place: str) -> PartyOrganization | None:
        return self.get(PartyOrganization, place) if ("branch", place) in self.keys else None

    def row(self, who: str, tie: Tie) -> Affiliation:
        """The open row of a stretch of the model."""
        rows = Affiliation.objects.now_open().filter(member=self.keys["who", who], kind=tie.kind,
                                                     organization=self.bodies.get(tie.org))  # fmt: skip
        party = self.place(tie.place)
        return rows.select_related("party_organization__area", "member").get(party_organization=party)


class Doors:
    """Steps through the action (`door` = "action") or the page, by one officer who may do them all."""

    def __init__(self, ground: Ground, by: Any, folder: Path, program: Any = None) -> None:
        self.ground, self.by, self.folder, self.program = ground, by, folder, program
        self.page = Client(headers={"accept-language": "zh"})
        self.page.force_login(by)

    def act(self, write: Callable[[], Any], kind: str = "", name: str = "") -> bool:
        """Call an action; what it makes is kept under the name."""
        try:
            made = write()
        except PermissionDenied:
            return False
        except Refused as refused:
            assert refused.findings and all(f.text.strip() for f in refused.findings), "a refusal without a sentence"
            return False
        if name:
            self.ground.keys[kind, name] = made.pk
        return True

    def post(self, address: str, args: list[Any], fields: dict[str, Any], query: str = "") -> bool:
        """Post a form: done, or refused with a sentence; 404 for who is no more to be seen."""
        told = {k: v.isoformat() if isinstance(v, date) else v for k, v in fields.items() if v is not None}
        self.page.cookies.pop("messages", None)  # what an earlier page said and nobody read
        answer = self.page.post(reverse(f"party:{address}", args=args) + query, told)
        if answer.status_code in (403, 404):
            return False
        if answer.status_code == 302:
            return not any(m.level_tag == "error" for m in get_messages(answer.wsgi_request))
        assert answer.status_code == 422, (address, answer.status_code)
        assert 'role="alert"' in answer.text or "error" in answer.text, "a refusal without a sentence"
        return False

    def made(self, model: Any, kind: str, name: str, done: bool) -> bool:
        """Keep the newest row under the name."""
        if done:
            self.ground.keys[kind, name] = model.objects.latest("pk").pk
        return done

    # members and participations

    def join(self, door: str, who: str, place: str, kind: str, org: str, start: date | None, consented: date | None,
             full: bool | None) -> bool:  # fmt: skip
        g, body = self.ground, self.ground.bodies.get(org)
        if door == "page":
            fields = {
                "party": g.keys["branch", place],
                "kind": kind,
                "start": start,
                "consented_on": consented,
                "body": body.code if body else "",
                "full_time": {True: "yes", False: "no", None: ""}[full],
            }
            return self.post("member_join", [g.keys["who", who]], fields)
        told = {"consented_on": consented, "full_time": full}
        return self.act(lambda: affiliations.join(
            member=g.get(Member, who), party=g.place(place), kind=kind, organization=body, start=start,
            fields={k: v for k, v in told.items() if v is not None}, by=self.by, at=AT,
        ))  # fmt: skip

    def enter(self, door: str, who: str, place: str, kind: str, start: date | None, outside: str) -> bool:
        g, known = self.ground, ("who", who) in self.ground.keys
        told = {"name": named(who), "id_number": number_of(who), **TOLD}
        if door == "page":
            fields = {**told, "kind": kind, "start": start, "outside_name": outside, "confirmed": "1"}
            done = self.post("member_new", [g.keys["branch", place]], fields)
        else:
            done = self.act(lambda: members.enter(
                party=g.place(place), kind=kind, fields=told, start=start, outside_name=outside, by=self.by, at=AT,
                confirmed=True,
            ))  # fmt: skip
        return done if known else self.made(Member, "who", who, done)

    def advance(self, door: str, who: str, tie: Tie, stage: str, on: date, consented: date | None) -> bool:
        row = self.ground.row(who, tie)
        told = affiliations.with_due(
            {"consented_on": consented} if consented else {}, row.party_organization, row.kind, on
        )
        if door == "page":
            return self.post("affiliation_advance", [row.pk], {"stage": stage, "on": on, "consented_on": consented})
        return self.act(lambda: affiliations.advance(row=row, stage=stage, on=on, fields=told, by=self.by, at=AT))

    def end(self, door: str, who: str, tie: Tie, on: date) -> bool:
        row = self.ground.row(who, tie)
        if door == "page":
            return self.post("affiliation_end", [row.pk], {"on": on, "reason": "离职"})
        return self.act(lambda: affiliations.leave(row=row, on=on, reason="离职", by=self.by, at=AT))

    def leave(self, door: str, who: str, on: date) -> bool:
        member, told = self.ground.get(Member, who), {"on": on, "reason": "other", "evidence": "证明"}
        if door == "page":
            return self.post("member_leave", [member.pk], {**told, "version": member.version})
        return self.act(lambda: members.leave(member=member, **told, by=self.by, at=AT))

    def pause(self, door: str, who: str, on: date) -> bool:
        return self._vote(door, who, on, pauses.pause)

    def resume(self, door: str, who: str, on: date) -> bool:
        return self._vote(door, who, on, pauses.resume)

    def _vote(self, door: str, who: str, on: date, action: Any) -> bool:
        member = self.ground.get(Member, who)
        if door == "page":  # one page for both: it does what the member lacks
            return self.post("member_voting", [member.pk], {"on": on, "version": member.version})
        return self.act(lambda: action(member=member, on=on, by=self.by, at=AT))

    # letters

    def plan(self, door: str, letter: str, who: str, target: str, org: str, on: date | None) -> bool:
        g, body = self.ground, self.ground.bodies.get(org)
        outside = "" if target in g.world.branches else target
        if door == "page":
            fields = {"target": g.keys.get(("branch", target), ""), "target_name": outside, "on": on,
                      "organization": body.code if body else ""}  # fmt: skip
            done = self.post("transfer_new", [], fields, f"?member={g.keys['who', who]}")
            return self.made(Transfer, "letter", letter, done)
        return self.act(lambda: transfers.plan(
            member=g.get(Member, who), target=g.place(target), target_name=outside, organization=body, on=on,
            by=self.by, at=AT,
        ), "letter", letter)  # fmt: skip

    def _letter(self, door: str, letter: str, code: str, action: Any, **told: Any) -> bool:
        row = Transfer.objects.select_related("member", "source__area", "target__area").get(
            pk=self.ground.keys["letter", letter]
        )
        if door == "page":
            return self.post("transfer_act", [row.pk, code], {**told, "version": row.version})
        return self.act(lambda: action(row=row, **told, by=self.by, at=AT))

    def issue(self, door: str, letter: str, on: date, days: int) -> bool:
        outside = self.ground.world.letters[letter].source not in self.ground.world.branches
        told = {"number": f"外{letter}", "issuer_name": "演示外地党委"} if outside else {}
        return self._letter(door, letter, "issue", transfers.issue, on=on, valid_days=days, **told)

    def accept(self, door: str, letter: str, on: date) -> bool:
        return self._letter(door, letter, "accept", transfers.accept, on=on)

    def refuse(self, door: str, letter: str, on: date) -> bool:
        return self._letter(door, letter, "refuse", transfers.refuse, on=on, reason="材料不全")

    def cancel(self, door: str, letter: str) -> bool:
        return self._letter(door, letter, "cancel", transfers.cancel, reason="本人不转")

    def again(self, door: str, letter: str, new: str) -> bool:
        done = self._letter(door, letter, "again", transfers.again, reason="重开")
        if done:
            old = self.ground.keys["letter", letter]
            self.ground.keys["letter", new] = Transfer.objects.get(replaces=old).pk
        return done

    # branches

    def dissolve(self, door: str, place: str, on: date) -> bool:
        party = self.ground.place(place)
        if door == "page":
            return self.post("organization_dissolve", [party.pk], {"on": on, "reason": "不再具备条件"})
        return self.act(lambda: organizations.dissolve(party=party, on=on, reason="不再具备条件", by=self.by, at=AT))

    def found(self, door: str, on: date) -> bool:
        g = self.ground
        meeting = make.ceremony(g.area, on)
        g.founding.refresh_from_db()
        if door == "page":
            return self.post("founding_found", [g.founding.pk], {
                "ceremony": meeting.pk, "secretary": g.keys["who", "p0"], "how": "appointed", "confirmed": "1",
                "version": g.founding.version})  # fmt: skip
        return self.act(lambda: ceremonies.found(
            founding=g.founding, ceremony=meeting, secretary=g.get(Member, "p0"), how="appointed", by=self.by, at=AT,
            confirmed=True,
        ))  # fmt: skip

    # meetings

    def convene(self, door: str, meeting: str, place: str, day: date) -> bool:
        told = {"topic": f"讨论{meeting}", "host": "演示甲", "recorder": "演示乙", "place": "演示会议室"}
        if door == "page":
            fields = {**told, "kind": "members", "held_on": day, "starts": "9:00", "ends": "10:00"}
            done = self.post("meeting_new", [self.ground.keys["branch", place]], fields)
            return self.made(Gathering, "meeting", meeting, done)
        return self.act(lambda: meetings.plan(
            party=self.ground.place(place), kind="members", held_on=day,
            fields={**told, "starts": time(9), "ends": time(10)}, by=self.by, at=AT,
        ), "meeting", meeting)  # fmt: skip

    def begin(self, door: str, meeting: str) -> bool:
        row = self.ground.get(Gathering, meeting)
        if door == "page":
            return self.post("meeting_begin", [row.pk], {})
        return self.act(lambda: attending.begin(meeting=row, by=self.by, at=AT))

    def sheet(self, door: str, meeting: str, present: int, out: int, told: int | None) -> bool:
        row, roster = self.ground.get(Gathering, meeting), self.ground.world.meetings[meeting].roster
        keys = [self.ground.keys["who", who] for who in roster]
        marks = {key: Mark("present") if n < present else Mark("excluded", "长期患病，大会同意")
                 if n >= len(keys) - out else Mark("absent", "出差") for n, key in enumerate(keys)}  # fmt: skip
        if door == "page":
            fields: dict[str, Any] = {f"status_{key}": mark.status for key, mark in marks.items()}
            fields |= {f"reason_{key}": mark.reason for key, mark in marks.items() if mark.reason}
            fields |= {f"status_{self.ground.keys['who', who]}": "observer"
                       for who in self.ground.world.meetings[meeting].guests}  # fmt: skip
            return self.post("meeting_sheet", [row.pk], {**fields, "told_present": told, "version": row.version})
        return self.act(lambda: attending.save(meeting=row, marks=marks, told_present=told, by=self.by, at=AT))

    def put(self, door: str, meeting: str, kind: str, about: str) -> bool:
        row, method = self.ground.get(Gathering, meeting), "secret" if kind == "admission" else "hands"
        if door == "page":
            member = self.ground.keys["who", about] if about else ""
            fields = {"kind": kind, "subject": "事项", "method": method, "member": member}
            return self.post("decision_new", [row.pk], fields)
        member = self.ground.get(Member, about) if about else None
        return self.act(lambda: deciding.put(
            meeting=row, kind=kind, subject="事项", method=method, member=member, by=self.by, at=AT
        ))  # fmt: skip

    def close(self, door: str, meeting: str, place: int, yes: int, no: int) -> bool:
        row = Decision.objects.filter(meeting=self.ground.keys["meeting", meeting]).order_by("number")[place]
        paper = {"issued": yes + no, "returned": yes + no} if row.method == "secret" else {}
        told = {"yes": yes, "no": no, "abstain": 0, **paper}
        if door == "page":
            return self.post("decision_close", [row.pk], told)
        return self.act(lambda: deciding.close(decision=row, **told, by=self.by, at=AT))

    def minutes(self, door: str, meeting: str) -> bool:
        row, text = self.ground.get(Gathering, meeting), f"会议讨论了{meeting}。"
        if door == "page":
            fields = {"minutes": text, "signed": "on", "alike": "1", "version": row.version}
            return self.post("meeting_minutes", [row.pk], fields)
        return self.act(lambda: meetings.save_minutes(
            meeting=row, minutes=text, signed=True, confirmed=True, by=self.by, at=AT
        ))  # fmt: skip

    def finish(self, door: str, meeting: str) -> bool:
        row = self.ground.get(Gathering, meeting)
        if door == "page":
            return self.post("meeting_close", [row.pk], {})
        return self.act(lambda: meetings.close(meeting=row, by=self.by, at=AT))

    def call_off(self, door: str, meeting: str) -> bool:
        row = self.ground.get(Gathering, meeting)
        if door == "page":
            return self.post("meeting_cancel", [row.pk], {"reason": "改期"})
        return self.act(lambda: meetings.cancel(meeting=row, reason="改期", by=self.by, at=AT))

    # the roster F03 as a file

    def sheet_of(self, batch: str, lines: list[tuple[str, str, str, str, date | None]]) -> bytes:
        """The file as people write it."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["姓名", "身份证号", "入党时间", "转正时间", "所在党支部", "组织关系所在地", "组织关系状态",
                         "组织关系起日", "依据", "序号"])  # fmt: skip
        for who, place, state, home, joined in lines:
            confirmed = "" if who == "p9" else "2016-06-01"
            writer.writerow(
                [
                    named(who),
                    number_of(who),
                    "2015-06-01",
                    confirmed,
                    self.ground.name(place),
                    self.ground.name(home) if home else "",
                    STATES[state],
                    joined or "",
                    "党员档案",
                    batch,
                ]
            )
        return out.getvalue().encode("utf-8-sig")

    def bring(self, door: str, batch: str, lines: list[tuple[str, str, str, str, date | None]]) -> bool:
        content = self.sheet_of(batch, lines)
        if door == "api":
            key, done = self.program.bring(content, f"{batch}.csv")
        else:
            path = self.folder / f"{batch}.csv"
            path.write_bytes(content)
            order = staging.Order(kind="members", path=path, file_name=path.name, as_of=TODAY,
                                  area=Area.objects.get(code="320211"))  # fmt: skip
            staged = staging.stage(order, by=self.by, at=AT)
            key, kind = staged.pk, registries.import_kinds["members"]
            done = self.act(lambda: kind.apply(batch=staged, by=self.by, at=AT, confirm_review=True))
        self.ground.keys["batch", batch] = key
        for who in {line[0] for line in lines if ("who", line[0]) not in self.ground.keys}:
            rows = Member.objects.known().filter(person__id_index=numbers.index(number_of(who)))
            if (found := rows.first()) is not None:
                self.ground.keys["who", who] = found.pk
        return done

    def undo(self, door: str, batch: str) -> bool:
        key = self.ground.keys["batch", batch]
        if door == "api":
            return bool(self.program.undo(key))
        return self.act(lambda: registries.import_kinds["members"].undo(
            batch=ImportBatch.objects.get(pk=key), by=self.by, at=AT
        ))  # fmt: skip


class Program:
    """Another program with the officer's token: brings a roster in through the interface, and takes it back."""

    def __init__(self, by: Any) -> None:
        self.caller = Caller(token_of(by))

    def bring(self, content: bytes, name: str) -> tuple[int, bool]:
        """The batch, and whether it was applied."""
        told = self.caller.post("/imports", 201, {
            "kind": "members", "area": "320211", "as_of": TODAY.isoformat(), "pledge": "true",
            "file": SimpleUploadedFile(name, content)})  # fmt: skip
        return int(told["batch"]), self._asked(f"/imports/{told['batch']}/apply?confirm_review=true")

    def undo(self, batch: int) -> bool:
        return self._asked(f"/imports/{batch}/undo")

    def _asked(self, path: str) -> bool:
        answer = self.caller.send("post", path)
        told = answer.json()
        assert answer.status_code in (200, 409, 422), (path, told)
        assert answer.status_code == 200 or told["message"].strip(), "a refusal without a sentence"
        return bool(answer.status_code == 200)


def officer(name: str = "lead") -> Any:
    """Who may do every step: leads, approves, keeps the meetings."""
    area = ("area", "320211")
    return user(name, ("party_lead", *area), ("party_head", *area), is_demo=True)
