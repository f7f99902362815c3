"""All the verbs of a session. Screens, commands and devices come through here."""

from afterglow.clinic.treatment.answering import acknowledge, rate, remark
from afterglow.clinic.treatment.correcting import correct_reading
from afterglow.clinic.treatment.giving import (
    change_rate,
    follow_step,
    give_as_planned,
    pause,
    push,
    resume,
)
from afterglow.clinic.treatment.hearing import (
    FromDevice,
    Recorded,
    enter_readings,
    record_readings,
)
from afterglow.clinic.treatment.stages import begin_recovery, end, end_early, start
from afterglow.clinic.treatment.watching import tend, watch_for_silence

__all__ = [
    "FromDevice",
    "Recorded",
    "acknowledge",
    "begin_recovery",
    "change_rate",
    "correct_reading",
    "end",
    "end_early",
    "enter_readings",
    "follow_step",
    "give_as_planned",
    "pause",
    "push",
    "rate",
    "record_readings",
    "remark",
    "resume",
    "start",
    "tend",
    "watch_for_silence",
]
