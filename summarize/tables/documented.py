"""docs/tables.md, made from columns.py: `python -m summarize.tables.documented > docs/tables.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from summarize.tables.columns import TABLES

_ABOUT: Final = {
    "records": "Every record of the archive and what became of it: as many rows as records came in.",
    "articles": "Every record that is an article.",
    "stories": "Every story: the articles that tell the same, and how that was found.",
    "readings": "One row an article that was read: its tone, its frame, its summary.",
    "claims": "What an article states: a row for each statement.",
    "positions": "What each version of a story does with each distinct claim of it: a row for each claim and version.",
    "differences": "What differs between the versions of a story: a row for each difference and version.",
    "wording": "Loaded words.",
    "framing": "Frames, and what the framing does.",
    "portrayal": "How people, groups and things are shown.",
    "voices": "Who speaks.",
}
_KINDS: Final = {"text": "text", "integer": "whole number", "real": "number"}
_INTRODUCTION: Final = """\
# Tables of results

<!-- made by `python -m summarize.tables.documented > docs/tables.md`; change summarize/tables/, not this file -->

`retold batch` keeps what it finds in its ledger, one SQLite file, as tidy tables: one row a finding, one column a
variable, and in each row the words that prove it. `retold export` writes them as files:

```sh
retold export batch.sqlite --table differences -o differences.csv
retold export batch.sqlite --table claims | head          # JSON Lines, to standard output
retold export batch.sqlite --all tables --format parquet  # every table, into the folder tables
```

{contents}

Joins go over `article` and `story`. A value that is not known, or that there is none of, is empty: null in JSON and
Parquet, NULL in the ledger, an empty cell in CSV (an empty text is `""` there). Where a version has no words for a
claim or a difference, `sentences`, `start`, `end` and `words` are empty, and in `positions` also `voice`, `speaker`
and `certainty`.

`words` stand exactly so in the article. Where they are of one sentence, they are its text from `start` to `end`, in
code points; where of several, `start` and `end` are those of the first, and the others follow after " … ".

## Without exporting

The ledger may be read at any time, while a batch runs too. Its tables are named as below, with a column `job` first:
a ledger may hold several jobs, and each row belongs to one. The table `job` lists them. (The tables of results have
one more column `n` at the end, their order within a story.) Open it to read only, as here; quote `"end"`, which
is a word of SQL.

sqlite3:

```sh
sqlite3 -readonly -header batch.sqlite "select outlet, kind, count(*) from differences where job = 1 group by 1, 2"
```

pandas:

```python
import sqlite3
import pandas as pd

ledger = sqlite3.connect("file:batch.sqlite?mode=ro", uri=True)
differences = pd.read_sql_query("select * from differences where job = ?", ledger, params=(1,))
print(differences.groupby(["kind", "direction"]).size())

# Of the claims that some version of a story states: on how many does each outlet say nothing?
told = pd.read_sql_query("select * from positions where job = 1", ledger)
stated = told[told.status == "states"].set_index(["story", "claim"]).index
known = told[told.set_index(["story", "claim"]).index.isin(stated)]
print(known.assign(silent=known.status == "silent").groupby(["outlet", "kind"]).silent.agg(["mean", "size"]))
```

DuckDB, on the ledger (it fetches its extension for SQLite the first time) or on what was exported:

```sql
ATTACH 'batch.sqlite' AS ledger (TYPE sqlite, READ_ONLY);
SELECT outlet, avg(tone_author) FROM ledger.readings WHERE job = 1 GROUP BY outlet;
SELECT status, count(*) FROM 'tables/positions.parquet' GROUP BY status;
```

Datasette, in a browser:

```sh
datasette batch.sqlite
```

R:

```r
library(DBI)
ledger <- dbConnect(RSQLite::SQLite(), "batch.sqlite", flags = RSQLite::SQLITE_RO)
differences <- dbGetQuery(ledger, "select * from differences where job = ?", params = list(1))
table(differences$kind, differences$direction)
```

## The files

- **JSON Lines** (`.jsonl`): one object a line, its keys in the order of the columns, UTF-8.
- **CSV** (`.csv`): RFC 4180, UTF-8, commas, a header; rows end in a line feed, and a quoted cell may hold line ends.
  What an article says is foreign text, and spreadsheets run a cell that looks like a formula. So a text that begins
  with `=`, `+`, `-`, `@` (or a full-width `＝`, `＋`, `－`, `＠`), also after white space or characters that cannot be
  seen, or with a tab or line end, gets an apostrophe before it, unless it is a plain number like `-5`. To keep that
  exact, such a text with apostrophes before it gets one more (`'=1` becomes `''=1`). The rule back: if a cell begins
  with apostrophes and such a beginning comes after them, drop the first; no other cell was changed.
  `summarize.tables.writers.unguarded` does it. A NUL, which CSV does not bear, becomes U+FFFD. Import it as
  comma-separated: whoever cuts its lines at semicolons instead makes cells that nobody has guarded.
- **Parquet** (`.parquet`): text as string, whole numbers as int64, numbers as double; zstd; each column's description
  in the metadata of its field. Needs `pip install 'retold[parquet]'`.

A file is written beside its place first and replaces what was there when it is whole. Each is the table as it was
when its export began: of a batch that still runs, two tables may be of two moments.
"""


def markdown() -> str:
    """The page: how to open the tables, then every table and column."""
    contents = " · ".join(f"[{name}](#{name})" for name in TABLES)
    return "".join((_INTRODUCTION.replace("{contents}", contents), *_tables()))


def _tables() -> Iterator[str]:
    for name, columns in TABLES.items():
        yield f"\n## {name}\n\n{_ABOUT[name]}\n\n| column | kind | what |\n| --- | --- | --- |\n"
        for column in columns:
            about = column.about.replace("|", "\\|")
            yield f"| `{column.name}` | {_KINDS[column.kind]} | {about} |\n"


if __name__ == "__main__":
    sys.stdout.write(markdown())
