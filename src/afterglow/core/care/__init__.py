"""The clinical rules, as data and pure functions."""
