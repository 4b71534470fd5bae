"""Three hundred articles through faults of all kinds: nothing is lost, nothing is mixed up, all is told."""

from __future__ import annotations

import math
import threading
from collections import Counter
from pathlib import Path

import pytest
from exchange import Answer, Asked
from fault_server import FAULTS, Fate, FaultServer, good, limited, mixed
from many import articles, embedded, number, read_by

from summarize.ledger import Ledger

MANY = 300
FINAL = {  # what its first try is settled as
    "refusal": "refusal",
    "content_filter": "content_filter",
    "null_content": "empty",
    "empty_choices": "choices",
    "wrong_content_type": "http",
    "huge_5mb": "size",
    "whitespace_runaway": "runaway",
    "truncated_prompt": "truncated",
    "400_content_filter": "content",
    "400_text": "refused",
}
PASSING = ("500", "503_html", "reset_mid_body", "close_before_body", "close_before_head")
FORM = {"truncated_json": "json", "nan": "json", "schema_fault": "schema", "ignores_format": "json"}


def end(fate: Fate) -> tuple[str, int]:
    """The status that a fate leads to ("" for a reading), and how many requests it takes."""
    if fate.fault is None:
        return "", 1
    if fate.fault in FINAL:
        return FINAL[fate.fault], 1
    status, most = ("deterministic", 5) if fate.fault in PASSING else (FORM[fate.fault], 3)
    return (status, most) if fate.tries >= most else ("", int(fate.tries) + 1)


@pytest.mark.parametrize(("share", "seed"), [(0.1, 1), (0.6, 2)])
def test_each_article_gets_its_own_reading_or_the_fault_that_was_truly_its_own(
    tmp_path: Path, share: float, seed: int
) -> None:
    articles(tmp_path, MANY)
    script = mixed([*FINAL, *PASSING, *FORM], share, seed, forever=0.3)
    fates: dict[int, Fate] = {}
    tries: Counter[int] = Counter()
    lock = threading.Lock()

    def counted(asked: Asked) -> Answer:
        with lock:
            tries[number(asked)] += 1
            fates[number(asked)] = script.fate(asked)
        return script(asked)

    with FaultServer(limited(150, 20, counted)) as server:
        ran = read_by(server, tmp_path, "--hands", "16")
    told, right = ran.json(), embedded(tmp_path)
    ends = {at: end(fate) for at, fate in fates.items()}
    assert len(ends) == len(right) == MANY
    assert {int(f["file"][-7:-4]): f["status"] for f in told["failures"]} == {
        at: status for at, (status, _) in ends.items() if status
    }
    assert told["readings"] == {
        version: reading for version, reading in right.items() if not ends[int(version[-3:])][0]
    }
    assert tries == {at: requests for at, (_, requests) in ends.items()}
    assert ran.code == (9 if told["failures"] else 0)
    assert any(fate.tries == math.inf for fate in fates.values())


def test_a_used_up_account_stops_the_run_and_only_the_rest_is_asked_when_there_is_money_again(tmp_path: Path) -> None:
    articles(tmp_path, 120)
    poor = True

    def spent(asked: Asked) -> Answer:
        return FAULTS["quota_429"](asked) if poor and asked.number >= 50 else good(asked)

    with FaultServer(spent) as server:
        first = read_by(server, tmp_path, "--hands", "32")
        assert first.code == 7
        assert "nothing left to spend" in first.err.splitlines()[-1]
        assert server.statuses[429] <= 32, "each hand finds out at most once"
        ledger = Ledger(tmp_path / "l.sqlite")
        kept = list(ledger.all())
        ledger.close()
        assert [settled.status for settled in kept] == ["done"] * server.served
        assert len(first.json()["readings"]) == server.served == 49
        asked, poor = len(server.questions), False
        second = read_by(server, tmp_path)
        assert second.code == 0
        assert len(server.questions) - asked == 120 - 49
    assert second.json()["readings"] == embedded(tmp_path)
