"""What the product never stores (product.md, "What it never does"): forbidden names fail the build."""

import re

import pytest
from django.apps import apps

from tests.house import source

#: Pieces of field names that must not exist on models, in the API's schema or in exports. `_` stands at word borders.
FORBIDDEN = (
    "face", "fingerprint", "iris", "voiceprint", "biometric", "gps", "device_id", "wifi", "imei", "mac_address",
    "religion", "ballot_choice", "vote_choice", "voter_choice", "talk_text", "thought_report", "diagnosis",
    "counselling", "political_status", "zhengzhi", "score_of_person", "activity_points", "blacklist_person",
)  # fmt: skip
_PATTERN = re.compile(r"(?:^|_)(?:" + "|".join(FORBIDDEN) + r")(?:_|$)")


def faults(names) -> list[str]:
    return [name for name in names if _PATTERN.search(re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())]


def test_models_store_nothing_forbidden():
    for model in apps.get_models():
        if model.__module__.startswith("liaoyuan."):
            found = faults([model.__name__, *(f.name for f in model._meta.get_fields())])
            assert not found, f"{model.__name__}: {found}"


def test_import_fields_are_clean_and_political_status_is_dropped():
    from liaoyuan.core import registries

    for kind in registries.import_kinds.values():
        assert not faults(kind.fields)
        assert "政治面貌" in kind.dropped
        assert not [label for names in kind.synonyms.values() for label in names if "政治面貌" in label]


def test_the_api_schema_is_clean():
    from liaoyuan.api.urls import api

    def names(node):
        if isinstance(node, dict):
            for key, value in node.items():
                yield key
                yield from names(value)
        elif isinstance(node, list):
            for value in node:
                yield from names(value)

    assert not faults(set(names(api.get_openapi_schema())))


@pytest.mark.parametrize("planted", ["face_vector", "gps_longitude", "ballot_choice", "deviceId", "religion"])
def test_a_planted_field_is_caught(planted):
    assert faults([planted])


@pytest.mark.parametrize("lawful", ["surface", "interface_kind", "registered_on", "public_fundraising", "scope"])
def test_lawful_names_pass(lawful):
    assert not faults([lawful])


def test_no_rule_of_the_register_reads_party_tables():
    for path in source.files():
        if ".rules" in f".{source.module(path)}.":
            assert "party_" not in re.sub(r"party_(lead|members_declared)", "", path.read_text(encoding="utf-8"))
