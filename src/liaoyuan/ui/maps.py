"""Maps: the tile server of the installation, if it has one, and the policy of the pages that show its tiles.

Without a setting no map asks anybody for anything. With one the pages with a map, and no others, may show pictures of
exactly that host.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csp import csp_override

from liaoyuan.kit.geo import Datum


@dataclass(frozen=True, slots=True)
class Tiles:
    """Address with {z}, {x}, {y}; whom to thank; the datum that the tiles are drawn in."""

    url: str
    credit: str
    datum: Datum

    @property
    def origin(self) -> str:
        """Scheme and host, as the policy names them."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def tiles() -> Tiles | None:
    """The tile server that is set. Raises ValueError, with a sentence, for a setting that cannot be one."""
    url = settings.TILES.strip()
    if not url:
        return None
    parts = urlsplit(url)
    whole = parts.scheme in ("http", "https") and parts.hostname and not set("{}*;, \"'") & set(parts.netloc)
    if not whole or "@" in parts.netloc or not all(mark in url for mark in ("{z}", "{x}", "{y}")):
        raise ValueError("LIAOYUAN_TILES 须是一个固定主机的网址，含 {z}、{x}、{y}。")
    if settings.TILES_DATUM not in (Datum.WGS84, Datum.GCJ02):
        raise ValueError("LIAOYUAN_TILES_DATUM 只能是 wgs84 或 gcj02。")
    return Tiles(url, settings.TILES_CREDIT.strip() or parts.netloc, Datum(settings.TILES_DATUM))


def datum() -> Datum:
    """The datum that maps are told in: the tiles' own, else WGS-84."""
    found = tiles()
    return found.datum if found is not None else Datum.WGS84


def shown[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A page with a map: its policy lets pictures of the tile server in."""

    @wraps(view)
    def inner(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = tiles()
        if found is None:
            return view(*args, **kwargs)
        policy: dict[str, Any] = dict(settings.SECURE_CSP)
        policy["img-src"] = [*policy["img-src"], found.origin]
        return csp_override(policy)(view)(*args, **kwargs)

    return inner


def told() -> dict[str, Any] | None:
    """The tile server as `map.js` reads it."""
    found = tiles()
    return {"url": found.url, "credit": found.credit} if found is not None else None
