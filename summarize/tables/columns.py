"""Every table of results and every column in it: the one place that names, types and explains them.

The tables in the ledger, `retold export`, docs/tables.md and their tests are made from this. A row is a tuple in
the order of its table's columns; a value that is not known is None. Evidence is given as `sentences` (numbers from
1, "3 4"), `start` and `end` (code points of the article's text, of the first evidence) and `words` (exact; those of
several sentences joined by " … ").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

Row: TypeAlias = "tuple[str | int | float | None, ...]"


class Column(NamedTuple):
    """A column: its values are text, whole numbers, or numbers; `about` says what they mean."""

    name: str
    kind: Literal["text", "integer", "real"]
    about: str


_ARTICLE = Column("article", "text", "the article's id, as in the table articles")
_STORY = Column("story", "text", "the story's id, as in the table stories; empty for an article that is in none")
_OUTLET = Column("outlet", "text", "who published the article, as far as it is known")
_EVIDENCE = (
    Column("sentences", "text", "numbers of the sentences that it rests on, from 1"),
    Column("start", "integer", "where the first of the words start in the article's text, in code points from 0"),
    Column("end", "integer", "where they end, not included"),
    Column("words", "text", "the words that it rests on, exactly as they stand; of several sentences joined by …"),
)
_SPOKEN = (
    Column("voice", "text", "author or attributed"),
    Column("speaker", "text", "to whom it is attributed"),
    Column("certainty", "text", "asserted, hedged or unconfirmed"),
)
_TONE = tuple(
    column
    for scope in ("headline", "author", "quoted")
    for column in (
        Column(f"tone_{scope}", "integer", f"tone of the {scope}, from -2 (hostile) to 2 (admiring)"),
        Column(f"intensity_{scope}", "integer", f"emotional intensity of the {scope}, from 0 (dry) to 3"),
    )
)

TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "records": (
        Column("record", "integer", "number of the record in the archive, from 1"),
        Column("place", "text", "where it stands: file, member, line"),
        Column("status", "text", "ok, failed, skipped, duplicate, or waiting while the job is not done"),
        Column("reason", "text", "why it is not ok"),
        Column("article", "text", "the article's id, or that of the article which it repeats"),
    ),
    "articles": (
        _ARTICLE,
        Column("record", "integer", "number of its record, as in the table records"),
        _STORY,
        _OUTLET,
        Column("headline", "text", "its headline, as given or found"),
        Column("published", "text", "when it was published, as given"),
        Column("url", "text", "where it was published"),
        Column("sha256", "text", "digest of its text"),
        Column("characters", "integer", "code points of its text"),
        Column("flags", "text", "what was noticed on the way in: a JSON list of texts"),
    ),
    "stories": (
        _STORY,
        Column("how", "text", "what made it one story: given, url, copies or event"),
        Column("why", "text", "the same in words"),
        Column("revisions", "integer", "1 if its versions are revisions of one article"),
        Column("versions", "integer", "how many articles tell it"),
        Column("status", "text", "ok, failed, or waiting while the job is not done"),
        Column("reason", "text", "why it could not be compared"),
        Column("claims", "integer", "distinct claims of all versions"),
        Column("shared", "integer", "claims that every version states"),
        Column("differences", "integer", "differences between versions"),
    ),
    "readings": (
        _ARTICLE,
        _STORY,
        _OUTLET,
        *_TONE,
        Column("reliability", "text", "of the tone: weak (word lists) or unmeasured (a model)"),
        Column("frame", "text", "the primary frame"),
        Column("summary", "text", "its sentences"),
        Column("read_words", "integer", "words that were read"),
        Column("grounded", "integer", "findings whose words were found in the text"),
        Column("ungrounded", "integer", "findings whose citation leads nowhere; they are in no table"),
    ),
    "claims": (
        _ARTICLE,
        _STORY,
        _OUTLET,
        Column("claim", "integer", "number of the claim in its article, from 1"),
        Column("text", "text", "the statement"),
        Column("kind", "text", "event, number, quote, cause, background, evaluation or forecast"),
        *_SPOKEN,
        *_EVIDENCE,
    ),
    "positions": (
        _STORY,
        Column("claim", "text", "id of the distinct claim in its story"),
        Column("text", "text", "the statement"),
        Column("kind", "text", "event, number, quote, cause, background, evaluation or forecast"),
        _ARTICLE,
        _OUTLET,
        Column("status", "text", "states, partly, contradicts, silent, or not found (silence that is not certain)"),
        *_SPOKEN,
        *_EVIDENCE,
    ),
    "differences": (
        _STORY,
        Column("difference", "text", "id of the difference in its story; a row for each version it is between"),
        Column("kind", "text", "omission, contradiction, numeric, attribution, certainty, wording, portrayal, …"),
        _ARTICLE,
        _OUTLET,
        Column("direction", "text", "where this version stands: tells or lacks, higher or lower, loaded or plain, …"),
        Column("text", "text", "the difference in words"),
        Column("salience", "real", "how much it stands out, from 0 to 1"),
        Column("claims", "text", "ids of the claims it is about, as in the table positions"),
        *_EVIDENCE,
    ),
    "wording": (
        _ARTICLE,
        _STORY,
        _OUTLET,
        Column("technique", "text", "why the words are loaded"),
        Column("neutral", "text", "what neutral words would say"),
        *_EVIDENCE,
    ),
    "framing": (
        _ARTICLE,
        _STORY,
        _OUTLET,
        Column("part", "text", "frame, or function (problem, cause, judgement, remedy)"),
        Column("name", "text", "which frame or function"),
        Column("rank", "text", "of a frame: primary or secondary"),
        Column("text", "text", "of a function: what it says"),
        *_EVIDENCE,
    ),
    "portrayal": (
        _ARTICLE,
        _STORY,
        _OUTLET,
        Column("entity", "text", "who is shown"),
        Column("role", "text", "protagonist, antagonist, innocent or none"),
        Column("finer", "text", "a finer role, tentative"),
        Column("tone", "integer", "tone toward it, from -2 to 2"),
        *_EVIDENCE,
    ),
    "voices": (
        _ARTICLE,
        _STORY,
        _OUTLET,
        Column("speaker", "text", "who speaks"),
        Column("named", "integer", "1 if by name"),
        Column("kind", "text", "official, expert, witness, …"),
        Column("manner", "text", "quoted, paraphrased or both"),
        Column("share", "real", "part of the text that was read, from 0 to 1"),
        *_EVIDENCE,
    ),
}
RESULTS: Final = ("readings", "claims", "wording", "framing", "portrayal", "voices", "positions", "differences")
