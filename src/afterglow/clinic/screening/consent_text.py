"""The wording that patients sign. A new wording is a new version; old versions stay readable."""

CURRENT = "treatment-1"

# Version -> its template. Never edit a text that somebody has signed: add the next version.
TEXTS = {"treatment-1": "screening/consent/treatment-1.html"}
