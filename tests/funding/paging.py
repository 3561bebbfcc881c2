"""What the tests of pages share: posting by name, looking, the day on which the pages are opened."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

#: Who objects in these tests: neither word may stand on a page that is not asked for it.
NAME, PHONE = "钱示例", "13812345678"


def address(page: str, *args: Any) -> str:
    """The address of a page; of this floor unless another is named."""
    return reverse(page if ":" in page else f"funding:{page}", args=args)


def post(client: Any, page: str, *args: Any, status: int = 302, **fields: Any) -> Any:
    """Post and look at the answer's status."""
    given = {name: value for name, value in fields.items() if value is not None}
    answer = client.post(address(page, *args), given)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:3000])
    return answer


def look(client: Any, page: str, *args: Any, query: str = "", status: int = 200) -> str:
    """The text of a page."""
    answer = client.get(address(page, *args) + query)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:3000])
    return answer.content.decode()


def at(monkeypatch: Any, moment: datetime) -> None:
    """Open the pages at a moment."""
    monkeypatch.setenv("LIAOYUAN_NOW", moment.isoformat())


def statements(client: Any, page: str, *args: Any) -> int:
    """How many statements opening a page takes."""
    look(client, page, *args)
    with CaptureQueriesContext(connection) as asked:
        look(client, page, *args)
    return len(asked)
