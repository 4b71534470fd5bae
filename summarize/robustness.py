"""What can be tried to see how far an answer hangs on what should not matter: asked only where it is wished.

    counterfactual   loaded words are replaced by the neutral ones and the tone is read again: did they colour it?
    blind_shift      the outlet's name is shown: does it move tone, frames, portrayal?
    order_agreement  the claims are shown in the reverse order: are the same ones put together?

That the order of the *versions* changes nothing needs no trial: it enters nowhere (see comparison).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from summarize.comparison.matrix import Distinct, merged
from summarize.job import Job
from summarize.news import Article, lay_out
from summarize.prompt import reading_question
from summarize.reading import Reading, Scope, Tone, Wording, read
from summarize.reliability import Agreement, Shift, rand
from summarize.text.span import Span

_OR = re.compile(r"\s*[;/|]\s*|\s+or\s+")
SWAYED = ("tone", "framing", "portrayal")


def counterfactual(job: Job, article: Article, reading: Reading) -> Reading:
    """The reading with `confirmed` set on its loaded wordings.

    Each one's words are replaced by what the engine called neutral (left out where that is nothing), and the tone
    of the article is asked for again, by the same question. Confirmed: score or intensity of the scope in which the
    words stand comes nearer to 0, and neither goes away from it. One question for each wording, and one for the
    article as it is.
    """
    if not reading.wording:
        return reading
    before = _tone(job, article)
    tried = [replace(w, confirmed=_moved(job, article, w, before)) for w in reading.wording]
    return replace(reading, wording=tuple(tried))


def _moved(job: Job, article: Article, wording: Wording, before: Reading) -> bool | None:
    scope: Scope = "headline" if _displayed(article, wording) else "author"
    after = _tone(job, neutralised(article, wording))
    one, other = before.tone.get(scope), after.tone.get(scope)
    if one is None or other is None:
        return None
    return _force(other) != _force(one) and all(b <= a for a, b in zip(_force(one), _force(other), strict=True))


def _force(tone: Tone) -> tuple[int, int]:
    return abs(tone.score), tone.intensity


def _tone(job: Job, article: Article) -> Reading:
    return read(article, job.ask(article, reading_question(article, ("tone",))))


def _displayed(article: Article, wording: Wording) -> bool:
    """Whether the words stand in the headline or in bullets."""
    return article.sentences[wording.evidence[0].sentence - 1].role in {"headline", "bullet"}


def neutralised(article: Article, wording: Wording) -> Article:
    """The article with loaded words replaced by the first of the neutral ones, or left out where these are none."""
    version, span = article.version, wording.evidence[0].span
    neutral = _OR.split(wording.neutral)[0].strip()
    if neutral and version.text[span.start].isupper():
        neutral = neutral[:1].upper() + neutral[1:]
    if not neutral and version.text[span.end : span.end + 1] == " ":
        span = Span(span.start, span.end + 1)
    more = len(neutral) - (span.end - span.start)
    head = version.headline_span
    if head is not None and span.end <= head.end:
        head = Span(head.start if head.start <= span.start else head.start + more, head.end + more)
    begin = version.body_start + (more if span.end <= version.body_start else 0)
    text = version.text[: span.start] + neutral + version.text[span.end :]
    return lay_out(replace(version, text=text, headline_span=head, body_start=begin), blind=article.blind)


def blind_shift(job: Job, article: Article) -> tuple[Shift, ...]:
    """Each label of tone, framing and portrayal, read blind and with the outlet's name shown, by the same question.

    Nothing where there is no name to show: both questions would be one.
    """
    hidden, shown = (lay_out(article.version, blind=blind) for blind in (True, False))
    asked = [reading_question(a, SWAYED) for a in (hidden, shown)]
    if asked[0].user == asked[1].user:
        return ()
    one, other = (read(a, job.ask(a, q)) for a, q in zip((hidden, shown), asked, strict=True))
    left, right = _labels(one), _labels(other)
    return tuple(
        Shift(section, of, left.get((section, of)), right.get((section, of)))
        for section, of in sorted(left.keys() | right.keys())
    )


def _labels(reading: Reading) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {
        ("tone", scope): f"{tone.score:+d}" for scope, tone in reading.tone.items() if tone
    }
    main = next((f.frame for f in reading.frames if f.rank == "primary"), None)
    found |= {("framing", "primary"): main} if main else {}
    return found | {("portrayal", p.entity): f"{p.role}, {p.tone:+d}" for p in reading.portrayal}


def order_agreement(job: Job, claims: Sequence[Distinct], kept: Sequence[Distinct]) -> Agreement:
    """How far `kept`, made of `claims` in their order, is what is made of them in the reverse order."""
    backward = list(reversed(claims))
    other = merged(backward, job.inventory([claim.text for claim in backward]))
    one, two = ([[str(id(member)) for member in claim.members] for claim in claims] for claims in (kept, other))
    return rand(one, two)
