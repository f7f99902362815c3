from django.apps import AppConfig


class TreatmentConfig(AppConfig):
    name = "afterglow.clinic.treatment"
    label = "treatment"
