"""One signed-in account, whose clients whole crowds ask for: a rehearsal's fronts serve many at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from deploy.aws import Account
from deploy.rehearsal.cloud import local_cloud
from deploy.stage_file import parse
from tests.deploy.paths import STAGE_FILE

MANY = 8


def test_a_client_is_made_once_however_many_ask_for_it_at_the_same_moment() -> None:
    begin = Barrier(MANY)

    def ask(_: int) -> int:
        begin.wait()
        return id(account.client("elbv2"))

    with local_cloud(), ThreadPoolExecutor(MANY) as threads:
        account = Account(parse('[aws]\nregion = "ap-northeast-1"\n', name="poc", path=STAGE_FILE))
        assert len(set(threads.map(ask, range(MANY)))) == 1
