"""A story's texts as code sees them: sentences, their words, what is close to what, what is copied."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import pairwise

from summarize.news import Article, Sentence, Story
from summarize.text.likeness import Bag, Likeness
from summarize.text.quotations import quotations
from summarize.text.view import fold
from summarize.text.words import content, is_english, words

_TELLING = 0.12  # coverage of a claim's own words, the story's left out, that is too close for silence
_SAMPLE = 4_000  # code points enough to tell a text's language
AKIN = 5  # letters that two forms of a name share
MENTIONS = 2  # sentences of a version in which a word is still a mention, not its topic


class Texts:
    """The versions of a story, by id, in the order of their texts' digests."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.articles: dict[str, Article] = {a.version.id: a for a in story.canonical}
        self.read: dict[str, list[Sentence]] = {v: list(a.read()) for v, a in self.articles.items()}

    @cached_property
    def bags(self) -> dict[str, dict[int, Bag]]:
        """Content of each sentence, by version and number."""
        return {v: {s.number: Bag.of(self.words(v, s)) for s in read} for v, read in self.read.items()}

    def english(self, version: str) -> bool:
        """Whether a version is in English, as far as its first words tell."""
        return is_english(self.articles[version].version.text[:_SAMPLE])

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

    def covering(self, version: str, text: str, least: float) -> list[int]:
        """Numbers of the sentences that alone cover so much of `text`, in order."""
        covers, read = self._indices[version].covers(Bag.of(text)), self.read[version]
        return sorted(read[i].number for i, cover in covers.items() if cover >= least)

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
        return frozenset(stem for counted in counts for stem, n in counted.items() if n > MENTIONS)

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

    @cached_property
    def vocabulary(self) -> dict[str, frozenset[str]]:
        """The beginnings of a version's words."""
        return {v: frozenset(w.low[:AKIN] for w in words(text)) for v, text in self._folded_text.items()}
