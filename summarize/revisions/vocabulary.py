"""Words of names, looked up among the words of the other revision."""

from __future__ import annotations

from collections.abc import Iterable

from summarize.anchors import title_words
from summarize.text.lists import stopwords

_ENDINGS = ("s", "n", "an", "ian", "ans", "ians", "i", "is", "ese", "ish")  # "Koreans", "Iraqi", "Japanese"
_SHORT = 4  # letters below which a word has no akin forms


class Vocabulary:
    """The words of a text, without possessives, in lower case."""

    def __init__(self, found: Iterable[str]) -> None:
        self._words = frozenset(map(bare, found))
        self._stripped = frozenset(w for word in self._words for w in _stripped(word))

    def has(self, word: str) -> bool:
        """Whether a word stands in the text, in a form akin to it ("Korea", "Koreans")."""
        return word in self._words or word in self._stripped or any(w in self._words for w in _stripped(word))


def bare(low: str) -> str:
    """A word in lower case without possessive."""
    return low[:-2] if low.endswith("'s") else low.removesuffix("'")


def _stripped(word: str) -> list[str]:
    """A word without the endings of inhabitants and plurals."""
    return [w for end in _ENDINGS if word.endswith(end) and len(w := word.removesuffix(end)) >= _SHORT]


def name_words(tokens: Iterable[str]) -> list[str]:
    """The capitalised words of a name in lower case, without titles and possessives."""
    told = (t for t in tokens if t[0].isupper() and t.lower() not in stopwords() and t not in title_words())
    return [bare(t.lower()) for t in told]
