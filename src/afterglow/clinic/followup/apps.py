from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "afterglow.clinic.followup"
    label = "followup"
