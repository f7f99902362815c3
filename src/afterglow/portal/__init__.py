"""What a patient sees, on a phone."""
