"""Every fault outside the rule files, and what the engine is to do about each.

Faults *in* rule files are values (`mxsync.lang.diagnostics.Diagnostic`). Faults outside are the
exceptions below. Each class states its `disposition`; the engine branches on that alone, and the
command line turns `exit_code` into the process's own (product.md, section D).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum


class Disposition(Enum):
    """What the engine does when it meets an error."""

    RETRY = "retry"  # the same call again, after `retry_after` seconds
    SKIP_ITEM = "skip item"  # set the item aside with the reason, go on with the next
    REQUEUE = "requeue"  # the item changed under us: read it again in this pass
    RESYNCHRONISE = "resynchronise"  # the cursor is of no use any more: start the folder over
    SUSPEND_MAILBOX = "suspend mailbox"  # the other mailboxes go on
    STOP_PASS = "stop pass"  # nothing more can be done until a person acts


class MxsyncError(Exception):
    """The root. `str(error)` is a sentence: what, where, and what to do."""

    disposition = Disposition.STOP_PASS
    exit_code = 5


class ConfigError(MxsyncError):
    """The configuration or the command line is wrong."""

    exit_code = 2


class RulesRejected(MxsyncError):
    """The rule files have errors; `diagnostics` holds each one."""

    exit_code = 3

    def __init__(self, sentence: str, diagnostics: Sequence[object] = ()) -> None:
        super().__init__(sentence)
        self.diagnostics = tuple(diagnostics)


class ServerError(MxsyncError):
    """A mailbox server, a file store or a database answered badly or not at all."""

    disposition = Disposition.SUSPEND_MAILBOX


class Transient(ServerError):
    """It may work in a moment. `retry_after` is in seconds."""

    disposition = Disposition.RETRY

    def __init__(self, sentence: str, retry_after: float = 1.0) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class RateLimited(Transient):
    """The server asks for less."""


class TimedOut(Transient):
    """No answer in time; what was asked may have been done."""


class Unseen(TimedOut):
    """What was asked may have been done, and the server does not let it be seen."""


class Unavailable(Transient):
    """The server cannot be reached."""


class Refused(ServerError):
    """The server understood and said no to this one request."""

    disposition = Disposition.SKIP_ITEM


class NotFound(Refused):
    """The item or row is not there."""

    exit_code = 1


class AlreadyExists(Refused):
    """Something of that identity is there already."""


class BadContent(Refused):
    """The content cannot be read, or cannot be stored there."""

    exit_code = 1


class RevisionMismatch(ServerError):
    """The item changed since it was read."""

    disposition = Disposition.REQUEUE


class CursorExpired(ServerError):
    """The server no longer knows the point up to which changes were read."""

    disposition = Disposition.RESYNCHRONISE


class Unauthorized(ServerError):
    """Wrong credentials, or a right is missing."""


class ProtocolViolation(ServerError):
    """The server's answer does not follow its own protocol."""


class StateError(MxsyncError):
    """The tracking tables cannot be worked with."""


class Locked(StateError):
    """Another process works on this tenant."""


class Busy(Locked):
    """Another process works on a part of it, for the moment."""


class PlanMoved(StateError):
    """What `plan` has shown is not what would be done now."""

    exit_code = 1


class SchemaMismatch(StateError):
    """A table or column is not as the rules or the tracking schema expect."""
