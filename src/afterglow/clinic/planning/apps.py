from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "afterglow.clinic.planning"
    label = "planning"
