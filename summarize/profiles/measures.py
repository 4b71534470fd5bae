"""What is measured in one story: for each outlet that tells it a figure, and the mean of the others' beside it.

An outlet's several articles in a story are pooled, so that a story counts once. The others' figure is the mean of
their figures, each outlet once. A figure that an outlet cannot have (no claim of this kind that another states, no
voice to share) leaves the story out for it, and it out of the others' mean; where no other outlet can have it, the
outlet's own figure stands, compared with nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from summarize.profiles.sums import FIX, Measure, Value
from summarize.profiles.told import Told

ALL: Final = "all"
_TELLS: Final = frozenset({"states", "partly", "contradicts"})
_PER: Final = 1_000  # words
_PARTS: Final = 1 << 20  # of a share that came as a number with a point
TONES: Final = ("tone_author", "intensity_author", "tone_headline", "intensity_headline")
# A tone, a frame or a role is no side: they have figures of their own, or none.
SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "omission": ("tells", "silent", "tells as much elsewhere", "tells without it"),
    "contradiction": ("states", "contradicts"),
    "numeric": ("higher", "lower", "between", "other"),
    "attribution": ("own voice", "named speaker", "unnamed speaker", "quotes other words"),
    "certainty": ("asserted", "hedged", "unconfirmed"),
    "causal": ("gives a cause", "gives none"),
    "prominence": ("headline", "lede", "late", "close"),
    "wording": ("loaded", "plain"),
    "portrayal": (),
    "framing": (),
    "tone": (),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """Measures that are taken in the same stories (`base` names how these are chosen).

    `of`: outlet → of how many a figure is the share (claims, voices, words, or 1). `counts`: measure → outlet → how
    many; an outlet that is not there has 0. A figure is count × `times` / of / `parts`.
    """

    base: str
    of: Mapping[str, int]
    counts: Mapping[Measure, Mapping[str, int]]
    times: int = 1
    parts: int = 1

    def entries(self, outlet: str, totals: Mapping[Measure, int]) -> Iterator[Value]:
        """Measure, this outlet's figure, the mean of the others' (both in parts of one), and its count.

        Where nobody has anything of it, there is none: it is 0.
        """
        others = max(1, len(self.of) - 1)
        for measure, total in totals.items():
            counts = self.counts[measure]
            own = self.figure(outlet, counts)
            yield measure, own, (total - own) // others, counts.get(outlet, 0)

    def totals(self) -> dict[Measure, int]:
        """Measure → the sum of all outlets' figures, in parts of one; only where an outlet has any."""
        found = self.counts.items()
        return {m: sum(self.figure(outlet, counts) for outlet in self.of) for m, counts in found if counts}

    def figure(self, outlet: str, counts: Mapping[str, int]) -> int:
        """An outlet's figure, in parts of one."""
        count = counts.get(outlet)
        return count * FIX * self.times // (self.of[outlet] * self.parts) if count else 0


def panels(story: Told, *, weak: bool) -> Iterator[Panel]:
    """All that is measured in a story; `weak`: the engine does not stand by its tone and frames."""
    yield from _claims(story)
    yield _differences(story)
    yield _wording(story)
    yield from _voices(story)
    if not weak:
        yield from _tones(story)
        yield _frames(story)


def _claims(story: Told) -> Iterator[Panel]:
    """Silence, and what was not found: of the claims that another outlet states."""
    kinds: dict[str, str] = {}
    seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in story.positions:
        kinds[row.claim] = row.kind
        seen[row.claim][row.outlet].add(row.status)
    asked: dict[str, Counter[str]] = defaultdict(Counter)
    found: dict[Measure, Counter[str]] = defaultdict(Counter)
    for claim, outlets in seen.items():
        stating = {outlet for outlet, statuses in outlets.items() if "states" in statuses}
        if not stating:
            continue
        kind, alone = kinds[claim], next(iter(stating)) if len(stating) == 1 else None
        for outlet, statuses in outlets.items():
            if outlet == alone:
                continue
            asked[kind][outlet] += 1
            asked[ALL][outlet] += 1
            if section := _missing(statuses):
                found[Measure(section, kind)][outlet] += 1
                found[Measure(section, ALL)][outlet] += 1
    for kind, of in asked.items():
        measures = (Measure(section, kind) for section in ("silence", "not_found"))
        yield Panel(f"claims {kind}", of, {m: found[m] for m in measures})


def _missing(statuses: set[str]) -> str:
    """Which silence an outlet's articles keep together: that of the one that is not sure counts; "" for none."""
    if statuses & _TELLS:
        return ""
    return "silence" if statuses == {"silent"} else "not_found"


def _differences(story: Told) -> Panel:
    """How many differences with another outlet it takes part in, by kind and side."""
    between: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in story.differences:
        between[row.difference, row.kind][row.outlet].add(row.direction or "")
    counts: dict[Measure, Counter[str]] = defaultdict(Counter)
    for (_, kind), outlets in between.items():
        if len(outlets) > 1:
            for outlet, directions in outlets.items():
                counts[Measure("differences", kind)][outlet] += 1
                for side in directions & set(SIDES.get(kind, ())):
                    counts[Measure("differences", kind, side)][outlet] += 1
    return Panel("together", dict.fromkeys(story.outlets, 1), counts)


def _wording(story: Told) -> Panel:
    """Loaded wordings for 1,000 words."""
    words: Counter[str] = Counter()
    for read in story.readings:
        words[read.outlet] += read.read_words or 0
    of = +words  # only outlets of which there are any
    counts = Counter(row.outlet for row in story.wording if row.outlet in of)
    return Panel("words", of, {Measure("wording", "loaded"): counts}, times=_PER)


def _voices(story: Told) -> Iterator[Panel]:
    """Whose voices: of all voices those of a kind, named, quoted; and the share of the text that reports any."""
    of = Counter(voice.outlet for voice in story.voices)
    counts: dict[Measure, Counter[str]] = defaultdict(Counter)
    text: Counter[str] = Counter()
    for voice in story.voices:
        outlet = voice.outlet
        counts[Measure("voices", "kind", voice.kind)][outlet] += 1
        counts[Measure("voices", "manner", voice.manner)][outlet] += 1
        counts[Measure("voices", "named")][outlet] += bool(voice.named)
        text[outlet] += round((voice.share or 0.0) * _PARTS)
    yield Panel("voices", of, counts)
    yield Panel("text", story.outlets, {Measure("voices", "text"): text}, parts=_PARTS)
    yield Panel("number", story.outlets, {Measure("voices", "number"): of})


def _tones(story: Told) -> Iterator[Panel]:
    """The mean tone and intensity of its articles, of each scope that is judged in the author's name."""
    for name in TONES:
        of: Counter[str] = Counter()
        sums: Counter[str] = Counter()
        for read in story.readings:
            value = getattr(read, name)
            if value is not None:
                of[read.outlet] += 1
                sums[read.outlet] += value
        yield Panel(name, of, {Measure("tone", name): sums})


def _frames(story: Told) -> Panel:
    """The share of its articles with each primary frame: 1 or 0 for one article."""
    of = Counter(read.outlet for read in story.readings if read.frame)
    counts: dict[Measure, Counter[str]] = defaultdict(Counter)
    for read in story.readings:
        if read.frame:
            counts[Measure("framing", read.frame)][read.outlet] += 1
    return Panel("frames", of, counts)
