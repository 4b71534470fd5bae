"""Profiles of outlets for a terminal, as Markdown, and as the contract's JSON (schemas/profiles.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from summarize.profiles.bootstrap import LEVEL, RESAMPLES, Estimate
from summarize.profiles.model import Figure, Profile, Profiles
from summarize.report.fields import Json
from summarize.report.markdown import escaped, table
from summarize.report.sheets import Sheet
from summarize.report.text import count, cut, joined, spaced

if TYPE_CHECKING:
    from rich.console import Console

    from summarize.report.page import Page

PROFILES: Final = "retold.profiles/1"
_COLUMNS: Final = ("it", "the others", "difference", "stories")
_FEW: Final = 20  # outlets without a profile that are named on a terminal
_ROOM: Final = 96  # columns in which a row of figures stands on one line
_NAME: Final = 80  # characters of an outlet's name
_TITLES: Final = {
    "silence": "% silent",
    "not_found": "% not found",
    "differences": "per story",
    "tone": "points",
    "wording": "loaded words",
    "framing": "% main frame",
    "voices": "voices",
}
_FIGURES: Final = {
    ("wording", "loaded", ""): "per 1,000 read",
    ("voices", "number", ""): "per article",
    ("voices", "text", ""): "% of the text",
    ("voices", "named", ""): "% with a name",
}
_READ: Final = (
    f"Each figure is a mean over stories that the outlet tells together with another; each story counts once. “The "
    f"others” is the mean of the other outlets in the same stories. In brackets the {LEVEL:.0%} interval of a "
    f"bootstrap over stories, {RESAMPLES:,} resamples. A difference with * leaves out 0. “30; 25” "
    "stories: in 25 of 30 another outlet can be measured too, and the comparison is over these. The last column counts "
    "what a figure rests on. Silence is of claims that another outlet states; what was not found is no silence."
)


def as_json(found: Profiles, job: int) -> Json:
    """What `retold profiles --json` prints, of the job with this number."""
    return {
        "format": PROFILES,
        "job": job,
        "articles": {"read": found.articles, "no_outlet": found.unnamed},
        "stories": {"all": found.stories, "together": found.together},
        "least": found.least,
        "resamples": RESAMPLES,
        "level": LEVEL,
        "differences": {"shown": found.intervals, "apart": found.apart, "by_chance": found.by_chance},
        "limits": list(found.limits),
        "outlets": [_profile(profile) for profile in found.profiles],
    }


def profiles_view(found: Profiles, console: Console) -> None:
    """Print the profiles; figures that are 0 on both sides are left out and counted."""
    from summarize.report.page import Page  # noqa: PLC0415  # Markdown and JSON need no terminal

    page = Page(console)
    page.gap()
    page.line((_head(found), "bold"))
    page.line(_READ)
    page.heading("How far to trust this")
    page.points(points(found))
    for profile in found.profiles:
        if profile.figures:
            page.heading(cut(profile.outlet, _NAME), _about(profile))
            shown = [figure for figure in profile.figures if figure.own and not _nothing(figure)]
            for sheet in _sheets(shown):
                _put(page, sheet)
            for line in _left_out(profile):
                page.line((line, "dim"))
    page.gap()
    for line in _without(found, _FEW):
        page.line(line)
    page.gap()


def _put(page: Page, sheet: Sheet) -> None:
    """A table; where there is room no figure is broken, elsewhere no name."""
    made = page.table(sheet.columns, sheet.wide)
    roomy = page.width >= _ROOM
    for column in made.columns[1:] if roomy else made.columns[:1]:
        column.no_wrap, column.max_width, column.ratio = True, None, None
    for row in sheet.rows:
        made.add_row(*(page.text(str(cell)) for cell in row))
    page.gap()
    page.put(made)


def profiles_markdown(found: Profiles) -> str:
    """The profiles as Markdown; nothing is left out."""
    blocks = [f"# {escaped(_head(found))}", escaped(_READ), "**How far to trust this**"]
    blocks.append("\n".join(f"- {escaped(point)}" for point in points(found)))
    for profile in found.profiles:
        if profile.figures:
            blocks += [f"## {escaped(profile.outlet)}", escaped(_about(profile))]
            for sheet in _sheets(figure for figure in profile.figures if figure.own):
                cells = ([escaped(str(cell)) for cell in row] for row in sheet.rows)
                blocks.append(table(list(map(escaped, sheet.columns)), cells))
            blocks += [escaped(line) for line in _not_given(profile)]
    return "\n\n".join([*blocks, *map(escaped, _without(found, len(found.profiles)))]) + "\n"


def points(found: Profiles) -> Iterator[str]:
    """How far to trust the figures, in sentences."""
    yield (
        f"{count(found.intervals, 'difference')} from the others, of which {found.apart:,} leave out 0. If no outlet "
        f"differed from any other, about {found.by_chance:,} would by chance: do not read one alone as a finding."
    )
    yield "An interval tells how far chance in the choice of stories goes, not how often the engine is wrong."
    yield "No outlet is ranked, and no figure sums up others. Another way to tell a story is no worse way."
    yield from found.limits


def _profile(profile: Profile) -> Json:
    return {
        "outlet": profile.outlet,
        "stories": profile.stories,
        "articles": profile.articles,
        "reason": profile.reason or None,
        "figures": [_figure(figure) for figure in profile.figures],
    }


def _figure(figure: Figure) -> Json:
    return {
        "section": figure.section,
        "of": figure.of,
        "side": figure.side or None,
        "unit": figure.unit,
        "own": _estimate(figure.own),
        "others": _estimate(figure.others),
        "difference": _estimate(figure.difference),
        "stories": figure.stories,
        "compared": figure.compared,
        "items": figure.items,
        "counted": figure.counted,
        "reason": figure.reason or None,
        "note": figure.note or None,
    }


def _estimate(found: Estimate | None) -> Json | None:
    """Six decimals: what the sums are kept to."""
    if found is None:
        return None
    return {"value": round(found.value, 6), "low": round(found.low, 6), "high": round(found.high, 6)}


def _head(found: Profiles) -> str:
    outlets, told = count(len(found.profiles), "outlet"), count(found.together, "story", "stories")
    return f"{outlets}, {told} told by two or more, of {found.stories:,}"


def _about(profile: Profile) -> str:
    told = count(profile.stories, "story", "stories")
    return f"{told} told together with others, in {count(profile.articles, 'article')}."


def _sheets(figures: Iterable[Figure]) -> Iterator[Sheet]:
    """A table for each section, and for each kind of thing that its figures rest on."""
    for (section, counted), group in groupby(figures, key=lambda figure: (figure.section, figure.counted)):
        rows = tuple(
            (_name(f), _told(f, f.own), _told(f, f.others), _apart(f), _stories(f), f"{f.items:,}") for f in group
        )
        title = _TITLES[section]
        yield Sheet("", "", (title, *_COLUMNS, counted if counted != section else "found"), rows, frozenset({title}))


def _name(figure: Figure) -> str:
    known = _FIGURES.get((figure.section, figure.of, figure.side))
    if known:
        return known
    if figure.section == "voices":
        return f"% {spaced(figure.side)}"
    return f"· {spaced(figure.side)}" if figure.side else spaced(figure.of)


def _told(figure: Figure, found: Estimate | None, sign: str = "", mark: str = "") -> str:
    """A figure and its interval; shares in per cent.

    >>> _told(Figure("silence", "all", "", "share", 20, 20, 90, "claims"), Estimate(0.25, 0.125, 0.5))
    '25.0 [12.5, 50.0]'
    """
    if found is None:
        return "–"
    times, digits = (100, 1) if figure.unit == "share" else (1, 2)
    value, low, high = (_number(v * times, f"{sign}.{digits}f") for v in (found.value, found.low, found.high))
    return f"{value}{mark} [{low.lstrip('+')}, {high.lstrip('+')}]"


def _number(value: float, form: str) -> str:
    """A number, a minus as readers know it, and no sign for what is shown as 0."""
    told = format(value, form)
    return told.lstrip("+-") if float(told) == 0 else told.replace("-", "−")


def _apart(figure: Figure) -> str:
    return _told(figure, figure.difference, "+", "*" if figure.apart else "")


def _stories(figure: Figure) -> str:
    """Over how many stories, and in how many of them there are others to compare with, if not in all."""
    return f"{figure.stories:,}" if figure.compared == figure.stories else f"{figure.stories:,}; {figure.compared:,}"


def _nothing(figure: Figure) -> bool:
    """Whether the outlet and the others have nothing of it in any story."""
    return all(one is None or one.low == one.high == 0 for one in (figure.own, figure.others)) and bool(figure.own)


def _left_out(profile: Profile) -> Iterator[str]:
    zeros = sum(map(_nothing, profile.figures))
    if zeros:
        yield f"0 for it and for the others: {count(zeros, 'figure')}; --json has all."
    yield from _not_given(profile)


def _not_given(profile: Profile) -> Iterator[str]:
    """The figures that were refused, by reason."""
    reasons: dict[str, list[str]] = {}
    for figure in profile.figures:
        if figure.reason:
            name = ": ".join(filter(None, (spaced(figure.section), spaced(figure.of), spaced(figure.side))))
            reasons.setdefault(figure.reason, []).append(name)
    for reason, names in reasons.items():
        yield f"Not given ({reason}): {'; '.join(names)}."


def _without(found: Profiles, most: int) -> Iterator[str]:
    """The outlets that have no profile, and why."""
    few = [profile for profile in found.profiles if profile.reason]
    if few:
        named = [f"{cut(p.outlet, _NAME)} ({p.stories})" for p in few[:most]]
        named += [f"{len(few) - most:,} more (--json has all)"] if len(few) > most else []
        yield f"Told together with another in fewer than {found.least} stories, so no profile: {joined(named)}."
    if found.unnamed:
        yield f"No outlet given: {count(found.unnamed, 'article')}."
    if not found.profiles:
        yield "No article says who published it: profiles need outlets (`outlet:` in front matter, a column, …)."
