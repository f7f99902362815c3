"""Settings, addresses, and the parts every page is made of."""
