"""Addresses that everybody may open."""

from django.urls import path

from liaoyuan.portal.views import claims, directory, notices, organizations

app_name = "portal"
urlpatterns = [
    path("directory/", directory.listing, name="directory"),
    path("directory/figures/", directory.figures, name="figures"),
    path("directory/<int:pk>/", organizations.detail, name="organization"),
    path("directory/<int:pk>/claim/", claims.claim, name="claim"),
    path("directory/notices/", notices.listing, name="notice_list"),
    path("directory/notices/<int:pk>/", notices.detail, name="notice"),
    path("directory/notices/<int:pk>/files/<int:key>/", notices.file, name="notice_file"),
    path("robots.txt", directory.robots, name="robots"),
]
