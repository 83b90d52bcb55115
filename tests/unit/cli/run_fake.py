"""`mxsync run` in a process of its own, on a tenant of memory: python run_fake.py FOLDER [OPTION …]."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

sys.path[:0] = [str(Path(__file__).parents[3]), str(Path(__file__).parents[1] / "service")]

from service_fakes import FakeTenant  # noqa: E402 - found by the line above

from mxsync.cli.main import main  # noqa: E402


class Tenant(FakeTenant):
    """With what the command line needs of the real one."""

    @classmethod
    @contextmanager
    def open(cls, config, *, read_only=False, once=False):
        tenant = cls(config)
        tenant.locked = 1 if (config.folder / "in-use").exists() else 0
        yield tenant


module = ModuleType("mxsync.bootstrap")
module.Tenant = Tenant
sys.modules["mxsync.bootstrap"] = module

if __name__ == "__main__":
    sys.exit(main(["run", "-c", str(Path(sys.argv[1]) / "mxsync.toml"), *sys.argv[2:]]))
