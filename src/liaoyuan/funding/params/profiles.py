"""Profiles of the places as the floors below know them."""

from liaoyuan.core.registries import Profile
from liaoyuan.funding.params.places import PLACE_NOTE_TITLES, PLACE_TITLES, PLACES

PROFILES = tuple(
    Profile(
        code=place.code, title=PLACE_TITLES[place.code], chain=place.chain, since=place.since,
        note=PLACE_NOTE_TITLES.get(place.code, ""),
    )
    for place in PLACES
)  # fmt: skip
