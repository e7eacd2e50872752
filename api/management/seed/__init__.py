"""A made-up company of any size, for demonstrations, benchmarks and browser tests."""
