"""Every diagnostic code, with what `check --explain CODE` says of it: the tables of all message modules together."""

from __future__ import annotations

from typing import Final

from mxsync.lang import (
    messages_lists,
    messages_names,
    messages_rules,
    messages_syntax,
    messages_tables,
    messages_types,
    messages_warnings,
)
from mxsync.lang.diagnostics import CodeInfo

CODES: Final[dict[str, CodeInfo]] = {
    **messages_syntax.CODES,
    **messages_names.CODES,
    **messages_tables.CODES,
    **messages_types.CODES,
    **messages_rules.CODES,
    **messages_lists.CODES,
    **messages_warnings.CODES,
}
CATALOGUE: Final = CODES
