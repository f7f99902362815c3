"""The model held against every published row of its validation tables. Misses stay misses."""
