"""Drug to concentration to effect."""
