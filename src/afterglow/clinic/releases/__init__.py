"""Which models and which safety policy are in use, since when, and who signed them."""
