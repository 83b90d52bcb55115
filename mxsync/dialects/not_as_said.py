"""What a database that lacks a table or column is said to lack, whatever its driver calls that."""

from __future__ import annotations

from mxsync.errors import SchemaMismatch


def not_as_said(said: str) -> SchemaMismatch:
    """`said` is the driver's own sentence, without its full stop. A table of mxsync's own is nothing that the rules
    could be wrong about."""
    if "mxsync_" in said:
        return SchemaMismatch(
            f"the tracking tables are not all there, or this user may not see them: {said}. `mxsync schema install` "
            "makes what is missing, and the end of `mxsync schema show` says which rights are needed"
        )
    return SchemaMismatch(f"the database is not as the rules say: {said}. `mxsync check` tells where")
