"""A session to follow up."""

from tests.clinic.treatment.conftest import plan, ready, session

__all__ = ["plan", "ready", "session"]
