"""What a configuration file may say, and the sentences for what it may not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from mxsync.config import Config, EwsServer, UserConfig, UsersFromEntity, load_config
from mxsync.errors import ConfigError

SMALLEST = """
[database]
url = "sqlite:///crm.db"
[servers.office]
type = "files"
path = "mailboxes"
"""


def load(folder: Path, text: str) -> Config:
    path = folder / "mxsync.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    prefix = f"{folder / 'mxsync.toml'}:"
    lines = str(caught.value).splitlines()
    assert all(line.startswith(prefix) for line in lines)
    return [line.removeprefix(prefix) for line in lines]


def test_the_smallest_file_has_defaults_for_all_else(tmp_path: Path) -> None:
    config = load(tmp_path, SMALLEST)
    assert config.database.url == f"sqlite:///{tmp_path.as_posix()}/crm.db"
    assert config.database.dialect == "sqlite"
    assert config.servers["office"].path == tmp_path / "mailboxes"
    assert config.rules.paths == (tmp_path / "rules",)
    assert config.rules.tests == "required"
    assert config.documents.path == tmp_path / "documents"
    assert config.service.poll == timedelta(seconds=60)
    assert config.state.keep == timedelta(days=90)
    assert (config.safety.delete_brake.share, config.safety.delete_brake.count) == (0.25, 10)
    assert config.status_file == tmp_path / "mxsync-status.json"
    assert config.warnings == ()


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        SMALLEST
        + """
        [state]
        url = "sqlite:///state.db"
        keep = "2 weeks"
        [organisation]
        domains = ["Ours.example", "@second.example"]
        region = "za"
        timezone = "Africa/Johannesburg"
        [rules]
        paths = ["a", "x/../b/one.rules"]
        tests = "warn"
        [[users]]
        email = "Anna@Ours.example"
        server = "office"
        since = 2026-01-01
        [[users]]
        from = "entity user where sync_mail = yes and office = 'Cape ''Town''' and floor = 3"
        [service]
        poll = "1.5 minutes"
        [documents]
        path = "/srv/documents"
        [notify]
        smtp = "smtp://relay.ours.example"
        sender = "mxsync@ours.example"
        alert = ["it@ours.example"]
        [hooks.court_calendar]
        command = ["./court.sh", "--now"]
        timeout = "3s"
        [hooks.web]
        url = "https://hooks.ours.example/x"
        [log]
        level = "debug"
        format = "json"
        [safety]
        delete_brake = { share = 0.5 }
        """,
    )
    assert config.state.url == f"sqlite:///{tmp_path.as_posix()}/state.db"
    assert config.state.keep == timedelta(days=14)
    assert config.organisation.domains == ("ours.example", "second.example")
    assert config.organisation.region == "ZA"
    assert config.rules.paths == (tmp_path / "a", tmp_path / "b/one.rules")
    first, second = config.users
    assert first == UserConfig("anna@ours.example", "office", date(2026, 1, 1))
    assert isinstance(second, UsersFromEntity)
    assert (second.entity, second.server) == ("user", "office")
    assert second.where == (("sync_mail", True), ("office", "Cape 'Town'"), ("floor", 3))
    assert config.service.poll == timedelta(seconds=90)
    assert config.documents.path == Path("/srv/documents")
    assert config.hooks["court_calendar"].command == (str(tmp_path / "court.sh"), "--now")
    assert config.hooks["court_calendar"].timeout == timedelta(seconds=3)
    assert config.hooks["web"].url == "https://hooks.ours.example/x"
    assert (config.log.level, config.log.format) == ("debug", "json")
    assert (config.safety.delete_brake.share, config.safety.delete_brake.count) == (0.5, 10)


def test_paths_are_relative_to_the_file_and_not_to_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tenant").mkdir()
    (tmp_path / "tenant" / "mxsync.toml").write_text(SMALLEST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    config = load_config("tenant/mxsync.toml")
    assert config.folder == tmp_path / "tenant"
    assert config.servers["office"].path == tmp_path / "tenant" / "mailboxes"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "mxsync.toml").write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert load_config(tmp_path / "mxsync.toml").database.dialect == "sqlite"


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("[service]\npol = '60s'", 8, "unknown key `pol` in [service]; did you mean `poll`?"),
        ("[servce]\npoll = '60s'", 7, "unknown key `servce`; did you mean `service`?"),
        ("[log]\nlevel = 'warn'", 8, "`warn` is not one of debug, info, warning, error; did you mean `warning`?"),
        ("[service]\npoll = 60", 8, "a length of time needs its unit"),
        ("[service]\npoll = 'soon'", 8, "`soon` is not a length of time"),
        ("[service]\npoll = '0.2s'", 8, "at least 1 seconds are wanted"),
        ("[state]\nkeep = '0 days'", 8, "must be more than nothing"),
        ("[state]\nkeep = '99999999999 weeks'", 8, "is too long"),
        ("[organisation]\ntimezone = 'Africa/Johanesburg'", 8, "did you mean `Africa/Johannesburg`?"),
        ("[organisation]\nregion = 'South Africa'", 8, "is not a country's two letters"),
        ("[organisation]\ndomains = 'ours.example'", 8, "a list is wanted here"),
        ("[organisation]\ndomains = ['no domain']", 8, "is not the name of a domain"),
        ("[[users]]\nemail = 'anna'", 8, "`anna` is not an e-mail address"),
        ("[[users]]\nemail = 'a@b.example'\nserver = 'ofice'", 9, "no server called `ofice`; did you mean `office`?"),
        ("[[users]]\nemail = 'a@b.example'\nsince = '2026-01-01'", 9, "a date without quotes is wanted here"),
        ("[[users]]\nserver = 'office'", 7, "needs either `email` or `from`"),
        ("[[users]]\nemail = 'a@b.example'\nfrom = 'entity user'", 7, "needs either `email` or `from`"),
        ("[[users]]\nfrom = 'everybody'", 8, "write it as `entity user where sync_mail = yes`"),
        ("[[users]]\nfrom = 'entity user where a > 1'", 8, "the condition `a > 1` is not understood"),
        ("[[users]]\nfrom = 'entity user where a = 1 and '", 8, "is not understood"),
        ("[users]\nemail = 'a@b.example'", 7, "write [[users]], with two brackets"),
        ("[[users]]\nemail = 'a@b.example'\n[[users]]\nemail = 'A@b.example'", 10, "is listed already on line 8"),
        ("[servers.exchange]\ntype = 'graph'", 8, "servers of type `graph` are not there yet in this version"),
        ("[servers.x]\ntype = 'file'", 8, "is not a type of server; did you mean `files`?"),
        ("[servers.x]\ntype = 'files'", 7, "servers.x.path is missing"),
        ("[servers]\nx = 3", 8, "`x` stands in [servers] by itself"),
        ("[notify]\nsmtp = 'smtp://relay.example'", 8, "notify.sender is missing"),
        ("[notify]\nsmtp = 'relay.example'", 8, "is not the address of a relay"),
        ("[hooks.x]\ntimeout = '3s'", 7, "hooks.x needs either `command` or `url`"),
        ("[hooks.x]\ncommand = []", 8, "hooks.x.command is empty"),
        ("[hooks.x]\nurl = 'http://far.example/'", 8, "plain http is for this machine only"),
        ("[hooks.x]\nurl = 'http://[::1'", 8, "is not a web address"),
        ("[safety]\ndelete_brake = { share = 25 }", 8, "share is a part of the whole, from 0 to 1"),
        ("[safety]\ndelete_brake = { count = true }", 8, "count is a whole number from 0"),
        ("[safety]\ndelete_brake = { shares = 0.1 }", 8, "did you mean `share`?"),
        ("[safety]\ndelete_brake = 3", 8, "write it as { share = 0.25, count = 10 }"),
        ("[state]\nurl = 'oracle://x/y'", 8, "`oracle` is not a type of database that mxsync knows"),
        ("[state]\nurl = 'sqlite://'", 8, "a database in memory would be gone"),
        ("[state]\nurl = 'state.db'", 8, "this is not the address of a database"),
        ("[state]\nurl = 'sqlit:///x.db'", 8, "did you mean `sqlite`?"),
        ("[documents]\npath = ''", 8, "the text is empty"),
        ("[documents]\npath = 3", 8, "a text in quotes is wanted here, not `3`"),
        ('[documents]\npath = "a\\u0000b"', 8, "control characters have no place here"),
        ("log = 3", 7, None),
    ],
)
def test_each_fault_has_its_line_and_sentence(tmp_path: Path, text: str, line: int, sentence: str | None) -> None:
    if sentence is None:  # a bare key after a table belongs to that table
        assert faults(tmp_path, SMALLEST + text)[0].startswith("7: unknown key `log` in [servers.office]")
        return
    (only,) = faults(tmp_path, SMALLEST + text)
    assert only.startswith(f"{line}: ")
    assert sentence in only


def test_all_faults_are_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    said = faults(tmp_path, "log = 3\n[database]\n[service]\npoll = 3\nx = 1\n")
    assert [line.partition(":")[0] for line in said] == ["1", "2", "4", "5"]
    assert "write [log]" in said[0]
    assert "[database]" in said[1]


def test_no_database(tmp_path: Path) -> None:
    (only,) = faults(tmp_path, "[log]\nlevel = 'info'\n")
    assert "the section [database] with its `url` is missing" in only


def test_two_servers_and_a_user_that_names_none(tmp_path: Path) -> None:
    text = SMALLEST + "[servers.other]\ntype = 'files'\npath = 'x'\n[[users]]\nemail = 'a@b.example'\n"
    (only,) = faults(tmp_path, text)
    assert "users.server is missing" in only


@pytest.mark.parametrize("text", ["[database\n", "url = \n", "a = 1\na = 2\n", "[database]\nurl = 'x\n"])
def test_what_is_no_toml_is_said_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mxsync.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mxsync\.toml(:\d+)?: this is not valid TOML"):
        load_config(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no configuration file"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="is a folder"):
        load_config(tmp_path)
    (tmp_path / "latin.toml").write_bytes("name = 'é'".encode("latin-1"))
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        load_config(tmp_path / "latin.toml")


EXCHANGE = "[servers.exchange]\ntype = 'ews'\n"
LOGIN = "username = 'svc'\npassword = { env = 'EWS_PASSWORD' }\n"
URL = "url = 'https://mail.ours.example/EWS/Exchange.asmx'\n"


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (LOGIN, "needs either `url` or `autodiscover`, and not both"),
        (URL + LOGIN + "autodiscover = ['mail.ours.example']", "needs either `url` or `autodiscover`, and not both"),
        (URL, "servers.exchange.username is missing"),
        (URL + "username = 'svc'", "servers.exchange.password is missing"),
        (URL + "auth = 'certificate'", "servers.exchange.certificate is missing"),
        (URL + LOGIN + "auth = 'oauth'", "`oauth` is not one of ntlm, basic, kerberos, certificate"),
        (URL + LOGIN + "connections = 50", "a whole number from 1 to 10"),
        (URL + LOGIN + "verify = 'no'", "true or false"),
        (URL + LOGIN + "path = 'mail'", "unknown key `path`"),
        (URL.replace("https", "http") + LOGIN, "plain http is for this machine only"),
        ("url = 'https://outlook.office365.com/EWS/Exchange.asmx'\n" + LOGIN, "Microsoft Graph"),
    ],
)
def test_an_exchange_that_is_not_configured_as_it_must_be(tmp_path: Path, section: str, words: str) -> None:
    (tmp_path / "mxsync.toml").write_text(f"[database]\nurl = 'sqlite:///crm.db'\n{EXCHANGE}{section}\n")
    with pytest.raises(ConfigError, match=re.escape(words)):
        load_config(tmp_path / "mxsync.toml", secrets=False)


def test_an_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"[database]\nurl = 'sqlite:///crm.db'\n{EXCHANGE}{URL}{LOGIN}ca = 'ca.pem'\nverify = false\n"
    text += "[[users]]\nemail = 'anna@ours.example'\nusername = 'OURS\\anna'\npassword = { env = 'ANNA' }\n"
    (tmp_path / "mxsync.toml").write_text(text)
    (tmp_path / "ca.pem").write_text("")
    monkeypatch.setenv("EWS_PASSWORD", "x")
    with pytest.raises(ConfigError, match="`ANNA` is not set"):
        load_config(tmp_path / "mxsync.toml")
    monkeypatch.setenv("ANNA", "x")
    config = load_config(tmp_path / "mxsync.toml")
    server = config.servers["exchange"]
    assert isinstance(server, EwsServer)
    assert (server.auth, server.access, server.connections) == ("ntlm", "impersonation", 4)
    assert server.ca == tmp_path / "ca.pem"
    assert len(list(config.secrets())) == 2
    assert any("is not checked" in warning for warning in config.warnings)
