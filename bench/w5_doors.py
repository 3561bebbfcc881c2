"""The doors through which an application is handed in: the action, the page, the interface, and a filled form that the
grants office takes in and hands in on paper. Each says `submitted` or the code of the rule that refused it.
"""

import html
import io
import json
import re
from collections.abc import Callable
from typing import Any

#: One round of doors; sixteen writers go through it twice, from another place in each round.
ORDER = ("action", "page", "interface", "page", "interface", "action", "interface", "import")
_RULES = ("GV-APP-01", "GV-BUD-01")
_HIDDEN = re.compile(r'name="(told|version)" value="([^"]*)"')


class Door:
    """One writer at one door: what is made ready before the gate, and what is done behind it."""

    def __init__(self, key: int, people: dict[str, Any], kept: dict[Any, Any]) -> None:
        self.key, self.people, self.kept = key, people, kept

    def ready(self) -> None:
        """What need not be done at the same moment."""

    def go(self) -> str:
        """Hand in; what became of it."""
        raise NotImplementedError

    def client(self, who: str) -> Any:
        """A browser that is logged in, kept from round to round."""
        from django.test import Client

        account = self.people[who]
        if account.pk not in self.kept:
            client = self.kept[account.pk] = Client(SERVER_NAME="127.0.0.1")
            client.force_login(account)
        return self.kept[account.pk]

    def version(self) -> int:
        """The version that a page shows."""
        from liaoyuan.funding.models import Project

        return int(Project.objects.values_list("version", flat=True).get(pk=self.key))

    def posted(self, who: str, **told: Any) -> str:
        """The button of the page."""
        asked = {"version": self.version(), "confirmed": "1", **told}
        answer = self.client(who).post(f"/funding/projects/{self.key}/submit/", asked)
        if answer.status_code == 302:
            return "submitted"
        page = answer.content.decode()
        return next((code for code in _RULES if code in page), f"page {answer.status_code}")


class Action(Door):
    """`handing_in.submit` itself."""

    def go(self) -> str:
        """Hand in as the head."""
        from liaoyuan.core import clock
        from liaoyuan.core.models import User
        from liaoyuan.funding.actions import handing_in
        from liaoyuan.funding.models import Project
        from liaoyuan.kit.findings import Refused

        row = Project.objects.select_related("round__programme__area", "organization").get(pk=self.key)
        head = User.objects.get(pk=self.people["head"].pk)
        try:
            handing_in.submit(project=row, confirmed=True, by=head, at=clock.now())
        except Refused as refused:
            return next(finding.code for finding in refused.findings if finding.severity == "block")
        return "submitted"


class Page(Door):
    """The page of the application."""

    def go(self) -> str:
        """Press the button as the head."""
        return self.posted("head")


class Interface(Door):
    """`POST /api/v1/grants/projects/…/submit` with the token of the body's project manager."""

    def go(self) -> str:
        """Send JSON."""
        from django.test import Client

        answer = Client(SERVER_NAME="127.0.0.1").post(
            f"/api/v1/grants/projects/{self.key}/submit", {"confirmed": True}, content_type="application/json",
            headers={"authorization": f"Bearer {self.people['token']}"},
        )  # fmt: skip
        told = json.loads(answer.content)
        if answer.status_code == 200:
            return str(told["state"])
        codes = [finding["code"] for finding in told.get("findings", ()) if finding["severity"] == "block"]
        return codes[0] if codes else f"interface {answer.status_code}"


class Import(Door):
    """A filled workbook, read before the gate, taken in and handed in on paper behind it."""

    def ready(self) -> None:
        """Download the workbook and upload it with another sentence in it."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        office, here = self.client("office"), f"/funding/projects/{self.key}"
        book = b"".join(office.get(f"{here}/form.xlsx").streaming_content)
        filled = SimpleUploadedFile("filled.xlsx", _with_another_sentence(book))
        page = office.post(f"{here}/form/", {"file": filled}).content.decode()
        self.told = {name: html.unescape(value) for name, value in _HIDDEN.findall(page)}

    def go(self) -> str:
        """Confirm what was read, then hand in."""
        from liaoyuan.core import clock

        answer = self.client("office").post(f"/funding/projects/{self.key}/form/", self.told)
        if answer.status_code != 302 or "told" not in self.told:
            return f"import {answer.status_code}"
        return self.posted("office", on_paper=clock.today().isoformat())


def _with_another_sentence(book: bytes) -> bytes:
    """The workbook with one word of its texts changed."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            data = given.read(part)
            made.writestr(part.filename, data.replace("招募志愿者".encode(), "招募和培训志愿者".encode()))
    return out.getvalue()


DOORS: dict[str, Callable[[int, dict[str, Any], dict[Any, Any]], Door]] = {
    "action": Action, "page": Page, "interface": Interface, "import": Import,
}  # fmt: skip
