from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "afterglow.clinic.screening"
    label = "screening"
