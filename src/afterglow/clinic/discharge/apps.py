from django.apps import AppConfig


class DischargeConfig(AppConfig):
    name = "afterglow.clinic.discharge"
    label = "discharge"
