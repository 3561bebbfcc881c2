"""Signed heads: "after event `seq` the chain's hash was `hash`", signed with Ed25519.

A head can be kept outside (a file, a print with a QR code, another bureau's copy). Whoever owns the database and the
server's key can rewrite everything inside; against a head kept outside even that is found.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liaoyuan.core.chain.links import canonical

PRODUCT = "liaoyuan-audit-head"
_SIGNED = ("algorithm", "key_id", "signature")


class HeadError(ValueError):
    """A head file cannot be used: not a head, or its signature does not fit. The message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Head:
    """One head. `outside` marks one that was kept elsewhere; it is trusted for where it was kept, not for its key."""

    seq: int
    hash: str
    at: str = ""
    algorithm: str = ""
    key_id: str = ""
    signature: str = ""
    outside: bool = False

    def statement(self) -> bytes:
        """What is signed."""
        told = {"product": PRODUCT, "seq": self.seq, "hash": self.hash, "at": self.at}
        return canonical({**told, "algorithm": self.algorithm, "key_id": self.key_id})

    def as_dict(self, public_key: str) -> dict[str, Any]:
        """Plain JSON shape with everything an outsider needs to check the signature."""
        return {
            "product": PRODUCT,
            "seq": self.seq,
            "hash": self.hash,
            "at": self.at,
            "algorithm": self.algorithm,
            "key_id": self.key_id,
            "public_key": public_key,
            "signature": self.signature,
        }


def key_id(public_key: str) -> str:
    """Short name of a public key (base64 of 32 bytes): 16 hex digits of its SHA-256."""
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:16]


def public_text(private: Ed25519PrivateKey) -> str:
    """The public half as base64 text."""
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def sign(head: Head, private: Ed25519PrivateKey) -> str:
    """The signature of a head's statement as base64 text."""
    return base64.b64encode(private.sign(head.statement())).decode()


def is_signed(head: Head, public_key: str) -> bool:
    """Whether the head carries a good signature of this public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(head.signature, validate=True), head.statement())
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def outside_head(told: Mapping[str, Any]) -> Head:
    """Read a head that was kept elsewhere.

    Number and hash are enough (they may have been typed from a print). A signature that is given must fit the public
    key given with it, so that a damaged file is not mistaken for a damaged chain. Raises HeadError.
    """
    seq, value = told.get("seq"), told.get("hash")
    if isinstance(seq, bool) or not isinstance(seq, int) or seq < 1:
        raise HeadError("链头文件里没有有效的序号（seq）。")
    value = value.strip().lower() if isinstance(value, str) else ""
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise HeadError("链头文件里没有有效的散列（hash，64 位十六进制）。")
    at, algorithm, key, signature = (str(told.get(name, "")) for name in ("at", *_SIGNED))
    head = Head(seq, value, at, algorithm, key, signature, outside=True)
    if head.signature and not is_signed(head, str(told.get("public_key", ""))):
        raise HeadError("链头文件的签名不对：文件在保存途中被改动或损坏。")
    return head


def from_line(line: str) -> Head | None:
    """The head in one line of the log, or None when the line is torn or no head."""
    try:
        told = json.loads(line)
        value, at, algorithm, key, signature = (str(told[name]) for name in ("hash", "at", *_SIGNED))
        return Head(int(told["seq"]), value, at, algorithm, key, signature)
    except (ValueError, KeyError, TypeError):
        return None


def rising(heads: Iterable[Head]) -> Iterator[Head]:
    """The heads without those whose number is not above the one before: only these can be merged in order."""
    last = 0
    for head in heads:
        if head.seq > last:
            last = head.seq
            yield head
