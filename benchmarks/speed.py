"""Speed, import time and memory of stance on one core, with textacy beside it: ``python benchmarks/speed.py CORPUS.jsonl``.

What is measured, and how, stands in the README beside this file.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib import metadata
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, ParamSpec, TypeVar

from common import SPACY_MODELS, MissingPeerError, Textacy, read

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "STANCE_THREADS",
)
FORBIDDEN = ("torch", "transformers", "mlflow", "pandas")
HEAVY = (*FORBIDDEN, "onnxruntime", "tokenizers", "matplotlib", "spacy", "sklearn", "scipy", "numpy", "babel", "pycountry")
IMPORT_STANCE = f"""
import sys, time
start = time.perf_counter()
import stance
print(time.perf_counter() - start, *(name for name in {HEAVY!r} if name in sys.modules))
"""
WARM_UP = 10  # articles that each task reads before the clock starts
MEGABYTE = 1_000_000

P = ParamSpec("P")
R = TypeVar("R")

#: Gives one result for each text; the results are let go one by one, as in the reading of an archive.
Task = Callable[[list[str]], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Import:
    """What ``import stance`` costs a new process: the best of several, and the heavy modules that it brought."""

    seconds: float
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process of its own took to analyse some text, and the forbidden modules that it brought."""

    megabytes: float
    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    statements: int
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """One task's run over the corpus: time on the clock and on the processor."""

    wall: float
    cpu: float


