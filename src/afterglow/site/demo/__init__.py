"""A demonstration clinic: twelve invented patients, one of them in a session now."""
