"""The container image: the artefact's tree with a server beside it, and what runs it."""
