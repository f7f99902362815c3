"""Staff and their roles, patients and who they are."""
