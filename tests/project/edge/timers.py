"""Timer functions that the tests' own application names."""

runs: list[str] = []


def drain() -> None:
    runs.append("drain")
