"""The bootstrap: which interpreter is taken, when a step is skipped, what is passed on; and the built front end."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import dev
import pytest
from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"


def executable(path: Path, body: str) -> Path:
    """Write a script that can be started."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


# ------------------------------------------------------------------------------------------------ the interpreter


def test_versions_sort_by_number_not_by_letter() -> None:
    folders = [Path("/p/3.9.18/bin"), Path("/p/3.13.0/bin"), Path("/p/3.12.1/bin"), Path("/p/work/bin")]
    assert [folder.parent.name for folder in sorted(folders, key=dev.by_version, reverse=True)] == [
        "3.13.0",
        "3.12.1",
        "3.9.18",
        "work",
    ]


def test_named_interpreter_comes_before_path_and_pyenv(tmp_path: Path) -> None:
    named = executable(tmp_path / "named", "")
    on_path = executable(tmp_path / "bin" / "python3.12", "")
    pyenv = executable(tmp_path / "home" / ".pyenv" / "versions" / "3.13.0" / "bin" / "python3.13", "")
    found = dev.candidates({"LIAOYUAN_PYTHON": str(named), "PATH": str(on_path.parent)}, tmp_path / "home")
    places = [found.index(str(path)) for path in (named, on_path, pyenv)]
    assert places == sorted(places)
    assert found[0] == str(named)
    assert found[1] == sys.executable
    assert len(found) == len(set(found))


def test_missing_named_interpreter_is_left_out(tmp_path: Path) -> None:
    assert str(tmp_path / "gone") not in dev.candidates(
        {"LIAOYUAN_PYTHON": str(tmp_path / "gone"), "PATH": ""}, tmp_path
    )


@pytest.mark.parametrize("body", ["exit 127", "echo 'command not found' >&2; exit 1"])
def test_shim_that_exists_and_fails_is_no_interpreter(tmp_path: Path, body: str) -> None:
    assert dev.probe(str(executable(tmp_path / "python3.13", body))) is None


def test_file_that_cannot_be_started_is_no_interpreter(tmp_path: Path) -> None:
    (tmp_path / "python3.13").write_text("no program")
    assert dev.probe(str(tmp_path / "python3.13")) is None


def test_probe_tells_the_version_and_the_interpreter_behind_a_virtual_environment() -> None:
    answer = dev.probe(sys.executable)
    assert answer is not None
    version, base = answer
    assert version == sys.version_info[:3]
    assert Path(base).exists()


def test_without_a_new_interpreter_the_sentence_names_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "candidates", lambda environ, home: ["/old/python3", "/broken/python3"])
    monkeypatch.setattr(dev, "probe", lambda path: ((3, 11, 7), path) if "old" in path else None)
    with pytest.raises(dev.Stop, match=r"/old/python3: 3\.11\.7") as caught:
        dev.interpreter()
    assert caught.value.status == 2
    assert "/broken/python3" in str(caught.value)


def test_shim_is_passed_over_for_the_next_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "candidates", lambda environ, home: ["/shim", "/venv/bin/python3"])
    monkeypatch.setattr(dev, "probe", lambda path: None if path == "/shim" else ((3, 12, 1), "/base/python3.12"))
    assert dev.interpreter() == "/base/python3.12"


# ------------------------------------------------------------------------------------------------ stamps and steps


def test_digest_sees_content_name_order_and_words(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    a, b = tmp_path / "a", tmp_path / "b"
    before = dev.digest([a, b], "3.13")
    assert before == dev.digest([a, b], "3.13")
    others = {dev.digest([b, a], "3.13"), dev.digest([a, b], "3.12"), dev.digest([a, b]), dev.digest([a], "3.13")}
    a.write_text("1 ")
    others.add(dev.digest([a, b], "3.13"))
    assert len(others) == 5
    assert before not in others


def test_stamp_fits_only_its_own_input(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not dev.is_stamped(stamp, "x")
    stamp.write_text("x")
    assert dev.is_stamped(stamp, "x")
    assert not dev.is_stamped(stamp, "y")


def test_failing_step_stops_with_its_own_status_and_shows_its_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(dev.Stop) as caught:
        dev.run("step", [sys.executable, "-c", "print('the reason'); raise SystemExit(7)"], show=False)
    assert caught.value.status == 7
    assert b"the reason" in capfdbinary.readouterr().out


def test_step_beside_another_is_waited_for_and_stops_with_its_own_status(tmp_path: Path) -> None:
    there = tmp_path / "there"
    program = f"import pathlib; pathlib.Path({str(there)!r}).touch()"
    with dev.beside("fine", [sys.executable, "-c", program], env=dev.environment()):
        pass
    assert there.exists()
    done = []
    with pytest.raises(dev.Stop) as stop, dev.beside("bad", [sys.executable, "-c", "raise SystemExit(3)"], env={}):
        done.append("the body is done")
    assert (stop.value.status, done) == (3, ["the body is done"])
    with pytest.raises(ZeroDivisionError), dev.beside("fine", [sys.executable, "-c", ""], env={}):
        raise ZeroDivisionError


def test_step_may_end_with_a_status_that_was_called_fine() -> None:
    dev.run("step", [sys.executable, "-c", "raise SystemExit(5)"], show=False, fine=(0, 5))


def test_step_that_cannot_be_started_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(dev.Stop, match="cannot be started"):
        dev.run("step", [tmp_path / "gone"], show=False)


def test_environment_puts_our_programs_first_and_drops_foreign_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("PATH", "/usr/bin")
    env = dev.environment(LIAOYUAN_TEST_DB="sqlite")
    assert env["PATH"].split(":") == [str(ROOT / ".venv" / "bin"), "/usr/bin"]
    assert "PYTHONPATH" not in env
    assert env["LIAOYUAN_TEST_DB"] == "sqlite"


# ------------------------------------------------------------------------------------------------ the command line


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["test", "--quick", "tests/kit", "-k", "money"], ["tests/kit", "-k", "money"]),
        (["test", "--", "-x"], ["-x"]),
        (["bench", "W1", "--help"], ["W1", "--help"]),
        (["counts", "-x"], ["-x"]),
        (["setup"], []),
    ],
)
def test_words_for_others_are_passed_on(words: list[str], rest: list[str]) -> None:
    assert dev.arguments(words).rest == rest


