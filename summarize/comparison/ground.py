"""The ground that differences stand on: a story's sentences, anchors and words, looked up by version."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from summarize.anchors import Anchor, anchors, title_words
from summarize.comparison.texts import AKIN, MENTIONS, Texts
from summarize.copies import Origin, origins
from summarize.evidence import Evidence, part
from summarize.news import Story
from summarize.reading import Reading
from summarize.text.view import fold
from summarize.text.words import content, words

_AHEAD = 40  # code points behind a number in which what it counts is named
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
FIGURES = frozenset({"number", "date"})


class Ground(Texts):
    """A story, its readings, and what code knows of its texts: see Texts for the words, here for the anchors."""

    def __init__(self, story: Story, readings: Mapping[str, Reading]) -> None:
        super().__init__(story)
        self.readings = readings
        self.anchors: dict[str, tuple[Anchor, ...]] = {v: anchors(a) for v, a in self.articles.items()}
        self.labels = {v: a.version.label for v, a in self.articles.items()}

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """The versions, near-copies of one text together; each alone in a story of revisions."""
        if self.story.revisions:
            return tuple(Origin((v,), 1.0) for v in self.articles)
        return origins(list(self.articles.values()))

    @cached_property
    def _origin(self) -> dict[str, int]:
        return {v: i for i, origin in enumerate(self.origins) for v in origin.versions}

    def origins_of(self, versions: Iterable[str]) -> int:
        """How many independent origins some versions are of."""
        return len({self._origin[v] for v in versions})

    @cached_property
    def _by_key(self) -> dict[tuple[str, tuple[str, str]], list[int]]:
        found: dict[tuple[str, tuple[str, str]], list[int]] = {}
        for version, listed in self.anchors.items():
            for anchor in listed:
                found.setdefault((version, anchor.key), []).append(anchor.sentence)
        return found

    @cached_property
    def _by_sentence(self) -> dict[tuple[str, int], list[Anchor]]:
        found: dict[tuple[str, int], list[Anchor]] = {}
        for version, listed in self.anchors.items():
            for anchor in listed:
                found.setdefault((version, anchor.sentence), []).append(anchor)
        return found

    def occurrences(self, version: str, anchor: Anchor) -> list[int]:
        """Numbers of the version's sentences that hold the same anchor."""
        return self._by_key.get((version, anchor.key), [])

    def same(self, version: str, anchor: Anchor) -> list[Anchor]:
        """The version's anchors that are the same."""
        return [
            a
            for n in dict.fromkeys(self.occurrences(version, anchor))
            for a in self._by_sentence[version, n]
            if a.key == anchor.key
        ]

    def within(self, evidence: Iterable[Evidence], kinds: Iterable[str]) -> list[tuple[Anchor, Evidence]]:
        """Anchors of `kinds` inside `evidence`, each with its own words as evidence.

        What stands in the name of a speaker ("two officials") belongs to who says it, not to what is said.
        """
        wanted = set(kinds)
        return [
            (a, part(self.articles[e.version], *a.span))
            for e in evidence
            for a in self._by_sentence.get((e.version, e.sentence), ())
            if a.kind in wanted and e.start <= a.span.start and a.span.end <= e.end and not self._names_a_speaker(e, a)
        ]

    def _names_a_speaker(self, e: Evidence, anchor: Anchor) -> bool:
        return any(
            a.kind == "speaker" and a != anchor and a.span.start <= anchor.span.start and anchor.span.end <= a.span.end
            for a in self._by_sentence[e.version, e.sentence]
        )

    def names(self, version: str, anchor: Anchor) -> bool:
        """Whether a version may have a name: a capitalised word of it, titles apart, or one akin to it.

        "Trump" for "President Donald Trump", "Christian" for "Christianity", "US" for "U.S.".
        """
        mine = {word[:AKIN] for word in _words_of(anchor) if len(word) > 1}
        return not mine or not self.vocabulary[version].isdisjoint(mine)

    def named_in_part(self, version: str, anchor: Anchor) -> set[int]:
        """Numbers of the version's sentences that hold a name which shares a word with this one ("Lopez")."""
        return set().union(*(self._named[version].get(word, ()) for word in _words_of(anchor)))

    @cached_property
    def _named(self) -> dict[str, dict[str, set[int]]]:
        """By version and word of a name that is not all over the story: the sentences it stands in."""
        found: dict[str, dict[str, set[int]]] = {v: {} for v in self.anchors}
        for version, listed in self.anchors.items():
            for anchor in listed:
                if anchor.kind == "name" and not self.common(anchor):
                    for word in _words_of(anchor):
                        found[version].setdefault(word, set()).add(anchor.sentence)
        return found

    def common(self, anchor: Anchor) -> bool:
        """Whether a name is too frequent in the story to tell one claim from another."""
        return anchor.key in self._common

    @cached_property
    def _common(self) -> frozenset[tuple[str, str]]:
        return frozenset(key for (_, key), where in self._by_key.items() if len(set(where)) > MENTIONS)

    def top(self, version: str, number: int) -> bool:
        """Whether a sentence belongs to the headline, the bullets above the body, or the first paragraph."""
        first = next((s.paragraph for s in self.read[version] if s.role == "body"), 0)
        sentence = self.articles[version].sentences[number - 1]
        return sentence.paragraph <= first

    def place(self, version: str, number: int) -> tuple[int, float]:
        """How many sentences come before this one, and as a share (0 to 1) of all that are read."""
        before = sum(s.number < number for s in self.read[version])
        return before, before / max(1, len(self.read[version]))

    def same_words(self, left: Iterable[Evidence], right: Iterable[Evidence]) -> bool:
        """Whether two sides are the same words, typography apart."""
        return sorted(fold(e.exact) for e in left) == sorted(fold(e.exact) for e in right)

    def label(self, version: str) -> str:
        """What a reader knows a version by."""
        return self.labels[version]

    def comparable(self, version: str, teller: str, anchor: Anchor) -> list[Anchor]:
        """Other figures of a version for the kind of thing that `teller` counts: "74 people" for "31 people"."""
        mine = self._thing(teller, anchor)
        return [
            a
            for a in self.anchors[version]
            if a.kind == anchor.kind and a.value != anchor.value and not mine.isdisjoint(self._thing(version, a))
        ]

    def _thing(self, version: str, anchor: Anchor) -> frozenset[str]:
        """What a number counts: the stems of the next two words; its unit where it is a share or money."""
        text = self.articles[version].version.text
        if anchor.kind != "number":
            return frozenset({"weekday"} if anchor.kind == "date" and anchor.value.isalpha() else ())
        if anchor.value.endswith("%") or text[anchor.span.start] in "$€£¥₩":
            return frozenset({anchor.value[-1:] if anchor.value.endswith("%") else "money"})
        following = words(text, anchor.span.end, anchor.span.end + _AHEAD)[:2]
        return frozenset(w.stem for w in content(following) if not w.low.isdigit())

    def one_thing(self, teller: str, anchor: Anchor, version: str, other: Anchor) -> bool:
        """Whether two numbers may count the same kind of thing: what they count is the same, or unknown."""
        mine, theirs = self._thing(teller, anchor), self._thing(version, other)
        return not mine or not theirs or not mine.isdisjoint(theirs)

    def one_point(self, teller: str, anchor: Anchor, version: str, other: Anchor) -> bool:
        """Whether two comparable figures stand in a like context: a word near both, besides what they count."""
        near = [self._near(v, a) - self._thing(v, a) for v, a in ((teller, anchor), (version, other))]
        return not near[0].isdisjoint(near[1])

    def _near(self, version: str, anchor: Anchor) -> frozenset[str]:
        """Stems of the content words close to an anchor, in its sentence."""
        sentence = self.articles[version].sentences[anchor.sentence - 1]
        low, high = max(sentence.start, anchor.span.start - _AHEAD), min(sentence.end, anchor.span.end + _AHEAD)
        found = words(self.articles[version].version.text, low, high)
        return frozenset(w.stem for w in content(found) if not w.low.isdigit())

    def order_of(self, sides: Mapping[str, tuple[Evidence, ...]]) -> dict[str, str]:
        """By version, whether its figure is the "higher" or "lower" one, or just "other" where that cannot be told."""
        values = {v: [a for a, _ in self.within(side, FIGURES)] for v, side in sides.items()}
        numbers = {
            v: float(found[0].value) for v, found in values.items() if found and _PLAIN.fullmatch(found[0].value)
        }
        if len(numbers) < len(sides) or len(set(numbers.values())) < 2:  # noqa: PLR2004
            return dict.fromkeys(sides, "other")
        least, most = min(numbers.values()), max(numbers.values())
        return {v: "lower" if n == least else "higher" if n == most else "between" for v, n in numbers.items()}

    def in_order(self, versions: Iterable[str]) -> list[str]:
        """Versions in an order that does not depend on how they were given: by label."""
        return sorted(versions, key=lambda v: (self.labels[v], v))

    def listed(self, versions: Iterable[str]) -> str:
        """Labels of versions as running words, near-copies of one text together: "A (and its copies B, C) and D"."""
        groups: dict[int, list[str]] = {}
        for v in self.in_order(versions):
            groups.setdefault(self._origin[v], []).append(self.labels[v])
        named = [_with_copies(group) for group in groups.values()]
        return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _with_copies(labels: list[str]) -> str:
    first, *copies = labels
    if not copies:
        return first
    return f"{first} (and its near-{'copy' if len(copies) == 1 else 'copies'} {', '.join(copies)})"


def _words_of(name: Anchor) -> frozenset[str]:
    """The capitalised words of a name, in lower case, without titles."""
    told = [w for w in name.value.split() if w[:1].isupper()]
    named = [w for w in told if w.rstrip(".") not in title_words()]
    return frozenset(w.low for w in words(" ".join(named or told)))


def numbers(evidence: Iterable[Evidence]) -> frozenset[int]:
    """Sentence numbers of evidence (of one version)."""
    return frozenset(e.sentence for e in evidence)


def agreed(versions: Collection[str], one: str, several: str) -> str:
    """The form of a verb that agrees with so many versions."""
    return one if len(versions) == 1 else several


def sites(evidence: Iterable[Evidence]) -> frozenset[tuple[str, int]]:
    """(version, sentence) of evidence."""
    return frozenset((e.version, e.sentence) for e in evidence)


def quote(text: str, most: int = 160) -> str:
    """Words in quotation marks, for prose; cut with an ellipsis."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= most else flat[: most - 1].rstrip() + '…'}”"
