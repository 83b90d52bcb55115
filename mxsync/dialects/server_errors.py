"""The faults of a server's driver, as SQLAlchemy passes them on or as the driver's own cursor raises them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mxsync.errors import MxsyncError, Unavailable


@contextmanager
def errors_of(driver: type[Exception], told: Callable[[BaseException | None], MxsyncError]) -> Iterator[None]:
    """Turns the exceptions of a driver into those of `mxsync.errors`, with what `told` makes of each."""
    try:
        yield
    except DBAPIError as error:
        raise told(error.orig) from error
    except driver as error:
        raise told(error) from error
    except PoolTimeout as error:
        raise Unavailable("all connections to the database are taken for more than 30 seconds", 5.0) from error
    except SQLAlchemyError as error:
        raise Unavailable(f"the database cannot be used: {error.args[0]}", 10.0) from error
