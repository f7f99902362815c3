"""Set and setting: intentions, the room, and the checks before a session."""