@pytest.mark.parametrize("words", [[], ["nothing"], ["serve", "--demo"], ["setup", "now"], ["serve", "--port", "x"]])
def test_unknown_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        dev.arguments(words)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_serve_shows_the_demo_on_port_8000_unless_told() -> None:
    usual = dev.arguments(["serve"])
    assert (usual.port, usual.no_demo) == (8000, False)
    told = dev.arguments(["serve", "--no-demo", "--port", "9000"])
    assert (told.port, told.no_demo) == (9000, True)


def test_main_returns_the_status_of_the_failing_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise dev.Stop("no room on the disk", 28)

    monkeypatch.setattr(dev, "setup", fail)
    assert dev.main(["setup"]) == 28
    assert "no room on the disk" in capsys.readouterr().out


def test_quick_leaves_out_postgres_and_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIAOYUAN_ALL", raising=False)
    steps: list[tuple[str, dict[str, str], list[str]]] = []

    def note(name: str, command: list[object], *, env: dict[str, str] | None = None, **others: object) -> None:
        steps.append((name, env or {}, [str(word) for word in command]))

    monkeypatch.setattr(dev, "run", note)
    monkeypatch.setattr(dev, "setup", lambda: None)
    monkeypatch.setattr(dev, "browser", lambda: "/usr/bin/chromium")
    assert dev.main(["test", "--quick"]) == 0
    pytests = [
        (env["LIAOYUAN_TEST_DB"], command[command.index("pytest") + 1 :])
        for _, env, command in steps
        if "pytest" in command
    ]
    assert pytests == [("sqlite", ["-n", "2", "--dist", "worksteal", "-m", "not journey and not slow"])]
    quick = len(steps)
    assert dev.main(["test"]) == 0
    told = {name: (env["LIAOYUAN_TEST_DB"], command) for name, env, command in steps[quick:] if "pytest" in command}
    alone = told.pop("tests on PostgreSQL, one at a time")  # beside the linters
    assert alone[0] == "postgres" and set(dev.ALONE_ON_POSTGRES) <= set(alone[1]) and "-n" not in alone[1]
    assert [database for database, _command in told.values()] == ["sqlite", "postgres", "sqlite"]
    assert set(dev.ON_POSTGRES) <= set(told["tests on PostgreSQL"][1])
    assert all((dev.ROOT / path).is_file() for path in (*dev.ON_POSTGRES, *dev.ALONE_ON_POSTGRES))
    assert steps[-1][2][-3:] == ["-m", "journey", "tests/journeys"]
    whole = len(steps)
    monkeypatch.setenv("LIAOYUAN_ALL", "1")
    assert dev.main(["test"]) == 0
    told = {name: (env["LIAOYUAN_TEST_DB"], command) for name, env, command in steps[whole:] if "pytest" in command}
    assert sorted(database for database, _command in told.values()) == ["postgres", "postgres", "sqlite", "sqlite"]
    assert not set(dev.ON_POSTGRES) & set(told["tests on PostgreSQL"][1])


# ------------------------------------------------------------------------------------------------ catalogues


@pytest.mark.parametrize(
    ("message", "translated"),
    [
        (Message("登记", "Register"), True),
        (Message("登记", ""), False),
        (Message("登记", "Register", flags=["fuzzy"]), False),
        (Message(("%d 家", "%d 家"), ("%d body", "%d bodies")), True),
        (Message(("%d 家", "%d 家"), ("%d body", "")), False),
        (None, False),
    ],
)
def test_sentence_counts_as_translated_when_every_form_is_filled(message: Message | None, translated: bool) -> None:
    assert dev.is_translated(message) is translated


# ------------------------------------------------------------------------------------------------ the repository


