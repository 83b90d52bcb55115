"""Who may log in where, and what never leaves: passwords, redirects, entities, certificates, hosts of autodiscover."""

from __future__ import annotations

import base64
import datetime as dt
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import requests
from exchangelib.transport import AUTH_TYPE_MAP, GSSAPI

from mxsync.connectors.ews import Account, EwsConnector
from mxsync.connectors.ews.autodiscover import ANSWER, discover
from mxsync.errors import MxsyncError, ProtocolViolation, ServerError, Unauthorized
from mxsync.model.item import PUBLIC, Draft, Kind
from tests.servers.ews import EwsServer
from tests.servers.ews.clients import ANNA, connector_to, needs_schemas, settings_of
from tests.servers.ews.mailing import deliver, folder_at
from tests.telltales import EXCHANGE as PASSWORD

pytestmark = needs_schemas
BEN = "ben@ours.example"
MAIL = b"From: jane@acme.example\r\nSubject: x\r\n\r\nx\r\n"


@pytest.fixture
def server() -> Iterator[EwsServer]:
    with EwsServer() as server:
        server.store.add_mailbox("public")
        server.store.add_mailbox(ANNA, "Anna")
        server.store.add_mailbox(BEN, "Ben")
        yield server


def wrong(server: EwsServer, *mailboxes: str, **settings: object) -> list[str]:
    connector = connector_to(server, **settings)
    try:
        return list(connector.try_out(mailboxes))
    finally:
        connector.close()


# ------------------------------------------------------------ accounts


def test_impersonation_delegation_and_own_accounts(server: EwsServer) -> None:
    assert wrong(server, ANNA, BEN, PUBLIC) == ["", "", ""]
    server.impersonators.clear()
    (sentence,) = wrong(server, ANNA)
    assert "New-ManagementRoleAssignment -Role ApplicationImpersonation" in sentence
    (sentence,) = wrong(server, ANNA, access="delegate")
    assert "Add-MailboxPermission" in sentence
    server.delegates["svc-mxsync"] = {ANNA}
    assert wrong(server, ANNA, access="delegate") == [""]
    server.accounts[BEN] = "bens own"
    own = {BEN: Account(BEN, lambda: "bens own")}
    assert wrong(server, BEN, access="own", accounts=own) == [""]