def main() -> None:
    """Measures everything and prints it."""
    options = arguments()
    threads = hold_to(options.threads)
    load = os.getloadavg()[0]
    # The small processes come first: on Linux a child's peak is never reported lower than its parent's memory when it was started.
    tell("import time")
    imported = import_cost()
    tell("memory: the corpus")
    footprints = {"corpus": apart(analyse_corpus, options.corpus, options.limit)}
    for size in options.megabytes:
        tell(f"memory: one article of {size:g} MB")
        footprints[f"one article of {size:g} MB"] = apart(analyse_one, options.corpus, options.limit, size)
    texts = list(corpus(options.corpus, options.limit))
    passes = throughput(texts, tasks(), options.repeat)
    results = {
        "machine": machine(threads, load),
        "corpus": {"articles": len(texts), "megabytes": sum(map(size_of, texts)) / MEGABYTE},
        "import": asdict(imported),
        "footprints": {name: asdict(footprint) for name, footprint in footprints.items()},
        "throughput": {name: rates(runs, len(texts)) for name, runs in passes.items()},
    }
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    show(results)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, metavar="CORPUS.jsonl", help="articles, one JSON object with a text a line")
    parser.add_argument("--limit", type=int, metavar="N", help="read only the first N articles")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="passes over the corpus for each task (default: 3)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="processor cores and threads (default: 1)")
    parser.add_argument(
        "--megabytes", type=float, nargs="*", default=[1, 5], metavar="SIZE", help="sizes of the long articles (default: 1 5; none: skip)"
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    options = parser.parse_args()
    for name in ("limit", "repeat", "threads"):
        if (value := getattr(options, name)) is not None and value < 1:
            parser.error(f"--{name} {value}: must be at least 1")
    if any(size <= 0 for size in options.megabytes):
        parser.error("--megabytes: sizes must be greater than 0")
    if not options.corpus.is_file():
        parser.error(f"{options.corpus}: no such file")
    if next(corpus(options.corpus, 1), None) is None:
        parser.error(f"{options.corpus}: no article in it")
    return options


def hold_to(threads: int) -> str:
    """Holds this process and its children to some cores; must come before numpy is imported, which reads the variables once.

    Returns:
        What was done, for the caption.
    """
    os.environ |= dict.fromkeys(THREAD_VARIABLES, str(threads))
    if not hasattr(os, "sched_setaffinity"):
        return f"{threads} thread(s), not held to a core (only Linux can)"
    cores = sorted(os.sched_getaffinity(0))[-threads:]
    os.sched_setaffinity(0, cores)
    return f"{threads} thread(s), held to {len(cores)} core(s)"


def corpus(path: Path, limit: int | None) -> Iterator[str]:
    """The texts of the corpus."""
    return (article["text"] for article in read(path, limit))


def import_cost(tries: int = 5) -> Import:
    """Imports stance in a new process, several times; the first may have to compile, so the best counts."""
    answers = [
        subprocess.run([sys.executable, "-c", IMPORT_STANCE], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(tries)
    ]
    seconds, *modules = min(answers, key=lambda answer: float(answer[0]))
    return Import(float(seconds), tuple(modules))


def apart(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Calls a function in a new interpreter, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def analyse_corpus(path: Path, limit: int | None) -> Footprint:
    """The footprint of the baseline on the whole corpus; for `apart`."""
    return footprint(corpus(path, limit), sum(map(size_of, corpus(path, limit))))


def analyse_one(path: Path, limit: int | None, megabytes: float) -> Footprint:
    """The footprint of the baseline on one article, made of the corpus' texts joined, again and again, up to a size; for `apart`."""
    parts: list[str] = []
    missing = int(megabytes * MEGABYTE)
    for text in cycle(corpus(path, limit)):
        parts.append(text)
        missing -= size_of(text) + 2
        if missing <= 0:
            break
    article = "\n\n".join(parts)
    return footprint([article], size_of(article))


def footprint(texts: Iterable[str], size: int) -> Footprint:
    """Analyses the texts with the baseline; loading the model is in the memory but not in the time."""
    import resource  # noqa: PLC0415 (not on Windows; the rest runs there)

    import stance  # noqa: PLC0415 (kept out of the process that measures the import)

    analyzer = stance.Analyzer(model="baseline")
    wall, cpu = time.perf_counter(), time.process_time()
    statements = sum(map(len, analyzer.stream(texts)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MEGABYTE
    return Footprint(size / MEGABYTE, wall, cpu, peak, statements, tuple(name for name in FORBIDDEN if name in sys.modules))


def tasks() -> dict[str, Task]:
    """What is timed, by name, with models loaded."""
    import stance  # noqa: PLC0415 (only after the thread limits are set)
    from stance.text import parse  # noqa: PLC0415

    analyzer, transformer = (stance.Analyzer(model=model) for model in ("baseline", "transformer"))
    rules, tagger = analyzer.bundle.attributor, transformer.bundle.attributor
    timed: dict[str, Task] = {
        "parse": lambda texts: (parse(stance.Article(text)) for text in texts),
        "parse + attribution (rules)": lambda texts: (rules.find([parse(stance.Article(text))]) for text in texts),
        "parse + attribution (tagger)": lambda texts: (tagger.find([parse(stance.Article(text))]) for text in texts),
        "whole baseline, analyze": lambda texts: map(analyzer.analyze, texts),
        "whole baseline, stream": analyzer.stream,
        "whole transformer, stream": transformer.stream,
    }
    try:
        peer = Textacy()
    except MissingPeerError as missing:
        tell(str(missing))
    else:
        timed["textacy direct_quotations"] = peer.stream
    return timed


def throughput(texts: list[str], timed: dict[str, Task], repeat: int) -> dict[str, list[Pass]]:
    """Runs the tasks in turn, so that a busy spell of the machine does not fall on one of them alone."""
    for task in timed.values():
        drain(task(texts[:WARM_UP]))
    gc.collect()
    gc.freeze()  # the garbage collector need not walk the models of one task while another is timed
    passes: dict[str, list[Pass]] = {name: [] for name in timed}
    for i in range(repeat):
        for name, task in timed.items():
            tell(f"pass {i + 1} of {repeat}: {name}")
            wall, cpu = time.perf_counter(), time.process_time()
            drain(task(texts))
            passes[name].append(Pass(time.perf_counter() - wall, time.process_time() - cpu))
    return passes


def drain(results: Iterable[object]) -> None:
    """Takes every result and keeps none."""
    deque(results, maxlen=0)


def rates(passes: list[Pass], articles: int) -> dict[str, Any]:
    """Articles a second: median, least, most; and by processor time, which a busy machine does not change much."""
    wall = [articles / run.wall for run in passes]
    return {"median": median(wall), "min": min(wall), "max": max(wall), "cpu_median": median(articles / run.cpu for run in passes)}


def machine(threads: str, load: float) -> dict[str, Any]:
    """Where the figures come from."""
    versions: dict[str, str | None] = {}
    for package in ("stance-nlp", "scikit-learn", "numpy", "onnxruntime", "tokenizers", "textacy", "spacy", *SPACY_MODELS):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = None
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "threads": threads,
        "load_at_start": load,
        "versions": versions,
    }


def show(results: dict[str, Any]) -> None:
    """Prints two small tables, and what was imported."""
    from rich.console import Console  # noqa: PLC0415 (kept out of the processes whose memory is measured)
    from rich.table import Table  # noqa: PLC0415

    console, where = Console(), results["machine"]
    speed = Table(title=f"{results['corpus']['articles']} articles, {results['corpus']['megabytes']:.2f} MB", title_justify="left")
    for column in ("articles a second", "median", "min - max", "by CPU time"):
        speed.add_column(column, justify="left" if column == "articles a second" else "right")
    for name, rate in results["throughput"].items():
        speed.add_row(name, f"{rate['median']:.1f}", f"{rate['min']:.1f} - {rate['max']:.1f}", f"{rate['cpu_median']:.1f}")
    console.print(speed)
    memory = Table(title="Whole baseline, each in a process of its own", title_justify="left")
    for column in ("input", "MB", "seconds", "CPU seconds", "peak MB", "statements"):
        memory.add_column(column, justify="left" if column == "input" else "right")
    for name, f in results["footprints"].items():
        times = (f"{f[key]:.1f}" for key in ("seconds", "cpu_seconds"))
        memory.add_row(name, f"{f['megabytes']:.2f}", *times, f"{f['peak_megabytes']:.0f}", str(f["statements"]))
    console.print(memory)
    console.print(
        f"import stance: {results['import']['seconds']:.3f} s; brings {', '.join(results['import']['modules']) or 'no heavy module'}"
    )
    console.print(forbidden(results))
    console.print(
        f"Python {where['python']}, {where['threads']}, load at start {where['load_at_start']:.1f} (above 0.5: other work ran beside)"
    )


def forbidden(results: dict[str, Any]) -> str:
    """Says which of the forbidden modules came with the import and with an analysis; one that is not installed could not have."""
    imported = set(results["import"]["modules"])
    used = imported.union(*(f["forbidden"] for f in results["footprints"].values()))
    said = []
    for name in FORBIDDEN:
        installed = importlib.util.find_spec(name) is not None
        came = "with import stance" if name in imported else "with the analysis" if name in used else "never"
        said.append(f"{name} {came if installed else 'not installed'}")
    return f"imported: {', '.join(said)}"


def size_of(text: str) -> int:
    """Bytes of a text in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def tell(message: str) -> None:
    """A line on standard error."""
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
