"""The ground that differences stand on: a story's sentences, anchors and words, looked up by version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import pairwise

from summarize.anchors import Anchor, anchors, title_words
from summarize.evidence import Evidence, part
from summarize.news import Article, Sentence, Story
from summarize.reading import Reading
from summarize.text.likeness import Bag, Likeness
from summarize.text.quotations import quotations
from summarize.text.view import fold
from summarize.text.words import content, words

_TELLING = 0.12  # coverage of a claim's own words, the story's left out, that is too close for silence
_AKIN = 5  # letters that two forms of a name share
_AHEAD = 40  # code points behind a number in which what it counts is named
_MENTIONS = 2  # sentences of a version in which a word is still a mention, not its topic
FIGURES = frozenset({"number", "date"})


class Ground:
    """A story, its readings, and what code knows of its texts."""

    def __init__(self, story: Story, readings: Mapping[str, Reading]) -> None:
        self.story, self.readings = story, readings
        self.articles: dict[str, Article] = {a.version.id: a for a in story.canonical}
        self.anchors: dict[str, tuple[Anchor, ...]] = {v: anchors(a) for v, a in self.articles.items()}
        self.labels = {v: a.version.label for v, a in self.articles.items()}
        self.read: dict[str, list[Sentence]] = {v: list(a.read()) for v, a in self.articles.items()}

    @cached_property
    def bags(self) -> dict[str, dict[int, Bag]]:
        """Content of each sentence, by version and number."""
        return {v: {s.number: Bag.of(self.words(v, s)) for s in read} for v, read in self.read.items()}

    @cached_property
    def likeness(self) -> Likeness:
        """Weights of words over the whole story."""
        return Likeness([], [bag for by_number in self.bags.values() for bag in by_number.values()])

    @cached_property
    def _indices(self) -> dict[str, Likeness]:
        """For each version an index of its sentences, with the weights of the whole story."""
        made: dict[str, Likeness] = {}
        for version, by_number in self.bags.items():
            others = [bag for v, found in self.bags.items() if v != version for bag in found.values()]
            made[version] = Likeness(list(by_number.values()), others)
        return made

    @cached_property
    def _turns(self) -> dict[str, dict[tuple[str, str], set[int]]]:
        """Where each turn of phrase stands, by version."""
        found: dict[str, dict[tuple[str, str], set[int]]] = {v: {} for v in self.read}
        for version, read in self.read.items():
            for s in read:
                for turn in self.turns(self.words(version, s)):
                    found[version].setdefault(turn, set()).add(s.number)
        return found

    def close(self, version: str, text: str, alone: float, together: float) -> set[int]:
        """Numbers of the sentences that are close to `text`.

        They cover so much of it `alone`, or with a neighbour `together`; or they cover `telling` of it when
        the words that are all over the story are left out; or they share a telling turn of phrase.
        """
        bag, read, bags = Bag.of(text), self.read[version], self.bags[version]
        index = self._indices[version]
        covers = index.covers(bag)
        found = {read[i].number for i, cover in covers.items() if cover >= alone}
        rest = Bag(bag.stems - self._frequent)
        found |= (
            {read[i].number for i, cover in index.covers(rest).items() if cover >= _TELLING} if rest.stems else set()
        )
        for i in covers:
            for one, other in ((i - 1, i), (i, i + 1)):
                if one in covers and other in covers and covers[one] + covers[other] >= together:
                    pair = read[one].number, read[other].number
                    if index.coverage(bag, bags[pair[0]] | bags[pair[1]]) >= together:
                        found.update(pair)
        return found.union(*(self._turns[version].get(turn, ()) for turn in self.turns(text)))

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

    @cached_property
    def _folded_text(self) -> dict[str, str]:
        return {v: " ".join(fold(self.words(v, s)) for s in read).lower() for v, read in self.read.items()}

    def words(self, version: str, sentence: Sentence) -> str:
        """A sentence as it stands."""
        return self.articles[version].version.text[sentence.start : sentence.end]

    @cached_property
    def _sentences_by_words(self) -> dict[str, dict[str, set[int]]]:
        found: dict[str, dict[str, set[int]]] = {v: {} for v in self.read}
        for version, read in self.read.items():
            for s in read:
                found[version].setdefault(" ".join(fold(self.words(version, s)).split()), set()).add(s.number)
        return found

    @cached_property
    def _frequent(self) -> frozenset[str]:
        """Stems that stand in more than two sentences of some version: what the story is about."""
        counts = [Counter(stem for bag in by_number.values() for stem in bag.stems) for by_number in self.bags.values()]
        return frozenset(stem for counted in counts for stem, n in counted.items() if n > _MENTIONS)

    def turns(self, text: str) -> frozenset[tuple[str, str]]:
        """Pairs of neighbouring content words (stems), in either order, unless both are all over the story."""
        found = [w.stem for w in content(words(text))]
        return frozenset((min(p), max(p)) for p in pairwise(found) if not self._frequent.issuperset(p))

    def copies(self, version: str, number: int, other: str) -> set[int]:
        """Numbers of the sentences of `other` that are this one word for word."""
        sentence = self.articles[version].sentences[number - 1]
        words = " ".join(fold(self.words(version, sentence)).split())
        return self._sentences_by_words[other].get(words, set())

    def is_cut(self, version: str, other: str) -> bool:
        """Whether a version holds nothing but sentences of `other`, word for word."""
        return self._sentences_by_words[version].keys() <= self._sentences_by_words[other].keys()

    def folded(self, version: str) -> str:
        """All that is read of a version, in lower case, with typography and white space folded."""
        return self._folded_text[version]

    def quoted(self, version: str) -> str:
        """All that a version quotes, one quotation behind the other."""
        text = self.articles[version].version.text
        return " ".join(text[slice(*q)] for s in self.read[version] for q in quotations(text, *s.span))

    def occurrences(self, version: str, anchor: Anchor) -> list[int]:
        """Numbers of the version's sentences that hold the same anchor."""
        return self._by_key.get((version, anchor.key), [])

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
        mine = {word[:_AKIN] for word in _words_of(anchor) if len(word) > 1}
        return not mine or not self._vocabulary[version].isdisjoint(mine)

    @cached_property
    def _vocabulary(self) -> dict[str, frozenset[str]]:
        """The beginnings of a version's words."""
        return {v: frozenset(w.low[:_AKIN] for w in words(text)) for v, text in self._folded_text.items()}

    def named_in_part(self, version: str, anchor: Anchor) -> set[int]:
        """Numbers of the version's sentences that hold a name which shares a word with this one ("Lopez")."""
        mine = _words_of(anchor)
        return {
            a.sentence
            for a in self.anchors[version]
            if a.kind == "name" and not self.common(a) and not mine.isdisjoint(_words_of(a))
        }

    def common(self, anchor: Anchor) -> bool:
        """Whether a name is too frequent in the story to tell one claim from another."""
        return any(len(set(self.occurrences(v, anchor))) > _MENTIONS for v in self.articles)

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

    def in_order(self, versions: Iterable[str]) -> list[str]:
        """Versions in an order that does not depend on how they were given: by label."""
        return sorted(versions, key=lambda v: (self.labels[v], v))

    def listed(self, versions: Iterable[str]) -> str:
        """Labels of versions as running words."""
        named = [self.labels[v] for v in self.in_order(versions)]
        return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


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
