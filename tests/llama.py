"""A real inference server on loopback: llama.cpp's own, with a model of random weights made on the spot.

The text is nonsense; HTTP, tokens, context limit, sampling and decoding under a schema are the server's own.
In a test file `pytest_plugins = ("llama",)` gives the fixtures `llama` and `runaway_llama`: base URLs. By hand:

    python tests/llama.py MODEL.gguf --ctx 16384      # serves until its standard input ends
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gguf import GGUFWriter

NEEDED = ("xllamacpp", "gguf", "numpy")
NAME = "nonsense"  # what the server calls its model, whatever is asked for
WAIT, LOOK, PAUSE = 120.0, 10.0, 0.1  # seconds until a server must answer, for one look, and between two
EOS = "</s>"
# One layer with one head of 64 dimensions: two layers with four heads took twenty times as long.
DIM, PEAK = 64, 8.0
LAYER = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (DIM, DIM))
LAYER |= {"ffn_gate": (2 * DIM, DIM), "ffn_up": (2 * DIM, DIM), "ffn_down": (DIM, 2 * DIM)}

WORDS = """a about according after all also among an and answer any are army article as at author be been before
being between both but by can cause cite cites claim claims close come could crossed day each east evidence false
first for found from government had has have he her his if in into is it its line minister more most names neutral
never new no none not number of official officials on one only or other out over own people police quote quoted
read report reported said say says score section sentence sentences she should so soldier some south source
sources speaker state states story such text than that the their them then there these they this three through
to tone true two under up voice was were what when where which who will with without word words would year
year""".split()
LETTERS = [chr(code) for code in range(33, 127)]


@dataclass(frozen=True)
class Habit:
    """How likely a token is, as additions to its logit: `base` always, the others after a token of that kind."""

    base: float = 0.0
    bracket: float = 0.0  # after [
    comma: float = 0.0
    digit: float = 0.0
    quote: float = 0.0
    closed: float = 0.0  # after } or ]
    rest: float = 0.0


KINDS = ("bracket", "comma", "digit", "quote", "closed", "rest")
KIND_OF = {"[": "bracket", ",": "comma", '"': "quote", "}": "closed", "]": "closed"} | dict.fromkeys(
    "0123456789", "digit"
)
NEVER = Habit(base=-30)
# Under a schema only what it allows is left to choose from: whether a string, a list or a number ends.
HABITS = {
    '"': Habit(rest=8, quote=-6),
    "[": Habit(),
    "{": Habit(bracket=8, comma=8),
    "}": Habit(quote=2),
    "]": Habit(bracket=-6, digit=6, closed=5),
    ",": Habit(digit=5, quote=1, closed=5),
    "\\": NEVER,
    "▁": Habit(base=-10),
    "0": Habit(bracket=-6, comma=-6, rest=-3),  # no sentence or claim has a number below 1
    "-": Habit(bracket=-6, comma=-6, rest=-3),
} | {digit: Habit(bracket=6, comma=6, digit=1) for digit in "123456789"}
WORD, PART, END = Habit(base=4), Habit(base=-4), Habit(base=3, rest=3, closed=10)


def vocabulary(words: list[str]) -> tuple[list[str], list[int]]:
    """All tokens with their types (as GGUF numbers them): three of control, the bytes, letters, words and their parts.

    A tokenizer of this kind comes to a word letter by letter, so that all beginnings of it must be tokens.
    """
    from gguf import TokenType as Kind

    parts = dict.fromkeys(f"▁{word[:end]}" for word in words for end in range(1, len(word) + 1))
    tokens = ["<unk>", "<s>", EOS, *(f"<0x{byte:02X}>" for byte in range(256)), "▁", *LETTERS, *parts]
    kinds = [Kind.UNKNOWN, Kind.CONTROL, Kind.CONTROL] + [Kind.BYTE] * 256
    return tokens, [*kinds, *[Kind.NORMAL] * (len(tokens) - len(kinds))]


def habit(token: str, *, runaway: bool) -> Habit:
    """What makes answers end: strings, lists and numbers are closed soon. A `runaway` model never ends a string."""
    if runaway and token in {'"', EOS}:
        return NEVER
    if token == EOS:
        return END
    if token[0] == "<" and len(token) > 1:
        return NEVER
    return HABITS.get(token, WORD if token[1:] in WORDS else PART if token[0] == "▁" else Habit())


def make_model(path: Path, *, runaway: bool = False) -> Path:
    """Write a model of the llama architecture to `path`, always the same one, and return the path.

    One dimension is the same for every token and one for each kind of token before; the output matrix reads
    habits from them. The other dimensions are noise, and hang on what came before by way of the attention.
    """
    import gguf
    import numpy as np

    noise = np.random.default_rng(1)
    tokens, kinds = vocabulary(WORDS)
    embedding, output = (noise.normal(0, 0.3, (len(tokens), DIM)).astype(np.float32) for _ in range(2))
    embedding[:, : 1 + len(KINDS)] = 0
    embedding[:, 0] = PEAK
    for i, token in enumerate(tokens):
        embedding[i, 1 + KINDS.index(KIND_OF.get(token, "rest"))] = PEAK
        habits = habit(token, runaway=runaway)
        if token in HABITS or token == EOS:
            output[i] = 0  # no noise: whether something ends is left to habit
        output[i, : 1 + len(KINDS)] = [habits.base, *(getattr(habits, kind) for kind in KINDS)]
    output[:, : 1 + len(KINDS)] /= np.sqrt(DIM / 2)  # the last norm makes about its inverse of either peak
    tensors = {"token_embd": embedding, "output": output, "output_norm": np.ones(DIM, np.float32)}
    for name, shape in LAYER.items():
        tensors[f"blk.0.{name}"] = noise.normal(0, 0.05, shape).astype(np.float32)
    tensors |= {f"blk.0.{name}": np.ones(DIM, np.float32) for name in ("attn_norm", "ffn_norm")}
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer, tokens, kinds)
    for name, tensor in tensors.items():
        writer.add_tensor(f"{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _describe(writer: GGUFWriter, tokens: list[str], kinds: list[int]) -> None:
    writer.add_name(NAME)
    writer.add_context_length(1 << 20)
    writer.add_embedding_length(DIM)
    writer.add_block_count(1)
    writer.add_feed_forward_length(2 * DIM)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(DIM)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(i) for i in range(len(tokens))])
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(
        "{% for m in messages %}<|{{ m['role'] }}|>\n{{ m['content'] }}\n{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
    )


def serve(model: str, port: int, ctx: int, parallel: int) -> None:
    """Serve `model` until standard input ends; the base URL is the one line on standard output."""
    xllamacpp = import_module("xllamacpp")  # it has no types
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {NAME}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = ctx * parallel
    params.n_parallel = parallel
    params.n_threads_http = 32  # a connection that is kept alive holds one
    params.cpuparams.n_threads = 1  # enough for this model, and the quickest on a busy machine
    params.sampling.seed = 1  # the same question gets the same answer
    params.warmup = params.ui = params.fit_params = False
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)  # noqa: T201  # what the parent waits for
    sys.stdin.buffer.read()
    os._exit(0)  # at once, and whatever is still being answered


@contextlib.contextmanager
def serving(model: Path, *, ctx: int = 16384, parallel: int = 4, port: int = 0) -> Iterator[str]:
    """A server of `model` in a process of its own, as its base URL; it ends with the block, or with this process.

    `ctx` is what one request and its answer may have in tokens, `parallel` how many are answered at once. What
    the server logs is in a file beside the model. Raises AssertionError where it does not answer in WAIT seconds.
    """
    said, log = model.with_suffix(".out"), model.with_suffix(".log")
    command = [sys.executable, __file__, str(model)]
    command += ["--port", str(port), "--ctx", str(ctx), "--parallel", str(parallel)]
    with said.open("wb") as out, log.open("wb") as err:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=err)
    try:
        yield _answering(process, said, log)
    finally:
        process.kill()
        process.communicate()


def _answering(process: subprocess.Popen[bytes], said: Path, log: Path) -> str:
    """The base URL, once the server answers there."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        url = said.read_text("utf-8")
        if url.endswith("\n") and get(url.strip(), "/models")[0] == http.client.OK:
            return url.strip()
        if process.poll() is not None:
            break
        time.sleep(PAUSE)
    raise AssertionError(f"no server (exit code {process.poll()}): {log.read_text('utf-8', 'replace')[-2000:]}")


