"""What the configured mailbox servers cannot do, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable

from mxsync.lang import messages_rules, messages_warnings
from mxsync.lang.features import Features
from mxsync.lang.report import Report
from mxsync.lang.source import Span


def offered(features: Iterable[Features], name: str, report: Report, span: Span, plural: str) -> bool:
    """Whether any configured server can do it; a warning where some cannot. `name` is the field of `Features`."""
    servers = list(features)
    lacking = sorted(server.name for server in servers if not getattr(server, name))
    if not lacking:
        return True
    if len(lacking) < len(servers):
        report.add(messages_warnings.some_servers_cannot(span, plural, lacking))
        return True
    report.add(messages_rules.server_cannot(span, plural, lacking[0]))
    return False
