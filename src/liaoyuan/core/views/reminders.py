"""催办: sources with their counts, who owes what, call lists with text, telephones, sending; what ends this month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import access, clock, doors, registries
from liaoyuan.core.actions import reminders as actions
from liaoyuan.core.choices import Permission
from liaoyuan.core.models import CallList
from liaoyuan.core.queries import outlets
from liaoyuan.core.queries import reminders as queries
from liaoyuan.core.registries import Owing, Reminder
from liaoyuan.kit.findings import Refused
from liaoyuan.ui.pager import Page, Query, paginate, whole_number
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

_MONTH_LINES = 10
_YEARS = (2000, 2100)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list of who owes, with when it was last called."""

    row: Owing
    phone: str
    last_on: Any = None
    last: str = ""

    @property
    def told(self) -> str:
        """Day and words of the last contact."""
        return f"{self.last_on:%m-%d} {self.last}" if self.last else ""

    @property
    def key(self) -> str:
        """The line's key within its source."""
        return self.row.key


COLUMNS = (
    Column("name", gettext_lazy("名称"), fixed=True, value=lambda line: line.row.name, link=lambda line: line.row.url),
    Column("what", gettext_lazy("事项"), value=lambda line: line.row.what),
    Column("due_on", gettext_lazy("期限"), kind="date", value=lambda line: line.row.due_on),
    Column("place", gettext_lazy("街道"), value=lambda line: line.row.place),
    Column("person", gettext_lazy("负责人"), value=lambda line: line.row.person),
    Column("phone", gettext_lazy("联系电话"), kind="short"),
    Column("last", gettext_lazy("最近联系"), value=lambda line: line.told),
)  # fmt: skip


def _lines(source: Reminder, rows: Sequence[Owing], clear: dict[str, str] | None = None) -> list[Line]:
    last = queries.last_contacts([row.subject for row in rows])
    told = []
    for row in rows:
        contact = last.get(row.subject)
        phone = clear.get(row.key, "") if clear is not None else queries.phone(source, row)
        on = clock.localdate(contact.made_at) if contact is not None else None
        told.append(Line(row, phone, on, queries.words_of(contact) if contact is not None else ""))
    return told


@doors.needs(Permission.REMIND)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The duties with how many owe, and one's call lists."""
    today = clock.today()
    page: Page[CallList] = paginate(
        queries.lists_of(request.user), Query(request), whole_number(request.GET.get("page"), 1), 20
    )
    return render(request, "core/reminder_home.html", {
        "title": _("催办"), "spans": [(code, _(word)) for code, word in queries.SPAN_TITLES.items()],
        "sources": [
            (_(source.title), [(found[span], _source_url(source, span)) for span in queries.SPANS])
            for source, found in queries.counts(request.user, today)
        ],
        "page": page,
        "lists": [(row, _(registries.reminders[row.source].title) if row.source in registries.reminders else row.source)
                  for row in page.items],
    })  # fmt: skip


def _source_url(source: Reminder, span: str) -> str:
    return f"{reverse('core:reminder_source', args=[source.code])}?{urlencode({'span': span})}"


def _source(request: HttpRequest, code: str) -> Reminder:
    source = registries.reminders.get(code)
    if source is None or not source.listed:
        raise Http404
    if not queries.may(request.user, source):
        raise PermissionDenied
    return source


