"""Addresses of leaving."""

from django.urls import path

from afterglow.clinic.discharge import views

app_name = "discharge"
urlpatterns = [
    path("<uuid:session_id>/", views.leave, name="leave"),
    path("<uuid:session_id>/book/", views.book, name="book"),
    path("<uuid:session_id>/sign/", views.sign, name="sign"),
    path("<uuid:session_id>/instructions/", views.instructions, name="instructions"),
]
