"""PostgreSQL as Django has it, for a role that signs in by a token: `base` is where Django looks."""
