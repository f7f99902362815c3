"""Questionnaires and ratings: one folder each, with scoring, bands, licence and test vectors."""