def test_ntlm_logs_in_once_a_connection(server: EwsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handshake by an acceptor that is not ours (pyspnego), with the domain in the name."""
    server.ntlm = True
    users = tmp_path / "users"
    users.write_text("OURS:svc-mxsync:s3cret\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))
    account = Account("OURS\\svc-mxsync", lambda: "s3cret")
    assert wrong(server, ANNA, BEN, auth="ntlm", account=account) == ["", ""]
    said = [headers.get("authorization", "")[:4] for headers in server.seen_headers]
    # Nothing, the greeting, the answer to the challenge; the second mailbox goes over the same connection.
    assert said == ["", "NTLM", "NTLM", ""]
    (sentence,) = wrong(server, ANNA, auth="ntlm", account=Account("OURS\\svc-mxsync", lambda: "wr0ng"))
    assert "does not accept the login" in sentence and "wr0ng" not in sentence


def test_kerberos_without_its_package_says_how_to_install_it(
    server: EwsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "requests_gssapi", None)
    (sentence,) = wrong(server, ANNA, auth="kerberos")
    assert "needs one more package" in sentence and "pip install 'mxsync[kerberos]'" in sentence
    assert server.requests == {} and server.seen_headers == []


def test_kerberos_without_a_ticket_says_how_to_get_one(server: EwsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a stand-in for the package, which hands on the 401 where it has no ticket: no Kerberos is at hand here."""

    class HTTPSPNEGOAuth(requests.auth.AuthBase):
        def __init__(self, **_: object) -> None: ...

        def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
            return request

    package = ModuleType("requests_gssapi")
    package.OPTIONAL = 2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests_gssapi", package)
    monkeypatch.setitem(AUTH_TYPE_MAP, GSSAPI, HTTPSPNEGOAuth)
    (sentence,) = wrong(server, ANNA, auth="kerberos", account=Account())
    assert "has no ticket (`klist`, `kinit`)" in sentence and "setspn -Q HTTP/localhost" in sentence


def test_each_trouble_has_a_sentence_with_what_to_do(server: EwsServer) -> None:
    (sentence,) = wrong(server, "nobody@ours.example")
    assert "there is no mailbox of that address" in sentence and "Get-Mailbox" in sentence
    (sentence,) = wrong(server, ANNA, account=Account("svc-mxsync", lambda: "wrong"))
    assert "does not accept the login" in sentence
    server.fail("", "status", status=403)
    (sentence,) = wrong(server, ANNA)
    assert "Get-CASMailbox" in sentence
    server.fail("", "status", status=404)
    assert "is `url` right?" in wrong(server, ANNA)[0]
    for code, words in (
        ("ErrorMailboxMoveInProgress", "being moved"),
        ("ErrorMailboxStoreUnavailable", "not mounted"),
        ("ErrorServerBusy", "throttling"),
        ("ErrorAccountDisabled", "Enable-ADAccount"),
    ):
        server.fail("GetFolder", "code", code, times=3)
        assert words in wrong(server, ANNA)[0]
        server.faults.clear()
    server.fail("GetFolder", "code", "ErrorPublicFolderMailboxDiscoveryFailed")
    assert "Get-PublicFolder" in wrong(server, PUBLIC)[0]
    closed = server.url.replace(f":{server._http.server_address[1]}", ":9")
    assert "cannot be reached" in wrong(server, ANNA, url=closed)[0] or "broke" in wrong(server, ANNA, url=closed)[0]


# ------------------------------------------------------------ secrets


def test_the_password_is_written_nowhere(server: EwsServer, caplog: pytest.LogCaptureFixture) -> None:
    """Everything that any library logs at its most talkative, every text of an error, every repr."""
    caplog.set_level(logging.DEBUG)
    texts: list[str] = []
    connector = connector_to(server)
    connector.create(ANNA, "Inbox", Draft(Kind.MAIL, {"subject": "x"}), "key")
    for fault in ("cut before", "cut after", "cut inside"):
        server.fail("GetFolder", fault, times=3)
        texts += connector.try_out([ANNA])
        server.faults.clear()
    for status in (301, 401, 403, 404, 500, 503):
        server.fail("", "status", status=status, headers={"Location": "https://elsewhere.example/"})
        texts += connector.try_out([ANNA])
        connector._transport.throttle._until.clear()
    server.fail("", "body", body=b"<nonsense")
    texts += connector.try_out([ANNA])
    pool = next(iter(connector._transport._pools.values()))
    server.accounts["svc-mxsync"] = "0ther-S3cret"
    texts += connector.try_out([ANNA])
    texts += [
        repr(each) for each in (connector, connector.settings, connector.settings.account, connector._transport, pool)
    ]
    connector.close()
    texts += [record.getMessage() for record in caplog.records]
    texts += [str(record.exc_info) for record in caplog.records if record.exc_info]
    login = base64.b64encode(f"svc-mxsync:{PASSWORD}".encode()).decode()
    everything = "\n".join(texts)
    assert any(text for text in texts)
    for secret in (PASSWORD, login, login.rstrip("=")[4:], "0ther-S3cret"):
        assert secret not in everything


# ------------------------------------------------------------ answers that are refused


def test_redirects_are_not_followed(server: EwsServer) -> None:
    with EwsServer() as elsewhere:
        server.fail("", "status", status=302, headers={"Location": elsewhere.url})
        (sentence,) = wrong(server, ANNA)
        assert "sends to another address, and that is not followed" in sentence
        assert elsewhere.seen_headers == []


def test_entities_are_refused(server: EwsServer) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>&b;</s:Body></s:Envelope>'
    )
    connector = connector_to(server)
    server.fail("", "body", body=bomb)
    with pytest.raises(ProtocolViolation, match="document type"):
        connector.changes(ANNA, "", lambda mailbox, folder: {})
    connector.close()


# ------------------------------------------------------------ TLS


def issued(folder: Path, name: str) -> Path:
    """A key and a certificate of that name that nobody else has signed, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost."""
    return issued(tmp_path_factory.mktemp("tls"), "localhost")


def test_a_client_logs_in_by_its_certificate(certificate: Path, tmp_path: Path) -> None:
    mine, strangers = issued(tmp_path, "svc-mxsync"), issued(tmp_path, "stranger")
    both = tmp_path / "clients.pem"
    both.write_bytes(mine.read_bytes() + strangers.read_bytes())
    with EwsServer(certificate=certificate, clients=both) as server:
        server.store.add_mailbox(ANNA, "Anna")
        settings = {"auth": "certificate", "ca": certificate, "account": Account()}
        assert wrong(server, ANNA, certificate=mine, **settings) == [""]
        assert all("authorization" not in headers for headers in server.seen_headers)
        (sentence,) = wrong(server, ANNA, certificate=strangers, **settings)
        assert "does not accept the login" in sentence


