"""A plain count of coverage over exported rows. It knows none of the product's queries or rules."""

from datetime import date

from liaoyuan.core.clock import SHANGHAI
from liaoyuan.core.models import Area
from liaoyuan.party.models import (
    Affiliation,
    Formation,
    InstructorAssignment,
    Meeting,
    Member,
    MemberRecord,
    PartyOrganization,
    Unit,
    Visit,
)
from liaoyuan.registry.models import IdleFinding, Organization, Standing
from tests.party.coverage_ground import days_in


class Export:
    """Every table as plain rows, read once; the counting below is loops over them."""

    def __init__(self):
        self.areas = {row["id"]: row for row in Area.objects.values()}
        self.bodies = {row["id"]: row for row in Organization.objects.values()}
        self.standings = list(Standing.objects.filter(superseded_at=None).values())
        self.parties = {row["id"]: row for row in PartyOrganization.objects.values()}
        self.formations = list(Formation.objects.filter(superseded_at=None).values())
        self.units = list(Unit.objects.filter(superseded_at=None).values())
        self.affiliations = list(Affiliation.objects.filter(superseded_at=None).values())
        self.records = {row["member_id"]: row for row in MemberRecord.objects.filter(superseded_at=None).values()}
        self.void = {row["id"] for row in Member.objects.values() if row["voided_at"]}
        self.letters = list(InstructorAssignment.objects.filter(superseded_at=None).values())
        self.visits = list(Visit.objects.values())
        self.meetings = [row for row in Meeting.objects.values() if row["state"] in ("held", "closed")]
        self.idle = sorted(IdleFinding.objects.exclude(answer="").values(), key=lambda r: (r["answered_at"], r["id"]))

    def _in(self, key, top):
        return key is not None and self.areas[key]["path"].startswith(top)

    def base(self, area, day):
        """Keys of D1 with their declared numbers."""
        found = {}
        for row in self.standings:
            if not row["valid_from"] <= day < row["valid_to"] or row["status"] != "active":
                continue
            if row["kind"] not in ("ST", "MF", "JJ") or self.bodies[row["organization_id"]]["is_external"]:
                continue
            if area.level == "street":
                if not self._in(row["street_id"], area.path) and not self._in(row["community_id"], area.path):
                    continue
            elif not self._in(row["registrar_area_id"], area.path):
                continue
            last = [r["answer"] for r in self.idle if r["organization_id"] == row["organization_id"]
                    and r["answered_at"].astimezone(SHANGHAI).date() <= day][-1:]  # fmt: skip
            if last != ["idle"]:
                found[row["organization_id"]] = row["party_members_declared"] or 0
        return found

    def ways(self, body, day):
        """How the body is covered: names of the ways with their first day."""
        return {way: begin for way, (begin, _parties) in self._covering(body, day).items()}

    def met(self, body, day):
        """Days up to the day on which a party organization that covers the body held a meeting."""
        parties = {party for _begin, parties in self._covering(body, day).values() for party in parties}
        return [
            row["held_on"] for row in self.meetings
            if row["party_organization_id"] in parties and row["held_on"] <= day
        ]  # fmt: skip

    def _covering(self, body, day):
        found = {}
        for unit in self.units:
            if unit["organization_id"] != body or not unit["valid_from"] <= day < unit["valid_to"]:
                continue
            party = self.parties[unit["party_organization_id"]]
            since, until = party["established_on"], party["dissolved_on"]
            if party["voided_at"] or since is None or since > day or (until is not None and until <= day):
                continue
            for row in self.formations:
                if row["party_organization_id"] != party["id"] or not row["valid_from"] <= day < row["valid_to"]:
                    continue
                if not unit["evidence"] and not row["evidence"] and row["case_id"] is None:
                    continue
                way = {"independent": "own", "joint": "joint", "attached": "area", "": "area"}.get(row["branch_kind"])
                if way:
                    begin = max(unit["valid_from"], since)
                    first, parties = found.get(way, (begin, set()))
                    found[way] = min(begin, first), parties | {party["id"]}
        return found

    def heads(self, body, day):
        """(formal, probationary, committed, dual): sets of members, counted."""
        sets = [set(), set(), set(), set()]
        for row in self.affiliations:
            record = self.records.get(row["member_id"])
            if row["organization_id"] != body or not row["valid_from"] <= day < row["valid_to"] or record is None:
                continue
            if row["member_id"] in self.void or record["admitted_on"] is None or record["admitted_on"] > day:
                continue
            if record["left_on"] is not None and record["left_on"] <= day:
                continue
            full = record["confirmed_on"] is not None and record["confirmed_on"] <= day
            if row["kind"] == "formal":
                sets[0 if full else 1].add(row["member_id"])
            elif row["kind"] in ("temporary", "double") and full and row["stage"] != "moved":
                agreed = row["consented_on"] is not None and row["consented_on"] <= day and row["full_time"]
                sets[2 if agreed and row["stage"] != "kept" else 3].add(row["member_id"])
        formal = sets[0] | sets[1]
        return len(sets[0]), len(sets[1]), len(sets[2] - formal), len(sets[3] - sets[2] - formal)

    def looked_after(self, body, day):
        """Starts of the assignments that count."""
        return [
            row["valid_from"] for row in self.letters
            if row["organization_id"] == body and row["valid_from"] <= day < row["valid_to"] and row["letter"]
            and row["letter_from"] <= day <= row["letter_until"]
        ]  # fmt: skip

    def visited(self, body, day):
        """Days of visits up to the day."""
        return [row["on"] for row in self.visits if row["organization_id"] == body and row["on"] <= day]

    def gaps(self, body, day):
        """Letters of the gaps, by §2.10 read aloud: 3 members, 3 months, 90 days."""
        ways, (formal, probationary, committed, _dual) = self.ways(body, day), self.heads(body, day)
        found = set()
        if formal + committed >= 3 and "own" not in ways:
            found.add("A")
        elif not ways:
            found.add("B" if formal + committed + probationary else "C")
        if ways:
            since = max([min(ways.values()), *self.met(body, day)])
            month = since.month - 1 + 3
            last = date(since.year + month // 12, month % 12 + 1, 1)
            last = date(last.year, last.month, min(since.day, days_in(last)))
            letters = self.looked_after(body, day)
            if day > last or (letters and (day - max([*letters, *self.visited(body, day)])).days > 90):
                found.add("D")
        return found
