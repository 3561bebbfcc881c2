"""Sending a content: never as a page, never under a type that somebody chose, in parts when asked."""

import hashlib
import io
import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

_PIECE = 1 << 16
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def asked_range(request: HttpRequest, size: int) -> tuple[int, int] | None:
    """The part that is asked for, as (first, last) byte; None = all of it. A part beyond the end is (size, size)."""
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or not (found[1] or found[2]) or size == 0:
        return None
    if not found[1]:
        last = int(found[2])
        return (max(0, size - last), size - 1) if last else (size, size)
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if first >= size:
        return size, size
    return (first, last) if first <= last else None


def send(
    request: HttpRequest,
    content: Any,
    size: int,
    *,
    media_type: str,
    name: str,
    inline: bool,
    mark: str,
    keep: int = 0,
) -> HttpResponseBase:
    """Answer with the content, or the part of it that was asked for, and close it. `keep` seconds in the browser."""
    tag = f'"{mark}"'
    part = asked_range(request, size)
    if part is not None and request.headers.get("If-Range", tag) != tag:
        part = None
    headers = {
        "Content-Type": media_type,
        "Content-Disposition": content_disposition_header(not inline, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": f"private, max-age={keep}" if keep else "private, no-store",
    }
    if part is not None and part[0] >= size:
        content.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, last = part if part is not None else (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if part is not None else 200
    if request.method == "HEAD":
        content.close()
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_Pieces(content, first, last - first + 1), status=status, headers=headers)


def made(request: HttpRequest, data: bytes, *, media_type: str, name: str) -> HttpResponseBase:
    """Hand out what was made for this request and is kept nowhere."""
    mark = hashlib.sha256(data).hexdigest()[:32]
    return send(request, io.BytesIO(data), len(data), media_type=media_type, name=name, inline=False, mark=mark)


class _Pieces:
    """A part of a content in pieces; closed with the answer, read or not."""

    def __init__(self, content: Any, first: int, count: int) -> None:
        content.seek(first)
        self._content, self._left = content, count

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self._left:
            raise StopIteration
        piece: bytes = self._content.read(min(_PIECE, self._left))
        if not piece:
            raise OSError("the content is shorter than it was")
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Close the content."""
        self._content.close()
