"""A bedside monitor that is not there: a virtual patient's numbers, sent as a real one would."""
