"""From a population to this patient."""
