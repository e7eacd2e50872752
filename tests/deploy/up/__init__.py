"""The whole way up."""
