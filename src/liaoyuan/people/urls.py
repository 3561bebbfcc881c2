"""Addresses of the people floor."""

from django.urls import path

from liaoyuan.people.views import panels

app_name = "people"
urlpatterns = [
    path("organizations/<int:pk>/panel/", panels.organization_panel, name="organization_panel"),
]
