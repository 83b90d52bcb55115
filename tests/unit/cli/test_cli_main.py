"""The command line's frame: help, wrong usage, exit codes, and what may be imported to say so."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from mxsync.cli import main as entry
from mxsync.cli.main import COMMANDS, build_parser, main
from mxsync.errors import ConfigError, Locked, Unavailable

NAMES = [command.__name__.rpartition(".")[2] for command in COMMANDS]
HEAVY = [
    "sqlalchemy",
    "lark",
    "exchangelib",
    "watchdog",
    "phonenumbers",
    "tldextract",
    "re2",
    "tqdm",
    "shtab",
    "prometheus_client",
    "selectolax",
    "fast_mail_parser",
    "email_validator",
    "pyodbc",
    "requests",
    "asyncio",
    "sqlite3",
    "tomllib",
    "mxsync.bootstrap",
    "mxsync.lang",
    "mxsync.config",
    "mxsync.service",
    "mxsync.decide",
]  # fmt: skip


def fails_with(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    def run(args: object, render: object) -> int:
        raise fault

    build = entry.build_parser

    def rigged() -> object:
        parser = build()
        parse = parser.parse_args

        def parse_args(arguments: object = None) -> object:
            args = parse(arguments)  # type: ignore[arg-type]
            args.run = run
            return args

        parser.parse_args = parse_args  # type: ignore[method-assign, assignment]
        return parser

    monkeypatch.setattr(entry, "build_parser", rigged)


@pytest.mark.parametrize("arguments", [["--help"], ["sync", "--help"], ["--version"]])
def test_help_imports_nothing_that_is_slow(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom mxsync.cli.main import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"slow = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not slow, slow\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "mxsync" in done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    examples = text.partition("examples:")[2]
    assert f"mxsync {name}" in examples
    assert "--config" in text and "--format" in text and "--verbose" in text
    assert max(len(line) for line in text.splitlines()) <= 130


def test_the_examples_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    import shlex

    tried = 0
    for command in COMMANDS:
        for line in command.EXAMPLES.splitlines():
            words = line.split("  mxsync ", 1)
            if len(words) != 2 or words[0].strip():
                continue
            spoken = words[1].split("   ")[0].split(" > ")[0].split(" >> ")[0].split(" < ")[0]
            build_parser().parse_args(shlex.split(spoken))
            tried += 1
    assert tried > 30


def test_a_program_that_calls_a_command_collects_its_garbage_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = gc.get_threshold()
    assert main(["init", str(tmp_path / "t")]) == 0
    assert gc.get_threshold() == before


def test_shared_options_stand_before_or_after_the_command() -> None:
    parser = build_parser()
    for arguments in (
        ["-c", "x.toml", "--format", "json", "-v", "sync"],
        ["sync", "-c", "x.toml", "--format", "json", "-v"],
    ):
        args = parser.parse_args(arguments)
        assert (args.config, args.format, args.verbose) == ("x.toml", "json", True)
    args = parser.parse_args(["sync"])
    assert (args.config, args.format, args.verbose) == ("mxsync.toml", "text", False)
    args = parser.parse_args(["-c", "a.toml", "sync", "-c", "b.toml"])
    assert args.config == "b.toml"


@pytest.mark.parametrize(
    "arguments",
    [[], ["syncc"], ["sync", "--nonsense"], ["why", "contact"], ["--format", "xml", "sync"],
     ["sync", "--format", "github"],
     ["--format", "github", "sync"], ["schema"], ["completion", "ksh"], ["sync", "--mail", "x"]],
)  # fmt: skip
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: mxsync" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (ConfigError("mxsync.toml:3: unknown key `pol`"), 2),
        (Unavailable("the database does not answer"), 5),
        (Locked("process 4711 works on this tenant"), 5),
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 141),
    ],
)
def test_exit_codes(
    fault: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(entry.os, "dup2", lambda old, new: None)
    fails_with(monkeypatch, fault)
    assert main(["sync"]) == code
    text = capsys.readouterr().err
    assert "Traceback" not in text
    if str(fault):
        assert f"mxsync: {fault}" in text


def test_a_failure_is_json_where_that_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    fails_with(monkeypatch, Unavailable("the database does not answer"))
    assert main(["sync", "--format", "json"]) == 5
    assert json.loads(capsys.readouterr().out) == {"error": "the database does not answer", "exit_code": 5}


def test_a_fault_of_ours_is_a_sentence_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mxsync.toml"
    config.write_text("[database]\nurl = 'sqlite:///crm.db'\npassword = 'hunter2'\n", encoding="utf-8")
    fails_with(monkeypatch, ZeroDivisionError("division by hunter2"))
    assert main(["sync", "-c", str(config)]) == 70
    text = capsys.readouterr().err
    log = tmp_path / "mxsync-crash.log"
    assert text.startswith("mxsync: a fault of mxsync itself (ZeroDivisionError: division by ***)")
    assert str(log) in text
    assert "Traceback" not in text
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert "hunter2" not in log.read_text(encoding="utf-8")
    assert main(["-v", "sync", "-c", str(config)]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_crash_log_that_cannot_lie_beside_the_configuration_lies_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    fails_with(monkeypatch, ZeroDivisionError())
    assert main(["sync", "-c", str(tmp_path / "nowhere" / "mxsync.toml")]) == 70
    assert (tmp_path / "mxsync-crash.log").exists()
    assert "(ZeroDivisionError); the details are in" in capsys.readouterr().err


def test_output_that_nobody_reads_any_more_is_no_fault(tmp_path: Path) -> None:
    program = "import sys; from mxsync.cli.main import main; sys.exit(main(['completion', 'bash']))"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert errors == ""
    assert process.returncode == 141


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh", "fish", "powershell"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    for name in NAMES:
        assert name in text


@pytest.mark.parametrize("arguments", [["sync"], ["check"], ["status"], ["run"], ["why", "contact", "1"]])
def test_a_missing_configuration_is_said(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert "there is no configuration file `mxsync.toml`" in capsys.readouterr().err


def test_schema_remove_wants_a_yes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "remove"]) == 2
    assert "mxsync schema remove --yes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(["snyc"], "sync"), (["sync", "--paln", "x"], "--plan"), (["schema", "shw"], "show"), (["chekc"], "check")],
)
def test_what_is_mistyped_is_answered_with_what_was_meant(
    arguments: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert f"did you mean `{meant}`?" in capsys.readouterr().err
