"""Pictures of answers: readable in grey, labelled where the lines are, the same bytes each time."""
