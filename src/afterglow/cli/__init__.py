"""`afterglow ...`: reads arguments, calls one function, prints."""
