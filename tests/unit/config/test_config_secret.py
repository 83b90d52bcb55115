"""Where secrets may be kept, and that none is ever shown."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from mxsync.config import Secret, load_config
from mxsync.errors import ConfigError


def config_text(password: str) -> str:
    return f"[database]\nurl = 'sqlite:///crm.db'\nusername = 'mxsync'\npassword = {password}\n"


def password_of(folder: Path, password: str) -> Secret:
    (folder / "mxsync.toml").write_text(config_text(password), encoding="utf-8")
    secret = load_config(folder / "mxsync.toml").database.password
    assert secret is not None
    return secret


def sentence_of(folder: Path, password: str) -> str:
    with pytest.raises(ConfigError) as caught:
        password_of(folder, password)
    return str(caught.value)


def test_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "hunter2")
    assert password_of(tmp_path, "{ env = 'CRM_PASSWORD' }").reveal() == "hunter2"
    monkeypatch.delenv("CRM_PASSWORD")
    said = sentence_of(tmp_path, "{ env = 'CRM_PASSWORD' }")
    assert "mxsync.toml:4: database.password: the environment variable `CRM_PASSWORD` is not set" in said


def test_a_missing_secret_can_wait_until_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_PASSWORD", raising=False)
    (tmp_path / "mxsync.toml").write_text(config_text("{ env = 'CRM_PASSWORD' }"), encoding="utf-8")
    config = load_config(tmp_path / "mxsync.toml", secrets=False)
    assert config.database.password is not None
    with pytest.raises(ConfigError, match="`CRM_PASSWORD` is not set"):
        config.database.password.reveal()


def test_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "password.txt").write_text("hunter2\n", encoding="utf-8")
    assert password_of(tmp_path, "{ file = 'password.txt' }").reveal() == "hunter2"
    (tmp_path / "password.txt").write_text("\n", encoding="utf-8")
    assert "is empty" in sentence_of(tmp_path, "{ file = 'password.txt' }")
    (tmp_path / "password.txt").write_bytes(b"\xff\xfe")
    assert "it is not UTF-8 text" in sentence_of(tmp_path, "{ file = 'password.txt' }")
    (tmp_path / "password.txt").unlink()
    assert "cannot be read: No such file" in sentence_of(tmp_path, "{ file = 'password.txt' }")


def test_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("crm", "mxsync"): "hunter2"}
    keyring = types.ModuleType("keyring")
    keyring.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert password_of(tmp_path, "{ keyring = 'crm/mxsync' }").reveal() == "hunter2"
    assert "keyring set crm other" in sentence_of(tmp_path, "{ keyring = 'crm/other' }")
    assert "write it as SERVICE/NAME" in sentence_of(tmp_path, "{ keyring = 'crm' }")

    def locked(service: str, name: str) -> str:
        raise RuntimeError("the collection is locked")

    keyring.get_password = locked  # type: ignore[attr-defined]
    assert "the keyring did not answer: the collection is locked" in sentence_of(tmp_path, "{ keyring = 'crm/x' }")


def test_a_keyring_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "needs the Python package `keyring`" in sentence_of(tmp_path, "{ keyring = 'crm/mxsync' }")


def test_a_literal_is_accepted_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "mxsync.toml").write_text(config_text("'hunter2'"), encoding="utf-8")
    config = load_config(tmp_path / "mxsync.toml")
    assert config.database.password is not None
    assert config.database.password.reveal() == "hunter2"
    (warning,) = config.warnings
    assert warning.startswith(f"{tmp_path / 'mxsync.toml'}:4: database.password: a secret stands in the file itself")
    assert "hunter2" not in warning


@pytest.mark.parametrize("password", ["{ envs = 'X' }", "{ env = 'X', file = 'y' }", "3", "''", "{ env = 3 }"])
def test_what_is_no_secret(tmp_path: Path, password: str) -> None:
    assert "mxsync.toml:4: database.password: " in sentence_of(tmp_path, password)


def test_no_form_of_it_shows_what_it_is(tmp_path: Path) -> None:
    secret = Secret("literal", "hunter2", "database.password")
    (tmp_path / "mxsync.toml").write_text(config_text("'hunter2'"), encoding="utf-8")
    config = load_config(tmp_path / "mxsync.toml")
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", f"{secret:>9}", repr(config), str(config)):
        assert "hunter2" not in shown


def test_a_certificate_that_is_not_there_is_said_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mxsync.toml"
    file.write_text(
        "[database]\nurl = 'sqlite:///crm.db'\n[servers.office]\ntype = 'ews'\nurl = 'https://mail.ours.example/EWS'\n"
        "auth = 'certificate'\nca = 'ca.pem'\ncertificate = 'own.pem'\n",
        encoding="utf-8",
    )
    (tmp_path / "ca.pem").write_text("", encoding="utf-8")
    load_config(file, secrets=False)
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert str(caught.value) == f"{file}:8: servers.office.certificate: there is no file `{tmp_path / 'own.pem'}`"
