"""The machine door: who may come in, and how every refusal looks.

Only a bearer token opens it; session and cookie are not looked at, so no other site can act through a browser. Every
refusal is JSON with a sentence for a person (`Problem`), whatever went wrong; the traceback stays in the log.
"""

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from liaoyuan.api.choices import Permission
from liaoyuan.api.queries import tokens
from liaoyuan.api.queries.tokens import Caller
from liaoyuan.core import clock
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import pages

_log = logging.getLogger(__name__)

#: code → sentence of a refusal without further words.
SENTENCES = {
    400: ("bad_request", "请求看不懂，请检查格式。"),
    401: ("unauthorized", "请在请求头写明有效的令牌：Authorization: Bearer lyt_…。令牌可能已过期或被收回。"),
    403: ("forbidden", "这个令牌没有这项权限，或者不包括这个区划。"),
    404: ("not_found", "没有找到，或不在您的范围内。"),
    405: ("method_not_allowed", "这个地址不接受这种请求方法。"),
    409: ("conflict", "现在不能这样做。"),
    413: ("too_large", "提交的内容太大，没有保存任何东西。"),
    422: ("invalid", "有填写不正确的内容，没有保存任何东西。"),
    503: ("busy", "同时写入的人太多，没有排上，没有保存任何东西。请稍后用同样的内容再试。"),
    500: ("server_error", "系统出错了，这一步没有做完。请稍后再试；再次出现时请把时间告诉系统管理员。"),
}
#: What the schemas find wrong, in words a person understands.
_FAULTS = {
    "missing": "必须填写。",
    "bool_parsing": "只能是 true 或 false。",
    "int_parsing": "应为整数。",
    "int_parsing_size": "数字太大。",
    "int_from_float": "应为整数。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "string_too_long": "不能超过 {max_length} 个字符。",
    "string_too_short": "不能少于 {min_length} 个字符。",
    "literal_error": "只能是其中之一：{expected}。",
    "enum": "只能是其中之一：{expected}。",
    "date_from_datetime_parsing": "没有这一天。",
    "date_parsing": "没有这一天。",
    "value_error": "{error}",
}


class Refusal(Exception):
    """A refusal with a status; `fields` are pairs of a field's name and a sentence."""

    def __init__(self, status: int, message: str = "", fields: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.status, self.message, self.fields = status, message, list(fields)


def problem(
    status: int, message: str = "", fields: Iterable[tuple[str, str]] = (), findings: Iterable[Finding] = ()
) -> JsonResponse:
    """The answer of a refusal."""
    code, sentence = SENTENCES[status]
    body = {
        "status": status,
        "code": code,
        "message": message or _(sentence),
        "fields": [{"field": name, "message": told} for name, told in fields],
        "findings": [finding.as_dict() for finding in findings],
    }
    headers = {"WWW-Authenticate": 'Bearer realm="liaoyuan"'} if status == 401 else {}
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


class Bearer(HttpBearer):
    """The token of the header. A token whose account lost the permission to use tokens is refused by 403."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller, with the account's grants narrowed to the token's permissions."""
        caller = tokens.caller_of(token.strip(), clock.now())
        if caller is None:
            return None
        if not tokens.may_call(caller):
            raise PermissionDenied
        tokens.narrow(caller)
        return caller


def caller(request: HttpRequest, *permissions: str) -> Caller:
    """Who calls; refuses unless the token holds one of the permissions (none asked = any token)."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    if permissions and not found.permissions & frozenset(str(code) for code in permissions):
        raise PermissionDenied
    return found


#: Exceptions without words of their own, the particular before the general, and their status.
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (AuthenticationError, 401),
    (PermissionDenied, 403),
    (Http404, 404),
    (RequestDataTooBig, 413),
    (TooManyFieldsSent, 413),
    (TooManyFilesSent, 413),
    (HttpError, 400),
    (BadRequest, 400),
    (SuspiciousOperation, 400),
    (UnreadablePostError, 400),
    (MultiPartParserError, 400),
)


def guard(api: NinjaAPI) -> None:
    """Let every exception of the interface be answered by `answer`, also those the library has an answer for."""
    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, answer)


def answer(request: HttpRequest, error: Any) -> HttpResponse:
    """The refusal that an exception stands for; an unforeseen one goes to the log and is told as 500."""
    if isinstance(error, ValidationError):
        return problem(422, fields=[_fault(one) for one in error.errors])
    if isinstance(error, Refused):
        return problem(409, str(error), findings=error.findings)
    if isinstance(error, Refusal):
        return problem(error.status, error.message, error.fields)
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return problem(status)
    if pages.busy(error):
        response = problem(503)
        response["Retry-After"] = pages.RETRY_AFTER
        return response
    _log.error("the interface failed: %s %s", request.method, request.path, exc_info=error)
    return problem(500)


def _fault(error: dict[str, Any]) -> tuple[str, str]:
    """(field, sentence) of one fault of a schema; where the value stood (query, form, body) is left out."""
    place = [str(part) for part in error.get("loc", ())[1:]]
    if len(place) > 1 and place[0] in ("payload", "query", "form"):
        place = place[1:]
    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    if "expected" in context:
        context["expected"] = context["expected"].replace("'", "").replace(" or ", ", ").replace(", ", "、")
    words = _(_FAULTS.get(error.get("type", ""), "填写不正确。"))
    try:
        return ".".join(place), words.format(**context)
    except KeyError:
        return ".".join(place), _("填写不正确。")


def machine(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """An operation as an address: no CSRF token (no cookie is looked at), nothing kept, refusals in JSON."""

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            told = problem(405)
            told.headers["Allow"] = response.headers.get("Allow", "")
            response = told
        response.headers["Cache-Control"] = "no-store"
        return response

    inner.door = str(Permission.TOKEN_USE)  # type: ignore[attr-defined]
    return inner
