"""Hands: threads that draw items one by one, for as long as nobody says stop.

What is under way is bounded by the number of hands and what is done by a queue as long, so an archive of any
length takes the memory of a few articles. The first interrupt (Ctrl-C) lets those under way finish; the
second leaves them.
"""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Generic, TypeVar

from summarize.errors import Stopped

T = TypeVar("T")
R = TypeVar("R")

_GLANCE = 0.5  # seconds between two looks for an interrupt, which some platforms hide from a waiting thread


@dataclass(frozen=True, slots=True)
class Done(Generic[R]):
    """The result for the item at `index`, or the `error` that `work` raised instead."""

    index: int
    result: R | None = None
    error: BaseException | None = None


@dataclass(slots=True)
class Threads:
    """`hands` threads at most. `stop`, once set, lets no hand draw another item."""

    hands: int = 1
    stop: threading.Event = field(default_factory=threading.Event)
    interrupted: bool = False

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[Done[R]]:
        """`work` done on each of `items`, in the order in which it is done; errors are results here.

        Items are drawn by the threads, one at a time. An error that `stops` a run lets no further item be
        drawn; so does closing the iterator. Raises Stopped at a second interrupt.
        """
        with self._interruptible():
            if self.hands <= 1:
                yield from self._alone(work, items)
            else:
                yield from self._together(work, items)

    def _alone(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[Done[R]]:
        for index, item in enumerate(items):
            if self.stop.is_set():
                return
            done = _done(work, index, item)
            yield done
            if getattr(done.error, "stops", False):
                return

    def _together(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[Done[R]]:
        crew = _Crew(work, items, self)
        for i in range(self.hands):
            threading.Thread(target=crew.hand, name=f"hand-{i}", daemon=True).start()
        left = self.hands
        try:
            while left:
                try:
                    result = crew.done.get(timeout=_GLANCE)
                except queue.Empty:
                    continue
                if result is None:
                    left -= 1
                else:
                    yield result
        finally:
            crew.over.set()

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """The first interrupt only sets `stop`, wherever it finds the main thread; the second raises Stopped."""

        def interrupt(_signal: int, _frame: FrameType | None) -> None:
            if self.interrupted:
                hint = "what was settled is kept; the same command goes on"
                raise Stopped("interrupted, and requests under way were left", hint=hint)
            self.interrupted = True
            self.stop.set()

        deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # a job in the background, by its shell's wish
        if deaf or threading.current_thread() is not threading.main_thread():  # signals are the main thread's
            yield
            return
        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


class _Crew(Generic[T, R]):
    """Hands at one piece of work: what they draw from, and where they put what is done."""

    def __init__(self, work: Callable[[T], R], items: Iterable[T], threads: Threads) -> None:
        self._work, self._items, self._stop = work, iter(enumerate(items)), threads.stop
        self._drawing = threading.Lock()
        self._halted = threading.Event()  # nothing more is drawn; what is done is still taken
        self.over = threading.Event()  # nobody takes any more
        self.done: queue.Queue[Done[R] | None] = queue.Queue(maxsize=2 * threads.hands)

    def hand(self) -> None:
        """Draw and work until nothing is left, or somebody says stop."""
        try:
            while not (self._stop.is_set() or self._halted.is_set() or self.over.is_set()):
                with self._drawing:
                    pair = next(self._items, None)
                if pair is None:
                    break
                done = _done(self._work, *pair)
                if getattr(done.error, "stops", False):
                    self._halted.set()  # at once, not when somebody takes it: others would meet the same
                self._put(done)
        except BaseException as error:  # noqa: BLE001  # drawing itself failed: told in the main thread
            self._put(Done(-1, error=error))
        finally:
            self._put(None)

    def _put(self, done: Done[R] | None) -> None:
        """Hand over, unless nobody takes any more."""
        while True:
            try:
                self.done.put(done, timeout=_GLANCE)
            except queue.Full:
                if self.over.is_set():
                    return
            else:
                return


def _done(work: Callable[[T], R], index: int, item: T) -> Done[R]:
    try:
        return Done(index, work(item))
    except BaseException as error:  # noqa: BLE001  # handed to the caller, who knows which end a run
        return Done(index, error=error)
