"""Questionnaires, risk answers, and what comes next."""
