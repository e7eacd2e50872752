"""A stage's network as a picture for a design review, drawn from what the templates make."""
