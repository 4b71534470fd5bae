"""What one version says: findings, each with the evidence that proves it.

    Reading
    ├── summary    Sentence-by-sentence account, cited
    ├── claims     Claim: kind, voice, speaker, certainty
    ├── tone       Tone per scope: score −2…+2, intensity 0…3
    ├── frames     Frame (Media Frames Corpus' 14 + other; Boydstun et al. 2014), primary or secondary
    ├── functions  Function (Entman 1993): problem, cause, judgement, remedy
    ├── portrayal  Portrayal of an entity: role (SemEval-2025 Task 10), tone toward it −2…+2
    ├── wording    Wording: loaded words, technique (SemEval-2023 Task 3), what neutral words would say
    ├── voices     Voice: who speaks, named or not, quoted or paraphrased, share of the text
    └── ungrounded findings whose citation leads nowhere: shown, counted, never used

An answer becomes a reading here, at the last gate: every citation is resolved or its finding is set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar, cast

from summarize.evidence import Evidence, Unresolved, resolve
from summarize.news import Article

ClaimKind = Literal["event", "number", "quote", "cause", "background", "evaluation", "forecast"]
VoiceOf = Literal["author", "attributed"]
Certainty = Literal["asserted", "hedged", "unconfirmed"]
Status = Literal["states", "partly", "contradicts", "silent", "not found"]
Scope = Literal["headline", "author", "quoted"]
SCOPES: tuple[Scope, ...] = ("headline", "author", "quoted")

F = TypeVar("F")
Item: TypeAlias = "Mapping[str, object]"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a summary."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """An atomic statement; `speaker` is None in the author's voice."""

    text: str
    kind: ClaimKind
    voice: VoiceOf
    speaker: str | None
    certainty: Certainty
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Tone:
    """`score` from −2 (hostile) to +2 (admiring), `intensity` from 0 (dry) to 3 (agitated throughout)."""

    score: int
    intensity: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A generic frame that shapes the article."""

    frame: str
    rank: Literal["primary", "secondary"]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """What the framing does, where the article itself does it."""

    function: Literal["problem", "cause", "judgement", "remedy"]
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Portrayal:
    """How an entity is shown: `tone` toward it from −2 to +2; `finer` role is tentative."""

    entity: str
    role: Literal["protagonist", "antagonist", "innocent", "none"]
    finer: str | None
    tone: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Loaded words (the evidence is just these) and what neutral words would say.

    `confirmed`: whether the tone moved toward neutral when they were put in their place (see robustness.py);
    None where that was not tried.
    """

    words: str
    technique: str
    neutral: str
    evidence: tuple[Evidence, ...]
    confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks; `share` (0 to 1) is the part of the read text in sentences that report them."""

    speaker: str
    named: bool
    kind: str
    manner: Literal["quoted", "paraphrased", "both"]
    share: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """What a version does with a claim of the story."""

    claim: int
    status: Status
    voice: VoiceOf
    speaker: str | None
    certainty: Certainty
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """A finding whose citation leads nowhere, as the engine gave it, and why."""

    version: str
    section: str
    finding: Item
    reason: str


@dataclass(frozen=True, slots=True)
class Label:
    """What several independent readings gave for one thing, and what was kept.

    `of` says what was judged ("author score", an entity's name, a frame), `values` what each reading gave,
    `share` (0 to 1) how many of them gave what is `kept`; `stable`: more than two thirds did.
    """

    section: str
    of: str
    values: tuple[str | int | None, ...]
    kept: str | int | None
    share: float
    stable: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """All findings about one version. `grounded` counts those that stand, `ungrounded` holds the others.

    `agreement` is of several independent readings of which this is the majority; empty where there was one.
    """

    version: str
    summary: tuple[Told, ...] = ()
    claims: tuple[Claim, ...] = ()
    tone: Mapping[Scope, Tone | None] = field(default_factory=dict)
    frames: tuple[Frame, ...] = ()
    functions: tuple[Function, ...] = ()
    portrayal: tuple[Portrayal, ...] = ()
    wording: tuple[Wording, ...] = ()
    voices: tuple[Voice, ...] = ()
    ungrounded: tuple[Ungrounded, ...] = ()
    agreement: tuple[Label, ...] = ()

    @property
    def grounded(self) -> int:
        """How many findings have evidence."""
        lists: Iterable[Sequence[object]] = (
            self.summary, self.claims, self.frames, self.functions, self.portrayal, self.wording, self.voices,
        )  # fmt: skip
        return sum(map(len, lists)) + sum(tone is not None for tone in self.tone.values())


class _Resolver:
    """Turns items of an answer into findings; those that do not resolve are set aside."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.ungrounded: list[Ungrounded] = []

    def each(self, section: str, items: object, make: Callable[[Item, tuple[Evidence, ...]], F]) -> tuple[F, ...]:
        """A finding for each item whose citation resolves."""
        made = (self.one(section, item, make) for item in cast("list[Item]", items or []))
        return tuple(finding for finding in made if finding is not None)

    def one(self, section: str, item: Item, make: Callable[[Item, tuple[Evidence, ...]], F]) -> F | None:
        """The finding made of `item`, or None."""
        words = cast("str", item["words"]) if section == "wording" else None
        try:
            evidence = resolve(self.article, cast("list[int]", item["cites"]), words)
        except Unresolved as reason:
            self.set_aside(section, item, str(reason))
            return None
        return make(item, evidence)

    def set_aside(self, section: str, item: Item, reason: str) -> None:
        """Keep a finding that may not be used, with the reason."""
        self.ungrounded.append(Ungrounded(self.article.version.id, section, item, reason))


def read(article: Article, answer: Mapping[str, object]) -> Reading:
    """The reading of `article` in a valid `answer` (see prompt.merged); sections not asked for are empty."""
    resolver = _Resolver(article)
    framing = cast("Item", answer.get("framing") or {})
    tone = cast("Mapping[str, Item | None]", answer.get("tone") or {})
    return Reading(
        version=article.version.id,
        summary=resolver.each("summary", answer.get("summary"), lambda item, e: Told(_str(item, "text"), e)),
        claims=resolver.each("claims", answer.get("claims"), _claim),
        tone={s: resolver.one("tone", item, _tone) if (item := tone.get(s)) else None for s in SCOPES if s in tone},
        frames=resolver.each("framing", framing.get("frames"), _frame),
        functions=resolver.each("framing", framing.get("functions"), _function),
        portrayal=resolver.each("portrayal", answer.get("portrayal"), _portrayal),
        wording=resolver.each("wording", answer.get("wording"), _wording),
        voices=resolver.each("voices", answer.get("voices"), lambda item, e: _voice(article, item, e)),
        ungrounded=tuple(resolver.ungrounded),
    )


def positions(
    article: Article, answer: Mapping[str, object], claims: int
) -> tuple[dict[int, Position], tuple[Ungrounded, ...]]:
    """Positions by claim number in a valid answer to a stance question on so many claims, and what did not resolve.

    A claim answered twice keeps its first answer, and words before silence; one that is not answered, or whose
    citation leads nowhere, has no position (the matrix shows it as "not found"). What is "unclear" is "not found"
    too, with the words it may be.
    """
    resolver = _Resolver(article)
    found: dict[int, Position] = {}
    answered = cast("Item", answer["stance"])
    for item in cast("list[Item]", answered["told"]):
        number = cast("int", item["claim"])
        if number > claims:
            resolver.set_aside("stance", item, f"there is no claim {number}")
            continue
        position = resolver.one("stance", item, _position)
        if position is not None:
            found.setdefault(number, position)
    ungrounded = {cast("int", u.finding["claim"]) for u in resolver.ungrounded}
    for number in cast("list[int]", answered["silent"]):
        if number > claims:
            resolver.set_aside("stance", {"silent": number}, f"there is no claim {number}")
        elif number not in ungrounded:  # told with words that lead nowhere is not silence
            found.setdefault(number, Position(number, "silent", "author", None, "asserted", ()))
    return found, tuple(resolver.ungrounded)


def _str(item: Item, key: str) -> str:
    return cast("str", item[key])


def _claim(item: Item, evidence: tuple[Evidence, ...]) -> Claim:
    kind, voice, certainty = item["kind"], item["voice"], item["certainty"]
    return Claim(
        _str(item, "text"),
        cast("ClaimKind", kind),
        cast("VoiceOf", voice),
        _speaker(item),
        cast("Certainty", certainty),
        evidence,
    )


def _speaker(item: Item) -> str | None:
    return cast("str | None", item["speaker"]) if item["voice"] == "attributed" else None


def _tone(item: Item, evidence: tuple[Evidence, ...]) -> Tone:
    return Tone(cast("int", item["score"]), cast("int", item["intensity"]), evidence)


def _frame(item: Item, evidence: tuple[Evidence, ...]) -> Frame:
    return Frame(_str(item, "frame"), cast("Literal['primary', 'secondary']", item["rank"]), evidence)


def _function(item: Item, evidence: tuple[Evidence, ...]) -> Function:
    function = cast("Literal['problem', 'cause', 'judgement', 'remedy']", item["function"])
    return Function(function, _str(item, "text"), evidence)


def _portrayal(item: Item, evidence: tuple[Evidence, ...]) -> Portrayal:
    role = cast("Literal['protagonist', 'antagonist', 'innocent', 'none']", item["role"])
    return Portrayal(_str(item, "entity"), role, cast("str | None", item["finer"]), cast("int", item["tone"]), evidence)


def _wording(item: Item, evidence: tuple[Evidence, ...]) -> Wording:
    return Wording(evidence[0].exact, _str(item, "technique"), _str(item, "neutral"), evidence)


def _voice(article: Article, item: Item, evidence: tuple[Evidence, ...]) -> Voice:
    total = sum(s.end - s.start for s in article.read()) or 1
    share = round(sum(e.end - e.start for e in evidence) / total, 3)
    manner = cast("Literal['quoted', 'paraphrased', 'both']", item["manner"])
    return Voice(_str(item, "speaker"), bool(item["named"]), _str(item, "kind"), manner, share, evidence)


def _position(item: Item, evidence: tuple[Evidence, ...]) -> Position:
    return Position(
        cast("int", item["claim"]),
        "not found" if item["status"] == "unclear" else cast("Status", item["status"]),
        cast("VoiceOf", item["voice"]),
        _speaker(item),
        cast("Certainty", item["certainty"]),
        evidence,
    )
