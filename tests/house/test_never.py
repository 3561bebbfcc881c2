"""What the product never stores (product.md, "What it never does"): forbidden names fail the build."""

import re

import pytest
from django.apps import apps
from django.db import models

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
        if ".rules" in f".{source.module(path)}." and ".party." not in source.module(path):
            lawful = (
                r"party_(lead|members_declared|papers|pledge|survey|pattern)"  # papers of a body, nobody's membership
            )
            assert "party_" not in re.sub(lawful, "", path.read_text(encoding="utf-8"))


#: Words of columns that may stand in no sheet out, template or page of data, in any language of ours.
FORBIDDEN_WORDS = (
    "政治面貌",
    "宗教",
    "人脸",
    "指纹",
    "虹膜",
    "声纹",
    "病情",
    "积分",
    "黑榜",
    "红榜",
    "活跃度排名",
    "投票选择",
)


def columns_out():
    """Keys and titles of every sheet that leaves the house."""
    import importlib

    from liaoyuan.kit.sheets.writing import Column

    for path in source.files():
        name = source.module(path)
        if ".exports." in f".{name}." and not name.endswith("__init__"):
            module = importlib.import_module(f"liaoyuan.{name}")
            for value in vars(module).values():
                if isinstance(value, tuple) and value and isinstance(value[0], Column):
                    yield from ((name, column) for column in value)


def test_exports_hold_nothing_forbidden():
    seen = list(columns_out())
    assert len(seen) > 40, "the sheets are found"
    for name, column in seen:
        assert not faults([column.key]), f"{name}: {column.key}"
        assert not [word for word in FORBIDDEN_WORDS if word in str(column.title)], f"{name}: {column.title}"


def forms():
    """Every form class of ours with its fields."""
    import importlib

    from django.forms import Form

    for path in source.files():
        name = source.module(path)
        if ".forms." in f".{name}.":
            for value in vars(importlib.import_module(f"liaoyuan.{name}")).values():
                if isinstance(value, type) and issubclass(value, Form) and value is not Form:
                    yield value


def test_forms_ask_nothing_forbidden():
    seen = list(forms())
    assert len(seen) > 15
    for form in seen:
        assert not faults(form.base_fields), form
        for field in form.base_fields.values():
            assert not [word for word in FORBIDDEN_WORDS if word in str(field.label)], f"{form}: {field.label}"


def test_templates_show_nothing_forbidden():
    """Nor do pages speak of it, but for the one that says it is not collected."""
    for path in source.PACKAGE.glob("*/templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in FORBIDDEN_WORDS if word in text], path.name
        named = re.findall(r"name=\"([a-z_]+)\"", text)
        assert not faults(named), path.name


def test_no_import_knows_a_forbidden_column():
    from liaoyuan.core import registries

    for kind in registries.import_kinds.values():
        labels = [label for names in kind.synonyms.values() for label in names] + list(kind.fields.values())
        assert not [(label, word) for label in labels for word in FORBIDDEN_WORDS if word in label], kind.kind


def test_place_of_a_person_is_nowhere():
    """Coordinates stand on areas and on bodies' domiciles, never on anything that a person does (product.md 5)."""
    from liaoyuan.core.models import Area
    from liaoyuan.registry.models import Standing

    for model in apps.get_models():
        if model.__module__.startswith("liaoyuan."):
            ordinal = {f.name for f in model._meta.get_fields() if isinstance(f, models.PositiveSmallIntegerField)}
            names = {f.name for f in model._meta.get_fields()} - ordinal
            placed = {n for n in names if re.search(r"longitude|latitude|coordinate|position|geo", n)}
            assert not placed or model in (Area, Standing), f"{model.__name__}: {placed}"


def test_the_session_keeps_neither_address_nor_device():
    """What is remembered of a sign-in is when and by which factor."""
    text = (source.PACKAGE / "core" / "sessions.py").read_text(encoding="utf-8")
    events = (source.PACKAGE / "core" / "actions" / "accounts.py").read_text(encoding="utf-8")
    for word in ("REMOTE_ADDR", "HTTP_USER_AGENT", "X-Forwarded-For", "HTTP_X_FORWARDED_FOR"):
        assert word not in text + events


def test_nobody_is_ranked():
    """No stored figure orders persons (product.md 4)."""
    pattern = re.compile(r"(?:^|_)(?:points|streak|rank|ranking|heat|karma|merit|demerit|activity_score)(?:_|$)")
    for model in apps.get_models():
        if model.__module__.startswith("liaoyuan."):
            names = [f.name for f in model._meta.get_fields() if pattern.search(f.name)]
            assert not names, f"{model.__name__}: {names}"


def test_talks_and_ballots_have_no_text_and_no_voter():
    """A model that would hold a ballot or a talk may hold totals and dates: no text, no link to a voter."""
    for model in apps.get_models():
        if model.__module__.startswith("liaoyuan.") and re.search(r"ballot|vote|talk", model.__name__.lower()):
            for field in model._meta.get_fields():
                assert field.get_internal_type() not in {"TextField", "FileField", "JSONField"}, field
                assert not re.search(r"voter|choice|elector", field.name), field


def test_money_and_party_stay_apart():
    """No module of rules about money or eligibility imports the party's floor (product.md 7)."""
    import ast

    for path in source.files():
        name = source.module(path)
        if re.match(r"(funding|registry|activities)\.(rules|params)", name):
            for node in ast.walk(source.tree(path)):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not [n for n in names if n.startswith("liaoyuan.party")], name


def test_everybody_sees_what_is_stored_and_who_read_it():
    """Every floor that keeps ciphertext of persons says so on the page 我的信息, and retention has an end for it."""
    from liaoyuan.core import registries, retention

    floors = {entry.model.split(".")[0] for entry in registries.sealed_fields if entry.subject_kind} - {"core"}
    assert floors <= set(registries.about_me)
    assert {code for code, kept in retention.TABLE.items() if kept.built and kept.days} <= set(registries.retained)


def test_the_demo_s_codes_belong_to_no_true_place():
    """Division 329911 is in no table of divisions, so that no invented code can be somebody's."""
    from liaoyuan.registry.actions import demo_words

    assert demo_words.DIVISION == "329911"
    for path in (source.PACKAGE / "core" / "data" / "divisions").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "329911" in line.split(",")], path.name


#: The article's bodies, and the rating that the article tells of each.
ARTICLE = {"九色公益服务中心": "4A", "合德婚姻家庭心理服务中心": "", "蓝天养老院": "", "金夕延年": ""}


def test_the_demo_says_of_the_article_s_bodies_only_what_the_article_says():
    """No money, discipline or failure about them, and none of the article's persons (product.md 10)."""
    import json

    words = json.loads((source.PACKAGE / "registry" / "data" / "demo" / "words.json").read_text(encoding="utf-8"))
    told = [entry for entries in words.values() if isinstance(entries, list) for entry in entries
            if isinstance(entry, dict) and entry.get("name") in ARTICLE]  # fmt: skip
    assert {entry["name"] for entry in told} == set(ARTICLE)
    for entry in told:
        assert set(entry) <= {"name", "rating", "note"}, entry
        assert entry.get("rating", "") == ARTICLE[entry["name"]], entry


@pytest.mark.parametrize("planted", ["宗教信仰", "政治面貌", "人脸照片", "积分"])
def test_a_planted_word_is_caught(planted):
    assert [word for word in FORBIDDEN_WORDS if word in planted]
