from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "afterglow.clinic.people"
    label = "people"