def get(base_url: str, path: str) -> tuple[int, bytes]:
    """Status and body of what is at `path` below `base_url`; (0, b"") where nothing listens."""
    where = urlsplit(base_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=LOOK)
    try:
        connection.request("GET", where.path + path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


def _fixture(factory: pytest.TempPathFactory, *, runaway: bool, ctx: int, parallel: int = 4) -> Iterator[str]:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (a real server is started with them)")
    model = make_model(factory.mktemp("llama") / "model.gguf", runaway=runaway)
    with serving(model, ctx=ctx, parallel=parallel) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server whose answers come to an end."""
    yield from _fixture(tmp_path_factory, runaway=False, ctx=16384)


@pytest.fixture(scope="session")
def runaway_llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a server whose answers end by their length: its model closes no string.

    Only an answer without free text (as to the tone alone) comes to an end.
    """
    yield from _fixture(tmp_path_factory, runaway=True, ctx=12288)


def main() -> None:
    """Make the model if there is none, and serve it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("--port", type=int, default=0, help="0: any free one")
    arguments.add_argument("--ctx", type=int, default=16384, help="tokens for one request and its answer")
    arguments.add_argument("--parallel", type=int, default=4, help="how many requests are answered at once")
    arguments.add_argument("--runaway", action="store_true", help="make a model that closes no string")
    given = arguments.parse_args()
    if not given.model.exists():
        make_model(given.model, runaway=given.runaway)
    serve(str(given.model), given.port, given.ctx, given.parallel)


if __name__ == "__main__":
    main()
