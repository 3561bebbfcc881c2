"""What an outlet is given and what it answers. An outlet knows no row; who sends keeps the rows."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached. Clear values: they live only as long as one sending."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One text with its receiver. `key` is the message's own, the same at each attempt."""

    key: str
    title: str
    text: str
    to: Address = field(default_factory=Address)


@dataclass(frozen=True, slots=True)
class Setup:
    """How an outlet is set up: its options, and its secret in clear."""

    options: dict[str, Any] = field(default_factory=dict)
    secret: str = ""


class NotSent(Exception):
    """It has certainly not gone out. `again` = trying later may help. The message is the sentence for the sender."""

    def __init__(self, sentence: str, *, again: bool = False) -> None:
        super().__init__(sentence)
        self.again = again


class MayBeSent(Exception):
    """Nobody knows whether it has gone out; the message says why."""
