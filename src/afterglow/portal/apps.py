from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "afterglow.portal"
    label = "portal"
