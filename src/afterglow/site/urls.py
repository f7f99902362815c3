"""Every address of the site, in the order of care."""

from django.urls import include, path

from afterglow.clinic.people.home import home, sign_in_once
from afterglow.site.design import design

urlpatterns = [
    path("", home, name="home"),
    path("once/<str:secret>/", sign_in_once, name="sign_in_once"),
    path("account/", include("allauth.urls")),
    path("patients/", include("afterglow.site.overview.urls")),
    path("people/", include("afterglow.clinic.people.urls")),
    path("screening/", include("afterglow.clinic.screening.urls")),
    path("planning/", include("afterglow.clinic.planning.urls")),
    path("preparation/", include("afterglow.clinic.preparation.urls")),
    path("sessions/", include("afterglow.clinic.treatment.urls")),
    path("discharge/", include("afterglow.clinic.discharge.urls")),
    path("followup/", include("afterglow.clinic.followup.urls")),
    path("me/", include("afterglow.portal.urls")),
    path("design/", design, name="design"),
]
