"""How a model is asked: what an answer may have, and the rungs of the form it is asked for in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from summarize.prices import Price
    from summarize.settings import Settings

Rung = Literal["strict", "schema", "object", "none"]
RUNGS: Final[tuple[Rung, ...]] = ("strict", "schema", "object", "none")
OUTPUT = 16_384  # tokens: the largest answer asked for, where nobody says otherwise


@dataclass(frozen=True, slots=True)
class Asking:
    """How a model is asked; None leaves it to the server. `output`, `window` in tokens, `timeout` in seconds."""

    temperature: float | None = None
    seed: int | None = None
    output: int | None = None
    window: int | None = None
    rung: Rung | None = None
    timeout: float = 600.0


def asking_of(settings: Settings, price: Price | None) -> Asking:
    """How `settings` ask; what they leave open of the window is that of the price list."""
    window = settings.context_window or (price.window if price else None)
    rung = next((rung for rung in RUNGS if rung == settings.rung), None)
    return Asking(settings.temperature, settings.seed, settings.max_output_tokens, window, rung, settings.timeout)
