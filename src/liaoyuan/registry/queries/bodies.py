"""Whom a list names by code, filing number or name: looked up in one go for a chunk of rows and remembered."""

from collections.abc import Iterable
from dataclasses import dataclass

from liaoyuan.core.models import Area
from liaoyuan.registry.models import Organization, Standing


@dataclass(frozen=True, slots=True)
class Body:
    """A body that a row may name."""

    pk: int
    name: str
    path: str
    live: bool


class BodyNames:
    """Bodies by code, filing number and name, asked in one go for a chunk of rows and remembered."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self._known: dict[str, list[Body]] = {}

    def prepare(self, texts: Iterable[str]) -> None:
        """Look up what is not known yet."""
        wanted = [text for text in dict.fromkeys(texts) if text and text not in self._known]
        if not wanted:
            return
        found: dict[str, dict[int, Body]] = {text: {} for text in wanted}
        rows = Standing.objects.now_open().select_related("organization", "registrar_area")
        codes = Organization.objects.known().filter(code__in=wanted) | Organization.objects.known().filter(
            filing_no__in=wanted
        )
        for row in rows.filter(organization__in=codes):
            for text in (row.organization.code, row.organization.filing_no):
                if text in found:
                    found[text][row.organization_id] = self._body(row)
        for row in rows.filter(name__in=wanted, organization__voided_at__isnull=True):
            found[row.name][row.organization_id] = self._body(row)
        self._known.update({text: list(bodies.values()) for text, bodies in found.items()})

    @staticmethod
    def _body(row: Standing) -> Body:
        return Body(row.organization_id, row.name, row.registrar_area.path, row.organization.live)

    def find(self, text: str) -> list[Body]:
        """The bodies of this code or name: those within the area if there are any, of them the live ones."""
        found = self._known.get(text, [])
        near = [b for b in found if b.path.startswith(self.area.path)] or found
        live = [b for b in near if b.live]
        return live or near
