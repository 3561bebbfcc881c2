"""Files of a record: list and checklist, upload, photos that look alike, removal, and the one way out."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.core import clock, doors, reads
from liaoyuan.core.actions import files as actions
from liaoyuan.core.choices import Answer
from liaoyuan.core.files import sending
from liaoyuan.core.forms.files import AnswerForm, UploadForm
from liaoyuan.core.models import Attachment, StoredFile
from liaoyuan.core.params import ANSWER_TITLES
from liaoyuan.core.queries import files as queries
from liaoyuan.core.queries.files import Place
from liaoyuan.core.registries import FilePurpose
from liaoyuan.core.vault import VaultError
from liaoyuan.kit.files.inspection import title_of
from liaoyuan.kit.files.kinds import MEDIA_TYPES, PICTURES
from liaoyuan.kit.findings import Finding, Refused
from liaoyuan.ui import forms as shown
from liaoyuan.ui.pager import whole_number
from liaoyuan.ui.pages import render, wants_fragment
from liaoyuan.ui.texts import sentence

_SALT = "core.files.waiting"
_WAITS = 24 * 3600


def _place(request: HttpRequest, kind: str, key: Any) -> Place:
    place = queries.place_of(doors.person(request), kind, str(key))
    if place is None:
        raise Http404
    return place


def _attachment(request: HttpRequest, pk: int) -> tuple[Attachment, Place]:
    found = queries.attachment_of(doors.person(request), pk)
    if found is None:
        raise Http404
    return found


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that a script's upload follows as a whole page."""
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if wants_fragment(request) else redirect(url)


# The list and the upload


@doors.login
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """The files of one record: what is wanted and missing, what is there, and a form to add. POST uploads."""
    place = _place(request, kind, key)
    wanted = _wanted(place)
    papers = _papers(place, wanted)
    if request.method != "POST":
        old = _replaced(place, request.GET.get("replaces", ""))
        asked = old.paper if old else request.GET.get("paper", "")
        initial = {"paper": asked if asked in papers else None, "replaces": old.pk if old else None}
        return _page(request, place, wanted, _form(None, None, papers, initial), old=old)
    if not papers:
        raise PermissionDenied
    form = _form(request.POST, request.FILES, papers, {})
    old = _replaced(place, request.POST.get("replaces", ""))
    if form.is_valid():
        done = _upload(request, place, form.cleaned_data, old)
        if done is not None:
            return done
        form.errors.clear()
        return _page(request, place, wanted, form, status=422, old=old, refused=_told(request))
    return _page(request, place, wanted, form, status=422, old=old)


def _wanted(place: Place) -> list[str]:
    key = place.subject.papers(place.record)
    return list(actions.limits_of(place, clock.today()).get(key) or []) if key else []


def _papers(place: Place, wanted: Sequence[str]) -> list[str]:
    """Names one may upload for: the checklist's lines, then what may always be added."""
    purposes = queries.purposes_of(place, write=True)
    lines = [paper for paper in wanted if (found := queries.purpose_for(place.kind, paper)) and found in purposes]
    return list(dict.fromkeys([*lines, *(p.title for p in purposes if p.general)]))


def _form(post: Any, uploads: Any, papers: Sequence[str], initial: Mapping[str, Any]) -> UploadForm:
    return UploadForm(post, uploads, papers=papers, most=actions.MOST, initial=initial, auto_id="file_%s")


def _replaced(place: Place, pk: str) -> Attachment | None:
    number = whole_number(pk, 0)
    row = Attachment.objects.living().of(place.kind, place.key).filter(pk=number).first() if number else None
    return row if row is not None and place.changes(row) else None


