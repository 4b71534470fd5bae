"""With RETOLD_CORPORA (a folder of published corpora), recorded answers about their stories are replayed on the texts.

The texts belong to their publishers and are not in this project; the answers are (fixtures/recordings).
"""

from __future__ import annotations

import json
import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from command import retold

from summarize.archive.files import open_version

ROOT = Path(__file__).parent.parent
RECORDINGS = ROOT / "fixtures" / "recordings"
STORIES = {
    "basil-59f2f47c": ("basil/dev.jsonl", "59f2f47c-5da0-4fbc-be6e-4f15d45d82e2"),
    "seesaw-119": ("seesaw/dev.jsonl.gz", "seesaw-119"),
    "pac-126": ("pac/dev.jsonl.gz", "pac-126"),
}
GIVEN = os.environ.get("RETOLD_CORPORA", "")
pytestmark = pytest.mark.skipif(not GIVEN, reason="RETOLD_CORPORA names no folder of corpora")


@pytest.fixture(scope="module", params=STORIES)
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Path]]:
    """A recorded story's name and its versions as files."""
    corpus, story = STORIES[request.param]
    written = runpy.run_path(str(ROOT / "bench" / "corpus_story.py"))["written"]
    return request.param, written(Path(GIVEN) / corpus, story, tmp_path_factory.mktemp(request.param))


def replayed(name: str, files: list[Path]) -> dict[str, Any]:
    """The comparison of the files by the recorded model."""
    ran = retold("compare", *files, "--recording", RECORDINGS / f"{name}.jsonl", "--json", cwd=files[0].parent)
    assert (ran.code, ran.err) == (0, "")
    return ran.json()


def test_every_difference_shows_words_of_each_side_it_speaks_of(files: tuple[str, list[Path]]) -> None:
    found, texts = replayed(*files), {path.stem: open_version(path).text for path in files[1]}
    assert found["differences"]
    for d in found["differences"]:
        for version in d["versions"]:
            evidence = d["evidence"].get(version, [])
            assert evidence or (d["kind"] == "omission" and version in d["lacking"]), d["text"]
            assert all(texts[version][e["start"] : e["end"]] == e["exact"] for e in evidence)


def test_no_finding_of_the_recorded_model_is_ungrounded(files: tuple[str, list[Path]]) -> None:
    assert replayed(*files)["ungrounded"] == []


def test_a_version_that_is_silent_on_a_claim_cites_no_words_for_it(files: tuple[str, list[Path]]) -> None:
    for claim in replayed(*files)["claims"]:
        for position in claim["positions"].values():
            assert (position["status"] == "silent") <= (position["evidence"] == [])


def test_the_order_of_the_versions_changes_nothing_but_the_order(files: tuple[str, list[Path]]) -> None:
    name, paths = files
    forth, back = replayed(name, paths), replayed(name, paths[::-1])

    def told(found: dict[str, Any]) -> list[str]:
        return sorted(json.dumps([d["kind"], d["text"], d["evidence"]], sort_keys=True) for d in found["differences"])

    assert told(forth) == told(back)
    assert [(c["id"], c["text"]) for c in forth["claims"]] == [(c["id"], c["text"]) for c in back["claims"]]
