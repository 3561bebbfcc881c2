"""Addresses of the planning floor."""

from django.urls import path

from liaoyuan.planning.views import accepting, bending, following, plans, proposals, scenarios, weighing

app_name = "planning"
urlpatterns = [
    path("", scenarios.listing, name="scenario_list"),
    path("new/", scenarios.new, name="scenario_new"),
    path("scenarios/<int:pk>/", scenarios.detail, name="scenario_detail"),
    path("scenarios/<int:pk>/again/", bending.again, name="scenario_again"),
    path("plans/<int:pk>/", plans.detail, name="plan_detail"),
    path("plans/<int:pk>/attached/", plans.attached, name="plan_attached"),
    path("plans/<int:pk>/uncovered/", plans.uncovered, name="plan_uncovered"),
    path("plans/<int:pk>/alone/", plans.alone, name="plan_alone"),
    path("plans/<int:pk>/map/", weighing.points, name="plan_map"),
    path("plans/<int:pk>/core/", weighing.core, name="plan_core"),
    path("plans/<int:pk>/bend/", bending.bend, name="plan_bend"),
    path("plans/<int:pk>/locks/new/", bending.lock, name="lock_new"),
    path("plans/<int:pk>/instructors/", proposals.detail, name="plan_instructors"),
    path("plans/<int:pk>/instructors/loads/", proposals.loads, name="instructors_loads"),
    path("plans/<int:pk>/instructors/solve/", proposals.solve, name="instructors_solve"),
    path("plans/<int:pk>/instructors/accept/", proposals.accept, name="instructors_accept"),
    path("plans/<int:pk>/instructors/instructors.<str:form>", proposals.export, name="instructors_export"),
    path("plans/<int:pk>/follow/", following.detail, name="plan_follow"),
    path("plans/<int:pk>/follow/quarters.<str:form>", following.export, name="follow_export"),
    path("lines/<int:pk>/<str:kind>/", proposals.pin, name="line_pin"),
    path("pins/<int:pk>/lift/", proposals.unpin, name="pin_lift"),
    path("plans/<int:pk>/<str:code>/", accepting.move, name="plan_move"),
    path("groups/<int:pk>/", plans.group, name="group_detail"),
    path("groups/<int:pk>/lock/", bending.lock_group, name="group_lock"),
    path("groups/<int:pk>/reject/", bending.reject, name="group_reject"),
    path("groups/<int:pk>/allow/", bending.allow, name="group_allow"),
    path("groups/<int:pk>/accept/", accepting.group, name="group_accept"),
    path("locks/<int:pk>/lift/", bending.lift, name="lock_lift"),
    path("units/<int:pk>/move/", bending.move_unit, name="unit_move"),
    path("units/<int:pk>/accept/", accepting.unit, name="unit_accept"),
]
