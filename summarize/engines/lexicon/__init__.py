"""The embedded engine: word lists and rules, no model, no network, the same answer every time.

It answers the same questions in the same JSON as a model and passes the same gates. What it does well
is text: anchors, quotations, attributions, hedges, alignment of sentences. What it cannot do is judge:
sentiment by word lists orders the versions of real stories as people do in 52 % of pairs, which is
chance (measured on BASIL and SEESAW), so it gives values of tone, framing and portrayal as weak hints
and abstains from differences in them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from summarize.engines import Local
from summarize.engines.lexicon.claims import claims
from summarize.engines.lexicon.framing import framing
from summarize.engines.lexicon.inventory import inventory
from summarize.engines.lexicon.passage import Passage
from summarize.engines.lexicon.portrayal import portrayal
from summarize.engines.lexicon.stance import stance
from summarize.engines.lexicon.summary import summary
from summarize.engines.lexicon.tone import tone
from summarize.engines.lexicon.voices import voices
from summarize.engines.lexicon.wording import wording
from summarize.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from summarize.prompt import Question

_SECTIONS: Mapping[str, Callable[[Passage], object]] = {
    "summary": summary,
    "claims": claims,
    "tone": tone,
    "framing": framing,
    "portrayal": portrayal,
    "wording": wording,
    "voices": voices,
    "inventory": inventory,
    "stance": stance,
}


class Lexicon(Local):
    """The embedded engine (see engines.Engine)."""

    name = "lexicon"
    model = "none"
    identity: ClassVar[dict[str, object]] = {"engine": "lexicon"}
    limits = (
        "No language model was used: this is a reading by word lists and rules for English news.",
        "It cannot see irony, implication, or what is said in words its lists do not hold.",
        "Tone, framing and portrayal are weak hints from counted words (versions ordered by them: chance).",
        "So no difference between versions is reported from tone, framing or portrayal.",
        "Claims are whole sentences of the text, so one claim may hold several details.",
    )
    abstains = frozenset({"tone", "framing", "portrayal"})

    def ask(self, question: Question) -> Reply:
        """Answer every section of `question` from the lines and claims in it."""
        passage = Passage(question)
        answer = {name: _SECTIONS[name](passage) for name in question.sections}
        return Reply(json.dumps(answer, ensure_ascii=False), model=self.model, finish="stop")
