"""The checks, one module a subject; each finding names a rule of `rules.toml`."""
