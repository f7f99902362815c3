"""Measures what Afterglow promises about speed: `make bench`, or `python -m bench`."""
