"""Back to a moment: the database for good (`restore`), or a copy to see that it could be done (`restore-check`)."""
