"""The first part of a batch job: every record of the archive looked at once, and put in its place.

    records ──load──▶ Version, or the reason why not ──▶ ledger, many at a time

It goes on where it was stopped; an archive that has changed since is taken in anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Event
from typing import Final

from summarize.archive.records import Record, refused
from summarize.batch.watch import Watch
from summarize.errors import InputError, NoArticle, RetoldError, Stopped
from summarize.ledger.shelves import Shelves, Taken
from summarize.runners.threads import Threads

_MANY: Final = 500  # records that are put down together, at most
_OFTEN: Final = 1.0  # seconds between two times that records are put down, at most


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes records in; `stop`, once set, ends it after the record under way."""

    shelves: Shelves
    watch: Watch
    stop: Event
    clock: Callable[[], float] = time.monotonic

    def run(self, records: Iterator[Record], taken: int, limit: int | None, *, again: bool = False) -> int:
        """Take in what comes after the first `taken` records, up to `limit`; `again`: and what failed before it.

        Gives the number of the last record. Raises Stopped when interrupted, with what was taken in place, and
        LedgerError.
        """
        self.watch.begin("taking in", None)
        runner, last = Threads(1, self.stop), taken
        put: list[Taken] = []
        numbered = islice(enumerate(_unbroken(records), start=1), limit)
        due = self.clock() + _OFTEN
        wanted = (one for one in numbered if one[0] > taken or (again and self.shelves.failed(one[0])))
        for done in runner.map(_taken, wanted):
            if done.error is not None:
                self._put(put)
                raise done.error
            if done.result is None:
                continue
            put.append(done.result)
            last = max(last, done.result.record)
            self.watch.advance(failed=done.result.status == "failed")
            if len(put) >= _MANY or self.clock() >= due:
                self._put(put)
                due = self.clock() + _OFTEN
        self._put(put)
        if runner.interrupted or self.stop.is_set():
            raise Stopped("interrupted", hint="what was taken in is kept; the same command goes on")
        return last

    def _put(self, put: list[Taken]) -> None:
        if put:
            self.shelves.take(put)
            put.clear()


def _unbroken(records: Iterator[Record]) -> Iterator[Record]:
    """`records`; where a fault of ours breaks their reader, the last of them says so."""
    place = "the archive's start"
    try:
        for record in records:
            yield record
            place = f"after {record.place}"
    except RetoldError:
        raise
    except Exception as error:  # noqa: BLE001  # what was read is kept, and what broke it is told
        yield refused(place, InputError(own_fault(error)))


def _taken(numbered: tuple[int, Record]) -> Taken:
    """What a record is. Raises only what stops a run."""
    number, record = numbered
    try:
        return Taken(number, record.place, record.load())
    except NoArticle as error:
        return Taken(number, record.place, None, "skipped", reason(error))
    except RetoldError as error:
        if error.stops:
            raise
        return Taken(number, record.place, None, "failed", reason(error))
    except Exception as error:  # noqa: BLE001  # a fault of ours on one record must not end a run of millions
        return Taken(number, record.place, None, "failed", own_fault(error))


def reason(error: RetoldError) -> str:
    """What happened, without where: the record's place is known."""
    return _line(f"{error.what} ({error.hint})" if error.hint else error.what)


def own_fault(error: Exception) -> str:
    """The words for an error that is no RetoldError."""
    return _line(f"a fault of Retold's own: {type(error).__name__}: {error}") + " (please report it)"


def _line(told: str) -> str:
    """One line that a terminal prints as it stands, whoever wrote it."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in told[:500])
