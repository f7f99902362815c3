from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "afterglow.clinic.releases"
    label = "releases"