@doors.needs(Permission.REMIND)
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Who owes one duty within a span. POST: the chosen ones become a call list."""
    found = _source(request, code)
    asked = request.GET.get("span", "")
    span = asked if asked in queries.SPANS else "late"
    rows = queries.owing(found, request.user, clock.today(), span)
    if request.method == "POST":
        chosen = set(request.POST.getlist("ids"))
        if not request.POST.get("all_matching"):
            rows = [row for row in rows if row.key in chosen]
        try:
            made = actions.make(source=found, rows=rows, by=doors.person(request), at=clock.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(_source_url(found, span))
        return redirect("core:call_list", made.pk)
    state = TableState.from_request(request, COLUMNS, per_page=50)
    page: Page[Owing] = state.page_of(rows)
    lines = Page(_lines(found, page.items), page.total, page.number, page.pages, page.per_page, page.query)

    def operations(line: Line) -> Sequence[tuple[str, str]]:
        back = urlencode({"next": request.get_full_path()})
        return ((_("记电话"), f"{line.row.call_url}?{back}"),) if line.row.call_url else ()

    return render(request, "core/reminder_source.html", {
        "title": _(found.title), "crumbs": [(_("催办"), reverse("core:reminder_home")), (_(found.title), "")],
        "table": state.table(lines, row_id="key", ops=operations), "total": page.total,
        "spans": [(_(word), _source_url(found, one), one == span, None) for one, word in queries.SPAN_TITLES.items()],
        "here": _source_url(found, span), "span_word": _(queries.SPAN_TITLES[span]),
    })  # fmt: skip


@doors.needs(Permission.REMIND)
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """本月到期: everything that ends within a month, grouped, with the whole numbers."""
    today = clock.today()
    first = _first(request.GET.get("month", "")) or today.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    found = queries.within(request.user, today, first, after - timedelta(days=1))
    groups = [
        (_(source.title), len(rows), rows[:_MONTH_LINES], _source_url(source, "late" if after <= today else "90"))
        for source, rows in found
    ]
    before = (first - timedelta(days=1)).replace(day=1)
    return render(request, "core/reminder_month.html", {
        "title": _("本月到期") if first == today.replace(day=1) else _("%(y)s 年 %(m)s 月到期") % {
            "y": first.year, "m": first.month},
        "groups": [group for group in groups if group[1]], "total": sum(n for _t, n, _r, _u in groups), "today": today,
        "none": [title for title, n, _r, _u in groups if not n], "first": first,
        "months": [(_("上月"), f"?month={before:%Y-%m}", False, None),
                   (_("本月"), "?", first == today.replace(day=1), None),
                   (_("下月"), f"?month={after:%Y-%m}", False, None)],
        "most": _MONTH_LINES,
    })  # fmt: skip


def _list(request: HttpRequest, pk: int) -> CallList:
    found = CallList.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None or found.source not in registries.reminders:
        raise Http404
    return found


def _page(request: HttpRequest, row: CallList, clear: dict[str, str] | None = None) -> HttpResponse:
    found = registries.reminders[row.source]
    opened = queries.opened(row, request.user, clock.today())
    sent = row.messages.order_by("-pk")
    return render(request, "core/call_list.html", {
        "title": row.label, "crumbs": [(_("催办"), reverse("core:reminder_home")), (row.label, "")],
        "list": row, "opened": opened, "lines": _lines(found, opened.rows, clear),
        "text": queries.text_of(found, opened.rows),
        "outlets": [(kind, _(outlets.KIND_TITLES[kind])) for kind in outlets.active()],
        "may_reveal": access.has(request.user, Permission.REVEAL) and any(one.phone for one in opened.rows),
        "clear": clear is not None, "today": clock.today(), "back": urlencode({"next": request.path}),
        "sent": [(m, _(outlets.STATE_TITLES[m.state]), outlets.MARKS.get(m.state, "review")) for m in sent[:20]],
    })  # fmt: skip


@doors.needs(Permission.REMIND)
@require_safe
def call_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A call list as it stands today: who has complied is not on it any more."""
    return _page(request, _list(request, pk))


@doors.needs(Permission.REMIND)
@require_POST
def call_list_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Send, write down that the group was told, show the telephones for a reason, put away; `do` says which."""
    row, by, at = _list(request, pk), doors.person(request), clock.now()
    word = request.POST.get("do", "")
    try:
        if word == "send":
            made = actions.send(call_list=row, outlet=request.POST.get("outlet", ""), by=by, at=at)
            told = _("已交给后台发送：%(n)s 条。") % {"n": len(made)} if made else _("今天已经按这个渠道发过。")
            messages.success(request, told)
        elif word == "tell":
            n = actions.tell(call_list=row, by=by, at=at)
            messages.success(request, _("已记入 %(n)s 家组织的档案。") % {"n": n})
        elif word == "reveal":
            shown = actions.reveal(call_list=row, reason=request.POST.get("reason", ""), by=by, at=at)
            return _page(request, row, {one.key: phone for one, phone in shown})
        elif word == "close":
            actions.close(call_list=row, by=by, at=at)
            return redirect("core:reminder_home")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("core:call_list", pk)


def _first(text: str) -> date | None:
    """The first day of a month as the address writes it, within reason."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return day if _YEARS[0] <= day.year <= _YEARS[1] else None
