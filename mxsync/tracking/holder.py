"""Who holds a lease: a process of a machine, told apart from a later one with the same number by when it started."""

from __future__ import annotations

import os
import socket

import psutil


def this_process() -> str:
    """'HOST PID START', START in seconds of the epoch with two decimals."""
    pid = os.getpid()
    return f"{socket.gethostname()} {pid} {psutil.Process(pid).create_time():.2f}"


def where_of(holder: str) -> str:
    """The holder in words."""
    host, _, rest = holder.partition(" ")
    return f"process {rest.partition(' ')[0]} on {host}"


def alive(holder: str) -> bool | None:
    """Whether that process lives; None when it is another machine's and cannot be asked."""
    host, _, rest = holder.partition(" ")
    pid, _, start = rest.partition(" ")
    if host != socket.gethostname() or not pid.isdigit():
        return None
    try:
        process = psutil.Process(int(pid))
        return abs(process.create_time() - float(start)) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError):
        return False
    except psutil.AccessDenied:
        return True
