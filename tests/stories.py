"""Made-up stories, in which each part of a comparison is known to be there or not."""

from __future__ import annotations

from summarize import Version

_HEAD = "Ferry runs aground off Lowick\n\n"
_BODY = "The ferry ran aground off Lowick on Monday evening. The owner said that an inquiry would begin soon. "
_LONG = (
    "Divers from three harbours went down twice during the night to look for leaks in the hull, and found a crack of "
    "two metres just below the line of the water. Tugs waited near the sand bank until the tide was high enough to "
    "pull the ship free without breaking it. Passengers spent the night in a school on the hill above the harbour. "
)
_MORE = "The number of accidents almost tripled to 181 last year, up from 67 in 2022, the coast guard said. "


def revisions() -> list[Version]:
    """Three revisions of one article; a figure of the first is back in the third, which adds a sentence."""
    hurt = "Police said {} people were hurt in the accident."
    texts = (
        hurt.format(12),
        hurt.format(14),
        f"{hurt.format(12)} The captain may have been asleep, a witness said.",
    )
    return [Version(f"{_HEAD}{_BODY}{text}\n", id=f"r{n}") for n, text in enumerate(texts, start=1)]


def copies() -> list[Version]:
    """Two near-copies of one report, and a third report that has a passage of it, later."""
    first = f"{_HEAD}{_BODY}{_LONG}{_MORE}“We heard a loud noise and then nothing at all,” said Ana Ruiz.\n"
    second = first.replace("Ferry runs aground", "Ferry stuck").replace("went down twice", "dived twice")
    taken = _LONG[: _LONG.index(" Tugs")]
    third = (
        "Rescue after a ferry is stranded\n\nMost of those on board were asleep when the Ellen hit a bank of sand. "
        f"{taken} “We heard a loud noise and then nothing,” Ana Ruiz told reporters. The minister promised a law on "
        "night crossings. A school took in forty travellers. The company has lost two ships in ten years.\n"
    )
    days = (("one", first, "2024-08-20"), ("two", second, "2024-08-21"), ("three", third, "2024-08-22"))
    return [Version(text, id=name, published=f"{day}T08:00:00Z") for name, text, day in days]
