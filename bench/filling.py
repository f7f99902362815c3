"""A clinic that has been at work for years: 10,000 patients, and some with a long course.

Rows are made by the database itself, through the same guarded tables: each is sealed into its
patient's chain like any other fact. What is measured is reading them back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.utils.timezone import now

from afterglow.clinic.people.models import Patient

EVERY_DAYS = 3  # between two encounters of a long course
ONE_IN = 5  # of the encounters is a session
REVIEWS = 6  # everyone has had

# One statement a step, for all patients at once. Ids are made from the number, so that later
# statements find them without asking.
ADMITTED = """
INSERT INTO people_patient (id, happened_at, number)
SELECT md5('patient ' || n)::uuid, now() - interval '3 years', 'B-' || lpad(n::text, 5, '0')
FROM generate_series(1, %(patients)s) AS n
"""
DETAILS = """
INSERT INTO people_personaldetails (id, happened_at, patient_id, given_name, family_name,
  birth_date, sex, phone, email, contact_name, contact_phone)
SELECT gen_random_uuid(), now() - interval '3 years', md5('patient ' || n)::uuid,
  (ARRAY['Ada','Ben','Chloe','Dev','Eve','Finn','Gita','Hal'])[1 + n %% 8],
  (ARRAY['Abbott','Brandt','Castro','Dubois','Evans','Fischer','Garcia','Hughes','Ivanov','Jones',
         'Kowalski','Larsen','Moreau','Nakata'])[1 + n %% 14] || '-' || n / 14,
  date '1950-01-01' + n %% 18000, (ARRAY['female','male'])[1 + n %% 2], '', '', '', ''
FROM generate_series(1, %(patients)s) AS n
"""
ASSESSED = """
INSERT INTO screening_assessment (id, happened_at, patient_id, verdict, reasons, answers,
  clearances, age_years, drug, route, policy_version)
SELECT gen_random_uuid(), now() - interval '2 years', md5('patient ' || n)::uuid, 'eligible',
  '[]', '{}', '{}', 45, 'ketamine', 'intravenous', 'measured'
FROM generate_series(1, %(patients)s) AS n
"""
CONSENTED = """
INSERT INTO screening_consent (id, happened_at, patient_id, kind, text_version, given,
  signed_name, remark)
SELECT gen_random_uuid(), now() - interval '2 years', md5('patient ' || n)::uuid, 'treatment',
  'measured', true, 'Signed', ''
FROM generate_series(1, %(patients)s) AS n
"""
MET = """
INSERT INTO chart_encounter (id, happened_at, patient_id, kind, note)
SELECT gen_random_uuid(), now() - interval '1 day' * (10 * k + n %% 10),
  md5('patient ' || n)::uuid, 'review', ''
FROM generate_series(1, %(patients)s) AS n, generate_series(1, %(reviews)s) AS k
"""
WEIGHED = """
INSERT INTO chart_reading (id, happened_at, patient_id, sign, value, device, channel, flags)
SELECT gen_random_uuid(), now() - interval '1 day' * (10 * k + n %% 10),
  md5('patient ' || n)::uuid, 'weight', 60 + n %% 40, '', '', '[]'
FROM generate_series(1, %(patients)s) AS n, generate_series(1, 3) AS k
"""
SCORED = """
INSERT INTO chart_score (id, happened_at, patient_id, instrument, version, answers, total, band,
  band_set)
SELECT gen_random_uuid(), now() - interval '1 day' * (10 * k + n %% 10),
  md5('patient ' || n)::uuid, 'phq-9', '1', '{}', n %% 20, 'moderate', 'measured'
FROM generate_series(1, %(patients)s) AS n, generate_series(1, 4) AS k
"""

# One patient's long course, one encounter at a time: a patient's facts form one chain.
ENCOUNTER = """
INSERT INTO chart_encounter (id, happened_at, patient_id, kind, note)
VALUES (%(encounter)s, %(at)s, %(patient)s, %(kind)s, '')
"""
SCORE = """
INSERT INTO chart_score (id, happened_at, patient_id, encounter_id, instrument, version, answers,
  total, band, band_set)
VALUES (gen_random_uuid(), %(at)s, %(patient)s, %(encounter)s, 'phq-9', '1', '{}',
  5 + %(number)s %% 15, 'moderate', 'measured')
"""
PLANNED = """
INSERT INTO planning_proposal (id, happened_at, patient_id, session_number, inputs, result,
  policy_version, model_version)
