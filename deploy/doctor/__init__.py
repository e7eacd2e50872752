"""What would go wrong on the way up, found before anything is made; each finding with its remedy."""
