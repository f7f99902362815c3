"""Addresses of the desk and of the auditor."""

from django.urls import path

from afterglow.clinic.people import views

app_name = "people"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("admit/", views.admit, name="admit"),
    path("looks/", views.looks, name="looks"),
    path("<uuid:patient_id>/details/", views.details, name="details"),
    path("<uuid:patient_id>/access/", views.access, name="access"),
]
