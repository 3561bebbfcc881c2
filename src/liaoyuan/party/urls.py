"""Addresses of the party floor."""

from django.urls import URLPattern, path

from liaoyuan.party.views import attending, deciding, life, meetings

app_name = "party"
urlpatterns: list[URLPattern] = [
    path("life/", life.home, name="life_home"),
    path("life/frequency/", life.frequency, name="frequency"),
    path("life/<int:party>/plan/", life.plan, name="life_plan"),
    path("life/<int:party>/groups/", life.groups, name="group_list"),
    path("life/<int:party>/groups/set/", life.group_set, name="group_set"),
    path("life/groups/<int:key>/end/", life.group_end, name="group_end"),
    path("life/<int:party>/talks/", life.talks, name="talk_list"),
    path("life/<int:party>/talks/new/", life.talk_new, name="talk_new"),
    path("life/<int:party>/training/", life.training_list, name="training_list"),
    path("life/<int:party>/training/new/", life.training_new, name="training_new"),
    path("life/<int:party>/review/", life.review, name="life_review"),
    path("life/<int:party>/export/<slug:kind>/", life.export, name="life_export"),
    path("meetings/", meetings.listing, name="meeting_list"),
    path("meetings/new/<int:party>/", meetings.new, name="meeting_new"),
    path("meetings/<int:pk>/", meetings.detail, name="meeting_detail"),
    path("meetings/<int:pk>/change/", meetings.change, name="meeting_change"),
    path("meetings/<int:pk>/notice/", meetings.step, {"what": "notice"}, name="meeting_notice"),
    path("meetings/<int:pk>/begin/", meetings.step, {"what": "begin"}, name="meeting_begin"),
    path("meetings/<int:pk>/close/", meetings.step, {"what": "close"}, name="meeting_close"),
    path("meetings/<int:pk>/cancel/", meetings.cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/minutes/", meetings.minutes, name="meeting_minutes"),
    path("meetings/<int:pk>/tasks/new/", meetings.task_new, name="meeting_task_new"),
    path("meetings/tasks/<int:key>/done/", meetings.task_done, name="meeting_task_done"),
    path("meetings/<int:pk>/sheet/", attending.sheet, name="meeting_sheet"),
    path("meetings/<int:pk>/sign-in/", attending.open_sign_in, name="meeting_sign_in"),
    path("meetings/<int:pk>/code/", attending.code, name="meeting_code"),
    path("sign-in/<str:token>/", attending.sign_in, name="sign_in"),
    path("meetings/<int:pk>/votes/new/", deciding.decision_new, name="decision_new"),
    path("meetings/votes/<int:key>/close/", deciding.decision_close, name="decision_close"),
    path("meetings/<int:pk>/elections/new/", deciding.election_new, name="election_new"),
    path("elections/", deciding.election_list, name="election_list"),
    path("elections/<int:key>/", deciding.election_detail, name="election_detail"),
    path("elections/<int:key>/count/", deciding.election_count, name="election_count"),
    path("elections/<int:key>/confirm/", deciding.election_confirm, name="election_confirm"),
]