def _page(
    request: HttpRequest,
    place: Place,
    wanted: Sequence[str],
    form: UploadForm,
    *,
    status: int = 200,
    old: Attachment | None = None,
    refused: Sequence[str] = (),
) -> HttpResponse:
    rows = queries.listing(place)
    living = [row for row in rows if row.removed_at is None and row.replaced_at is None]
    lines = queries.checklist(place, wanted, clock.today())
    limits = actions.limits_of(place, clock.today())
    return render(
        request,
        "core/file_list.html",
        {
            "title": _("文件"),
            "crumbs": [(place.label, place.address), (_("文件"), "")],
            "place": place,
            "here": reverse("core:file_list", args=[place.kind, place.key]),
            "lines": [_line(place, line) for line in lines],
            "given": sum(line.state == "given" for line in lines),
            "photos": [_entry(place, row) for row in living if _is_photo(row)],
            "documents": [_entry(place, row) for row in living if not _is_photo(row)],
            "past": [_entry(place, row) for row in rows if row not in living],
            "may_add": bool(form.fields["paper"].choices),  # type: ignore[attr-defined]
            "form": shown.describe(form, wide=["note"]),
            "problems": shown.problems(form),
            "refused": refused,
            "old": old,
            "max_bytes": int(limits["file.max_mb"]) * 2**20,
            "most": actions.MOST,
        },
        block="panel" if status == 200 else "upload",
        status=status,
    )


def _is_photo(row: Attachment) -> bool:
    return bool(row.file.thumb_name) and row.sensitivity not in queries.SEALED_CLASSES


def _line(place: Place, line: queries.Line) -> dict[str, Any]:
    here = reverse("core:file_list", args=[place.kind, place.key])
    until = max((row.valid_until for row in line.rows if row.valid_until), default=None)
    return {
        "paper": _(line.paper),
        "state": line.state,
        "note": _("有效期至 {day}").format(day=until.isoformat())
        if until
        else _("不在您的查看范围")
        if line.hidden
        else _("纸质件 %(day)s") % {"day": line.received_on.isoformat()}
        if line.received_on and not line.rows
        else "",
        "links": [(row.name, _address(row)) for row in line.rows if _address(row)],
        "href": f"{here}?{urlencode({'paper': line.paper})}#upload" if line.may_add else "",
    }


def _address(row: Attachment) -> str:
    """Where the attachment can be had; empty for what only the archive may take out."""
    return reverse("core:file_open", args=[row.pk, "copy"]) if row.file.copy_name or row.file.kind != "heic" else ""


def _entry(place: Place, row: Attachment) -> dict[str, Any]:
    """One attachment as the page shows it."""
    gone = row.removed_at is not None
    photo = _is_photo(row)
    told = ANSWER_TITLES.get(row.answer, "")
    return {
        "row": row,
        "paper": _(row.paper),
        "kind": _(title_of(row.file.kind)),
        "size": _size(row.file.size),
        "pixels": f"{row.file.width} × {row.file.height}" if row.file.width else "",
        "taken": row.file.taken_at,
        "who": str(row.uploaded_by) if row.uploaded_by else _("命令行"),
        "sealed": row.sensitivity in queries.SEALED_CLASSES,
        "href": "" if gone else _address(row),
        "view": reverse("core:file_open", args=[row.pk, "view"]) if photo and not gone else "",
        "thumb": reverse("core:file_open", args=[row.pk, "thumb"]) if photo and not gone else "",
        "original": reverse("core:file_open", args=[row.pk, "original"])
        if not gone and row.file.kind in ("heic", *PICTURES) and place.original()
        else "",
        "changes": not gone and row.replaced_at is None and place.changes(row),
        "answer": _(told) if told else "",
    }


def _size(count: int) -> str:
    if count < 2**20:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 2**20:.1f} MB"


