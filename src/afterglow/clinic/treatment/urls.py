from django.urls import path, re_path

from afterglow.clinic.treatment import acts, correct, streams, views

app_name = "treatment"
ONE = "<uuid:session_id>/"
urlpatterns = [
    path("", views.board, name="board"),
    path("stream/", streams.board_stream, name="board_stream"),
    path("patient/<uuid:patient_id>/", views.patient, name="patient"),
    path("patient/<uuid:patient_id>/start/", views.start, name="start"),
    path(ONE, views.bedside, name="bedside"),
    path(f"{ONE}stream/", streams.session_stream, name="stream"),
    path(f"{ONE}axis.json", views.axis, name="axis"),
    path(f"{ONE}ahead/", views.ahead, name="ahead"),
    path(f"{ONE}card/", views.card, name="card"),
    re_path(
        rf"^(?P<session_id>[0-9a-f-]{{36}})/(?P<name>{'|'.join(views.PARTS)})/$",
        views.part,
        name="part",
    ),
    path(f"{ONE}give/", acts.give, name="give"),
    path(f"{ONE}numbers/", acts.numbers, name="numbers"),
    path(f"{ONE}numbers/<uuid:reading_id>/", correct.correct, name="correct"),
    path(f"{ONE}rate/", acts.rate, name="rate"),
    path(f"{ONE}remark/", acts.remark, name="remark"),
    path(f"{ONE}recover/", acts.recover, name="recover"),
    path(f"{ONE}end/", acts.end, name="end"),
    path("alarm/<uuid:alarm_id>/acknowledge/", acts.acknowledge, name="acknowledge"),
]
