"""Sixteen writers who hand in at once, run with the product's modules in one home; prints one JSON object.

`race ROUNDS SEED` lays rounds in which bodies try more often than they may and lets sixteen threads hand in at the same
moment through all doors; `speed COUNT` measures the action alone.
"""

import json
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from bench.ground import AREA
from bench.inside import backend
from bench.measure import cpu
from bench.w5_doors import DOORS, ORDER, Door

#: How often each body of a round tries; together sixteen writers. The last try of the last body spends too much on pay.
TRIES = (7, 5, 2, 2)
MOST = 3
_BODIES = 20
HALF_FEN, WHOLE_FEN = 5_000_000, 10_000_000
_WAIT = 120
_AHEAD = {"closes_on": 20, "eligible_by": 30, "runs_from": 60, "runs_to": 400}


def _texts(draw: Random) -> dict[str, str]:
    """Texts that have nothing in common with another application's."""
    keys = ("about", "summary", "need", "goals", "served", "method")
    return {key: "".join(chr(draw.randint(0x4E00, 0x9F00)) for _n in range(40)) for key in keys}


class Ground:
    """The bodies with their heads, a draft of each kind to copy, an open round to copy."""

    def __init__(self, seed: int, bodies: int = len(TRIES), title: str = "测量") -> None:
        from tests.core.factories import AT
        from tests.funding import ground

        from liaoyuan.core import clock
        from liaoyuan.core.access import Operator
        from liaoyuan.core.models import Area, User
        from liaoyuan.funding.models import Programme
        from liaoyuan.registry.models import Organization

        self.draw = Random(seed)
        self.now, today = clock.now(), clock.today()
        programme = Programme.objects.get(code=f"{AREA}-venture")
        by: Any = Operator("bench")
        days = {"opens_on": AT.date(), **{name: today + timedelta(days=ahead) for name, ahead in _AHEAD.items()}}
        planned = ground.planned(programme, by, title=title, **days)
        from liaoyuan.funding.actions import rounds

        self.round = rounds.open_round(round_=planned, by=by, at=self.now)
        area = Area.objects.get(code=f"{AREA}001")
        rows = Organization.objects.filter(live=True, registered_on__lt=today - timedelta(days=1200)).exclude(code="")
        self.bodies = list(rows.order_by("pk")[:bodies]) if bodies else []
        self.heads = {}
        self.office = User.objects.filter(username="benchoffice").first() or ground.office("benchoffice")
        User.objects.filter(pk=self.office.pk).update(is_demo=True)  # a demo's account needs no second factor
        self.office.refresh_from_db()
        self.tokens: dict[int, str] = {}
        for number, body in enumerate(self.bodies):
            head = User.objects.filter(username=f"bench{number}").first() or ground.head(body, f"bench{number}")
            self.heads[body.pk] = head
            self.tokens[body.pk] = self._token(body, f"benchm{number}")
        body = self.bodies[0]
        told = {"area": area, "total_fen": WHOLE_FEN}
        self.kinds = {
            "lawful": ground.written(self.round, body, self.heads[body.pk], title="样", pay_fen=HALF_FEN, **told),
            "over": ground.written(self.round, body, self.heads[body.pk], title="样二", pay_fen=HALF_FEN + 1, **told),
        }

    def _token(self, body: Any, name: str) -> str:
        """A token of the body's project manager."""
        from tests.funding import ground

        from liaoyuan.api.actions import tokens
        from liaoyuan.core.models import User

        account = User.objects.filter(username=name).first() or ground.manager(body, name)
        carries = ("funding.own.view", "funding.own.edit")
        return tokens.create(name="测量", permissions=carries, days=300, by=account, at=self.now)[1]

    def people(self, body: Any) -> dict[str, Any]:
        """Who hands in for a body."""
        return {"head": self.heads[body.pk], "office": self.office, "token": self.tokens[body.pk]}

    def a_round(self, number: int) -> Any:
        """One more open round."""
        from liaoyuan.funding.models import Round

        copy = Round.objects.get(pk=self.round.pk)
        copy.pk, copy.title, copy.last_number = None, f"{self.round.title}{number}", 0
        copy._state.adding = True
        copy.save(force_insert=True)
        return copy

    def drafts(self, wanted: list[tuple[Any, Any, str]]) -> list[int]:
        """Certified drafts for (round, body, kind); their keys in the same order."""
        from liaoyuan.funding.models import BudgetLine, Indicator, PlanStep, Project, Risk, TeamMember

        rows = []
        for round_, body, kind in wanted:
            row = Project.objects.get(pk=self.kinds[kind].pk)
            row.pk, row.round, row.organization = None, round_, body
            row._state.adding = True
            row.title, row.answers = "".join(_texts(self.draw)["need"][:12]), _texts(self.draw)
            row.created_by = self.office
            row.certified_at, row.certified_by, row.certified_version = self.now, self.heads[body.pk], row.version
            rows.append(row)
        Project.objects.bulk_create(rows)
        for model in (TeamMember, PlanStep, Indicator, Risk, BudgetLine):
            parts = {kind: list(model.objects.filter(project=row)) for kind, row in self.kinds.items()}
            made = []
            for row, (_round, _body, kind) in zip(rows, wanted, strict=True):
                for part in parts[kind]:
                    copy = model.objects.model(**{f.attname: getattr(part, f.attname) for f in model._meta.fields})
                    copy.pk, copy.project_id = None, row.pk
                    if isinstance(copy, BudgetLine):
                        copy.member_id = None
                    made.append(copy)
            model.objects.bulk_create(made)
        return [row.pk for row in rows]


