"""Prometheus metrics, when they are asked for: `mxsync run --metrics 127.0.0.1:9464`."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from mxsync.errors import ConfigError
from mxsync.model.outcome import PassReport
from mxsync.service.logs import log

if TYPE_CHECKING:
    import threading
    from wsgiref.simple_server import WSGIServer

_log = log("service")
PORT = 9464
"""The port that OpenTelemetry reserves for Prometheus exporters."""


def metrics_address(text: str) -> tuple[str, int]:
    """'127.0.0.1:9464', '[::1]:9464', ':9464' or '9464' as host and port; this machine alone unless a host is given.
    Raises `ConfigError`."""
    host, _, port = text.strip().rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not port:
        port = str(PORT)
    if not port.isascii() or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ConfigError(f"`{text}` is not an address for metrics; write it as in 127.0.0.1:{PORT}")
    return host, int(port)


class Metrics:
    """Counts what `Health` passes on, and serves it over HTTP while the block runs."""

    def __init__(self, address: tuple[str, int]) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.address = address
        self.registry = CollectorRegistry()
        self._items = Counter("mxsync_items", "Items decided, by what became of them", ["fate"], registry=self.registry)
        self._rows = Counter("mxsync_rows", "Rows written", ["entity", "action"], registry=self.registry)
        self._passes = Counter("mxsync_passes", "Passes over a mailbox", ["mailbox", "outcome"], registry=self.registry)
        self._seconds = Histogram("mxsync_pass_seconds", "How long a pass over a mailbox took", registry=self.registry)
        self._failing = Gauge(
            "mxsync_mailbox_failing", "1 while a mailbox cannot be synchronised", ["mailbox"], registry=self.registry
        )
        self._braked = Gauge(
            "mxsync_mailbox_braked", "1 while the delete brake holds deletions", ["mailbox"], registry=self.registry
        )
        self._reloads = Counter("mxsync_rules_reloads", "Changes of rule files", ["outcome"], registry=self.registry)
        self._rejected = Gauge(
            "mxsync_rules_rejected", "1 while the rule files have errors and older rules are in force",
            registry=self.registry,
        )  # fmt: skip
        self._rules = Gauge("mxsync_rules_info", "The rules in force", ["digest"], registry=self.registry)
        self._server: WSGIServer | None = None
        self._thread: threading.Thread | None = None

    def pass_done(self, mailbox: str, seconds: float, report: PassReport) -> None:
        self._passes.labels(mailbox, "done").inc()
        self._seconds.observe(seconds)
        self._failing.labels(mailbox).set(0)
        self._braked.labels(mailbox).set(1 if report.stopped_by_brake else 0)
        for fate, number in report.fates.items():
            self._items.labels(str(fate)).inc(number)
        for action, counts in (("created", report.created), ("updated", report.updated)):
            for entity, number in counts.items():
                self._rows.labels(entity, action).inc(number)

    def pass_failed(self, mailbox: str) -> None:
        self._passes.labels(mailbox, "failed").inc()
        self._failing.labels(mailbox).set(1)

    def rules_loaded(self, digest: str) -> None:
        self._reloads.labels("in force").inc()
        self._rejected.set(0)
        self._rules.clear()
        self._rules.labels(digest).set(1)

    def rules_rejected(self) -> None:
        self._reloads.labels("rejected").inc()
        self._rejected.set(1)

    def __enter__(self) -> Metrics:
        from prometheus_client import start_http_server

        host, port = self.address
        try:
            self._server, self._thread = start_http_server(port, host, registry=self.registry)
        except OSError as error:
            raise ConfigError(
                f"metrics cannot be served on {host}:{port}: {error.strerror or error}; choose another address"
            ) from error
        self.address = (host, self._server.server_port)
        shown = f"[{host}]" if ":" in host else host
        _log.info("metrics are served on http://%s:%s/metrics", shown, self.address[1])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
