"""The built page on its way to the stage's private bucket: `files` makes the objects, `sync` sends what changed."""
