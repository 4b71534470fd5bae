"""Where things lie that outlive a run: the ledger, the vocabularies."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def ledger_path(given: str) -> Path:
    """The ledger's file: as `given`, else in the user's cache folder. No folder is made."""
    if given:
        return Path(given).expanduser()
    return _cache_folder() / "ledger.sqlite"


def vocabulary_folder(environ: Mapping[str, str] | None = None, file: str = "") -> Path:
    """Where tiktoken's vocabularies are kept: the folder `file` is in, or the one a new file goes to.

    TIKTOKEN_CACHE_DIR or DATA_GYM_CACHE_DIR, as for tiktoken. Without them our own cache folder, which outlives
    a restart; tiktoken's, in the temporary folder, is read where only it has the file. No folder is made.
    """
    env = os.environ if environ is None else environ
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if env.get(variable):
            return Path(env[variable])
    own = _cache_folder() / "tiktoken"
    theirs = Path(tempfile.gettempdir()) / "data-gym-cache"
    return theirs if file and not (own / file).is_file() and (theirs / file).is_file() else own


def _cache_folder() -> Path:
    import platformdirs  # noqa: PLC0415  # not needed to start

    return platformdirs.user_cache_path("retold")