def test_certificates_are_checked(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EwsServer(certificate=certificate) as server:
        server.store.add_mailbox(ANNA, "Anna")
        (sentence,) = wrong(server, ANNA)
        assert "the certificate of `localhost` is not trusted" in sentence and "`ca`" in sentence
        assert server.seen_headers == []
        assert wrong(server, ANNA, ca=certificate) == [""]
        # An environment variable does not widen the trust.
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert "not trusted" in wrong(server, ANNA)[0]


def test_a_certificate_of_another_host_is_not_trusted(certificate: Path) -> None:
    with EwsServer(certificate=certificate) as server:
        server.store.add_mailbox(ANNA, "Anna")
        elsewhere = server.url.replace("localhost", "127.0.0.1")
        assert "not trusted" in wrong(server, ANNA, ca=certificate, url=elsewhere)[0]


# ------------------------------------------------------------ autodiscover


def answer(url: str, kind: str = "EXPR") -> bytes:
    return (
        f'<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="{ANSWER}">'
        f"<Account><Protocol><Type>{kind}</Type><EwsUrl>{url}</EwsUrl></Protocol></Account></Response></Autodiscover>"
    ).encode()


def test_autodiscover_asks_the_named_hosts_and_believes_no_other() -> None:
    asked: list[str] = []

    def ask(url: str, question: bytes) -> bytes:
        asked.append(url)
        assert b"<EMailAddress>anna@ours.example</EMailAddress>" in question
        if "first" in url:
            raise ServerError("it is away")
        return answer("https://mail.ours.example/EWS/Exchange.asmx")

    hosts = ("first.ours.example", "mail.ours.example")
    assert discover(hosts, ANNA, ask) == "https://mail.ours.example/EWS/Exchange.asmx"
    assert asked == [f"https://{host}/autodiscover/autodiscover.xml" for host in hosts]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer("https://evil.example/EWS/Exchange.asmx"), "not one of the hosts of `autodiscover`"),
        (answer("http://mail.ours.example/EWS/Exchange.asmx"), "not one of the hosts of `autodiscover`"),
        (answer(""), "does not say where"),
        (answer("https://mail.ours.example/x", "EXCH").replace(b"EwsUrl>", b"RedirectUrl>"), "that is not followed"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "document type"),
    ],
)
def test_autodiscover_refuses_what_leads_elsewhere(given: bytes, words: str) -> None:
    with pytest.raises(MxsyncError, match=words):
        discover(("mail.ours.example",), ANNA, lambda url, question: given)


def looked(connector: EwsConnector) -> int:
    return len(connector.changes(ANNA, "", lambda mailbox, folder: {}).changes)


@pytest.mark.parametrize("left", ["a redirect", "nothing", "nobody"])
def test_a_mailbox_that_moves_to_another_server_is_found_by_asking_again(certificate: Path, left: str) -> None:
    there = [EwsServer(certificate=certificate) for _ in range(3)]
    asked, old, new = there
    with asked, old, new:
        for number, server in enumerate(there):
            server.store.add_mailbox(ANNA, "Anna")
            for _ in range(number):
                deliver(server.store, folder_at(server.store, ANNA, "Inbox"), MAIL)
        hosts = tuple(server.url.split("/")[2] for server in there)
        asked.autodiscover = old.url
        connector = connector_to(asked, url="", autodiscover=hosts, ca=certificate)
        assert looked(connector) == 1 and looked(connector) == 1
        assert asked.requests == {"Autodiscover": 1}
        asked.autodiscover = new.url
        if left == "nobody":
            old.__exit__()
            connector._transport.close()
        else:
            status, headers = (302, {"Location": new.url}) if left == "a redirect" else (404, {})
            old.fail("", "status", status=status, headers=headers, times=99)
        assert looked(connector) == 2
        assert asked.requests == {"Autodiscover": 2}
        # A host that is not named gets neither question nor login.
        asked.autodiscover = "https://elsewhere.example/EWS/Exchange.asmx"
        new.fail("", "status", status=404, times=99)
        with pytest.raises(ServerError, match="not one of the hosts of `autodiscover`"):
            looked(connector)
        connector.close()


def test_a_login_without_the_impersonation_right_is_unauthorised(server: EwsServer) -> None:
    server.impersonators.clear()
    connector = EwsConnector(settings_of(server))
    with pytest.raises(Unauthorized, match="may not act for the mailbox"):
        connector.changes(ANNA, "", lambda mailbox, folder: {})
    connector.close()
