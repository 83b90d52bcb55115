"""Each command: what it asks of the tenant, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest
from cli_fakes import ERROR, WARNING, FakeTenant

from mxsync.cli.main import main
from mxsync.errors import Locked, RulesRejected, Unavailable
from mxsync.model.outcome import PassReport

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def tenant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeTenant:
    fake = FakeTenant()
    module = ModuleType("mxsync.bootstrap")
    module.Tenant = fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mxsync.bootstrap", module)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mxsync.toml").write_text("[database]\nurl = 'sqlite:///crm.db'\n", encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "main.rules").write_text("when mail\n     create contcat\n", encoding="utf-8")
    return fake


def test_check_of_good_rules(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "the rules are right\n"
    assert tenant.read_only is True
    assert tenant.asked == [("closed",)]


def test_check_shows_what_is_wrong(tenant: FakeTenant, capsys: Printed) -> None:
    tenant.diagnostics = [ERROR, WARNING]
    assert main(["check"]) == 1
    text = capsys.readouterr().out
    assert "error MX012: nothing called `contcat` can be created" in text
    assert "--> rules/main.rules:2:6" in text
    assert "^^^^^^^" in text
    assert "did you mean `contact`?" in text
    assert text.endswith("1 error, 1 warning\n")


def test_warnings_fail_only_a_strict_check(tenant: FakeTenant) -> None:
    tenant.diagnostics = [WARNING]
    assert main(["check"]) == 0
    assert main(["check", "--strict"]) == 1


def test_check_as_json_and_as_annotations(tenant: FakeTenant, capsys: Printed) -> None:
    tenant.diagnostics = [ERROR]
    assert main(["check", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "file": "rules/main.rules",
            "line": 2,
            "column": 6,
            "end_line": 2,
            "end_column": 13,
            "code": "MX012",
            "severity": "error",
            "message": "nothing called `contcat` can be created",
            "help": "did you mean `contact`?",
        }
    ]
    assert main(["--format", "github", "check"]) == 1
    assert capsys.readouterr().out == (
        "::error file=rules/main.rules,line=2,endLine=2,col=6,endColumn=13,title=MX012::"
        "nothing called `contcat` can be created%0Ahelp: did you mean `contact`?\n"
    )


def test_rejected_rules_end_every_other_command_with_3(tenant: FakeTenant, capsys: Printed) -> None:
    tenant.fault = RulesRejected("the rules have 1 error", [ERROR])
    assert main(["sync"]) == 3
    text = capsys.readouterr().err
    assert "error MX012" in text
    assert text.endswith("mxsync: the rules have 1 error\n")
    assert main(["sync", "--format", "json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["diagnostics"][0]["code"] == "MX012"
    assert document["exit_code"] == 3


def test_test_shows_traces_of_what_failed_and_rules_without_a_test(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["test"]) == 1
    text = capsys.readouterr().out
    assert "failed: bad (main.rules:12)\n  expected skip\n    rule M4 fired\n" in text
    assert "rules that no test made fire:\n  M4 (main.rules:3)\n" in text
    assert text.endswith("3 tests: 1 passed, 1 failed, 1 skipped\n")
    assert main(["test", "good"]) == 0
    capsys.readouterr()
    assert main(["test", "good", "nonsense"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and "is called `nonsense`" in told.err


def test_test_as_json(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["test", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["passed"], document["failed"]) == (1, 1)
    assert document["tests"][1]["verdict"] == "failed"
    assert document["rules_never_fired"] == [{"rule": "M4", "file": "main.rules", "line": 3}]


def test_sync_says_what_it_did(tenant: FakeTenant, capsys: Printed) -> None:
    tenant.report = PassReport(
        items=7,
        created={"contact": 2, "company": 1},
        updated={"email": 1},
        linked=5,
        documents=1,
        by_rule={"M4": 2, "M0": 5},
        by_mailbox={"anna@ours.example": 6, "ben@ours.example": 1},
        fates={"applied": 6, "nothing": 1, "skipped": 0},
        set_aside=[("Inbox/x.eml", "it is no mail")],
        held=[("Inbox/y.eml", "a free address")],
    )
    assert main(["sync", "--mailbox", "anna@ours.example", "--plan", "3f9a"]) == 0
    assert ("sync", ["anna@ours.example"], "3f9a") in tenant.asked
    assert capsys.readouterr().out.splitlines() == [
        "7 items looked at: 6 applied, 1 nothing",
        "  created: 1 company, 2 contact",
        "  updated: 1 email",
        "  linked: 5 pairs of rows",
        "  stored: 1 document",
        "by rule:",
        "  5  M0",
        "  2  M4",
        "by mailbox:",
        "  6  anna@ours.example",
        "  1  ben@ours.example",
        "1 item held for review:",
        "  Inbox/y.eml: a free address",
        "1 item set aside, to be tried again (`mxsync status` lists them):",
        "  Inbox/x.eml: it is no mail",
    ]


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (PassReport(), 0),
        (PassReport(set_aside=[("x", "y")]), 0),
        (PassReport(stopped_by_brake=["12 of 20 items"]), 4),
        (PassReport(failed_mailboxes=[("a@b.example", "no answer")]), 5),
        (PassReport(stopped_by_brake=["x"], failed_mailboxes=[("a@b.example", "no answer")]), 4),
    ],
)
def test_how_sync_ends(tenant: FakeTenant, report: PassReport, code: int) -> None:
    tenant.report = report
    assert main(["sync"]) == code


def test_sync_as_json(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["sync", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["created"] == {"contact": 1}
    assert captured.err == ""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_sync_ends_between_two_items_when_asked_to(tenant: FakeTenant, capsys: Printed, number: signal.Signals) -> None:
    def asked(stop: threading.Event) -> None:
        os.kill(os.getpid(), number)
        assert stop.wait(20)

    tenant.while_syncing = asked
    before = signal.getsignal(number)
    assert main(["sync"]) == 128 + number
    assert "the next pass goes on from here" in capsys.readouterr().err
    assert signal.getsignal(number) is before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_second_interrupt_does_not_wait(tenant: FakeTenant) -> None:
    def asked(stop: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        stop.wait(20)
        pytest.fail("the second interrupt was not obeyed")

    tenant.while_syncing = asked
    assert main(["sync"]) == 130


def test_plan(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["plan"]) == 0
    assert tenant.read_only is True
    text = capsys.readouterr().out
    assert "would be created: 1 contact" in text
    assert text.endswith("plan 3f9ac2d1\nto do exactly this: mxsync sync --plan 3f9ac2d1\n")
    assert "jane@acme.example" not in text
    assert main(["plan", "-v"]) == 0
    assert "jane@acme.example" in capsys.readouterr().out
    assert main(["plan", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["digest"], document["by_rule"]) == ("3f9ac2d1", {"M4": 1})


def test_explain_shows_lines_that_no_terminal_obeys(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["explain", "Inbox/jane.eml"]) == 0
    text = capsys.readouterr().out
    assert "rule M4 fired" in text
    assert "\x1b" not in text
    assert main(["explain", "Inbox/jane.eml", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["fate"] == "applied"
    assert document["effects"][0]["effect"] == "CreateRow"
    assert document["steps"][0]["fired"] is True


def test_backfill(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["backfill", "--user", "anna@ours.example", "--from", "2024-01-01", "--to", "2024-12-31"]) == 0
    assert ("backfill", ["anna@ours.example"], "2024-01-01..2024-12-31", False) in tenant.asked
    text = capsys.readouterr().out
    assert text.startswith("went on where it was interrupted: anna@ours.example, at 2019-03-02\n2 items looked at")
    assert main(["backfill", "--notify", "--format", "json"]) == 0
    assert ("backfill", None, "..", True) in tenant.asked
    document = json.loads(capsys.readouterr().out)
    assert document["planned"] is False and document["report"]["created"] == {"contact": 1}
    assert main(["backfill", "--plan"]) == 0
    assert "would be created: 1 contact" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_backfill_says_how_to_go_on(tenant: FakeTenant, capsys: Printed, number: int) -> None:
    tenant.while_syncing = lambda stop: signal.raise_signal(number)
    assert main(["backfill"]) == 128 + number
    assert "the same command goes on from here" in capsys.readouterr().err


def test_why(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["why", "contact", "17"]) == 0
    text = capsys.readouterr().out
    for part in (
        "contact 17",
        "email",
        "jane@acme.example",
        "header",
        "M4",
        "main.rules:3",
        "3f9ac2d1",
        "Inbox/jane.eml",
    ):
        assert part in text
    assert main(["why", "contact", "17", "--format", "json"]) == 0
    (field,) = json.loads(capsys.readouterr().out)["fields"]
    assert field["time"] == "2026-01-31T12:00:00+00:00" and field["now"] == "jane@beta.example"
    assert "jane@acme.example, now jane@beta.example (changed by a person)" in text


def test_status_without_a_service(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["status"]) == 0
    text = capsys.readouterr().out
    assert "service: has not run here" in text
    assert "it is no mail" in text
    assert "backfill not finished: anna@ours.example, at 2019-03-02" in text
    assert "a free address" in text


def test_status_of_a_service_with_refused_rules(tenant: FakeTenant, tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "mxsync-status.json").write_text(
        json.dumps(
            {
                "pid": os.getpid(),
                "state": "running",
                "started": "2026-01-31T12:00:00+00:00",
                "rules": {
                    "state": "rejected",
                    "digest": "3f9ac2d1",
                    "since": "x",
                    "sentence": "1 error in the rules",
                    "errors": [{"file": "a.rules", "line": 3, "column": 1, "code": "MX012", "message": "no"}],
                },
                "mailboxes": {
                    "anna@ours.example": {"error": "no answer", "failures": 2, "next": "y", "brake": []},
                    "ben@ours.example": {"error": "", "failures": 0, "next": "", "brake": ["12 of 20"]},
                },
            }
        ),
        encoding="utf-8",
    )
    assert main(["status"]) == 0
    text = capsys.readouterr().out
    assert "changed rules are refused: 1 error in the rules" in text
    assert "a.rules:3:1: MX012 no" in text
    assert "suspended: anna@ours.example: no answer (tried 2 times, next y)" in text
    assert "stopped by the delete brake: ben@ours.example: 12 of 20" in text
    assert main(["status", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["service"]["alive"] is True


def test_schema(tenant: FakeTenant, capsys: Printed) -> None:
    assert main(["schema", "show"]) == 0
    assert capsys.readouterr().out == "CREATE TABLE mxsync_item (…);\n"
    assert tenant.read_only is True
    assert main(["schema", "install"]) == 0
    assert tenant.read_only is False
    assert main(["schema", "remove", "--yes"]) == 0
    assert [each[0] for each in tenant.asked if each[0] in ("install", "remove")] == ["install", "remove"]


@pytest.mark.parametrize("fault", [Locked("process 4711 works on this tenant"), Unavailable("no database")])
def test_what_cannot_be_reached_ends_with_5(tenant: FakeTenant, fault: Locked | Unavailable, capsys: Printed) -> None:
    tenant.fault = fault
    assert main(["status"]) == 5
    assert str(fault) in capsys.readouterr().err


def test_warnings_of_the_configuration_are_said(tenant: FakeTenant, tmp_path: Path, capsys: Printed) -> None:
    config = tmp_path / "mxsync.toml"
    config.write_text(config.read_text() + "password = 'hunter2'\n", encoding="utf-8")
    assert main(["status"]) == 0
    text = capsys.readouterr().err
    assert "warning: " in text and "a secret stands in the file itself" in text
    assert "hunter2" not in text
