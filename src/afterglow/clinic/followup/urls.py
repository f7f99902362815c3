from django.urls import path

from afterglow.clinic.followup import views

app_name = "followup"
urlpatterns = [
    path("<uuid:patient_id>/", views.course, name="course"),
    path("<uuid:patient_id>/phq-9/", views.questionnaire, name="questionnaire"),
    path("<uuid:patient_id>/review/", views.review, name="review"),
    path("<uuid:patient_id>/event/", views.event, name="event"),
    path("<uuid:patient_id>/flag/<str:to>/", views.flag, name="flag"),
    path("risk/<uuid:risk_id>/", views.respond, name="respond"),
]
