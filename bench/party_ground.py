"""A ground of party building: so many invented members at the registered bodies of the demo, the same for one seed.

Run inside of a home by `python -m bench.party_inside lay COUNT SEED`. Of the bodies without a branch six in ten get one
of their own, two stand in joint branches of four, one is named by a branch of its trade, one has none. One member in
twenty is on probation, one in ten in dual affiliation with a formal one elsewhere, eight in ten told a date of birth.
"""

import random
from datetime import date, timedelta
from typing import Any

ON = date(2026, 11, 1)
_START, _OPEN = date(2024, 1, 1), date(9999, 12, 31)
_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安宁清平和顺泽民文华国庆建军晓东春生志强雨晨思远子涵明哲佳琪丽娟红梅海燕"
_BATCH = 2000


def lay(count: int, seed: int) -> dict[str, int]:
    """Write the ground into the demo's database; returns how many rows of each kind there are now."""
    from django.db import transaction

    from liaoyuan.core import clock
    from liaoyuan.party.models import Affiliation, Formation, Meeting, Member

    chance = random.Random(seed)
    with transaction.atomic():
        homes = _branches(clock.now())
        sizes = _sizes(len(homes), count - Member.objects.count(), chance)
        _members(homes, sizes, chance, clock.now())
        _life(clock.now())
        _letters([body for body, _party in homes], clock.now())
    return {
        "members": Member.objects.count(), "affiliations": Affiliation.objects.count(),
        "branches": Formation.objects.now_open().filter(form="branch").count(), "meetings": Meeting.objects.count(),
    }  # fmt: skip


def _branches(at: Any) -> list[tuple[int, int]]:
    """(body, party organization at which its members stand) of every body that has members."""
    from liaoyuan.core.models import Area
    from liaoyuan.party.models import Formation, PartyOrganization, Unit
    from liaoyuan.registry.choices import REGISTERED
    from liaoyuan.registry.models import Standing

    area = Area.objects.get(code="320211")
    rows = Standing.objects.now_open().filter(kind__in=[str(k) for k in REGISTERED], status="active")
    names = dict(rows.order_by("organization_id").values_list("organization_id", "name"))
    held = Unit.objects.now_open().filter(organization__in=list(names)).order_by("-pk")
    covered = dict(held.values_list("organization_id", "party_organization_id"))
    above = Formation.objects.now_open().filter(form="committee", party_organization__area=area).earliest("pk")
    top = above.party_organization
    homes = list(covered.items())
    joint: list[int] = []
    for place, body in enumerate(key for key in names if key not in covered):
        lot = place % 10
        if lot == 9:
            if place % 20 == 9:
                homes.append((body, top.pk))
            continue
        if lot in (6, 7):
            joint.append(body)
            if len(joint) < 4:
                continue
        kind = "joint" if lot in (6, 7) else "attached" if lot == 8 else "independent"
        bodies, joint = (joint, []) if kind == "joint" else ([body], joint)
        party = PartyOrganization.objects.create(area=area, established_on=_START, regular_on=_START, created_at=at)
        party.path = f"{top.path}{party.pk}/"
        party.save(update_fields=["path"])
        Formation.objects.create(
            party_organization=party, name=f"{names[bodies[0]]}党支部", form="branch", branch_kind=kind, superior=top,
            valid_from=_START, recorded_at=at, evidence=f"演示组〔2024〕{party.pk}号", approved_on=_START,
        )  # fmt: skip
        Unit.objects.bulk_create([
            Unit(party_organization=party, organization_id=one, joint=kind == "joint", valid_from=_START,
                 evidence="演示名单", evidence_on=_START, recorded_at=at) for one in bodies
        ])  # fmt: skip
        homes += [(one, party.pk) for one in bodies]
    return sorted(homes)


def _sizes(bodies: int, count: int, chance: random.Random) -> list[int]:
    """How many members each body gets: a third of the bodies one to four, the others what is left, unevenly."""
    small = [chance.randint(1, 4) if place % 3 == 0 else 0 for place in range(bodies)]
    shares = [0 if size else chance.uniform(0.5, 1.5) for size in small]
    left, whole = count - sum(small), sum(shares)
    sizes = [size or int(left * share / whole) for size, share in zip(small, shares, strict=True)]
    sizes[shares.index(max(shares))] += count - sum(sizes)
    return sizes


