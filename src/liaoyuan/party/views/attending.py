"""Who was there: the sheet by hand, the code on the screen, the page on a member's phone (three taps)."""

from typing import Any

import segno
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import attending as actions
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import MeetingState, Presence
from liaoyuan.party.forms import meetings as forms
from liaoyuan.party.models import Attendance, Meeting
from liaoyuan.party.queries import meetings, organizations, own, voters
from liaoyuan.party.views import ways
from liaoyuan.ui import entries
from liaoyuan.ui.pages import render

_SALT = "liaoyuan.party.sign_in"


@doors.needs(Permission.LIFE_EDIT)
@require_http_methods(ways.METHODS)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet by hand."""
    meeting = ways.writable(request, pk)
    rows = list(Attendance.objects.visible_to(request.user).filter(meeting=meeting).order_by("member"))
    names = voters.names(row.member_id for row in rows)
    form = forms.SheetForm(entries.data(request), rows=rows, names=names)

    def write() -> Any:
        return actions.save(
            meeting=meeting, marks=form.marks(), told_present=form.cleaned_data["told_present"],
            version=ways.version(request), by=doors.person(request), at=clock.now(),
        )  # fmt: skip

    lines = [(row.member_id, names.get(row.member_id, ""), row.voting or row.status == Presence.EXCLUDED)
             for row in rows]  # fmt: skip
    note = _("到会加缺席等于应到会；缺席逐人写明原因；不计入应到会的写明原因和批准情况；没有表决权的到会者记为列席。")
    return ways.entered(
        request, _("登记到会情况"), form, write, name=meetings.title(meeting), back=ways.there(meeting), note=note,
        version=meeting.version, template="party/meeting_sheet.html", lines=lines, meeting=meeting,
        steps=[(meetings.title(meeting), ways.there(meeting))],
    )  # fmt: skip


@doors.needs(Permission.LIFE_EDIT)
@require_POST
def open_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Open or close signing in."""
    meeting = ways.writable(request, pk)
    wanted = request.POST.get("open") == "1"
    back = reverse("party:meeting_code", args=[pk]) if wanted else ways.there(meeting)
    return ways.acted(
        request, back,
        lambda: actions.open_sign_in(meeting=meeting, open=wanted, by=doors.person(request), at=clock.now()),
        _("签到已打开。") if wanted else _("签到已结束。"),
    )  # fmt: skip


def _seconds(meeting: Meeting) -> int:
    return int(organizations.limits(meeting.party_organization, meeting.held_on)["pb.mtg.sign_in_seconds"])


@doors.needs(Permission.LIFE_EDIT)
@require_safe
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code, large; it is made anew every half of its life."""
    meeting = ways.writable(request, pk)
    open_now = meeting.state == MeetingState.HELD and meeting.signing
    address, picture = "", ""
    if open_now:
        token = signing.dumps([meeting.pk, meeting.sign_in], salt=_SALT)
        address = request.build_absolute_uri(reverse("party:sign_in", args=[token]))
        picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=8, border=4, light="white")
    rows = Attendance.objects.visible_to(request.user).filter(meeting=meeting)
    seconds = _seconds(meeting)
    return render(
        request,
        "party/meeting_code.html",
        {
            "title": _("签到"),
            "crumbs": ways.crumbs((meetings.title(meeting), ways.there(meeting)), (_("签到"), "")),
            "meeting": meeting,
            "open": open_now,
            "address": address,
            "picture": picture,
            "seconds": seconds,
            "again": max(10, seconds // 2),
            "there": rows.filter(status__in=[Presence.PRESENT.value, Presence.OBSERVER.value]).count(),
            "all": rows.exclude(status=Presence.EXCLUDED.value).count(),
        },
        block="code",
    )


@doors.login
@require_http_methods(ways.METHODS)
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """A member's phone: what meeting it is, and one button."""
    told: dict[str, Any] = {"title": _("会议签到"), "meeting": None, "done": False, "refused": "", "name": ""}
    try:
        key, round_ = signing.loads(token, salt=_SALT)
        meeting = Meeting.objects.select_related("party_organization__area").get(pk=key)
        signing.loads(token, salt=_SALT, max_age=_seconds(meeting))
    except signing.SignatureExpired:
        told["refused"] = _("二维码已过期，请重新扫描屏幕上的二维码。")
        return render(request, "party/meeting_sign.html", told, status=410)
    except (signing.BadSignature, Meeting.DoesNotExist, ValueError, TypeError):
        raise Http404 from None
    here = {row.member_id: row for row in Attendance.objects.filter(meeting=meeting)}
    mine = [member for member in own.members_of(request.user) if member.pk in here]
    if not mine:
        told["refused"] = _("您的账号没有关联这次会议名单上的党员，请请书记登记到会。")
        return render(request, "party/meeting_sign.html", told, status=403)
    member = mine[0]
    told |= {"meeting": meeting, "heading": meetings.title(meeting), "name": voters.names([member.pk])[member.pk],
             "branch": ways.name_of(meeting.party_organization)}  # fmt: skip
    if request.method == "POST":
        try:
            actions.sign_in(meeting=meeting, member=member, round=round_, by=doors.person(request), at=clock.now())
        except Refused as refused:
            told["refused"] = str(refused)
            return render(request, "party/meeting_sign.html", told, status=409)
        told["done"] = True
        return render(request, "party/meeting_sign.html", told)
    told["done"] = here[member.pk].status in (Presence.PRESENT, Presence.OBSERVER)
    return render(request, "party/meeting_sign.html", told)
