"""Addresses that everybody may open."""

from django.urls import path, re_path

from liaoyuan.portal.views import annual, awards, bulletins, claims, directory, documents, grants, organizations

app_name = "portal"
urlpatterns = [
    path("directory/", directory.listing, name="directory"),
    path("directory/figures/", directory.figures, name="figures"),
    path("directory/<int:pk>/", organizations.detail, name="organization"),
    path("directory/<int:pk>/claim/", claims.claim, name="claim"),
    path("bulletins/", bulletins.listing, name="bulletin_list"),
    path("bulletins/<int:pk>/", bulletins.detail, name="bulletin"),
    path("bulletins/<int:pk>/files/<int:key>/", bulletins.file, name="bulletin_file"),
    path("verify/", documents.check, name="verify_form"),
    path("verify/<str:code>/", documents.check, name="verify"),
    path("notices/", documents.notices, name="notice_list"),
    path("notices/<int:pk>/", documents.notice, name="notice"),
    path("notices/annual/<int:pk>/", annual.conclusions, name="conclusions"),
    path("grants/", grants.listing, name="grant_list"),
    re_path(r"^grants/data\.(?P<form>json|csv)$", grants.data, name="grant_data"),
    path("notices/awards/<int:pk>/", awards.award, name="award"),
    path("notices/awards/<int:pk>/object/", awards.object_to, name="award_object"),
    path("notices/objection/", awards.objection, name="objection"),
    path("robots.txt", directory.robots, name="robots"),
]
