"""Two lists encoded once for every test that only looks at them."""

from __future__ import annotations

import pytest
from encoded_cases import Pair, a_pair


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return a_pair(tmp_path_factory.mktemp("pair"))
