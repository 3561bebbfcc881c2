"""Addresses with one argument, for `link_to`, and views that answer as views may."""

from django.core.exceptions import PermissionDenied
from django.db.utils import OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import include, path


def thing(request, pk):
    return HttpResponse(str(pk))


def named(request, name):
    return HttpResponse(name)


def broken(request):
    raise RuntimeError


def forbidden(request):
    raise PermissionDenied


def post_only(request):
    return HttpResponseNotAllowed(["POST"])


def crowded(request):
    return HttpResponse(status=429, headers={"Retry-After": "60"})


def busy(request):
    raise OperationalError("database is locked")


def locked(request):
    return HttpResponseRedirect("/login/?next=/locked/")


urlpatterns = [
    path("ui/", include("liaoyuan.ui.urls")),
    path("things/<int:pk>/edit/", thing, name="thing"),
    path("named/<str:name>/", named, name="named"),
    path("broken/", broken),
    path("busy/", busy),
    path("forbidden/", forbidden),
    path("post-only/", post_only),
    path("crowded/", crowded),
    path("locked/", locked),
]
handler400 = "liaoyuan.ui.views.bad_request"
handler403 = "liaoyuan.ui.views.permission_denied"
handler404 = "liaoyuan.ui.views.page_not_found"
handler500 = "liaoyuan.ui.views.server_error"

MENU = ()
