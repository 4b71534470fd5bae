"""Several independent readings of one version, made one by vote: pure code, nothing is asked here.

    readings ─ votes on tone, framing, portrayal, wording, voices ─▶ labels ─ medoid ─▶ summary, claims ─▶ Reading
    stances  ─ vote on each claim's status ──────────────────────────────────────────▶ positions, labels
    labels of many versions ─ alphas ─▶ Krippendorff's alpha of each kind of label

The order of the readings changes no kept value, share or stability of what is voted on. It decides which
of equals the words and the evidence of a finding come from, the spelling of a name, the order of the
findings, and, where several readings agree equally well with the others, whose summary and claims are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarize.agreement.alpha import Alpha, alpha_note, alphas
from summarize.agreement.claims import medoid, told
from summarize.agreement.judgements import frames, function_labels, functions, portrayals, tones, voices
from summarize.agreement.votes import STABLE, label, most
from summarize.agreement.wording import wordings
from summarize.reading import Label, Position, Reading, Status, Ungrounded

__all__ = ["STABLE", "Alpha", "alpha_note", "alphas", "majority", "positions_majority"]

# From what asserts least of a version to what asserts most. Silence comes early because code tries it
# against the text before it is printed, and a contradiction last because nothing accuses more.
_CAUTIOUS: tuple[Status, ...] = ("not found", "silent", "partly", "states", "contradicts")


def majority(readings: Sequence[Reading]) -> Reading:
    """One reading from several of one version, with a label in `agreement` for everything voted on.

    A single reading is returned as it is. Summary and claims, which cannot be voted on, are those of the
    medoid: the reading that agrees most with the others on all labels (of equals the first). Ungrounded
    findings are those of all readings without repeats, so that none vanishes by vote. Each other rule
    stands where it is applied. Raises ValueError for no reading, or readings of different versions.
    """
    if len({r.version for r in readings}) != 1:
        raise ValueError("a majority is of readings of one version, and of at least one")
    if len(readings) == 1:
        return readings[0]
    tone, tone_labels = tones(readings)
    kept_frames, frame_labels = frames(readings)
    kept_portrayal, portrayal_labels = portrayals(readings)
    kept_wording, wording_labels = wordings(readings)
    kept_voices, voice_labels = voices(readings)
    of_functions = function_labels(readings)
    voted = (*tone_labels, *frame_labels, *of_functions, *portrayal_labels, *wording_labels, *voice_labels)
    kept = medoid(readings, voted)
    return Reading(
        version=kept.version,
        summary=kept.summary,
        claims=kept.claims,
        tone=tone,
        frames=kept_frames,
        functions=functions(readings, of_functions, kept),
        portrayal=kept_portrayal,
        wording=kept_wording,
        voices=kept_voices,
        ungrounded=_ungrounded(readings),
        agreement=(*told(readings, kept.claims), *voted),
    )


def _ungrounded(readings: Sequence[Reading]) -> tuple[Ungrounded, ...]:
    found: list[Ungrounded] = []
    for reading in readings:
        found += (u for u in reading.ungrounded if u not in found)
    return tuple(found)


def positions_majority(
    samples: Sequence[Mapping[int, Position]], claims: Sequence[str]
) -> tuple[dict[int, Position], tuple[Label, ...]]:
    """One stance of a version from several on `claims`, which are numbered from 1, with a label for each claim.

    A claim's status is the most frequent one; a claim that a sample has no position on counts as "not
    found" there. Of equals the status that asserts less is kept: not found before silent before partly
    before states before contradicts. The position is that of the first sample with the kept status; "not
    found" may have none. A single sample is returned as it is, without labels. Raises ValueError for none.
    """
    if not samples:
        raise ValueError("a majority is of at least one sample")
    if len(samples) == 1:
        return dict(samples[0]), ()
    kept: dict[int, Position] = {}
    labels = []
    for number, text in enumerate(claims, start=1):
        row = [sample.get(number) for sample in samples]
        values: list[Status] = [position.status if position else "not found" for position in row]
        status = most(values, _CAUTIOUS)
        position = next((p for p, value in zip(row, values, strict=True) if p and value == status), None)
        if position:
            kept[number] = position
        labels.append(label("stance", text, values, status))
    return kept, tuple(labels)
