"""Memory of collecting few records and many from the same stand-in, as a table in Markdown.

bounds_memory.py BIN WORK
    BIN: the programs of the release build; WORK: a folder with the manifests few.yaml and
    many.yaml, whose state and output lie in WORK/host_sim.
Exit 1 where the highest of the many is over a twentieth more than the median of the few.
"""
import os
import shutil
import sys
from pathlib import Path
from statistics import median

from process_usage import Memory, memory_of

FEW_RUNS, MANY_RUNS = 7, 3
MOST_GROWTH = 1.05

BIN, WORK = sys.argv[1], Path(sys.argv[2])


def run(manifest):
    """How many records came, and what it took."""
    shutil.rmtree(WORK / "host_sim", ignore_errors=True)
    (WORK / "host_sim").mkdir(mode=0o700)
    os.sync()
    memory = memory_of([f"{BIN}/host_sim", "run", "--once", "--log-level", "error",
                        WORK / manifest])
    with (WORK / "host_sim/out.ndjson").open("rb") as out:
        return sum(1 for _ in out), memory


def row(name, *memories):
    cells = (f"{size / 2**20:.2f}" for memory in memories
             for size in (memory.resident, memory.own))
    print(f"| {name} |", " | ".join(cells), "|", flush=True)


def runs(manifest, count, of_all):
    """How many records came each time, and what `of_all` makes of what it took."""
    counts, memories = zip(*(run(manifest) for _ in range(count)))
    return min(counts), Memory(of_all(memory.resident for memory in memories),
                               of_all(memory.own for memory in memories))


records, few = runs("few.yaml", FEW_RUNS, median)
many_records, many = runs("many.yaml", MANY_RUNS, max)
growth = many.resident / few.resident, many.own / few.own

print("| records | resident MiB | own MiB |\n|---|--:|--:|")
row(f"{records:,}, the median of {FEW_RUNS} runs", few)
row(f"{many_records:,}, the highest of {MANY_RUNS} runs", many)
print(f"| ratio | {growth[0]:.3f} | {growth[1]:.3f} |")
if many_records < 40 * records:
    sys.exit(f"{many_records} records are not what was there")
if max(growth) > MOST_GROWTH:
    sys.exit(f"memory grew by more than {MOST_GROWTH - 1:.0%}")
