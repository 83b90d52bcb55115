"""The parser of arguments, with a word for who mistypes: the command or the option that was probably meant."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import NoReturn

_INVALID = re.compile(r"invalid choice: '([^']*)'")
_UNKNOWN = re.compile(r"unrecognized arguments: (-[-\w]*)")


class Parser(argparse.ArgumentParser):
    """As argparse's own, but for the words of its errors."""

    def error(self, message: str) -> NoReturn:
        """Ends the process with 2, after the usage and a sentence."""
        super().error(message + self._meant(message))

    def _meant(self, message: str) -> str:
        from mxsync.lang.suggest import nearest

        invalid, unknown = _INVALID.search(message), _UNKNOWN.search(message)
        if invalid is not None:
            wrong, known = invalid[1], set(self._choices())
        elif unknown is not None:
            wrong, known = unknown[1], set(self._options())
        else:
            return ""
        found = nearest(wrong, known)
        return f"; did you mean `{found}`?" if found and found != wrong else ""

    def _choices(self) -> Iterator[str]:
        for action in self._actions:
            yield from (str(choice) for choice in action.choices or ())

    def _options(self) -> Iterator[str]:
        """Those of this command, and of every command below it: what is unrecognised is told by the outermost one."""
        for action in self._actions:
            yield from action.option_strings
            if isinstance(action, argparse._SubParsersAction):
                for command in action.choices.values():
                    yield from command._option_string_actions
