"""Which column of a table, or which name in an object, holds what: given by the user, else guessed from the names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from summarize.errors import InputError

# In the order in which they are looked for; compared without case, "_", "-" and spaces.
_GUESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": tuple(
        "text body content article maintext articletext fulltext plaintext articlebody bodytext articlecontent "
        "storytext contenttext rawtext".split()
    ),
    "headline": tuple("headline title articletitle heading".split()),
    "outlet": tuple(
        "outlet publisher publication source sourcename newspaper domain sourcedomain site sitename".split()
    ),
    "published": tuple(
        "published date publishedat publisheddate publishdate datepublished publicationdate datepublish publishedon "
        "pubdate timestamp datetime".split()
    ),
    "url": tuple("url link href sourceurl articleurl permalink".split()),
    "story": tuple("story storyid event eventid cluster clusterid".split()),
    "id": tuple("id articleid key uid uuid guid".split()),
}
# Below other names a name means something else: "author.url", "image.id".
_PARENTS: Final = frozenset("article meta metadata data document doc fields item properties content _source".split())
_MANY = 1_000  # names of an object that are looked at
_LONGEST = 200  # characters of a name that may mean something
_LISTED = 20  # names that an error lists
_SHOWN = 60  # characters of a name or value that are shown


@dataclass(frozen=True, slots=True)
class Columns:
    """The name of the column that holds each, None where there is none.

    A name with dots ("source.name") leads into objects, unless a column has just that name.
    """

    text: str | None = None
    headline: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    story: str | None = None
    id: str | None = None

    def named(self) -> dict[str, str]:
        """Field → column, for the fields that have one."""
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {field: name for field, name in pairs if name is not None}

    def told(self) -> str:
        """One line for people: 'text from "body", headline from "title"; not found: outlet, story'."""
        found = self.named()
        lacking = [f.name for f in fields(self) if f.name not in found]
        told = ", ".join(f'{field} from "{shown(name)}"' for field, name in found.items()) or "nothing"
        return f"{told}; not found: {', '.join(lacking)}" if lacking else told


class Cells(NamedTuple):
    """What a row holds, which of it means what, and what was noticed on the way."""

    values: Mapping[str, object]
    columns: Columns
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: where it stands, and what it holds. `read` raises InputError where that cannot be had."""

    place: str
    read: Callable[[], Cells]


def unreadable(place: str, error: InputError) -> Row:
    """A row of which nothing but `error` can be had."""

    def read() -> Cells:
        raise error

    return Row(place, read)


def guessed(names: Iterable[str], given: Columns) -> Columns:
    """`given`, and for what it leaves open the column that is named like it.

    Whole names come before those inside objects ("article.title"). No column is guessed for two fields, nor
    for one besides the field that it was given for.
    """
    return _guessed(tuple(names), given)


@lru_cache(maxsize=16)  # the rows of a file are named alike
def _guessed(names: tuple[str, ...], given: Columns) -> Columns:
    free: dict[str, str] = {}
    nested: dict[str, str] = {}
    taken = set(given.named().values())
    for name in names:
        parent, _, last = name.rpartition(".")
        if name in taken or not name:
            continue
        if parent.lower() in _PARENTS:
            nested.setdefault(_folded(last), name)
        free.setdefault(_folded(name), name)
    found: dict[str, str] = {}
    for field, guesses in _GUESSES.items():
        if getattr(given, field) is not None:
            continue
        likely = (known[guess] for known in (free, nested) for guess in guesses if guess in known)
        chosen = next((name for name in likely if name not in found.values()), None)
        if chosen is not None:
            found[field] = chosen
    return replace(given, **found)


def _folded(name: str) -> str:
    return name.strip().lower().replace("_", "").replace("-", "").replace(" ", "")


def settled(names: Iterable[str], given: Columns, place: str) -> Columns:
    """The columns of a file or row that has these names.

    Raises InputError, with the names there are, where a given column is not among them or none holds the text.
    """
    names = tuple(names)
    for field, name in given.named().items():
        if name not in names:
            what = f"no column is named “{shown(name)}”; {_listed(names)}"
            raise InputError(what, where=place, hint=f"--{field} names the column of the {field}")
    columns = guessed(names, given)
    if columns.text is None:
        what = f"no column is known to hold the text; {_listed(names)}"
        raise InputError(what, where=place, hint="name it with --text")
    return columns


def _listed(names: tuple[str, ...]) -> str:
    if not names:
        return "there is none"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return "there are " + ", ".join(f"“{shown(name)}”" for name in names[:_LISTED]) + more


def names_of(values: Mapping[str, object], given: Columns) -> tuple[str, ...]:
    """The names in an object: its own, those in the objects in it, and the given ones that lead to something.

    An object with a name (a publisher, an author) stands for itself.
    """
    found: list[str] = []
    for name, value in islice(values.items(), _MANY):
        if len(found) >= _MANY or len(name) > _LONGEST:
            continue
        if isinstance(value, Mapping) and "name" not in value:
            found += (f"{name}.{inner}" for inner in islice(value, _MANY) if len(inner) <= _LONGEST)
        else:
            found.append(name)
    deep = [name for name in given.named().values() if name not in found and has(values, name)]
    return (*found[:_MANY], *deep)


def has(values: Mapping[str, object], name: str) -> bool:
    """Whether `name` leads to something, be it nothing (null)."""
    try:
        value(values, name)
    except KeyError:
        return False
    return True


def value(values: Mapping[str, object], name: str) -> object:
    """What `name` leads to. Raises KeyError where that is nowhere."""
    if name in values:
        return values[name]
    here: object = values
    for part in name.split("."):
        if not isinstance(here, Mapping):
            raise KeyError(name)
        here = here[part]
    return here


def shown(words: str, longest: int = _SHOWN) -> str:
    """`words` fit to be shown: cut, on one line, without control characters."""
    line = "".join(c if c.isprintable() else "\ufffd" for c in words[: longest + 1])
    return f"{line[:longest]}…" if len(words) > longest else line
