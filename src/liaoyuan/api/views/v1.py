"""The interface, version 1: its operations, its description, and what stands at every other address below it."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from liaoyuan.api.views import annual, figures, grants, imports, organizations, party
from liaoyuan.api.views.door import Bearer, guard, machine, problem
from liaoyuan.core import doors
from liaoyuan.ui.pages import render

ROOT = "/api/v1/"


class Interface(NinjaAPI):
    """The interface at its fixed place."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:
        """Where it stands; no page is served there."""
        return ROOT

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description with every key a text, as JSON has it (the library keeps statuses as numbers)."""
        found = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for methods in found["paths"].values():
            for operation in methods.values():
                operation["responses"] = {str(status): told for status, told in operation["responses"].items()}
        return found


api = Interface(
    title="燎原接口",
    version="1",
    description="社会组织登记、党建、公益创投的查询、统计、检索、批量导入和申报。"
    "金额以分为单位，日期如 2026-10-26，时间为 ISO 8601。",
    auth=Bearer(),
    openapi_url=None,
    docs_url=None,
)
guard(api)
api.add_router("", figures.router)
api.add_router("/organizations", organizations.router)
api.add_router("/imports", imports.router)
api.add_router("/annual", annual.router)
api.add_router("/party", party.router)
api.add_router("/grants", grants.router)


def operations() -> list[URLPattern]:
    """The addresses of the operations, each behind the machine door. The library's root page is left out."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    return [URLPattern(one.pattern, machine(one.callback), one.default_args, one.name) for one in found]


@cache
def _description() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


@doors.public
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for machines (OpenAPI 3.1). It holds no data, so it needs no token."""
    return JsonResponse(_description(), json_dumps_params={"ensure_ascii": False})


@doors.login
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description for people: every operation with what it takes and gives."""
    told = []
    for path, methods in _description()["paths"].items():
        for method, operation in methods.items():
            told.append({
                "method": method.upper(), "path": path, "summary": operation["summary"],
                "description": operation.get("description", ""), "tag": operation["tags"][0],
                "inputs": _inputs(operation), "answers": "、".join(operation["responses"]),
            })  # fmt: skip
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in told:
        groups.setdefault(entry["tag"], []).append(entry)
    return render(request, "api/docs.html", {
        "title": _("接口说明"), "groups": list(groups.items()),
        "root": request.build_absolute_uri(ROOT),
    })  # fmt: skip


def _inputs(operation: dict[str, Any]) -> list[tuple[str, bool, str]]:
    """(name, required, words) of everything the operation takes."""
    found = [(p["name"], p["required"], p["schema"].get("description", "")) for p in operation["parameters"]]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = _named(content["schema"])
        required = schema.get("required", [])
        found += [(n, n in required, s.get("description", "")) for n, s in schema.get("properties", {}).items()]
    return found


def _named(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema a reference points to."""
    for one in (schema, *schema.get("anyOf", ())):
        if "$ref" in one:
            named: dict[str, Any] = _description()["components"]["schemas"][one["$ref"].rsplit("/", 1)[-1]]
            return named
    return schema


@csrf_exempt
@doors.public
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address below the interface: a refusal in JSON, never a page."""
    return problem(404, _("没有这个接口地址。说明见 /api/v1/docs/，机器可读的说明见 /api/v1/openapi.json。"))
