from django.urls import path

from afterglow.clinic.preparation import views

app_name = "preparation"
urlpatterns = [
    path("<uuid:patient_id>/", views.prepare, name="prepare"),
    path("<uuid:patient_id>/checks/", views.checks, name="checks"),
    path("checked/<uuid:check_id>/pressure/", views.pressure, name="pressure"),
    path("checked/<uuid:check_id>/sign/", views.second, name="second"),
    path("checked/<uuid:check_id>/override/", views.override, name="override"),
]
