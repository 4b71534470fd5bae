"""Write the versions of one story of a corpus as files that Retold reads: `corpus_story.py CORPUS STORY FOLDER`.

The corpus is a .jsonl or .jsonl.gz file of one JSON object a line with story, version, outlet, title, text, date
and url. The texts belong to their publishers: they are written where you say and kept nowhere else.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path


def stories(corpus: Path) -> Iterator[dict[str, str]]:
    """The records of a corpus."""
    raw = corpus.read_bytes()
    text = (gzip.decompress(raw) if corpus.suffix == ".gz" else raw).decode("utf-8")
    yield from map(json.loads, text.splitlines())


def written(corpus: Path, story: str, folder: Path) -> list[Path]:
    """The files of a story's versions, made in `folder`. Raises SystemExit where there is no such story."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for record in stories(corpus):
        if record["story"] != story:
            continue
        keys = {"outlet": "outlet", "published": "date", "url": "url"}
        known = [f"{name}: {json.dumps(record[key])}" for name, key in keys.items() if record.get(key)]
        head = "\n".join(["---", *known, "---", "", record.get("title") or "", "", ""])
        path = folder / f"{record['version']}.md"
        path.write_text(head + record["text"] + "\n", encoding="utf-8")
        files.append(path)
    if not files:
        raise SystemExit(f"there is no story {story!r} in {corpus}")
    return files


if __name__ == "__main__":
    for made in written(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])):
        print(made)
