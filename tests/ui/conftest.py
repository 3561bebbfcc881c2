"""The ui floor is tested alone: its own addresses, none of the floors above."""

import pytest
from django.urls import clear_url_caches

from liaoyuan.ui import pages


@pytest.fixture(autouse=True)
def own_addresses(settings):
    """Only the addresses of `some_urls`, and no menu."""
    settings.ROOT_URLCONF = "tests.ui.some_urls"
    settings.MENU = "tests.ui.some_urls.MENU"
    clear_url_caches()
    pages._path.cache_clear()
    yield
    pages._path.cache_clear()
