"""Facts are added, never edited; each joins a chain; every look is remembered."""
