"""Verdicts and weights as a screen says them, with the state each is drawn in."""

from afterglow.core.care.eligibility import Verdict, Weight

VERDICT = {
    Verdict.ELIGIBLE: ("ok", "Nothing found against treatment"),
    Verdict.NEEDS_ANSWERS: ("unknown", "Answers are missing"),
    Verdict.HOLD: ("hold", "On hold"),
    Verdict.SPECIALIST_OVERRIDE: ("hold", "Only with a specialist's decision"),
    Verdict.EXCLUDED: ("stop", "Do not treat"),
}

# In the order a reader needs them: who is in danger today, what stops, what holds, what is missing.
WEIGHT = {
    Weight.PLAN: ("stop", "Needs a safety plan today"),
    Weight.HARD_STOP: ("stop", "Stops treatment"),
    Weight.SPECIALIST: ("hold", "A specialist decides"),
    Weight.HOLD: ("hold", "Holds until cleared"),
    Weight.MISSING: ("unknown", "Not known yet"),
    Weight.CAUTION: ("info", "To bear in mind"),
}

STANDS_IN_THE_WAY = (Weight.HARD_STOP, Weight.SPECIALIST, Weight.HOLD, Weight.MISSING)
CAN_BE_CLEARED = (Weight.SPECIALIST, Weight.HOLD)
