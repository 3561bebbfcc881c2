"""The content of an application as plain JSON, for kept versions, their difference and copies."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from liaoyuan.funding.models import BudgetLine, Project
from liaoyuan.funding.params.application_form import TEXTS

_LENGTHS = {text.key: text.most for text in TEXTS}


def texts(given: Mapping[str, str]) -> dict[str, str]:
    """The known texts, cut to their greatest length."""
    return {key: str(given[key]).strip()[:most] for key, most in _LENGTHS.items() if key in given}


def whole(row: Project) -> Project:
    """The project with all parts of its application, read once for the rules, the kept version and the sums."""
    prefetch_related_objects(
        [row],
        "team",
        "steps",
        "indicators",
        "risks",
        "pledges",
        Prefetch("lines", BudgetLine.objects.order_by("position", "pk").select_related("member")),
    )
    return row


def content(project: Project) -> dict[str, Any]:
    """Everything that stands in the application; money in fen, days as ISO texts."""
    day = {name: getattr(project, name) for name in ("starts_on", "ends_on")}
    return {
        "basic": {
            "title": project.title,
            "field": project.field,
            "area": project.area.code if project.area is not None else "",
            "need": project.need_id,
            "sponsor": project.sponsor_id,
            **{name: value.isoformat() if value is not None else "" for name, value in day.items()},
        },
        "content": dict(project.answers),
        "team": [
            {name: getattr(row, name) for name in ("name", "role", "lead", "full_time", "percent", "qualification")}
            for row in project.team.all()
        ],
        "plan": [
            {name: getattr(row, name) for name in ("period", "content", "frequency", "place", "persons")}
            for row in project.steps.all()
        ],
        "outcomes": [
            {name: getattr(row, name) for name in ("title", "unit", "target", "evidence")}
            for row in project.indicators.all()
        ],
        "risks": [{name: getattr(row, name) for name in ("title", "measure")} for row in project.risks.all()],
        "pledges": [
            {"kind": row.kind, "title": row.title, "planned_on": row.planned_on.isoformat() if row.planned_on else ""}
            for row in project.pledges.all()
        ],
        "budget": [
            {
                **{name: getattr(row, name) for name in _LINE},
                "member": row.member.name if row.member is not None else "",
            }
            for row in project.lines.all()
        ],
    }


_LINE = (
    "budget_class", "title", "price_fen", "price_kind", "unit", "quantity", "times", "amount_fen", "grant_fen",
    "own_fen", "basis", "note",
)  # fmt: skip


def version_code(told: Mapping[str, Any]) -> str:
    """A short code of a content, printed on every page: 8 letters and digits that are not mistaken for each other."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    number = int.from_bytes(hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).digest()[:8])
    letters = []
    for _n in range(8):
        number, place = divmod(number, len(alphabet))
        letters.append(alphabet[place])
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
