"""Where a result comes from, in sentences made from its provenance; nothing for what costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from summarize.report.text import count


def origin(record: Mapping[str, object]) -> tuple[str, ...]:
    """Who was asked how much, what it took, and how far several readings agree. `record`: see provenance.py."""
    told = (*_asked(record), *_agreement(record)) if record.get("host") else _agreement(record)
    aside, good = cast("int", record["ungrounded"]), cast("int", record["grounded"])
    return (
        (*told, f"{aside} of {count(good + aside, 'finding')} cite what is not there, and are set aside.")
        if aside
        else told
    )


def _asked(record: Mapping[str, object]) -> tuple[str, ...]:
    usage = cast("Mapping[str, int]", record["usage"])
    asked, again = cast("int", record["asked"]), cast("int", record["from_ledger"])
    rungs = ", ".join(cast("list[str]", record["rungs"]))
    first = f"{record['model']} at {record['host']}: {count(asked, 'question')} asked now"
    first += f", {again:,} answered before" if again else ""
    first += f"; form of the answers: {rungs}." if rungs else "."
    if not asked:
        return (first,)
    spent = f"{usage['input']:,} tokens in ({usage['cached']:,} of them cached), {usage['output']:,} out; "
    if record["cost"] is None:
        return first, f"{spent}what it cost is not known."
    days = cast("list[str]", record["priced"])
    return first, f"{spent}${record['cost']}{f' at prices of {days[-1]}' if days else ''}."


def _agreement(record: Mapping[str, object]) -> tuple[str, ...]:
    samples = cast("int", record.get("samples", 1))
    if samples < 2:  # noqa: PLR2004  # one reading agrees with itself
        return ()
    alphas = cast("Mapping[str, Mapping[str, object]]", record.get("alphas") or {})
    known = [f"{kind} {alpha['value']:.2f}" for kind, alpha in alphas.items() if alpha["value"] is not None]
    why = sorted({str(alpha["note"]) for alpha in alphas.values() if alpha["value"] is None and alpha["note"]})
    told = ", ".join(known) or f"none ({'; '.join(why)[:160]})"
    return (f"{samples} independent readings, the majority kept. Krippendorff's alpha: {told}.",)
