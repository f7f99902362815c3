from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "afterglow.site"
    label = "site"
