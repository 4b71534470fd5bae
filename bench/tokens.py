"""Tokens of a story, question by question, and of the same answers with verbatim quotes in place of numbers.

    bench/tokens.py STORY RECORDING [MODEL]

STORY is a folder with the versions, RECORDING what a model answered (see `retold ledger export`). The answers are
the model's own; in the design compared with, each citation of a sentence by number is replaced by that sentence,
word for word: the same evidence. Both are counted as compact JSON. docs/comparison.md has the formula that is
checked here.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from summarize.engines import Wrapping
from summarize.engines.recorded import Recorded, recording
from summarize.job import Job
from summarize.library import story_of
from summarize.prompt import Question
from summarize.reply import Reply
from summarize.telling import tell
from summarize.tokens import count


@dataclass
class Tally:
    """Of one kind of question: how many, and tokens of input, of output, and of output with quotes."""

    calls: int = 0
    sums: Counter[str] = field(default_factory=Counter)


class Counting(Wrapping):
    """An engine that counts what goes in and out."""

    kinds: dict[str, Tally]

    def ask(self, question: Question) -> Reply:
        """As the inner engine."""
        reply = self.inner.ask(question)
        kind = "second look" if question.near else "gaps" if question.gaps else "+".join(question.sections)
        tally = self.kinds.setdefault("reading" if "summary" in question.sections else kind, Tally())
        tally.calls += 1
        answer, shown = json.loads(reply.text), {line.number: line.text for line in question.lines}
        texts = {
            "instructions": question.system,
            "article": "\n".join(f"[{n}] {text}" for n, text in shown.items()),
            "claims": "\n".join(f"({n}) {text}" for n, text in enumerate(question.claims, start=1)),
            "output": compact(answer),
            "quoted": compact(quoted(answer, shown)),
        }
        for name, text in texts.items():
            tally.sums[name] += count(text, self.model).tokens
        tally.sums["claims asked about"] += len(question.claims)
        return reply


def compact(answer: object) -> str:
    """JSON without white space."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def quoted(node: object, shown: Mapping[int, str]) -> object:
    """An answer with the sentences in place of their numbers."""
    if isinstance(node, list):
        return [quoted(item, shown) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        "quotes" if key == "cites" else key: [shown[n] for n in value] if key == "cites" else quoted(value, shown)
        for key, value in node.items()
    }


def main(folder: Path, recorded: Path, model: str) -> None:
    """Replay a story and print what it took."""
    engine = Counting(Recorded(recording(recorded), model, str(recorded)))
    engine.kinds = {}
    found = tell(Job.of(engine), story_of(sorted(p for p in folder.iterdir() if p.suffix in {".txt", ".md"})))
    head = f"{'':12}{'calls':>6}{'instr.':>8}{'article':>9}{'claims':>8}{'output':>8}{'with quotes':>13}{'ratio':>7}"
    print(f"{folder.name}: {len(found.story.articles)} versions, {len(found.rows)} claims\n{head}")
    whole = Tally()
    for kind, tally in engine.kinds.items():
        whole.calls += tally.calls
        whole.sums.update(tally.sums)
        print(row(kind, tally))
    print(row("all", whole))
    article = sum(count("\n".join(a.exact(s.span) for s in a.read()), model).tokens for a in found.story.articles)
    n, claims = len(found.story.articles), len(found.rows)
    stance, reading = engine.kinds["stance"], engine.kinds["reading"]
    print(
        f"tokens of the articles {article:,}; a reading {reading.sums['output'] / article:.2f} × its article; "
        f"a stance {stance.sums['output'] / (n * claims):.1f} tokens a claim and version"
    )


def row(kind: str, tally: Tally) -> str:
    """A line of the table."""
    s = tally.sums
    numbers = f"{tally.calls:6}{s['instructions']:8,}{s['article']:9,}{s['claims']:8,}{s['output']:8,}{s['quoted']:13,}"
    return f"{kind:12}{numbers}{s['quoted'] / max(1, s['output']):7.2f}"


if __name__ == "__main__":
    given, answers, *named = sys.argv[1:]
    main(Path(given), Path(answers), *(named or ["claude"]))
