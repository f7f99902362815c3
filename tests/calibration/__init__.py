"""Recovery: people with known bodies are hidden, seen through noise, and estimated."""
