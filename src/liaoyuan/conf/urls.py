"""All addresses of the product, floor by floor."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liaoyuan.core.urls")),
    path("ui/", include("liaoyuan.ui.urls")),
    path("registry/", include("liaoyuan.registry.urls")),
    path("people/", include("liaoyuan.people.urls")),
    path("party/", include("liaoyuan.party.urls")),
    path("planning/", include("liaoyuan.planning.urls")),
    path("funding/", include("liaoyuan.funding.urls")),
    path("", include("liaoyuan.reports.urls")),
    path("", include("liaoyuan.portal.urls")),
    path("", include("liaoyuan.api.urls")),
]

handler400 = "liaoyuan.ui.views.bad_request"
handler403 = "liaoyuan.ui.views.permission_denied"
handler404 = "liaoyuan.ui.views.page_not_found"
handler429 = "liaoyuan.ui.views.too_many_requests"  # asked by the login library
handler500 = "liaoyuan.ui.views.server_error"
