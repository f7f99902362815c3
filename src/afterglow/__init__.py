"""Afterglow: the open clinical system for ketamine therapy."""

__version__ = "0.1.0"
