"""How much for this person: proposed by the model, signed by a person."""
