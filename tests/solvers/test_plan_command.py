"""The commands `plan solve` and `plan verify`: exit status, one JSON object on standard output, nothing on failure."""

import json

import pytest

from liaoyuan.conf.cli import main as cli


@pytest.fixture
def run(capfd):
    def call(*words):
        status = cli.run(cli.parser().parse_args(["plan", *map(str, words)]))
        out, err = capfd.readouterr()
        return status, out, err

    return call


@pytest.fixture
def files(tmp_path, whole):
    (tmp_path / "i.json").write_text(json.dumps(whole), encoding="utf-8")
    return tmp_path


pytestmark = pytest.mark.django_db


def test_solved_and_verified(run, files):
    status, out, err = run("solve", files / "i.json", "--output", files / "p.json")
    plan = json.loads((files / "p.json").read_text(encoding="utf-8"))
    assert status == 0 and json.loads(out)["cost"] == plan["cost"] and "下界" in err
    assert {
        "cost",
        "bound",
        "gap",
        "certified",
        "independent",
        "groups",
        "attached",
        "uncovered",
        "hash",
        "seconds",
    } <= set(plan)
    status, out, _ = run("verify", files / "i.json", files / "p.json")
    assert (status, json.loads(out)) == (0, {"ok": True, "cost": plan["cost"], "violations": []})
    status, out, _ = run("solve", files / "i.json", "--output", files / "q.json", "--from", files / "p.json")
    assert status == 0 and json.loads(out)["cost"] == plan["cost"]


def test_a_wrong_plan_is_status_one(run, files):
    run("solve", files / "i.json", "--output", files / "p.json")
    plan = json.loads((files / "p.json").read_text(encoding="utf-8"))
    (files / "p.json").write_text(json.dumps({**plan, "cost": 1}), encoding="utf-8")
    status, out, _ = run("verify", files / "i.json", files / "p.json")
    assert status == 1 and {row["code"] for row in json.loads(out)["violations"]} == {"TOTAL", "HASH"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"organizations": 3}', '{"organizations": [{"id": "a", "x": NaN}]}'])
def test_an_unusable_instance_is_one_sentence(files, text):
    from liaoyuan.conf.cli.common import Unusable

    (files / "bad.json").write_text(text, encoding="utf-8")
    for words in (["solve", "bad.json", "--output", "p.json"], ["verify", "bad.json", "i.json"]):
        args = cli.parser().parse_args(["plan", words[0], *(str(files / w) if w[0] != "-" else w for w in words[1:])])
        with pytest.raises(Unusable, match="用不了"):
            args.handler(args)
    assert not (files / "p.json").exists()


def test_a_missing_file_or_folder_is_one_sentence(run, files):
    status, out, err = run("solve", files / "none.json", "--output", files / "p.json")
    assert status == 2 and not out and "读不了" in err
    status, out, err = run("solve", files / "i.json", "--output", files / "no" / "p.json")
    assert status == 2 and not out and "没有文件夹" in err
    status, out, err = run("verify", files / "i.json", files / "i.json")
    assert status == 2 and not out and "不是方案" in err


def test_an_output_that_cannot_be_written_is_told_before_solving(run, files):
    for output in (files, files / "i.json" / "p.json"):
        status, out, err = run("solve", files / "i.json", "--output", output)
        assert status == 2 and not out and "方案没有写出" in err


@pytest.mark.parametrize("row", [
    {}, {"units": "a", "seat": "a", "label": None}, {"units": [1], "seat": "a", "label": None},
    {"units": ["a"], "seat": 3, "label": None},
])  # fmt: skip
def test_an_earlier_plan_that_names_nothing_is_no_plan(run, files, row):
    (files / "old.json").write_text(json.dumps({"groups": [row], "attached": [], "uncovered": []}), encoding="utf-8")
    status, out, err = run("solve", files / "i.json", "--from", files / "old.json", "--output", files / "p.json")
    assert status == 2 and not out and "不是方案文件" in err


def test_half_a_character_is_refused(run, files):
    text = (files / "i.json").read_text(encoding="utf-8")
    first = json.loads(text)["organizations"][0]["id"]
    (files / "half.json").write_text(text.replace(f'"{first}"', '"\\ud800"'), encoding="utf-8")
    status, out, err = run("solve", files / "half.json", "--output", files / "p.json")
    assert status == 2 and not out and "用不了" in err
