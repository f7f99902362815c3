from django.urls import path

from afterglow.clinic.planning import views

app_name = "planning"
urlpatterns = [
    path("<uuid:patient_id>/", views.plan, name="plan"),
    path("<uuid:patient_id>/measure/", views.measure, name="measure"),
    path("<uuid:patient_id>/propose/", views.propose, name="propose"),
    path("proposal/<uuid:proposal_id>/bands/", views.bands, name="bands"),
    path("proposal/<uuid:proposal_id>/sign/", views.sign, name="sign"),
    path("signed/<uuid:plan_id>/countersign/", views.countersign, name="countersign"),
]
