"""Addresses that everybody may open."""

from django.urls import path

from liaoyuan.portal.views import claims, directory, organizations

app_name = "portal"
urlpatterns = [
    path("directory/", directory.listing, name="directory"),
    path("directory/figures/", directory.figures, name="figures"),
    path("directory/<int:pk>/", organizations.detail, name="organization"),
    path("directory/<int:pk>/claim/", claims.claim, name="claim"),
    path("robots.txt", directory.robots, name="robots"),
]
