"""Malware scanners for tests, behind the port that a company's own would be behind."""

from api.proposals.ports import MalwareScanner, ScanVerdict


class Scripted:
    """Says of every file what a test has put into `verdict`."""

    verdict = ScanVerdict.CLEAN

    def verdict_on(self, key: str, *, size: int, sha256: str) -> ScanVerdict:
        return self.verdict


SCANNER = Scripted()


def scripted() -> MalwareScanner:
    """Return the scanner that tests tell what to say: a value for `CLOISTER_MALWARE_SCANNER`."""
    return SCANNER
