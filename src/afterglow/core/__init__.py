"""The science and the rules: pure functions and frozen values. No file, clock, dice or framework."""
