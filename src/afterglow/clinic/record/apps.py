from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "afterglow.clinic.record"
    label = "record"
