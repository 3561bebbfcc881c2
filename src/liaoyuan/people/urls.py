"""Addresses of the people floor."""

from django.urls import path

from liaoyuan.people.views import entries, exports, honours, panels, persons, reviews, workforce

app_name = "people"
urlpatterns = [
    path("", persons.listing, name="person_list"),
    path("new/", persons.choose_body, name="person_choose"),
    path("certificates/", reviews.certificate_due, name="certificate_due"),
    path("statistics/", workforce.page, name="workforce"),
    path("export/", exports.people, name="person_export"),
    path("services/export/", exports.services, name="service_export"),
    path("exam/", reviews.exam, name="exam"),
    path("<int:pk>/", persons.detail, name="person_detail"),
    path("<int:pk>/at/<int:organization>/reveal/<slug:field>/", persons.reveal, name="person_reveal"),
    path("<int:pk>/at/<int:organization>/correct/", persons.correct, name="person_correct"),
    path("<int:pk>/at/<int:organization>/posts/new/", entries.post_new, name="post_new"),
    path("<int:pk>/at/<int:organization>/work/new/", entries.employment_new, name="employment_new"),
    path("<int:pk>/at/<int:organization>/certificate/", entries.certificate, name="certificate"),
    path("<int:pk>/at/<int:organization>/education/new/", entries.education, name="education_new"),
    path("<int:pk>/at/<int:organization>/volunteer/", entries.volunteer, name="volunteer"),
    path("<int:pk>/at/<int:organization>/service/new/", entries.service, name="service_new"),
    path("<int:pk>/merge/", reviews.merge, name="person_merge"),
    path("<int:pk>/names/", reviews.name_review, name="name_review"),
    path("posts/<int:key>/end/", entries.post_end, name="post_end"),
    path("posts/<int:key>/correct/", entries.post_correct, name="post_correct"),
    path("work/<int:key>/change/", entries.employment_change, name="employment_change"),
    path("organizations/<int:pk>/panel/", panels.organization_panel, name="organization_panel"),
    path("organizations/<int:organization>/new/", persons.create, name="person_new"),
    path("organizations/<int:organization>/honours/new/", honours.honour_new, name="honour_new"),
    path("honours/<int:key>/withdraw/", honours.honour_withdraw, name="honour_withdraw"),
    path("organizations/<int:organization>/representative/", entries.link, name="representative_link"),
]
