"""A small instance that tests change in one place."""

import copy

import pytest

WHOLE = {
    "params": {"mode": "members"},
    "organizations": [
        {"id": f"o{n}", "x": 300.0 * n, "y": 0.0, "field": "a", "street": "s", "unit": "u", "members": m, "branch": b}
        for n, (m, b) in enumerate([(2, "b1"), (1, None), (1, None), (2, None), (0, None), (5, None), (1, "b1")])
    ],
    "hosts": [{"id": "h1", "x": 0.0, "y": 900.0, "field": None, "street": "s", "unit": None, "slots": 1,
               "member_room": 5}],
    "branches": [{"id": "b1"}],
    "locks": [],
}  # fmt: skip


@pytest.fixture
def whole():
    return copy.deepcopy(WHOLE)
