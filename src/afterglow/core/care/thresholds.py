"""Every threshold a clinical rule reads: its unit and the range in which it can be meant.

The values themselves stand in `policies/*.toml`, each with its source and grade. A policy file that
leaves one out, adds one, uses another unit or leaves the range is refused whole. Only what may be
None came after the first policies were signed: left out, it sets no limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from afterglow.core.care.words import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number of the policy in force, with where it comes from."""

    value: float
    unit: str
    source: str
    grade: Grade
    note: str = ""

    @property
    def text(self) -> str:
        return f"{self.value:g} {self.unit}".strip()

    @property
    def mark(self) -> str:
        return self.grade.mark


@dataclass(frozen=True, slots=True)
class Within:
    """What a policy file may put here."""

    unit: str
    low: float
    high: float


Systolic = Annotated[Threshold, Within("mmHg", 80, 260)]
Diastolic = Annotated[Threshold, Within("mmHg", 40, 160)]
Years = Annotated[Threshold, Within("years", 0, 120)]
Days = Annotated[Threshold, Within("days", 0, 400)]
Weeks = Annotated[Threshold, Within("weeks", 0, 520)]
Hours = Annotated[Threshold, Within("h", 0, 48)]
Minutes = Annotated[Threshold, Within("min", 0, 600)]
Seconds = Annotated[Threshold, Within("s", 0, 3600)]
Percent = Annotated[Threshold, Within("%", 0, 100)]
PerMinute = Annotated[Threshold, Within("/min", 0, 250)]
Celsius = Annotated[Threshold, Within("°C", 30, 45)]
Milligrams = Annotated[Threshold, Within("mg", 0, 1000)]
MgPerKg = Annotated[Threshold, Within("mg/kg", 0, 50)]
Kilograms = Annotated[Threshold, Within("kg", 10, 400)]
Times = Annotated[Threshold, Within("x", 1, 10)]
Count = Annotated[Threshold, Within("sessions", 0, 200)]
PerWeek = Annotated[Threshold, Within("per week", 1, 14)]
Points = Annotated[Threshold, Within("points", 0, 100)]
Trials = Annotated[Threshold, Within("trials", 0, 20)]
MgPerDay = Annotated[Threshold, Within("mg/day", 0, 100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityLimits:
    """Who may be treated."""

    adult_from_years: Years
    elderly_from_years: Years
    heart_event_weeks: Weeks
    stroke_days: Days
    systolic_caution_mmhg: Systolic
    diastolic_caution_mmhg: Diastolic
    systolic_hold_mmhg: Systolic
    diastolic_hold_mmhg: Diastolic
    nyha_hold_from: Annotated[Threshold, Within("class", 1, 4)]
    adequate_trials: Trials
    phq9_from: Points
    lorazepam_equivalent_mg_per_day: MgPerDay


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolLimits:
    """What may be given, and how often."""

    iv_mg_per_kg: MgPerKg
    iv_minutes: Minutes
    iv_sessions: Count
    iv_per_week: PerWeek
    iv_ceiling_mg_per_kg: MgPerKg
    im_ceiling_mg_per_kg: MgPerKg
    sc_ceiling_mg_per_kg: MgPerKg
    oral_ceiling_mg_per_kg: MgPerKg
    over_calculated_times: Times
    iv_shortest_min: Minutes
    iv_longest_min: Minutes
    smallest_gap_days: Days
    cadss_peak_most: Points  # a proposal keeps the chance of a peak above this
    cadss_chance_percent: Percent  # at or below this
    systolic_peak_most_mmhg: Systolic
    systolic_chance_percent: Percent
    weight_least_kg: Kilograms
    weight_most_kg: Kilograms
    dilute_from_mg_per_ml: Annotated[Threshold, Within("mg/mL", 1, 500)]
    nasal_device_mg: Milligrams
    nasal_most_mg: Milligrams
    nasal_first_most_mg: Milligrams
    nasal_first_most_elderly_mg: Milligrams
    nasal_acute_first_mg: Milligrams
    elderly_from_years: Years
    iv_proposed_longest_min: Minutes | None = None  # what the model proposes by itself
    sedation_level: Annotated[Threshold, Within("MOAA/S", 0, 4)] | None = None
    sedation_chance_percent: Percent | None = None  # of falling to that level or below


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLimits:
    """Go or no-go before a session."""

    solids_h: Hours
    fluids_h: Hours
    solids_nasal_h: Hours
    fluids_nasal_h: Hours
    solids_oral_h: Hours
    fluids_oral_h: Hours
    systolic_warn_mmhg: Systolic
    diastolic_warn_mmhg: Diastolic
    systolic_warn_elderly_mmhg: Systolic
    diastolic_warn_elderly_mmhg: Diastolic
    elderly_from_years: Years
    systolic_hold_mmhg: Systolic
    diastolic_hold_mmhg: Diastolic
    pressure_repeats: Annotated[Threshold, Within("repeats", 0, 5)]
    pressure_repeat_gap_min: Minutes
    vitals_valid_min: Minutes
    pulse_low_per_min: PerMinute
    pulse_high_per_min: PerMinute
    spo2_low_percent: Percent
    resp_low_per_min: PerMinute
    resp_high_per_min: PerMinute
    temperature_below_c: Celsius
    pregnancy_test_valid_days: Days
    pregnancy_test_valid_esketamine_days: Days
    weight_valid_days: Days
    weight_change_percent: Percent
    people_to_sign_parenteral: Annotated[Threshold, Within("people", 1, 4)]
    people_to_sign_other: Annotated[Threshold, Within("people", 1, 4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchLimits:
    """Alarms and the pace of observation."""

    systolic_medium_mmhg: Systolic
    diastolic_medium_mmhg: Diastolic
    systolic_high_mmhg: Systolic
    diastolic_high_mmhg: Diastolic
    pressure_confirm_from_min: Minutes
    pressure_confirm_until_min: Minutes
    spo2_medium_below_percent: Percent
    spo2_medium_persist_s: Seconds
    spo2_high_below_percent: Percent
    resp_high_below_per_min: PerMinute
    pulse_low_per_min: PerMinute
    pulse_high_per_min: PerMinute
    sedation_medium_at: Annotated[Threshold, Within("MOAA/S", 0, 5)]
    sedation_high_at: Annotated[Threshold, Within("MOAA/S", 0, 5)]
    sedation_watch_from: Annotated[Threshold, Within("MOAA/S", 0, 5)]
    sedation_watch_every_min: Minutes
    iv_during_every_min: Minutes
    iv_after_every_min: Minutes
    im_during_every_min: Minutes
    im_after_every_min: Minutes
    nasal_every_min: Minutes
    oral_every_min: Minutes
    alarming_pressure_every_min: Minutes
    interval_grace_min: Minutes
    interval_medium_after_min: Minutes
    continuous_silent_s: Seconds
    continuous_medium_after_s: Seconds
    medium_second_staff_after_s: Seconds
    high_sound_again_s: Seconds
    silence_most_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLimits:
    """When a patient may go."""

    iv_after_end_min: Minutes
    iv_unescorted_min: Minutes
    im_after_dose_min: Minutes
    nasal_after_last_device_min: Minutes
    oral_after_dose_min: Minutes
    moaas_at_least: Annotated[Threshold, Within("MOAA/S", 0, 5)]
    cadss6_over_baseline: Points
    pressure_within_percent: Percent
    systolic_below_mmhg: Systolic
    diastolic_below_mmhg: Diastolic
    spo2_under_baseline_percent: Annotated[Threshold, Within("% points", 0, 5)]
    nausea_at_most: Points
    observed_within_min: Minutes
    nasal_midpoint_from_min: Minutes
    nasal_midpoint_until_min: Minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLimits:
    """Response, remission and what comes next."""

    response_percent: Percent
    phq9_remission_at_most: Points
    gad7_remission_at_most: Points
    qids_remission_at_most: Points
    madrs_remission_at_most: Points
    hamd17_remission_at_most: Points
    bdi2_remission_at_most: Points
    pcl5_remission_at_most: Points
    pcl5_reliable_points: Points
    pcl5_meaningful_points: Points
    early_percent: Percent
    early_sessions: Count
    course_sessions: Count
    esketamine_review_days: Days
    worse_points: Points
    maintenance_review_days: Days
    score_valid_days: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureLimits:
    """How much over weeks and a life."""

    per_week: PerWeek
    induction_days: Days
    course_break_days: Days  # a longer pause begins a new course
    week_mg_per_kg: MgPerKg
    consecutive_days: Days
