"""From a reading or a comparison to the rows of the tables of results: pure, and the same for the same findings.

Each finding is a row in the order in which its reading has it; columns.py says what stands in each column. Where a
version has no words for a claim, what they would tell (voice, speaker, certainty, evidence) is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from summarize.comparison.model import Comparison, Difference
from summarize.evidence import Evidence
from summarize.news import Article, Story
from summarize.reading import SCOPES, Position, Reading
from summarize.tables.columns import Row

Whose: TypeAlias = "tuple[str, str, str | None]"  # article, story, outlet: what the rows of a reading begin with
_BETWEEN = " … "


def of_reading(article: Article, reading: Reading, *, story: str, weak: bool) -> dict[str, list[Row]]:
    """Table → rows of what was read in one article: readings, claims, wording, framing, portrayal, voices.

    `story` is the id of its story, "" for none. `weak`: the engine's tone is but a hint, as that of word lists is.
    """
    whose = article.version.id, story, article.version.outlet
    return {
        "readings": [_reading(whose, article, reading, weak=weak)],
        "claims": [
            (*whose, number, c.text, c.kind, c.voice, c.speaker, c.certainty, *_proof(c.evidence))
            for number, c in enumerate(reading.claims, start=1)
        ],
        "wording": [(*whose, w.technique, w.neutral, *_proof(w.evidence)) for w in reading.wording],
        "framing": [
            *((*whose, "frame", f.frame, f.rank, None, *_proof(f.evidence)) for f in reading.frames),
            *((*whose, "function", f.function, None, f.text, *_proof(f.evidence)) for f in reading.functions),
        ],
        "portrayal": [(*whose, p.entity, p.role, p.finer, p.tone, *_proof(p.evidence)) for p in reading.portrayal],
        "voices": [
            (*whose, v.speaker, int(v.named), v.kind, v.manner, float(v.share), *_proof(v.evidence))
            for v in reading.voices
        ],
    }


def of_comparison(found: Comparison, story: str) -> dict[str, list[Row]]:
    """Table → rows of a story with this id: those of all its readings, positions and differences.

    Versions come in the story's order. A position is a row for each claim and version; a difference one for each
    version that it is between, one that lacks the words among them.
    """
    rows: dict[str, list[Row]] = {}
    weak = "tone" in found.abstains
    for article in found.story.articles:
        reading = found.readings[article.version.id]
        for table, more in of_reading(article, reading, story=story, weak=weak).items():
            rows.setdefault(table, []).extend(more)
    rows["positions"] = [
        (story, row.id, row.text, row.kind, article.version.id, article.version.outlet, *_position(position))
        for row in found.rows
        for article in found.story.articles
        if (position := row.positions.get(article.version.id)) is not None
    ]
    rows["differences"] = [row for one in found.differences for row in _difference(one, found.story, story)]
    return rows


def _reading(whose: Whose, article: Article, reading: Reading, *, weak: bool) -> Row:
    tones = [reading.tone.get(scope) for scope in SCOPES]
    rated = any(tone is not None for tone in tones)
    return (
        *whose,
        *(value for tone in tones for value in ((None, None) if tone is None else (tone.score, tone.intensity))),
        ("weak" if weak else "unmeasured") if rated else None,
        next((f.frame for f in reading.frames if f.rank == "primary"), None),
        " ".join(told.text for told in reading.summary) or None,
        sum(len(article.exact(s.span).split()) for s in article.read()),
        reading.grounded,
        len(reading.ungrounded),
    )


def _position(position: Position) -> Row:
    spoken = (position.voice, position.speaker, position.certainty) if position.evidence else (None, None, None)
    return (position.status, *spoken, *_proof(position.evidence))


def _difference(one: Difference, told: Story, story: str) -> Iterator[Row]:
    between = {*one.versions, *one.lacking}
    claims = " ".join(one.claims) or None
    for article in told.articles:
        version = article.version.id
        if version in between:
            whose = one.kind, version, article.version.outlet, one.direction.get(version)
            proof = _proof(one.evidence.get(version, ()))
            yield (story, one.id, *whose, one.text, float(one.salience), claims, *proof)


def _proof(evidence: Iterable[Evidence]) -> Row:
    """The four columns of evidence: sentences, start, end, words."""
    found = list(evidence)
    if not found:
        return None, None, None, None
    sentences = dict.fromkeys(str(e.sentence) for e in found)
    return " ".join(sentences), found[0].start, found[0].end, _BETWEEN.join(e.exact for e in found)
