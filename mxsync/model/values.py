"""How values are declared: classes whose objects nobody changes once they are made.

`@value(frozen=True, slots=True)` is `dataclasses.dataclass` to the type checker, which refuses every assignment to a
field. At run time a frozen dataclass makes each of its objects with a call of `object.__setattr__` a field, which is a
twentieth of a pass: there the class is made without that guard, and is compared and hashed as a frozen one is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["value"]

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:
    from dataclasses import dataclass

    def value(*, frozen: bool, slots: bool, order: bool = False):
        """As `dataclass(frozen=True, slots=True)`, without the guard."""
        assert frozen, "what is changed is no value: use `dataclass`"

        def made(cls: type) -> type:
            own = "__hash__" in vars(cls)  # a class may say itself how it is hashed
            return dataclass(cls, slots=slots, order=order, unsafe_hash=not own)

        return made
