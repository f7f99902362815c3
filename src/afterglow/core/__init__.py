"""The science and the rules: pure functions, frozen values; no file, clock, dice or framework."""
