"""Doors for machines: one folder per kind, all call one service."""
