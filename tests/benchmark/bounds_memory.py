"""Memory of collecting few records and many from the same stand-in, as a table in Markdown.

bounds_memory.py BIN WORK
    BIN: the programs of the release build; WORK: a folder with the manifests few.yaml and
    many.yaml, whose state and output lie in WORK/host_sim.
Exit 1 where the many took over a twentieth more.
"""
import os
import shutil
import sys
from pathlib import Path

from process_usage import Memory, memory_of

FEW_RUNS = 7
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


few = [run("few.yaml") for _ in range(FEW_RUNS)]
records = few[0][0]
highest = Memory(max(memory.resident for _, memory in few), max(memory.own for _, memory in few))
many_records, many = run("many.yaml")
growth = many.resident / highest.resident, many.own / highest.own

print("| records | resident MiB | own MiB |\n|---|--:|--:|")
row(f"{records:,}, the highest of {FEW_RUNS} runs", highest)
row(f"{many_records:,}", many)
print(f"| ratio | {growth[0]:.3f} | {growth[1]:.3f} |")
if many_records < 40 * records:
    sys.exit(f"{many_records} records are not what was there")
if max(growth) > MOST_GROWTH:
    sys.exit(f"memory grew by more than {MOST_GROWTH - 1:.0%}")
