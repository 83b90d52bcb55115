"""What rules do outside the database: notifications, hooks, changes of the items, and what waits for people. Against a
real relay (aiosmtpd), real programs and a real web server on this machine."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tenants import ANNA, Tenant

from tests.telltales import RELAY

BOSS = "boss@ours.example"
IT = "it@ours.example"
RULES = "use 'crm.rules'\n\n"


class Relay(Controller):
    """A relay that keeps what it is given. With `refuse` it takes no recipient; with `login` it asks for a password."""

    def __init__(self, *, port: int = 0, refuse: bool = False, login: tuple[str, str] | None = None) -> None:
        self.taken: list[tuple[list[str], Any]] = []
        self.refuse = refuse
        self.login = login
        super().__init__(self, hostname="127.0.0.1", port=port or _free_port(), auth_require_tls=False,
                         auth_required=login is not None, authenticator=self._known)  # fmt: skip

    def _known(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login.decode(), data.password.decode()) == self.login)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse:
            return "550 nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def relay(**options: Any) -> Iterator[Relay]:
    made = Relay(**options)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def configured(tenant: Tenant, text: str) -> None:
    path = tenant.root / "mxsync.toml"
    path.write_text(path.read_text() + text)


def notify(tenant: Tenant, port: int, more: str = "") -> None:
    configured(tenant, f'\n[notify]\nsmtp = "smtp://127.0.0.1:{port}"\nsender = "mxsync@ours.example"\n{more}')


# aiosmtpd warns of a relay that asks for a password without encryption; here it is one on this machine.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return Tenant.make(tmp_path / "crm", RULES, users=(ANNA,))


# -------------------------------------------------------------------------------------------------- notifications


def test_a_rule_notifies_once_and_no_other_rule_sends_anything(tenant: Tenant) -> None:
    tenant.rules(RULES + f"when mail category 'Tell' then notify '{BOSS}' with 'Look at {{subject}}'\n")
    tenant.contact("jane@acme.example")
    with relay() as server:
        notify(tenant, server.port)
        tenant.mail("jane@acme.example", subject="plain")
        tenant.sync()
        assert server.taken == []
        tenant.mail("jane@acme.example", subject="résumé", categories=["Tell"])
        tenant.sync()
        tenant.sync()
        ((to, message),) = server.taken
    assert to == [BOSS]
    assert (message["From"], message["To"], message["Subject"]) == ("mxsync@ours.example", BOSS, "Look at résumé")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().strip() == "Look at résumé"


def test_a_relay_that_is_away_is_tried_again_and_gets_one(tenant: Tenant) -> None:
    tenant.rules(RULES + f"when mail category 'Tell' then notify '{BOSS}' with 'x'\n")
    port = _free_port()
    notify(tenant, port)
    tenant.mail("x@y.example", categories=["Tell"])
    tenant.sync()
    assert "relay 127.0.0.1 of [notify] cannot be used" in tenant.run("status").out
    with relay(port=port) as server:
        tenant.sync()
        tenant.sync()
        assert [to for to, _ in server.taken] == [[BOSS]]


def test_a_relay_that_refuses_is_reported_and_not_asked_again(tenant: Tenant) -> None:
    tenant.rules(RULES + f"when mail category 'Tell' then notify '{BOSS}' with 'x'\n")
    with relay(refuse=True) as server:
        notify(tenant, server.port)
        tenant.mail("x@y.example", categories=["Tell"])
        tenant.sync()
        server.refuse = False
        tenant.sync()
        assert server.taken == []
    assert tenant.sql("SELECT state FROM mxsync_journal") == [("failed",)]
    assert "refused a notification" in tenant.run("status").out


def test_killed_after_the_relay_took_it_the_second_sending_is_the_same_message(tenant: Tenant) -> None:
    """A relay cannot be asked what it has: the Message-ID is the same, so that mailboxes show one."""
    tenant.rules(RULES + f"when mail category 'Tell' then notify '{BOSS}' with 'x'\n")
    with relay() as server:
        notify(tenant, server.port)
        tenant.mail("x@y.example", categories=["Tell"])
        killed = tenant.run("sync", check=False, env={"MXSYNC_FAILPOINT": "journal.performed:kill"})
        assert killed.code == -9
        tenant.sync()
        tenant.sync()
        assert len({message["Message-ID"] for _, message in server.taken}) == 1
        assert len(server.taken) == 2


def test_a_relay_that_asks_for_a_password(tenant: Tenant) -> None:
    tenant.rules(RULES + f"when mail category 'Tell' then notify '{BOSS}' with 'x'\n")
    with relay(login=("mx", RELAY)) as server:
        notify(tenant, server.port, 'username = "mx"\npassword = { env = "RELAY_PASSWORD" }\n')
        tenant.mail("x@y.example", categories=["Tell"])
        tenant.sync(env={"RELAY_PASSWORD": "wrong"})
        assert server.taken == []
        said = tenant.run("status", env={"RELAY_PASSWORD": "wrong"}).out
        assert "cannot be used" in said and "wrong" not in said
        tenant.sync(env={"RELAY_PASSWORD": RELAY})
        assert [to for to, _ in server.taken] == [[BOSS]]


# -------------------------------------------------------------------------------------------------- hooks


def test_a_hook_that_is_a_program(tenant: Tenant) -> None:
    tenant.rules(RULES + "when mail category 'Call' then call hook ledger\n")
    program = tenant.root / "ledger.py"
    program.write_text(
        "import sys, pathlib\n"
        "text = sys.stdin.read()\n"
        "if pathlib.Path('broken').exists(): sys.exit('no ledger today')\n"
        "open('ledger.txt', 'a').write(text + '\\n')\n"
    )
    command = json.dumps([sys.executable, str(program)])
    configured(tenant, f"\n[hooks.ledger]\ncommand = {command}\n")
    tenant.mail("jane@acme.example", subject="Zahlung ü", categories=["Call"])
    tenant.sync()
    tenant.sync()
    (line,) = (tenant.root / "ledger.txt").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["hook"], told["subject"], told["kind"], told["mailbox"]) == ("ledger", "Zahlung ü", "mail", ANNA)
    assert told["key"]
    (tenant.root / "broken").touch()
    tenant.mail("jane@acme.example", categories=["Call"])
    tenant.sync()
    assert "the hook `ledger` ended with 1: no ledger today" in tenant.run("status").out


class _Web(BaseHTTPRequestHandler):
    answers: list[int]
    heard: list[tuple[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.headers["Idempotency-Key"], json.loads(body)))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def test_a_hook_that_is_an_address_is_tried_again_with_the_same_key(tenant: Tenant) -> None:
    tenant.rules(RULES + "when mail category 'Call' then call hook web\n")
    web = type("Web", (_Web,), {"answers": [503], "heard": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        configured(tenant, f'\n[hooks.web]\nurl = "http://127.0.0.1:{server.server_port}/in"\n')
        tenant.mail("jane@acme.example", subject="one", categories=["Call"])
        for _ in range(3):
            tenant.sync()
    finally:
        server.shutdown()
        server.server_close()
    assert [(key, body["subject"]) for key, body in web.heard] == [(web.heard[0][0], "one")] * 2


# -------------------------------------------------------------------------------------------------- the items themselves


def test_an_item_is_changed_copied_and_moved_once(tenant: Tenant) -> None:
    tenant.rules(
        RULES + "rule 'File'\n  in folders 'Inbox'\n  when mail category like 'File {project}'\n"
        "  then categorize 'Done', uncategorize 'File {project}', mark read, flag,\n"
        "       copy to folder 'Copies/{project}', move to folder 'Projects/{project}'\n"
    )
    tenant.mail("x@y.example", subject="hello", categories=["File Moon", "Kept"], name="one.eml")
    tenant.sync()
    box = tenant.root / "mailboxes" / ANNA
    assert not (box / "Inbox" / "one.eml").exists()
    (moved,) = (box / "Projects" / "Moon").glob("*.eml")
    (copied,) = (box / "Copies" / "Moon").glob("*.eml")
    message = message_from_bytes(moved.read_bytes(), policy=policy.default)
    assert sorted(each.strip() for each in message["Keywords"].split(",")) == ["Done", "Kept"]
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in box.rglob("*.eml")}
    assert set(before) == {moved, copied}
    tenant.sync()
    tenant.sync()
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in box.rglob("*.eml")} == before


# -------------------------------------------------------------------------------------------------- what waits for people


def test_what_is_held_for_review_is_not_done_and_people_are_told_once(tenant: Tenant) -> None:
    tenant.rules(
        RULES
        + "when mail category 'Create Contact' and from domain 'odd.example'\n  then hold for review 'an odd firm'\n"
    )
    with relay() as server:
        notify(tenant, server.port, f'alert = ["{IT}"]\n')
        for number in range(2):
            tenant.mail(f"Max Odd <max{number}@odd.example>", categories=["Create Contact"])
        tenant.sync()
        tenant.mail("Eva Odd <eva@odd.example>", categories=["Create Contact"])
        report = tenant.sync()
        ((to, message),) = server.taken
    assert tenant.count_rows("Contacts") == 0
    assert report["fates"]["held"] == 1
    assert to == [IT] and "an odd firm" in message.get_content() and "and 1 more" in message.get_content()
    assert "an odd firm" in tenant.run("status").out


def test_the_delete_brake_stops_deletes_nothing_and_a_person_lets_it_through(tenant: Tenant) -> None:
    tenant.rules(RULES + "rule 'Gone'\n  when mail deleted\n  then delete\n")
    tenant.contact("jane@acme.example")
    mails = [tenant.mail("jane@acme.example", subject=f"m{number}") for number in range(12)]
    tenant.sync()
    for path in mails[:11]:
        path.unlink()
    tenant.mail("jane@acme.example", subject="later")
    with relay() as server:
        notify(tenant, server.port, f'alert = ["{IT}"]\n')
        stopped = tenant.run("sync", check=False)
        again = tenant.run("sync", check=False)
        ((to, message),) = server.taken
    assert (stopped.code, again.code) == (4, 4)
    assert "11 of 13 items would have their rows deleted" in stopped.out + stopped.err
    assert to == [IT] and "mxsync review release" in message.get_content()
    assert tenant.count_rows("Emails") == 13  # everything else is done
    ((number, why),) = tenant.sql("SELECT number, why FROM mxsync_review")
    assert f"mxsync review release 'rules' '{ANNA}/Inbox'" in why
    assert f"{ANNA}/Inbox" in tenant.run("review", "list").out
    assert tenant.run("review", "reject", str(number), check=False).code != 0
    tenant.run("review", "accept", str(number))
    tenant.sync()
    assert sorted(subject for (subject,) in tenant.sql("SELECT Subject FROM Emails")) == ["later", "m11"]
    kept = tenant.sql("SELECT \"before\" FROM mxsync_audit WHERE action = 'delete'")
    assert len(kept) == 11 and all("acme.example" in before or "m" in before for (before,) in kept)
    assert tenant.count_rows("mxsync_review") == 0
    for number in range(14):  # a person's word holds once
        tenant.mail("jane@acme.example", subject=f"n{number}")
    tenant.sync()
    for path in (tenant.root / "mailboxes" / ANNA / "Inbox").glob("*.eml"):
        path.unlink()
    assert tenant.run("sync", check=False).code == 4
    assert tenant.count_rows("Emails") == 16


def test_what_rules_would_withdraw_is_held_and_let_through_by_its_folder(tenant: Tenant) -> None:
    tenant.rules(RULES)
    tenant.contact("jane@acme.example")
    for number in range(12):
        tenant.mail("jane@acme.example", subject=f"m{number}", name=f"{number}.eml")
    tenant.sync()
    inbox = tenant.root / "mailboxes" / ANNA / "Inbox"
    before = {path: path.read_bytes() for path in inbox.glob("*.eml")}
    for path, text in before.items():
        path.write_bytes(b"Sensitivity: Private\r\n" + text)
    assert tenant.run("sync", check=False).code == 4
    assert tenant.count_rows("Emails") == 12 and tenant.count_rows("mxsync_review") == 1
    for path, text in before.items():  # it was not meant: all is as before, and nobody waits
        path.write_bytes(text)
    assert tenant.run("sync").code == 0
    assert tenant.count_rows("mxsync_review") == 0
    assert tenant.run("review", "release", "rules", f"{ANNA}/Inbox", check=False).code == 1
    for path, text in before.items():
        path.write_bytes(b"Sensitivity: Private\r\n" + text)
    assert tenant.run("sync", check=False).code == 4
    tenant.run("review", "release", "rules", f"{ANNA}/Inbox")
    assert tenant.run("sync").code == 0
    assert tenant.count_rows("Emails") == 0 and tenant.count_rows("mxsync_review") == 0


def test_the_brake_can_be_set(tenant: Tenant) -> None:
    tenant.rules(RULES + "rule 'Gone'\n  when mail deleted\n  then delete\n")
    tenant.contact("jane@acme.example")
    mails = [tenant.mail("jane@acme.example", subject=f"m{number}") for number in range(12)]
    tenant.sync()
    for path in mails[:11]:
        path.unlink()
    configured(tenant, "\n[safety]\ndelete_brake = { share = 1.0, count = 100 }\n")
    tenant.sync()
    assert [subject for (subject,) in tenant.sql("SELECT Subject FROM Emails")] == ["m11"]


# -------------------------------------------------------------------------------------------------- what is kept how long


def test_traces_and_before_images_go_after_their_time_and_the_account_stays(tenant: Tenant) -> None:
    tenant.contact("jane@acme.example")
    tenant.mail("jane@acme.example")
    tenant.sync()
    number = len(tenant.sql("SELECT 1 FROM mxsync_audit"))
    assert tenant.sql("SELECT count(*) FROM mxsync_audit WHERE trace <> ''") != [(0,)]
    for table, column in (("audit", "at"), ("runs", "ended")):
        tenant.sql(f"UPDATE mxsync_{table} SET {column} = '2020-01-01T00:00:00+00:00'")
    tenant.sync()
    assert tenant.sql("SELECT count(*) FROM mxsync_audit WHERE trace <> ''") != [(0,)]  # pruned today already
    tenant.sql("UPDATE mxsync_meta SET value = '2020-01-01T00:00:00+00:00' WHERE name = 'pruned'")
    tenant.sync()
    assert tenant.sql("SELECT count(*) FROM mxsync_audit WHERE trace <> '' OR \"before\" <> ''") == [(0,)]
    assert len(tenant.sql("SELECT 1 FROM mxsync_audit")) == number
    assert tenant.sql("SELECT count(*) FROM mxsync_runs WHERE ended < '2021'") == [(0,)]
