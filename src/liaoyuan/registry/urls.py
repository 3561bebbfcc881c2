"""Addresses of the register."""

from django.urls import path

from liaoyuan.registry.views import organizations

app_name = "registry"
urlpatterns = [
    path("", organizations.listing, name="organization_list"),
    path("filters/save/", organizations.save_filter, name="filter_save"),
    path("filters/<int:pk>/delete/", organizations.delete_filter, name="filter_delete"),
    path("calls/", organizations.call_list, name="organization_calls"),
]
