"""Invented archives: stories that three outlets tell in other words, as rows; no two stories are alike."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from command import Ran, retold

if TYPE_CHECKING:
    from pathlib import Path

PLACES = ("Lowick", "Hartmere", "Osterby", "Pellworth", "Dunsford", "Karnholt", "Velmoor", "Tarnby", "Quillan", "Arden")
PEOPLE = ("Brandt", "Okafor", "Lindqvist", "Marchetti", "Duarte", "Novak", "Petrov", "Hassan", "Keller", "Iversen")
THINGS = ("harbour bridge", "paper mill", "grain silo", "city library", "ferry terminal", "chemical plant", "stadium")
OUTLETS = ("The Courier", "Daily Lantern", "Observer North")
Row = dict[str, Any]


def row(story: int, version: int) -> Row:
    """How one outlet tells a story."""
    place, person = PLACES[story % 10], PEOPLE[(story // 7) % 10]
    thing, hurt, cost = THINGS[story % 7], 3 + story, 40 + 3 * story
    heads = (f"Fire destroys {thing} in {place}", f"{hurt} hurt as {thing} burns", f"Blaze at {place} {thing}")
    bodies = (
        (
            f"A fire destroyed the {thing} in {place} on Tuesday and injured {hurt} people, police said. "
            f"Mayor {person} said the damage would cost {cost} million crowns. “We warned the owners in March,” "
            f"{person} said. Case {story} was opened by the prosecutor."
        ),
        (
            f"At least {hurt} people were hurt when flames swept through the {thing} in {place}. Firefighters fought "
            f"the horrific blaze for nine hours. Mayor {person} put the damage at {cost} million crowns. Prosecutors "
            f"opened case {story}."
        ),
        (
            f"The {thing} of {place} burned on Tuesday. {hurt + 1} people were injured, according to a hospital "
            f"spokesman. “We warned the owners in March,” said Mayor {person}. The owners, who run {story + 2} other "
            f"sites, deny that they were told."
        ),
    )
    return {
        "id": f"s{story:03}-{version}",
        "text": f"{heads[version]}\n\n{bodies[version]}\n",
        "outlet": OUTLETS[version],
        "published": f"2024-0{1 + story % 9}-1{story % 10}",
        "story": f"S{story:03}",
    }


def rows(stories: int, versions: int = 3) -> list[Row]:
    """So many stories, each told by so many outlets."""
    return [row(story, version) for story in range(stories) for version in range(versions)]


def jsonl(path: Path, found: list[Row]) -> Path:
    """The rows as a file of JSON lines."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found), "utf-8")
    return path


def batch(archive: str | Path, folder: Path, *more: str) -> Ran:
    """`retold batch` with a ledger in `folder`."""
    return retold("batch", archive, "--ledger", "l.sqlite", *more, cwd=folder)


def table(folder: Path, name: str, ledger: str = "l.sqlite") -> list[str]:
    """The lines of an exported table, sorted."""
    ran = retold("export", ledger, "--table", name, "--format", "jsonl", cwd=folder)
    assert ran.code == 0, ran.err
    return sorted(ran.out.splitlines())


def statuses(folder: Path, ledger: str = "l.sqlite") -> dict[str, int]:
    """How many records there are with each status."""
    with closing(sqlite3.connect(folder / ledger)) as db:
        return dict(db.execute("select status, count(*) from records group by status"))
