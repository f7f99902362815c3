"""`afterglow ...` by a clock that a story moves: a session of two hours passes in seconds.

Only the clock that Django hands out is moved, in a process of the test's own. The file named in
STORY_CLOCK holds the seconds to add. Run as `python -m tests.journeys.at_a_time serve ...`.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

real_now = timezone.now
CLOCK = Path(os.environ["STORY_CLOCK"])


def story_now() -> datetime:
    """Now, as the story tells it."""
    return real_now() + timedelta(seconds=float(CLOCK.read_text(encoding="utf-8")))


# Before anything else imports it by name.
timezone.now = story_now

if __name__ == "__main__":
    from afterglow.cli.main import main

    main()
