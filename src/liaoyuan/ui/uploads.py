"""Uploads: kept on disk, and refused by what the request declares before a byte of the body is read."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

#: Room for the other fields of a form that carries a file of the largest size.
_FIELDS = 1024 * 1024


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Files go to temporary files; a body that must hold more than the largest file is answered by 413 unread."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - the framework's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Judge the length before the parser takes the first piece."""
        if content_length > settings.UPLOAD_MAX_BYTES + _FIELDS:
            raise RequestDataTooBig(f"{content_length} bytes were announced")
