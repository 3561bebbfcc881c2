"""What may not be shown to everybody: numbers that look like a person's in texts that are published (GV-PUB-03)."""

import re
from collections.abc import Iterable

_SECRET = re.compile(
    r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"  # a mobile number
    r"|(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])"  # an ID number
    r"|(?<![0-9])[0-9]{16,19}(?![0-9])"  # a bank account
)


def secrets(texts: Iterable[str]) -> list[str]:
    """The texts in which a mobile number, an ID number or an account number stands."""
    return [text for text in texts if _SECRET.search(re.sub(r"(?<=[0-9])[ -](?=[0-9])", "", text))]
