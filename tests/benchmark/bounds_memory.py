"""Memory of collecting few records and many from the same stand-in, as a table in Markdown.

bounds_memory.py BIN WORK
    BIN: the programs of the release build; WORK: a folder with the manifests few.yaml and
    many.yaml, whose state and output lie in WORK/host_sim.
Exit 1 where the many took over a twentieth more, or a mebibyte more of their own.
"""
import os
import shutil
import sys
from pathlib import Path
from statistics import median

from process_usage import Memory, memory_of

FEW_RUNS = 7
MOST_GROWTH = 1.05  # of what is resident
MOST_OF_ITS_OWN = 2**20  # more

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


few_runs = [run("few.yaml") for _ in range(FEW_RUNS)]
records = few_runs[0][0]
few = Memory(median(memory.resident for _, memory in few_runs),
             median(memory.own for _, memory in few_runs))
many_records, many = run("many.yaml")
growth = many.resident / few.resident

print("| records | resident MiB | own MiB |\n|---|--:|--:|")
row(f"{records:,}, the median of {FEW_RUNS} runs", few)
row(f"{many_records:,}", many)
print(f"| ratio | {growth:.3f} | {many.own / few.own:.3f} |")
if many_records < 40 * records:
    sys.exit(f"{many_records} records are not what was there")
if growth > MOST_GROWTH or many.own - few.own > MOST_OF_ITS_OWN:
    sys.exit(f"memory grew by more than {MOST_GROWTH - 1:.0%}, or 1 MiB of its own")
