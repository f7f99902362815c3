from django.apps import AppConfig


class PreparationConfig(AppConfig):
    name = "afterglow.clinic.preparation"
    label = "preparation"
