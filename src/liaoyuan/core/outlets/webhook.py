"""The outlet `webhook`: a JSON POST as group robots of WeCom take it.

Only https, http on this machine alone; no address of a private network unless the administrator allows it; the name is
resolved once and that very address is connected to; no redirect is followed; ten seconds, no more.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from liaoyuan.core.outlets.parcels import MayBeSent, NotSent, Parcel, Setup

SECONDS = 10.0
_MOST_ANSWER = 65536
#: A text of a group robot holds so many bytes.
MOST_BYTES = 2000
#: What WeCom answers when too many messages came within a minute.
_TOO_FAST = 45009


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart, with the machine's address to connect to."""

    host: str
    port: int
    path: str
    secure: bool
    machine: str


def fault(address: str) -> str:
    """What is wrong with an address as it is written; empty when nothing is."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return _("地址不对。")
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.username or port == 0:
        return _("地址须以 https:// 开头，不能带用户名。")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        return _("只有本机地址可以用 http，其他地址须用 https。")
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def target(address: str, *, private: bool) -> Target:
    """Where to connect. Raises NotSent for a faulty, unknown or forbidden address."""
    wrong = fault(address)
    if wrong:
        raise NotSent(wrong)
    parts = urlsplit(address)
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise NotSent(_("找不到接收地址的主机，请检查网络和地址。"), again=True) from error
    machines = [ipaddress.ip_address(machine.split("%")[0]) for machine in sorted(found)]
    if any(m.is_multicast or m.is_unspecified for m in machines) or (
        not private and any(not m.is_global for m in machines)
    ):
        raise NotSent(_("接收地址在内部网络，未经系统管理员允许不能发送。"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, secure, str(machines[0]))


def _connection(where: Target) -> http.client.HTTPConnection:
    made = http.client.HTTPConnection(where.host, where.port, timeout=SECONDS)
    raw = socket.create_connection((where.machine, where.port), timeout=SECONDS)
    try:
        made.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=where.host) if where.secure else raw
    except BaseException:
        raw.close()
        raise
    return made


def send(parcel: Parcel, setup: Setup) -> None:
    """Post the text. Raises NotSent or MayBeSent; says nothing when the robot has taken it."""
    if not setup.secret:
        raise NotSent(_("还没有填写群机器人的地址。"))
    where = target(setup.secret, private=bool(setup.options.get("private")))
    body = json.dumps({"msgtype": "text", "text": {"content": parcel.text}}, ensure_ascii=False).encode()
    try:
        connection = _connection(where)
    except ssl.SSLError as error:
        raise NotSent(_("接收地址的证书不可信。")) from error
    except OSError as error:
        raise NotSent(_("连不上接收地址。"), again=True) from error
    try:
        connection.request("POST", where.path, body, {"Content-Type": "application/json; charset=utf-8"})
        with connection.getresponse() as answer:
            status, told = answer.status, answer.read(_MOST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise MayBeSent(_("已经送出，但没有收到对方的答复。")) from error
    finally:
        connection.close()
    _judge(status, told)


def _judge(status: int, told: bytes) -> None:
    if 300 <= status < 400:
        raise NotSent(_("接收地址要求转到别处，没有跟随。请填写最终的地址。"))
    if status >= 500 or status == 429:
        raise NotSent(_("接收方暂时不能处理（{what}）。").format(what=status), again=True)
    if status >= 400:
        raise NotSent(_("接收方拒绝了消息（{what}）。").format(what=status))
    try:
        answer: Any = json.loads(told or b"{}")
    except ValueError:
        return
    code = answer.get("errcode", 0) if isinstance(answer, dict) else 0
    if code:
        raise NotSent(_("接收方拒绝了消息（errcode {what}）。").format(what=code), again=code == _TOO_FAST)


def was_sent(key: str) -> bool | None:
    """Nobody can tell afterwards."""
    return None
