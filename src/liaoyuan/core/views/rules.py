"""Rules: what each says, by which parameters, when it is asked, with worked examples and their live results."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.core import access, doors, policy, registries
from liaoyuan.core.choices import ParameterStatus, Permission
from liaoyuan.core.exports import rules as documents
from liaoyuan.core.forms.parameters import RuleQueryForm
from liaoyuan.core.moments import (
    ENTITY_TITLES,
    JURISDICTION_TITLES,
    MOMENT_DOORS,
    MOMENT_TITLES,
    RULE_FAMILIES,
)
from liaoyuan.core.params import ORIGIN_TITLES, SEVERITY_TITLES
from liaoyuan.core.queries import parameters as queries
from liaoyuan.core.rules.parameters import shape_of, written
from liaoyuan.kit.facts import columns_of, told
from liaoyuan.kit.findings import Finding, Needs, Severity
from liaoyuan.ui.forms import chips, describe
from liaoyuan.ui.pager import Query
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState
from liaoyuan.ui.texts import translated


def _asked(rule: dict[str, Any]) -> tuple[str, str]:
    return ("ok", _("已提问")) if rule["asked"] else ("closed", _("尚未提问"))


def _moments(rule: dict[str, Any]) -> str:
    return "、".join(_(MOMENT_TITLES[moment]) for moment in rule["moments"])


def _ground(rule: dict[str, Any]) -> tuple[str, str]:
    return ("review", _("草稿")) if rule["status"] == ParameterStatus.DRAFT else ("ok", _("已确认"))


COLUMNS = (
    Column("id", _("编号"), fixed=True, link=lambda rule: reverse("core:rule_detail", args=[rule["id"]])),
    Column("title", _("名称"), value=lambda rule: _(rule["title"])),
    Column("entity", _("对象"), value=lambda rule: _(ENTITY_TITLES[rule["entity"]])),
    Column("moments", _("时机"), value=_moments),
    Column("severity", _("力度"), value=lambda rule: _(SEVERITY_TITLES[rule["severity"]])),
    Column("status", _("依据"), kind="verdict", value=_ground),
    Column("asked", _("是否提问"), kind="verdict", value=_asked),
)


@doors.login
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All rules by family and by whether they are asked yet."""
    asked = RuleQueryForm(request.GET)
    given = asked.cleaned_data if asked.is_valid() else {}
    text, family, state_asked = given.get("q", ""), given.get("family", ""), given.get("asked", "")
    found = [
        rule
        for rule in documents.rules_list()
        if (not family or rule["id"].startswith(f"{family}-"))
        and (not state_asked or rule["asked"] == (state_asked == "yes"))
        and (not text or text.lower() in f"{rule['id']} {rule['title']} {rule['statement']}".lower())
    ]
    state = TableState.from_request(request, COLUMNS, per_page=100)
    return render(
        request,
        "core/rule_list.html",
        {
            "title": _("规则"),
            "fields": list(describe(asked).values()),
            "chips": chips(asked, Query(request)),
            "table": state.table(found, row_id="id"),
        },
    )


def _place(request: HttpRequest) -> str:
    """Whose parameters judge the examples: the first area of the reader's grants, else the profile of the examples."""
    found = access.reach(request.user, Permission.PARAMETER_VIEW)
    return found.paths[0] if found.paths else documents.EXAMPLE_PROFILE


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(
        code=told["code"], severity=Severity(told["severity"]), message="{text}", field=told["field"],
        needs=Needs(told["needs"]), args={"text": told["message"]}, params_used=told["params_used"],
        source=told["source"],
    )  # fmt: skip


@doors.login
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One rule in full."""
    spec = registries.rules.get(code)
    if spec is None:
        raise Http404
    shown = documents.rules_show(code, profile=_place(request))
    names = queries.place_names(row["jurisdiction"] for row in shown["parameters"])
    rows = [
        {
            **row,
            "place": names[row["jurisdiction"]],
            "name": queries.title_of(row["key"]),
            "written": translated(written(row["value"], shape_of(row["key"], queries.samples(row["key"])))),
            "severity": _(SEVERITY_TITLES[row["severity"]]) if queries.weighs(row["key"]) else "—",
            "origin": _(ORIGIN_TITLES[row["origin"]]),
            "draft": row["status"] == ParameterStatus.DRAFT,
        }
        for row in shown["parameters"]
    ]
    examples = [
        {
            **example,
            "facts": {name: told(value) for name, value in example["facts"].items()},
            "findings": [_finding(one) for one in example["findings"]],
            "differs": sorted({one["code"] for one in example["findings"]}) != sorted(example["expected"]),
        }
        for example in shown["examples"]
    ]
    doors_of = dict.fromkeys(door for moment in spec.moments for door in MOMENT_DOORS.get(moment, ()))
    return render(
        request,
        "core/rule_detail.html",
        {
            "title": f"{code} {_(spec.title)}",
            "crumbs": [(_("规则"), reverse("core:rule_list"))],
            "spec": spec,
            "family": _(RULE_FAMILIES.get(code.partition("-")[0], "")),
            "entity": _(ENTITY_TITLES[spec.entity]),
            "moments": _moments(shown),
            "jurisdiction": _(JURISDICTION_TITLES[spec.jurisdiction]),
            "doors": "、".join(_(door) for door in doors_of),
            "asked": spec.function is not None,
            "rows": rows,
            "facts": columns_of(shown["facts"].get("properties", {})),
            "examples": examples,
            "hands": queries.hands(code),
            "may_see": access.has(request.user, Permission.PARAMETER_VIEW),
            "place": queries.place_names([policy.chain(_place(request))[-1]]).popitem()[1],
        },
    )
