"""Which articles of an archive tell one story: found by code, explained by the words that show it.

Telling ─ add ─▶ a file on disk ─ groups ─▶ Grouped, Grouped, …        docs/stories.md
           ids, addresses,         given ids, then addresses,
           terms, sketch           then likeness within a window of time
"""

from __future__ import annotations

from summarize.stories.grouping import Stories
from summarize.stories.model import Grouped, Link, Rules, Telling

__all__ = ["Grouped", "Link", "Rules", "Stories", "Telling"]
