"""The contract others read: what `--json` prints, as plain dictionaries.

Its JSON Schemas lie beside this file (schemas/comparison.schema.json, schemas/summary.schema.json) and
say what each field means; `format` names the version. Fields are added under one version; a change to
what a field means makes a new one. Every evidence has `version`, `start`, `end`, `exact`, with
`text[start:end] == exact` in code points of the file as decoded, byte-order mark removed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.resources import files

from summarize.anchors import Anchor
from summarize.comparison.model import Comparison, Difference, Row
from summarize.errors import RetoldError
from summarize.evidence import part
from summarize.news import Article
from summarize.reading import Reading, Tone, Ungrounded
from summarize.report.fields import Json, evidence, of_story, sides

COMPARISON, SUMMARY = "retold.comparison/1", "retold.summary/1"


def schema(name: str) -> Json:
    """The published JSON Schema called `name`: "comparison" or "summary"."""
    loaded: Json = json.loads(files("summarize.report").joinpath("schemas", f"{name}.schema.json").read_text("utf-8"))
    return loaded


def failure(file: str, error: RetoldError) -> Json:
    """A file that could not be read: `status` is a gate's name or an error's word (see errors.py)."""
    return {"file": file, "kind": type(error).__name__, "status": error.status, "message": str(error)}


def comparison(found: Comparison) -> Json:
    """What `retold compare --json` prints."""
    order = [a.version.id for a in found.story.articles]
    readings = {v: found.readings[v] for v in order}
    articles = {a.version.id: a for a in found.story.articles}
    ungrounded = [*found.ungrounded, *(u for v in order for u in readings[v].ungrounded)]
    return {
        "format": COMPARISON,
        "versions": [version(a) for a in found.story.articles],
        "claims": [_row(row, order) for row in found.rows],
        "shared": [row.id for row in found.shared],
        "differences": [_difference(d, order) for d in found.differences],
        **of_story(found, order),
        "tone": {v: _tone(r, weak="tone" in found.abstains) for v, r in readings.items()},
        "framing": {v: {"frames": _each(r.frames), "functions": _each(r.functions)} for v, r in readings.items()},
        "portrayal": {v: _each(r.portrayal) for v, r in readings.items()},
        "wording": {v: _each(r.wording) for v, r in readings.items()},
        "voices": {v: _each(r.voices) for v, r in readings.items()},
        "summaries": {v: _each(r.summary) for v, r in readings.items()},
        "anchors": [_anchor(articles[v], a) for v in order for a in found.anchors[v]],
        "uncovered": [_anchor(articles[v], a) for v in order for a in found.uncovered[v]],
        "ungrounded": [_ungrounded(u) for u in ungrounded],
        "agreement": [{"version": v, **asdict(label)} for v in order for label in readings[v].agreement]
        + [{"version": v, **asdict(label)} for v in order for label in found.agreement.get(v, ())],
        "provenance": dict(found.provenance),
    }


def version(article: Article) -> Json:
    """What is known of an article, and where its sentences stand."""
    v = article.version
    return {
        "id": v.id,
        "label": v.label,
        "headline": article.headline,
        "outlet": v.outlet,
        "published": v.published,
        "url": v.url,
        "sha256": v.digest,
        "characters": len(v.text),
        "words": sum(len(article.exact(s.span).split()) for s in article.read()),
        "sentences": [
            {"number": s.number, "role": s.role, "paragraph": s.paragraph, "start": s.start, "end": s.end}
            for s in article.sentences
        ],
        "flags": list(article.flags),
    }


def _each(findings: Iterable[object]) -> list[Json]:
    """Findings with their fields as they are named, evidence last."""
    return [asdict(f) for f in findings]  # type: ignore[call-overload]  # all findings are dataclasses


def _tone(reading: Reading, *, weak: bool) -> Json:
    def scope(tone: Tone | None) -> Json | None:
        return None if tone is None else {**asdict(tone), "reliability": "weak" if weak else "unmeasured"}

    return {name: scope(tone) for name, tone in reading.tone.items()}


def reading(found: Reading, *, weak: bool) -> Json:
    """All findings of one article; `weak`: the engine's tone is but a hint."""
    return {
        "summary": _each(found.summary),
        "claims": _each(found.claims),
        "tone": _tone(found, weak=weak),
        "framing": {"frames": _each(found.frames), "functions": _each(found.functions)},
        "portrayal": _each(found.portrayal),
        "wording": _each(found.wording),
        "voices": _each(found.voices),
        "ungrounded": [_ungrounded(u) for u in found.ungrounded],
        "agreement": _each(found.agreement),
    }


def _row(row: Row, order: Sequence[str]) -> Json:
    return {
        "id": row.id,
        "text": row.text,
        "kind": row.kind,
        "positions": {
            v: {
                "status": p.status,
                "voice": p.voice,
                "speaker": p.speaker,
                "certainty": p.certainty,
                "evidence": evidence(p.evidence),
            }
            for v in order
            if (p := row.positions[v])
        },
    }


def _difference(d: Difference, order: Sequence[str]) -> Json:
    return {
        "id": d.id,
        "kind": d.kind,
        "versions": [v for v in order if v in d.versions],
        "lacking": [v for v in order if v in d.lacking],
        "text": d.text,
        "direction": {v: d.direction[v] for v in order if v in d.direction},
        "evidence": sides(d.evidence, order),
        "salience": d.salience,
        "claims": list(d.claims),
        "beside": list(d.beside),
    }


def _anchor(article: Article, anchor: Anchor) -> Json:
    return {
        "version": article.version.id,
        "kind": anchor.kind,
        "value": anchor.value,
        "evidence": evidence([part(article, *anchor.span)]),
    }


def _ungrounded(u: Ungrounded) -> Json:
    return {"version": u.version, "section": u.section, "finding": dict(u.finding), "reason": u.reason}
