from django.urls import path

from afterglow.site.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.patients, name="patients"),
    path("<uuid:patient_id>/", views.chart, name="chart"),
]
