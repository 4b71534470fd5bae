"""What holds for every test: no network but loopback, no settings or colours from outside."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No deadline: no test here judges by the clock. Derandomised: the same run for everybody.
settings.register_profile("retold", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("retold")

LOOPBACK = {"127.0.0.1", "::1"}
_INTERNET = {socket.AF_INET, socket.AF_INET6}
_FOREIGN = ("RETOLD_", "OPENAI_")


def _check(sock: socket.socket, address: Any) -> None:  # noqa: ANN401  # whatever a socket takes
    if sock.family in _INTERNET and address[0] not in LOOPBACK:
        raise AssertionError(f"a test reached for the network: {address}")


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test that tried it."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked_connect(sock: socket.socket, address: Any) -> None:  # noqa: ANN401
        _check(sock, address)
        connect(sock, address)

    def checked_connect_ex(sock: socket.socket, address: Any) -> int:  # noqa: ANN401
        _check(sock, address)
        return connect_ex(sock, address)

    monkeypatch.setattr(socket.socket, "connect", checked_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", checked_connect_ex)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody's keys, servers, proxies, ledger or terminal width leak into a test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    for name in os.environ:
        if name.startswith(_FOREIGN) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "PYTHONPATH", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def story_files() -> tuple[Path, Path]:
    """The two versions of the story in fixtures/, the long one first."""
    folder = Path(__file__).resolve().parent.parent / "fixtures" / "stories" / "dmz-defection"
    return folder / "long.txt", folder / "short.txt"