def _upload(
    request: HttpRequest, place: Place, given: Mapping[str, Any], old: Attachment | None
) -> HttpResponse | None:
    """Take every file in; those without a likeness are saved at once. None when none was taken."""
    purpose = queries.purpose_for(place.kind, given["paper"])
    if purpose is None:
        raise PermissionDenied
    by, at = doors.person(request), clock.now()
    waiting: list[actions.Taken] = []
    saved = 0
    for upload in given["uploads"]:
        try:
            taken = actions.take_in(
                place=place, purpose=purpose, name=upload.name, chunks=upload.chunks(), by=by, at=at
            )
            if taken.alike:
                waiting.append(taken)
                continue
            _attach(place, purpose, given, taken, old, by, at)
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, sentence(finding))
            continue
        saved += 1
        _say(request, taken.notes)
    if saved:
        messages.success(request, _("已保存 {n} 个文件。").format(n=saved))
    if waiting:
        token = _token(place, purpose, given, old, waiting, by.pk, at)
        return _go(request, f"{reverse('core:file_waiting')}?{urlencode({'t': token})}")
    return _go(request, place.address) if saved else None


def _attach(
    place: Place, purpose: FilePurpose, given: Mapping[str, Any], taken: actions.Taken, old: Attachment | None,
    by: Any, at: datetime, answer: str = "", answer_note: str = "",
) -> None:  # fmt: skip
    actions.attach(
        place=place, purpose=purpose, paper=given["paper"], taken=taken, note=given["note"],
        valid_until=given["valid_until"], replaces=old, answer=answer, answer_note=answer_note, by=by, at=at,
    )  # fmt: skip


def _say(request: HttpRequest, notes: Sequence[Finding]) -> None:
    for finding in notes:
        messages.warning(request, sentence(finding))


def _told(request: HttpRequest) -> list[str]:
    """The refusals just said, taken back to stand in the form."""
    return [str(message) for message in messages.get_messages(request)]


# Photos that look like others


def _token(
    place: Place, purpose: FilePurpose, given: Mapping[str, Any], old: Attachment | None,
    waiting: Sequence[actions.Taken], user: int, at: datetime,
) -> str:  # fmt: skip
    """What waits for an answer, signed: nothing of it is stored, and it holds for this user only."""
    until = given["valid_until"]
    told = {
        "user": user, "kind": place.kind, "key": place.key, "purpose": purpose.code, "paper": given["paper"],
        "note": given["note"], "until": until.isoformat() if until else "", "old": old.pk if old else 0,
        "at": at.isoformat(), "files": [[taken.file.pk, taken.name] for taken in waiting],
    }  # fmt: skip
    return signing.dumps(told, salt=_SALT, compress=True)


