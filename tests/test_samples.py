"""Several independent readings: the majority is kept, what is unstable is marked, each is asked once."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from answering import answer_to
from command import Ran, retold
from exchange import Answer, Asked, completion
from fault_server import FaultServer
from scripts import Tries

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Two die in fire\n\nTwo men died in Lisbon on Tuesday, police said. “It is over,” the mayor said.\n"
OTHER = "Fire\n\nThree men died in Lisbon on Tuesday, the mayor said. The brutal blaze spread quickly.\n"


class Wavering:
    """A model whose third reading of each item judges otherwise: a friendlier author, one loaded word more."""

    def __init__(self) -> None:
        self._tries = Tries()

    def __call__(self, asked: Asked) -> Answer:
        """The right answer, or the third time another."""
        answer: dict[str, Any] = json.loads(answer_to(asked.body))
        if self._tries.next(asked) == 3 and answer.get("tone", {}).get("author"):
            answer["tone"]["author"]["score"] = 2
            answer["wording"].append(
                {"cites": [2], "words": "died", "technique": "loaded_language", "neutral": "were killed"}
            )
        return completion(asked, json.dumps(answer))


def read(tmp_path: Path, server: FaultServer, *flags: str) -> Ran:
    """The command line on one article."""
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    more = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", *flags)
    return retold("summarize", "a.txt", *more, cwd=tmp_path)


def test_the_majority_is_kept_and_the_odd_judgement_is_marked(tmp_path: Path) -> None:
    with FaultServer(Wavering()) as server:
        found = read(tmp_path, server, "--samples", "3", "--json").json()
        once = read(tmp_path, server, "--json").json()
    assert len(server.questions) == 3  # the first sample is the reading by itself, and is not paid twice
    reading, single = found["readings"]["a"], once["readings"]["a"]
    assert reading["tone"] == single["tone"]
    assert [w["words"] for w in reading["wording"]] == [w["words"] for w in single["wording"]]
    labels = {(label["section"], label["of"]): label for label in reading["agreement"]}
    odd = labels["tone", "author score"]
    assert odd["values"] == [single["tone"]["author"]["score"]] * 2 + [2]
    assert (odd["kept"], round(odd["share"], 2), odd["stable"]) == (single["tone"]["author"]["score"], 0.67, False)
    assert any(section == "wording" and not label["stable"] for (section, _), label in labels.items())
    assert single["agreement"] == []


def test_a_view_lists_what_is_unstable_and_says_how_many_readings_there_were(tmp_path: Path) -> None:
    with FaultServer(Wavering()) as server:
        shown = read(tmp_path, server, "--samples", "3").out
    assert "3 independent readings" in shown
    assert "Unstable" in shown
    assert "author score" in shown


def test_readings_that_agree_are_stable_throughout_and_alpha_says_where_it_applies(tmp_path: Path) -> None:
    with FaultServer() as server:
        found = read(tmp_path, server, "--samples", "2", "--json").json()
    assert all(label["stable"] and label["share"] == 1 for label in found["readings"]["a"]["agreement"])
    record = found["provenance"]
    assert record["samples"] == 2
    assert record["alphas"]
    assert all(alpha["value"] is not None or alpha["note"] for alpha in record["alphas"].values())


def test_a_comparison_of_three_samples_asks_each_reading_and_stance_three_times_and_all_else_once(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "b.txt").write_text(OTHER, "utf-8")
    with FaultServer() as server:
        more = ("--model", "fake-1", "--base-url", server.base_url, "--ledger", "l.sqlite", "--json")
        found = retold("compare", "a.txt", "b.txt", "--samples", "3", *more, cwd=tmp_path).json()
        single = retold("compare", "a.txt", "b.txt", *more, cwd=tmp_path).json()
    steps = Counter(asked.step for asked in server.questions)
    assert steps - Counter(gaps=2, again=2) == Counter(reading=2 * 3, inventory=1, stance=2 * 3)
    assert steps["again"] > 0
    assert found["differences"] == single["differences"]
    assert {label["section"] for label in found["agreement"]} >= {"tone", "stance", "claims"}