def _members(homes: list[tuple[int, int]], sizes: list[int], chance: random.Random, at: Any) -> None:
    from liaoyuan.core import vault
    from liaoyuan.kit.text import match_key
    from liaoyuan.party.models import Affiliation, Member, MemberRecord
    from liaoyuan.people.models import Person

    places = [home for home, size in zip(homes, sizes, strict=True) for _n in range(size)]
    for start in range(0, len(places), _BATCH):
        part = places[start : start + _BATCH]
        people = Person.objects.bulk_create([Person(created_at=at) for _place in part])
        members = Member.objects.bulk_create([Member(person=one, created_at=at) for one in people])
        records, ties = [], []
        for member, (body, party) in zip(members, part, strict=True):
            name = chance.choice(_FAMILIES) + "".join(chance.choices(_GIVEN, k=chance.choice([1, 2, 2])))
            admitted = date(1980, 7, 1) + timedelta(days=chance.randrange(16_000))
            fresh, lot = chance.random() < 0.05, chance.random()
            birth = admitted - timedelta(days=chance.randint(7_000, 12_000))
            records.append(MemberRecord(
                member=member, name=name, name_key=match_key(name), gender=chance.choice("mf"), admitted_on=admitted,
                education=chance.choice(["secondary", "college", "bachelor", "master", ""]), recorded_at=at,
                confirmed_on=None if fresh else admitted + timedelta(days=365),
                birth=vault.encrypt(birth.isoformat(), purpose="member.birth") if chance.random() < 0.8 else "",
            ))  # fmt: skip
            told = {"member": member, "valid_from": _START, "recorded_at": at}
            if lot < 0.9:
                ties.append(Affiliation(party_organization_id=party, organization_id=body, kind="formal", **told))
                continue
            ties.append(Affiliation(outside_name="演示外地党支部", kind="formal", **told))
            ties.append(Affiliation(
                party_organization_id=party, organization_id=body, kind="temporary", stage="dual", stage_on=_START,
                full_time=lot < 0.97, consented_on=date(2026, 3, 1) if lot < 0.95 else None, **told,
            ))  # fmt: skip
        MemberRecord.objects.bulk_create(records)
        Affiliation.objects.bulk_create(ties)


def _life(at: Any) -> None:
    """A theme day a month and a members' meeting a quarter; every seventh branch has held nothing since June."""
    from liaoyuan.party.models import Affiliation, Formation, Meeting, Officer, Term

    rows = Formation.objects.now_open().filter(form="branch", valid_from=_START, evidence__startswith="演示组〔2024〕")
    meetings, posts, terms = [], [], []
    first: dict[int, int] = {}
    for party, member in (
        Affiliation.objects.now_open()
        .filter(kind="formal")
        .order_by("-pk")
        .values_list("party_organization_id", "member_id")
    ):
        first[party] = member
    parties = rows.order_by("party_organization_id").values_list("party_organization_id", flat=True)
    for place, party in enumerate(parties):
        last = 5 if place % 7 == 0 else 10
        for month in range(1, last + 1):
            kinds = ["theme_day", "members"] if month % 3 == 1 else ["theme_day"]
            meetings += [
                Meeting(party_organization_id=party, kind=kind, year=2026, number=month, state="closed", expected=5,
                        present=4, absent=1, held_on=date(2026, month, 1 + party % 25), topic="演示学习",
                        created_at=at) for kind in kinds
            ]  # fmt: skip
        terms.append(Term(party_organization_id=party, number=1, began_on=_START, due_on=date(2026, 12, 31),
                          recorded_at=at))  # fmt: skip
        if party in first:
            posts.append(Officer(party_organization_id=party, member_id=first[party], kind="secretary", how="elected",
                                 valid_from=_START, recorded_at=at))  # fmt: skip
    Meeting.objects.bulk_create(meetings, batch_size=_BATCH)
    Term.objects.bulk_create(terms)
    Officer.objects.bulk_create(posts)


def _letters(bodies: list[int], at: Any) -> None:
    """Forty instructors, each with the letters of some bodies; every second body was visited in October."""
    from liaoyuan.core.models import Area
    from liaoyuan.party.models import Instructor, InstructorAssignment, Visit

    area = Area.objects.get(code="320211")
    guides = Instructor.objects.bulk_create([
        Instructor(area=area, name=f"演示指导员{n:02d}", source="street", unit="演示街道", made_at=at)
        for n in range(40)
    ])  # fmt: skip
    chosen = [body for place, body in enumerate(bodies) if place % 3 == 0]
    InstructorAssignment.objects.bulk_create([
        InstructorAssignment(instructor=guides[place % 40], organization_id=body, kind="instructor", recorded_at=at,
                             letter=f"演示聘〔2026〕{place}号", letter_from=date(2026, 1, 1),
                             valid_from=date(2026, 1, 1), letter_until=date(2027, 6, 30))
        for place, body in enumerate(chosen)
    ])  # fmt: skip
    Visit.objects.bulk_create([
        Visit(organization_id=body, instructor=guides[place % 40], on=date(2026, 10, 8), looked=["members"], made_at=at)
        for place, body in enumerate(chosen) if place % 2
    ])  # fmt: skip