def race(count: int, seed: int) -> dict[str, Any]:
    """What became of `count` rounds: how many hold, and every fault by its kind."""
    made = Ground(seed)
    faults, told = Counter[str](), Counter[str]()
    begin, there, began = time.process_time(), cpu(backend()), time.perf_counter()
    for number in range(count):
        round_ = made.a_round(number)
        wanted = [(round_, body, "over" if body is made.bodies[-1] and n else "lawful")
                  for body, tries in zip(made.bodies, TRIES, strict=True) for n in range(tries)]  # fmt: skip
        keys = made.drafts(wanted)
        works = [
            DOORS[ORDER[(number + place) % len(ORDER)]](key, made.people(body), _kept[place])
            for place, (key, (_r, body, _k)) in enumerate(zip(keys, wanted, strict=True))
        ]
        made.draw.shuffle(works)
        told.update(_together(works))
        faults.update(_faults(round_, made, wanted, keys))
        if (number + 1) % 50 == 0:
            print(f"{number + 1} rounds, {time.perf_counter() - began:.0f} s, {dict(told)}, faults {dict(faults)}",
                  file=sys.stderr, flush=True)  # fmt: skip
    return {"rounds": count, "writers": count * sum(TRIES), "answers": dict(told), "faults": dict(faults),
            "seconds": time.process_time() - begin + cpu(backend()) - there}  # fmt: skip


_kept: list[dict[Any, Any]] = [{} for _n in range(sum(TRIES))]


def _together(works: list[Door]) -> list[str]:
    """What the writers came to, who all start at one moment."""
    from django.db import connection

    for work in works:
        work.ready()
    gate, answers = threading.Barrier(len(works)), [""] * len(works)

    def one(place: int, work: Door) -> None:
        gate.wait(_WAIT)
        try:
            answers[place] = work.go()
        except Exception as error:
            traceback.print_exc()
            answers[place] = f"{type(work).__name__}: {type(error).__name__}: {error}"
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_WAIT)
    return answers


def _faults(round_: Any, made: Ground, wanted: list[Any], keys: list[int]) -> Iterator[str]:
    """What is wrong with a round, from plain rows: too many, too few, over the share, slots that do not match."""
    from liaoyuan.funding.models import Project, Revision, Slot

    rows = {pk: (state, pay, total) for pk, state, pay, total in
            Project.objects.filter(round=round_).values_list("pk", "state", "pay_fen", "total_fen")}  # fmt: skip
    for body in made.bodies:
        own = [(rows[key], kind) for key, (_r, other, kind) in zip(keys, wanted, strict=True) if other is body]
        taken = sum(state == "submitted" for (state, _pay, _total), _kind in own)
        lawful = sum(kind == "lawful" for _row, kind in own)
        if taken > min(lawful, MOST):
            yield "too many"
        if taken < min(lawful, MOST):
            yield "refused without cause"
        slots = Slot.objects.filter(round=round_, organization=body).order_by("slot").values_list("slot", flat=True)
        if list(slots) != list(range(1, taken + 1)):
            yield "slots"
    handed = Project.objects.filter(round=round_).exclude(number="")
    numbers = sorted(int(number.rpartition("-")[2]) for number in handed.values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        yield "numbers"
    kept = Revision.objects.filter(project__round=round_, occasion="submitted").values_list("project", flat=True)
    if sorted(kept) != sorted(key for key, (state, _pay, _total) in rows.items() if state == "submitted"):
        yield "versions"
    if any(state == "submitted" and pay * 2 > total for state, pay, total in rows.values()):
        yield "over the share"


def speed(count: int, seed: int) -> dict[str, Any]:
    """CPU milliseconds of handing in one application, by the action alone, one writer."""
    from liaoyuan.core.models import User
    from liaoyuan.funding.actions import handing_in
    from liaoyuan.funding.models import Project

    made = Ground(seed, bodies=_BODIES)
    wanted = [(made.round, made.bodies[number % _BODIES], "lawful") for number in range(min(count, _BODIES * MOST))]
    keys = made.drafts(wanted)
    rows = {
        row.pk: row
        for row in Project.objects.filter(pk__in=keys).select_related("round__programme__area", "organization")
    }
    people = {pk: User.objects.get(pk=head.pk) for pk, head in made.heads.items()}
    server = backend()
    begin, there = time.process_time(), cpu(server)
    for key in keys:
        row = rows[key]
        handing_in.submit(project=row, confirmed=True, by=people[row.organization_id], at=made.now)
    spent = time.process_time() - begin + cpu(server) - there
    return {"cost": spent * 1000 / len(keys), "count": len(keys),
            "right": Project.objects.filter(pk__in=keys, state="submitted").count() == len(keys)}  # fmt: skip


def main(words: list[str]) -> None:
    """Run one measurement."""
    import django

    django.setup()
    print(json.dumps({"race": race, "speed": speed}[words[0]](int(words[1]), int(words[2])), ensure_ascii=False))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.conf.settings")
    main(sys.argv[1:])
