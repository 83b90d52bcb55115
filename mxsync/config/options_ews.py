"""The options of a server of type `ews`: name, what it takes, what it means, its reader, its default."""

from __future__ import annotations

from mxsync.config import values
from mxsync.config.values import Reader

EWS_OPTIONS: tuple[tuple[str, str, str, Reader, str], ...] = (
    (
        "url",
        "a web address",
        "Where Exchange Web Services are, as in `https://mail.ours.example/EWS/Exchange.asmx`. Plain http to this "
        "machine only. Either this or `autodiscover`.",
        values.exchange_url,
        "",
    ),
    (
        "autodiscover",
        "a list of hosts",
        "Instead of `url`: the hosts that may be asked for it. No other is spoken to, whatever they answer.",
        values.texts(values.domain),
        "[]",
    ),
    (
        "auth",
        "`ntlm`, `basic`, `kerberos` or `certificate`",
        "How to log in. `kerberos` needs `pip install 'mxsync[kerberos]'`.",
        values.one_of("ntlm", "basic", "kerberos", "certificate"),
        '"ntlm"',
    ),
    (
        "access",
        "`impersonation`, `delegate` or `own`",
        "How mailboxes are opened: by one account that acts for their users, by one that has full access to them, or "
        "each with `username` and `password` of its `[[users]]`.",
        values.one_of("impersonation", "delegate", "own"),
        '"impersonation"',
    ),
    (
        "username",
        "a text",
        "The account that logs in, as `name@ours.example` or `OURS\\\\name`.",
        values.text,
        "",
    ),
    (
        "password",
        "a secret",
        "Its password, written like that of the database.",
        values.secret,
        "",
    ),
    (
        "public_folders",
        "an address",
        "The mailbox through which public folders are reached. Left out: they are not read.",
        values.email,
        "",
    ),
    (
        "ca",
        "a path",
        "A file with the certificates of the authority that signed the server's (PEM). Left out: the usual ones.",
        values.path,
        "",
    ),
    (
        "certificate",
        "a path",
        'For `auth = "certificate"`: a file with the client\'s certificate and its key (PEM).',
        values.path,
        "",
    ),
    (
        "verify",
        "`true` or `false`",
        "Whether the server's certificate is checked. `false` lets anybody on the way read passwords and mail; each "
        "start warns of it.",
        values.yes_or_no,
        "true",
    ),
    (
        "connections",
        "a number from 1 to 10",
        "The most connections that are open at once.",
        values.between(1, 10),
        "4",
    ),
)
