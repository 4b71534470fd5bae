"""The second part of a batch job: which of its articles tell one story (see summarize.stories)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from threading import Event

from summarize.batch.watch import Watch
from summarize.errors import Stopped
from summarize.ledger.shelves import Shelves
from summarize.ledger.units import Unit, Units
from summarize.stories import Grouped, Rules, Stories, Telling


def group(shelves: Shelves, units: Units, rules: Rules, watch: Watch, stop: Event) -> None:
    """Lay down the stories of all articles that are to be read. Raises Stopped, with nothing changed."""
    watch.begin("finding stories", None)
    with Stories(rules) as stories:
        for record, version in shelves.articles():
            if stop.is_set():
                raise Stopped("interrupted", hint="the same command goes on")
            known = (version.headline, version.outlet, version.published, version.url, version.story)
            stories.add(Telling(record, version.text[version.body_start :], *known))
            watch.advance()
        units.lay(_units(stories.groups(), rules.most), ((n.a, n.b, n.how, n.why) for n in stories.links()))


def _units(groups: Iterable[Grouped], most: int) -> Iterator[tuple[Unit, Sequence[int]]]:
    """A unit for each story; one with more versions than `most` is told as failed, and its articles are left alone."""
    for found in groups:
        first, many = found.members[0], len(found.members)
        name = " ".join("".join(c if c.isprintable() else " " for c in found.name).split()) or f"story-{first}"
        named = f"{found.revisions} {' '.join(map(str, found.members))}"
        key = hashlib.sha256(named.encode()).hexdigest()[:32]
        unit = Unit(first, name, found.how, found.why, found.revisions, many, key)
        if many <= most:
            yield unit, found.members
            continue
        what = f"more than {most} versions: each was read by itself (--most-versions raises the limit)"
        yield Unit(-first, name, found.how, found.why, found.revisions, many, key, what), ()
