"""The record and the screens."""