@doors.login
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Photos that look like ones already kept, side by side, before anything is saved; POST answers."""
    by = doors.person(request)
    token = request.POST.get("t") or request.GET.get("t", "")
    try:
        told = signing.loads(token, salt=_SALT, max_age=_WAITS)
    except signing.BadSignature:
        raise Http404 from None
    if told["user"] != by.pk:
        raise Http404
    place = _place(request, told["kind"], told["key"])
    purpose = queries.purpose_for(place.kind, told["paper"])
    if purpose is None or not place.adds(purpose):
        raise PermissionDenied
    bits = int(actions.limits_of(place, clock.today())["file.alike_bits"])
    posted = request.method == "POST"
    items = []
    for number, (pk, name) in enumerate(told["files"]):
        file = StoredFile.objects.filter(pk=pk).first()
        if file is None:
            continue
        form = AnswerForm(request.POST if posted else None, prefix=f"p{number}")
        items.append((actions.Taken(file, name, (), queries.alike(by, file, bits)), form))
    if posted and all([form.is_valid() for _taken, form in items]):
        return _settle(request, place, purpose, told, items)
    return render(
        request,
        "core/file_waiting.html",
        {
            "title": _("与已有照片相似"),
            "crumbs": [(place.label, place.address), (_("与已有照片相似"), "")],
            "place": place,
            "token": token,
            "items": [_pair(taken, form) for taken, form in items],
            "problems": [problem for _taken, form in items for problem in shown.problems(form)],
        },
        status=422 if posted else 200,
    )


def _pair(taken: actions.Taken, form: AnswerForm) -> dict[str, Any]:
    file, size = queries.content(taken.file, "thumb")
    with file:
        picture = base64.b64encode(file.read(size)).decode()
    others = []
    for row, apart, where in taken.alike.seen:
        others.append(
            {
                "row": row,
                "where": where,
                "same": apart == 0,
                "thumb": reverse("core:file_open", args=[row.pk, "thumb"]) if _is_photo(row) else "",
                "view": reverse("core:file_open", args=[row.pk, "view"]) if _is_photo(row) else "",
            }
        )
    return {
        "name": taken.name,
        "picture": f"data:image/jpeg;base64,{picture}",
        "taken": taken.file.taken_at,
        "others": others,
        "elsewhere": taken.alike.elsewhere,
        "fields": list(shown.describe(form).values()),
    }


def _settle(
    request: HttpRequest, place: Place, purpose: FilePurpose, told: Mapping[str, Any], items: Sequence[Any]
) -> HttpResponse:
    by, at = doors.person(request), clock.now()
    old = _replaced(place, str(told["old"])) if told["old"] else None
    given = {
        "paper": told["paper"], "note": told["note"],
        "valid_until": datetime.fromisoformat(told["until"]).date() if told["until"] else None,
    }  # fmt: skip
    since = datetime.fromisoformat(told["at"])
    saved = 0
    for taken, form in items:
        answer = form.cleaned_data["answer"]
        again = Attachment.objects.living().of(place.kind, place.key)
        if answer == Answer.DROP or again.filter(file=taken.file, uploaded_at__gte=since, paper=told["paper"]).exists():
            continue
        try:
            _attach(place, purpose, given, taken, old, by, at, answer, form.cleaned_data["answer_note"])
            saved += 1
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, sentence(finding))
    if saved:
        messages.success(request, _("已保存 {n} 个文件。").format(n=saved))
    else:
        messages.info(request, _("没有保存照片。"))
    return redirect(place.address)


# Taking off, and out


@doors.login
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an attachment off its record, with a reason."""
    row, place = _attachment(request, pk)
    try:
        actions.remove(
            place=place, attachment=row, reason=request.POST.get("reason", ""), by=doors.person(request), at=clock.now()
        )
        messages.success(request, _("已移除“{name}”，内容仍留存备查。").format(name=row.name))
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, sentence(finding))
    return redirect(place.address)


@doors.login
@require_safe
def open_file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The one way out: `copy` downloads, `view` and `thumb` show a picture, `original` is for the archive.

    Of a picture only copies without EXIF are given; the untouched original needs its own permission and is a read
    event, as is every download of class C3 and above.
    """
    row, place = _attachment(request, pk)
    file, picture = row.file, row.file.kind in ("heic", *PICTURES)
    sealed = row.sensitivity in queries.SEALED_CLASSES
    if form == "original":
        if not place.original():
            raise PermissionDenied
    elif (
        form not in ("copy", "view", "thumb")
        or (form != "copy" and (sealed or not file.copy_name))
        or (picture and not file.copy_name)
    ):
        raise Http404
    part = "original" if form == "original" or not picture else "thumb" if form == "thumb" else "copy"
    try:
        content, size = queries.content(file, part)
    except (OSError, ValueError, VaultError):
        if form == "thumb":
            raise Http404 from None
        messages.error(
            request, _("“{name}”的内容读不出来，请联系系统管理员运行 liaoyuan check。").format(name=row.name)
        )
        return redirect(place.address)
    began = sending.asked_range(request, size)
    if (sealed or form == "original") and request.method == "GET" and (began is None or began[0] == 0):
        reads.downloaded(
            actions.subject_of(place), file=row.pk, name=row.paper if sealed else row.name, original=form == "original",
            by=doors.person(request), at=clock.now(),
        )  # fmt: skip
    stem = row.name.rpartition(".")[0] or row.name
    return sending.send(
        request, content, size,
        media_type="image/jpeg" if part != "original" else MEDIA_TYPES[file.kind],
        name=f"{stem}.jpg" if part != "original" else row.name,
        inline=form in ("view", "thumb"),
        mark=f"{file.sha256[:32]}-{part}",
        keep=600 if form == "thumb" else 0,
    )  # fmt: skip
