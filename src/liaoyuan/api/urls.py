"""Addresses of the machine door, and of the pages on which its tokens are made and ended."""

from django.urls import include, path, re_path

from liaoyuan.api.views import tokens, v1
from liaoyuan.api.views.v1 import api

__all__ = ["api", "app_name", "urlpatterns"]

app_name = "api"
urlpatterns = [
    path("account/tokens/", tokens.own, name="token_list"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("console/tokens/", tokens.console, name="token_console"),
    path("console/tokens/<int:pk>/revoke/", tokens.end, name="token_end"),
    path("api/v1/openapi.json", v1.openapi, name="openapi"),
    path("api/v1/docs/", v1.docs, name="docs"),
    path("api/v1/", include((v1.operations(), "v1"))),
    re_path(r"^api(?:/(?P<rest>.*))?$", v1.nowhere, name="nowhere"),
]
