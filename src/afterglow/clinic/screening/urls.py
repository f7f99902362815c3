"""Addresses of screening."""

from django.urls import path

from afterglow.clinic.screening import views

app_name = "screening"
urlpatterns = [
    path("<uuid:patient_id>/questions/", views.intake, name="intake"),
    path("<uuid:patient_id>/", views.assessment, name="assessment"),
    path("<uuid:patient_id>/clear/", views.clear, name="clear"),
    path("<uuid:patient_id>/consent/", views.consent, name="consent"),
    path("<uuid:patient_id>/consent/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:patient_id>/consent/<slug:version>/", views.signed_text, name="signed_text"),
]
