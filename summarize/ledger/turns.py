"""One process at a time for one question: who comes second finds it settled.

Linux' open-file-description locks on a byte of a file beside the ledger: the byte is the question's digest, and
a killed process holds nothing. Where there are none (macOS, Windows, some network disks), two processes may
ask the same question at the same moment; both answers are valid, and the later one is kept.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # told apart below

_GLANCE = 0.1  # seconds between two tries
_BYTES = 2**62


@contextmanager
def turn(ledger: Path, key: str, wait: Callable[[float], None]) -> Iterator[None]:
    """Hold the question with this key (hexadecimal) alone; `wait` is called with seconds while another does."""
    command = getattr(fcntl, "F_OFD_SETLK", None)
    descriptor = None if command is None else _opened(ledger)
    if fcntl is None or command is None or descriptor is None:
        yield
        return
    # struct flock of Linux: type, whence, start, length, process (0 for such locks)
    wanted = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, int(key[:16], 16) % _BYTES, 1, 0)
    try:
        while not _held(descriptor, command, wanted):
            wait(_GLANCE)
        yield
    finally:
        os.close(descriptor)  # lets go of the lock


def _opened(ledger: Path) -> int | None:
    try:
        return os.open(f"{ledger}-turns", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:  # no room, no right: the lock is a courtesy, the ledger itself will complain
        return None


def _held(descriptor: int, command: int, wanted: bytes) -> bool:
    try:
        fcntl.fcntl(descriptor, command, wanted)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a disk without such locks
        return True
    return True
