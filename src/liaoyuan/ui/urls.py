"""Addresses of the ui floor itself, below /ui/."""

from django.urls import path

from liaoyuan.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("language/", views.language, name="language"),
    path("text-size/", views.text_size, name="text_size"),
]