VALUES (%(proposal)s, %(at)s, %(patient)s, %(number)s, '{}', '{}', 'measured', 'measured');
INSERT INTO planning_plan (id, happened_at, patient_id, proposal_id, session_number, planned_for,
  drug, route, amount_mg, duration_min, weight_kg, concentration_mg_per_ml, made_up_to_ml,
  baseline, limits, series, differs_because, needs_second, signed_as, policy_version,
  model_version)
VALUES (%(plan)s, %(at)s, %(patient)s, %(proposal)s, %(number)s, %(at)s, 'ketamine',
  'intravenous', 35, 40, 70, 10, 50, '{}', '{}', '[]', '', false, 'Signed', 'measured',
  'measured')
"""
SESSION = """
INSERT INTO treatment_session (encounter_id, patient_id, plan_id, bed, stage, started_at,
  ended_at, watch)
VALUES (%(encounter)s, %(patient)s, %(plan)s, 'Room 9', 'ended', %(at)s,
  %(at)s + interval '2 hours', '{}');
INSERT INTO chart_dosegiven (id, happened_at, patient_id, encounter_id, drug, route,
  rate_mg_per_min)
VALUES (gen_random_uuid(), %(at)s, %(patient)s, %(encounter)s, 'ketamine', 'intravenous', 0.875),
  (gen_random_uuid(), %(at)s + interval '40 min', %(patient)s, %(encounter)s, 'ketamine',
   'intravenous', 0)
"""
WATCHED = """
INSERT INTO chart_reading (id, happened_at, patient_id, encounter_id, sign, value, device,
  channel, flags)
SELECT gen_random_uuid(), %(at)s + interval '1 min' * minute, %(patient)s, %(encounter)s, sign,
  100 + minute %% 30, 'monitor', '', '[]'
FROM generate_series(0, 119) AS minute, unnest(ARRAY['spo2','pulse','resp_rate','systolic']) AS sign
"""
RATED = """
INSERT INTO chart_rating (id, happened_at, patient_id, encounter_id, scale, value, items)
SELECT gen_random_uuid(), %(at)s + interval '10 min' * nth, %(patient)s, %(encounter)s,
  'cadss-23', 10 + nth, '{}'
FROM generate_series(1, 8) AS nth
"""
LEFT = """
INSERT INTO discharge_leavingcheck (id, happened_at, patient_id, encounter_id, found, criteria,
  overall, policy_version)
VALUES (%(check)s, %(at)s, %(patient)s, %(encounter)s, '{}', '[]', 'may-leave', 'measured');
INSERT INTO discharge_discharge (id, happened_at, patient_id, encounter_id, check_used_id,
  ready_at, escort_name, next_contact_at, signed_as, override_reason)
VALUES (gen_random_uuid(), %(at)s, %(patient)s, %(encounter)s, %(check)s, %(at)s, 'a friend',
  %(at)s, 'Signed', '')
"""

A_REVIEW = (ENCOUNTER, SCORE)
A_SESSION = (ENCOUNTER, PLANNED, SESSION, WATCHED, RATED, LEFT)


def fill(patients: int) -> None:
    """Admit so many patients, each screened, weighed and scored, with six encounters."""
    with connection.cursor() as cursor:
        for statement in (ADMITTED, DETAILS, ASSESSED, CONSENTED, MET, WEIGHED, SCORED):
            cursor.execute(statement, {"patients": patients, "reviews": REVIEWS})


def give_a_course(number: str, *, encounters: int) -> UUID:
    """Let a patient have so many encounters in all, one in five of them a session."""
    patient = Patient.objects.get(number=number)
    visits = encounters - REVIEWS
    for nth in range(1, visits + 1):
        at = now() - timedelta(days=EVERY_DAYS * (visits - nth + 1))
        _come(patient.pk, nth, at=at)
    return patient.pk


def settle() -> None:
    """Count what there is, as the server does by itself a little later."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _come(patient: UUID, nth: int, *, at: datetime) -> None:
    is_session = nth % ONE_IN == 0
    steps = (
        (ENCOUNTER, PLANNED, SESSION, WATCHED, RATED, LEFT) if is_session else (ENCOUNTER, SCORE)
    )
    ids = {name: uuid4() for name in ("encounter", "proposal", "plan", "check")}
    told = {
        **ids,
        "patient": patient,
        "at": at,
        "number": nth // ONE_IN if is_session else nth,
        "kind": "session" if is_session else "review",
    }
    # A commit for each step: one transaction that lengthens one chain by 100,000 would crawl.
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step, told)
