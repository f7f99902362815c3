from django.apps import AppConfig


class ChartConfig(AppConfig):
    name = "afterglow.clinic.chart"
    label = "chart"
