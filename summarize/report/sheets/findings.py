"""The findings of readings as tables, versions one below the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from summarize.anchors import Anchor, name_value
from summarize.comparison.model import Comparison
from summarize.evidence import Evidence, whole
from summarize.news import Article
from summarize.reading import SCOPES, Claim, Frame, Label, Portrayal, Reading, Tone, Ungrounded, Voice, Wording
from summarize.report.content import TRIED, Names, role, sentence_numbers, ungrounded
from summarize.report.sheets.sheet import PROOF, Cell, Line, Sheet
from summarize.report.text import signed, spaced
from summarize.text.view import fold

_WEAK = " (weak)"
_WEAK_NOTE = "Weak hints from counted words; no difference is made of them."


def of_reading(reading: Reading, named: Names, abstains: frozenset[str]) -> tuple[Sheet, ...]:
    """All tables of one article; `abstains` names the sections that are weak."""
    one = {reading.version: reading}
    return (
        claims(one, named),
        voices(one, named),
        wording(one, named),
        tone(one, named, weak="tone" in abstains),
        frames(one, named, weak="framing" in abstains),
        functions(one, named),
        portrayal(one, named, weak="portrayal" in abstains),
        unstable({reading.version: reading.agreement}, named),
        set_aside(reading.ungrounded, named),
    )


def of_comparison(comparison: Comparison, named: Names) -> tuple[Sheet, ...]:
    """All tables of a comparison, versions in the order given."""
    articles = comparison.story.articles
    readings = {a.version.id: comparison.readings[a.version.id] for a in articles}
    return (
        voices(readings, named),
        wording(readings, named),
        tone(readings, named, weak="tone" in comparison.abstains),
        frames(readings, named, weak="framing" in comparison.abstains),
        portrayal(readings, named, weak="portrayal" in comparison.abstains),
        unstable(
            {v: (*r.agreement, *comparison.agreement.get(v, ())) for v, r in readings.items()},
            named,
        ),
        uncovered(articles, comparison.uncovered, named),
        set_aside(ungrounded(readings.values(), comparison.ungrounded), named),
    )


def tone(readings: Mapping[str, Reading], named: Names, *, weak: bool = False) -> Sheet:
    """Tone by scope, versions one below the other; a version that has nothing in a scope says so."""
    note = "−2 hostile to +2 admiring; intensity 0 dry to 3 agitated throughout."
    rows = [
        (scope, named.short[v], *_tone(reading.tone[scope]))
        for scope in SCOPES
        for v, reading in readings.items()
        if scope in reading.tone
    ]
    sheet = Sheet("Tone", note, ("part", "version", "tone", "intensity", PROOF), tuple(rows))
    return _settled(sheet, named, weak=weak)


def _tone(found: Tone | None) -> Line:
    if found is None:
        return "–", "–", "nothing in this part"
    return signed(found.score), str(found.intensity), found.evidence


def frames(readings: Mapping[str, Reading], named: Names, *, weak: bool = False) -> Sheet:
    """Frames, primary first."""

    def row(frame: Frame) -> Line:
        return spaced(frame.frame), frame.rank, frame.evidence

    rows = _each(readings, named, lambda r: [row(f) for f in sorted(r.frames, key=lambda f: f.rank)])
    note = "What the story is made to be about (the frames of the Media Frames Corpus)."
    return _settled(Sheet("Frames", note, ("version", "frame", "rank", PROOF), rows), named, weak=weak)


def functions(readings: Mapping[str, Reading], named: Names) -> Sheet:
    """What the framing does."""
    rows = _each(readings, named, lambda r: [(f.function, *_proved(f.text, f.evidence)) for f in r.functions])
    note = "Where the article itself names a problem, a cause, a judgement or a remedy (Entman 1993)."
    columns = ("version", "function", "in short", _head(rows))
    return _settled(Sheet("What the framing does", note, columns, rows, frozenset({"in short", PROOF})), named)


def portrayal(readings: Mapping[str, Reading], named: Names, *, weak: bool = False) -> Sheet:
    """How people and bodies are shown, versions together; those with a role or a tone, or in more versions, first."""
    by_entity: dict[str, list[tuple[str, Portrayal]]] = {}
    for v, reading in readings.items():
        for found in reading.portrayal:
            by_entity.setdefault(name_value(found.entity).casefold(), []).append((v, found))
    shown = sorted(by_entity.values(), key=lambda group: (all(map(_plain, group)), -len(group)))
    rows = [
        (found.entity, named.short[v], role(found), signed(found.tone), found.evidence)
        for group in shown
        for v, found in group
    ]
    note = "Role, and tone toward them from −2 to +2."
    sheet = Sheet("Portrayal", note, ("who", "version", "role", "tone", PROOF), tuple(rows))
    return _settled(sheet, named, weak=weak)


def _plain(found: tuple[str, Portrayal]) -> bool:
    return found[1].role == "none" and found[1].tone == 0


def voices(readings: Mapping[str, Reading], named: Names) -> Sheet:
    """Who speaks, the longest first."""

    def row(voice: Voice) -> Line:
        who = f"{spaced(voice.kind)}, {'named' if voice.named else 'unnamed'}, {voice.manner}"
        return voice.speaker, who, f"{voice.share:.0%}", voice.evidence

    rows = _each(readings, named, lambda r: [row(v) for v in sorted(r.voices, key=lambda v: -v.share)])
    note = "Share: how much of the text stands in sentences that report them."
    return _settled(Sheet("Voices", note, ("version", "speaker", "who and how", "share", PROOF), rows), named)


def claims(readings: Mapping[str, Reading], named: Names) -> Sheet:
    """What one article claims."""

    def row(claim: Claim) -> Line:
        text, proof = _proved(claim.text, claim.evidence)
        return text, f"{claim.kind}, {claim.speaker or claim.voice}, {claim.certainty}", proof

    rows = _each(readings, named, lambda r: [row(c) for c in r.claims])
    columns = ("version", "claim", "kind, voice, certainty", _head(rows))
    note = "The voice is the author's or somebody's."
    return _settled(Sheet("Claims", note, columns, rows, frozenset({"claim", PROOF})), named)


def wording(readings: Mapping[str, Reading], named: Names) -> Sheet:
    """Loaded words."""

    def row(found: Wording) -> Line:
        technique = ", ".join([spaced(found.technique), *([] if found.confirmed is None else [TRIED[found.confirmed]])])
        return f"“{found.words}”", technique, found.neutral or "–", sentence_numbers(found.evidence)

    rows = _each(readings, named, lambda r: [row(w) for w in r.wording])
    columns = ("version", "words", "technique", "neutral words would be", "sentences")
    note = "In the author's own voice, whether or not another version tells the same."
    if any(w.confirmed is not None for r in readings.values() for w in r.wording):
        note += " Confirmed: with the neutral words in their place, the tone was read as nearer to neutral."
    return _settled(Sheet("Loaded words", note, columns, rows, frozenset({"neutral words would be"})), named)


def uncovered(articles: Sequence[Article], anchors: Mapping[str, Sequence[Anchor]], named: Names) -> Sheet:
    """Figures, dates and quotations of which no claim speaks."""
    rows = tuple(
        (named.short[a.version.id], found.kind, a.exact(found.span), (whole(a, a.sentences[found.sentence - 1]),))
        for a in articles
        for found in anchors.get(a.version.id, ())
    )
    note = "Numbers, dates and quotations that are in no claim: look at these yourself."
    return Sheet("Not covered by any claim", note, ("version", "kind", "what", PROOF), rows)


def unstable(agreement: Mapping[str, Sequence[Label]], named: Names) -> Sheet:
    """What independent readings did not agree on; empty where there was one reading."""
    labels = [label for found in agreement.values() for label in found]
    rows = tuple(
        (named.short[v], label.section, label.of, _value(label.kept), f"{label.share:.0%}", _values(label))
        for v, found in agreement.items()
        for label in found
        if not label.stable
    )
    many = max((len(label.values) for label in labels), default=0)
    steady = sum(label.stable for label in labels)
    note = f"{many} independent readings. They agree on {steady} of {len(labels)} judgements; on these they do not."
    columns = ("version", "section", "what", "kept", "agree", "each reading")
    return _settled(Sheet("Unstable", note, columns, rows, frozenset({"what", "each reading"})), named)


def _value(value: object) -> str:
    return "–" if value is None else str(value)


def _values(label: Label) -> str:
    return " · ".join(map(_value, label.values))


def set_aside(found: Iterable[Ungrounded], named: Names) -> Sheet:
    """Findings whose citation leads nowhere."""
    rows = tuple((named.short[u.version], u.section, _told(u), u.reason) for u in found)
    note = "The engine gave these, but what they cite is not in the text. They are shown, and used nowhere."
    columns = ("version", "section", "finding", "why")
    return _settled(Sheet("Set aside", note, columns, rows, frozenset({"finding", "why"})), named)


def _told(found: Ungrounded) -> str:
    return "; ".join(f"{key} {value}" for key, value in found.finding.items() if value is not None and value != "")


def _each(readings: Mapping[str, Reading], named: Names, make: Callable[[Reading], list[Line]]) -> tuple[Line, ...]:
    return tuple((named.short[v], *row) for v, reading in readings.items() for row in make(reading))


def _settled(sheet: Sheet, named: Names, *, weak: bool = False) -> Sheet:
    """The sheet, marked if weak, and without the column of versions where there is just one."""
    if weak:
        sheet = replace(sheet, title=sheet.title + _WEAK, note=f"{sheet.note} {_WEAK_NOTE}")
    if len(named.short) > 1:
        return sheet
    at = sheet.columns.index("version")
    rows = tuple(row[:at] + row[at + 1 :] for row in sheet.rows)
    return replace(sheet, columns=sheet.columns[:at] + sheet.columns[at + 1 :], rows=rows)


def _proved(text: str, evidence: tuple[Evidence, ...]) -> tuple[str, Cell]:
    """A finding's text and its proof; where the text is the very words, their number is proof enough."""
    same = fold(" ".join(e.exact for e in evidence)).startswith(fold(text.rstrip(" …")))
    return text, sentence_numbers(evidence) if same else evidence


def _head(rows: Iterable[Line]) -> str:
    """What stands over the last column."""
    return "sentences" if all(isinstance(row[-1], str) for row in rows) else PROOF