def test_locks_pin_by_hash_and_name_no_host() -> None:
    requirements = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"https?://", requirements)
    assert requirements.count("--hash=sha256:") >= len(re.findall(r"^[\w.-]+==", requirements, re.MULTILINE))
    text = (FRONTEND / "package-lock.json").read_text()
    assert not re.search(r"https?:|\"resolved\"", text)
    packages = json.loads(text)["packages"]
    assert [name for name, entry in packages.items() if name and not entry.get("integrity")] == []


def test_direct_dependencies_of_the_front_end_are_exact() -> None:
    package = json.loads((FRONTEND / "package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert [name for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_nothing_built_or_foreign_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    forbidden = (
        "node_modules/",
        "/ui/build/",
        ".venv/",
        ".tools/",
        "var/",
        ".mo",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".min.js",
        ".min.css",
    )
    assert [name for name in listed if any(part in f"{name}/" or name.endswith(part) for part in forbidden)] == []


# ------------------------------------------------------------------------------------------------ the front end


def node(script: str) -> object:
    """Run a module beside the front end's sources and return the JSON that it prints."""
    command = [str(ROOT / ".venv" / "bin" / "node"), "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("css", "light"),
    [
        ("a{color:light-dark(#fff,#000)}", "a{color:#fff}"),
        ("a{color:light-dark(rgb(1, 2, 3), rgb(4, 5, 6));b:c}", "a{color:rgb(1, 2, 3);b:c}"),
        ("a{x:light-dark(light-dark(p, q), r) light-dark(s, t)}", "a{x:p s}"),
        ("a{b:c}", "a{b:c}"),
    ],
)
def test_light_half_of_each_colour_is_taken(css: str, light: str) -> None:
    script = f"import {{ lightOnly }} from './light.mjs'; console.log(JSON.stringify(lightOnly({json.dumps(css)})))"
    assert node(script) == light


def chart(**data: object) -> dict[str, object]:
    """Return the option made from a chart's data, functions left out."""
    call = f"chartOption({json.dumps(data)})"
    option = node(f"import {{ chartOption }} from './src/chart_option.js'; console.log(JSON.stringify({call}))")
    assert isinstance(option, dict)
    return option


def test_bars_keep_categories_gaps_and_order() -> None:
    option = chart(
        type="bar",
        categories=["甲", "乙"],
        series=[{"name": "民非", "data": [3, None]}, {"name": "社团", "data": [1, 2]}],
        stacked=True,
    )
    assert option["xAxis"]["data"] == ["甲", "乙"]
    assert [(one["name"], one["data"], one["stack"]) for one in option["series"]] == [
        ("民非", [3, None], "all"),
        ("社团", [1, 2], "all"),
    ]


def test_horizontal_bars_read_from_the_top() -> None:
    option = chart(type="bar", horizontal=True, categories=["甲", "乙"], series=[{"name": "家", "data": [3, 4]}])
    assert option["yAxis"]["data"] == ["甲", "乙"]
    assert option["yAxis"]["inverse"] is True
    assert option["xAxis"]["type"] == "value"


def test_pie_pairs_names_with_figures() -> None:
    option = chart(type="pie", categories=["民非", "社团", "基金会"], series=[{"name": "登记", "data": [381, 131, 1]}])
    assert option["series"][0]["data"] == [
        {"name": "民非", "value": 381},
        {"name": "社团", "value": 131},
        {"name": "基金会", "value": 1},
    ]


@pytest.mark.parametrize("kind", ["bar", "line", "pie"])
def test_tooltips_are_drawn_not_written_as_html(kind: str) -> None:
    option = chart(type=kind, categories=["甲"], series=[{"name": "家", "data": [1]}])
    assert option["tooltip"]["renderMode"] == "richText"


def test_every_icon_of_the_list_is_in_the_sprite_without_inline_style() -> None:
    listed = re.search(r"const ICONS = `(.+?)`", (FRONTEND / "build.mjs").read_text(), re.DOTALL)
    assert listed
    sprite = (dev.ASSETS / "icons.svg").read_text()
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == listed.group(1).split()
    assert "style" not in sprite
    assert "<script" not in sprite


def test_built_styles_load_nothing_from_elsewhere() -> None:
    css = (dev.ASSETS / "app.css").read_text()
    assert [url for url in re.findall(r"url\(\s*['\"]?([^'\")]{0,40})", css) if not url.startswith("data:")] == []
    assert "@import" not in css
    assert "light-dark(" not in css


def contrast(one: str, other: str) -> float:
    """Contrast of two colours `#rrggbb` after WCAG 2.2, from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("red", "red-dark", "ink", "ink-2", "link") for ground in ("paper", "ground")),
        ("red-dark", "red-pale"),
        ("red", "red-pale"),
        ("ok", "ok-pale"),
        ("warn", "warn-pale"),
        ("confirm", "confirm-pale"),
        ("info", "info-pale"),
        ("ink-2", "info-pale"),
        ("ink-2", "red-pale"),
        ("ink-2", "warn-pale"),
        ("ink-2", "confirm-pale"),
    ],
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    css = (FRONTEND / "src" / "css" / "tokens.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css)) | {"paper": "#ffffff"}
    assert contrast(colours[text], colours[ground]) >= 4.5
