"""The outlets by kind."""

from collections.abc import Callable
from dataclasses import dataclass

from liaoyuan.core.choices import OutletKind
from liaoyuan.core.outlets import folder, mail, webhook
from liaoyuan.core.outlets.parcels import Parcel, Setup


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of outlet. `together` = one message speaks of many bodies, to a group; `was_sent(key)` tells
    after an interruption, None when nobody knows.
    """

    send: Callable[[Parcel, Setup], None]
    was_sent: Callable[[str], bool | None]
    together: bool = False


WAYS: dict[str, Way] = {
    OutletKind.FILE: Way(folder.send, folder.was_sent),
    OutletKind.WEBHOOK: Way(webhook.send, webhook.was_sent, together=True),
    OutletKind.SMTP: Way(mail.send, mail.was_sent),
}
