"""Every address of the pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharewell.web import views

handler400, handler404, handler500 = views.refused, views.missing, views.failed

urlpatterns: list[URLPattern] = [
    path("enter", views.enter, name="enter"),
    path("static/<path:name>", views.static, name="static"),
    path("", views.runs, name="runs"),
    path("runs/<str:run_id>", views.run, name="run"),
    path("runs/<str:run_id>/counts.csv", views.counts, name="counts"),
    path("runs/<str:run_id>/reasons.csv", views.reasons, name="reasons"),
    path("runs/<str:run_id>/trace", views.trace, name="trace"),
]
