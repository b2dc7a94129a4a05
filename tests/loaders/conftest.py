"""What tests of loading share: the words of manage.py run in this process, and a town that is loaded once a file."""

from collections.abc import Callable, Iterator

import pytest

from db.cluster import Cluster
from db.record import Record, open_record
from db.settings import Settings
from tests.commands import words_of
from tests.conftest import copy_database, drop_database
from tests.loaders.town import load_town


@pytest.fixture
def command(settings: Settings, record: Record) -> Callable[..., tuple[int, str, str]]:
    """Runs manage.py's words in this process on the fresh database: (exit code, stdout, stderr)."""
    return words_of(settings)


@pytest.fixture(scope="module")
def town(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """The town, loaded once from CSV; for tests whose loads change nothing or add numbers of their own."""
    folder = tmp_path_factory.mktemp("town")
    made = copy_database(cluster, template, folder)
    record = open_record(made)
    load_town(record, folder)
    yield record
    record.engine.dispose()
    drop_database(cluster, made)
