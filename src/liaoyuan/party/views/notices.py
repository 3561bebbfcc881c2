"""The notice of a meeting: the text, ways to send it, who was told and who not yet; the member's own word."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.core import access, clock, doors
from liaoyuan.core.choices import Permission as Core
from liaoyuan.core.queries import due, outlets
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import notices as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import MeetingState, NoticeWay
from liaoyuan.party.models import Meeting
from liaoyuan.party.queries import meetings, notices, own
from liaoyuan.party.views import ways
from liaoyuan.ui import marks
from liaoyuan.ui.pages import render
from liaoyuan.ui.tables import Column, TableState

COLUMNS = (
    Column("name", gettext_lazy("姓名"), fixed=True),
    Column("state", gettext_lazy("情况"), kind="markup", value=lambda line: marks.verdict(line.mark, line.state)),
    Column("told", gettext_lazy("通知记录"), value=lambda line: "；".join(line.told)),
    Column("account", gettext_lazy("站内账号"), value=lambda line: _("有") if line.account else _("没有")),
    Column("phone", gettext_lazy("手机"), kind="short"),
)


@doors.needs(Permission.LIFE_EDIT)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice with its log. `left=1` shows those who were not told yet."""
    return _page(request, _meeting(request, pk))


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    meeting = ways.writable(request, pk)
    if not access.covers(request.user, Permission.MEMBERS_VIEW, meeting.party_organization, write=False):
        raise Http404
    return meeting


def _page(request: HttpRequest, meeting: Meeting, clear: dict[int, str] | None = None) -> HttpResponse:
    left = request.GET.get("left") == "1" or clear is not None
    state = TableState.from_request(request, COLUMNS, per_page=50)
    listing = notices.Listing(meeting, left=left, clear=clear)
    coming = meeting.state in notices.COMING
    sends = coming and meeting.held_on >= clock.today()
    branch = ways.name_of(meeting.party_organization)
    return render(
        request,
        "party/meeting_notices.html",
        {
            "title": _("会议通知"),
            "crumbs": ways.crumbs((meetings.title(meeting), ways.there(meeting)), (_("会议通知"), "")),
            "meeting": meeting,
            "heading": meetings.title(meeting),
            "branch": branch,
            "text": notices.text_of(meeting, branch),
            "table": state.table(listing),
            "every": len(listing.every),
            "left": len(listing.left),
            "tabs_": [
                (_("全部"), state.query(left=None), not left, len(listing.every)),
                (_("未通知"), state.query(left="1"), left, len(listing.left)),
            ],
            "coming": coming,
            "sends": sends,
            "outlets": [(kind, _(outlets.KIND_TITLES[kind])) for kind in outlets.active()]
            if sends and access.has(request.user, Core.REMIND) else [],
            "tell": reverse("party:meeting_tell", args=[meeting.pk]),
            "phones": coming and clear is None and bool(notices.masked_phones(listing.left)),
            "clear": clear is not None,
        },
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell members; `do` is the way, `ids` whom (site, group and outlets without any: all), or `reveal`."""
    meeting, by, at = _meeting(request, pk), doors.person(request), clock.now()
    word = request.POST.get("do", "")
    back = redirect("party:meeting_notices", pk)
    try:
        if word == "reveal":
            reason = request.POST.get("reason", "")
            return _page(request, meeting, actions.reveal(meeting=meeting, reason=reason, by=by, at=at))
        ids = {int(key) for key in request.POST.getlist("ids") if key.isascii() and key.isdigit() and len(key) < 16}
        if word == "outlet":
            word = request.POST.get("outlet", "")
        everyone = not ids and (word != NoticeWay.PHONE or bool(request.POST.get("all_matching")))
        if not ids and not everyone:
            messages.error(request, _("请先勾选已打过电话的党员。"))
            return back
        n = actions.tell(meeting=meeting, way=word, members=None if everyone else ids, by=by, at=at)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        due.forget()
        if n:
            messages.success(request, _("已通知 {n} 人。").format(n=n))
        else:
            messages.info(request, _("没有新通知的人：已按这种方式通知过，或没有站内账号。"))
    return back


@doors.login
@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The member knows of the meeting."""
    mine = own.members_of(request.user)
    rows = Meeting.objects.filter(notices__member__in=mine, notices__way=NoticeWay.SITE.value).distinct()
    meeting = get_object_or_404(rows, pk=pk)
    if meeting.state == MeetingState.CANCELLED:
        raise Http404
    for member in mine:
        actions.seen(meeting=meeting, member=member, by=doors.person(request), at=clock.now())
    due.forget()
    messages.success(request, _("已知悉。"))
    return redirect("party:me")
