from django.urls import path

from afterglow.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("phq-9/", views.questionnaire, name="questionnaire"),
    path("questions/", views.answers, name="questions"),
    path("help/", views.help_now, name="help"),
]
