"""Addresses of the register."""

from django.urls import path

from liaoyuan.registry.views import claims, entries, letters, notes, organizations, records, shared

app_name = "registry"
urlpatterns = [
    path("", organizations.listing, name="organization_list"),
    path("filters/save/", organizations.save_filter, name="filter_save"),
    path("filters/<int:pk>/delete/", organizations.delete_filter, name="filter_delete"),
    path("export/", organizations.export, name="organization_export"),
    path("calls/", organizations.call_list, name="organization_calls"),
    path("letters/<slug:code>/", letters.letters, name="letters"),
    path("<int:pk>/blank/<slug:code>.<slug:form>", letters.blank, name="blank_form"),
    path("shared/", shared.change, name="shared_change"),
    path("shared/<int:first>/", shared.result, name="shared_result"),
    path("shared/<int:first>/undo/", shared.undo, name="shared_undo"),
    path("new/", entries.create, name="organization_create"),
    path("new/check/", entries.check, name="organization_check"),
    path("filings/new/", entries.create_filing, name="filing_create"),
    path("filings/new/check/", entries.check_filing, name="filing_check"),
    path("own/", records.own, name="organization_own"),
    path("claims/", claims.listing, name="claim_list"),
    path("claims/<int:pk>/", claims.detail, name="claim_detail"),
    path("claims/<int:pk>/reveal/", claims.reveal, name="claim_reveal"),
    path("claims/<int:pk>/decide/", claims.decide, name="claim_decide"),
    path("<int:pk>/", records.detail, name="organization_detail"),
    path("<int:pk>/reveal/<slug:field>/", records.reveal, name="organization_reveal"),
    path("<int:pk>/change/", entries.change, name="organization_change"),
    path("<int:pk>/change/check/", entries.check_change, name="organization_change_check"),
    path("<int:pk>/correct/", entries.correct, name="organization_correct"),
    path("<int:pk>/succeed/", entries.succeed, name="organization_succeed"),
    path("<int:pk>/close/", entries.close, name="organization_close"),
    path("<int:pk>/note/", notes.note, name="organization_note"),
    path("<int:pk>/ratings/new/", notes.add_rating, name="rating_add"),
    path("<int:pk>/ratings/<int:key>/remove/", notes.remove_rating, name="rating_remove"),
    path("<int:pk>/honours/new/", notes.add_honour, name="honour_add"),
    path("<int:pk>/honours/<int:key>/remove/", notes.remove_honour, name="honour_remove"),
    path("<int:pk>/credit/new/", notes.add_credit, name="credit_add"),
    path("<int:pk>/credit/<int:key>/remove/", notes.remove_credit, name="credit_remove"),
]
