"""What is true of the patient's body, and what entered it."""
