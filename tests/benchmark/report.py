"""Turns what was measured into a table in Markdown and a picture.

report.py COMPARISON PARTS BORDER FOLDER
    the JSON files of compare.py, page_benchmark and border_benchmark; FOLDER gets results.md and
    results.svg
"""
import json
import sys
from pathlib import Path
from statistics import median

FLOOR, OURS = "curl to /dev/null", "host_sim"

comparison = json.loads(Path(sys.argv[1]).read_text())
contenders = comparison["contenders"]
folder = Path(sys.argv[4])


def medians(file):
    """Nanoseconds of CPU time by benchmark."""
    runs = json.loads(Path(file).read_text())["benchmarks"]
    return {run["run_name"]: run["cpu_time"] for run in runs
            if run.get("aggregate_name") == "median"}


def ratio(name, of, what):
    """The median of the rounds' own ratios: a noisy round is noisy for both."""
    rounds = zip(contenders[name][what], contenders[of][what])
    return median(one / other for one, other in rounds)


def mib(size):
    return f"{size / 2**20:.1f}"


def comparison_rows():
    for name, row in contenders.items():
        yield (
            f"**{name}**" if name == OURS else name.replace("|", "\\|"),
            f"{median(row['wall_s']):.2f}",
            f"{ratio(name, FLOOR, 'wall_s'):.2f}",
            f"{ratio(name, OURS, 'wall_s'):.2f}",
            f"{median(row['cpu_s']):.2f}",
            f"{ratio(name, FLOOR, 'cpu_s'):.2f}",
            mib(row["resident"]),
            mib(row["own"]),
            str(row["requests"]),
            f"{sum(row['server_cpu_s']) / sum(row['wall_s']):.0%}",
        )


PARTS = {
    "bare_walk": "simdjson On-Demand alone: id, timestamp, slice of the record",
    "page_to_records": "**from the page to records at the border**",
    "parse": "of that: parse, validate, id, time, compact",
    "accept": "of that: seen check, and what is remembered",
    "batch": "of that: batch, handing over, release",
    "checkpoint": "beside it: the checkpoint, with 5,000 ids in it",
}


def part_rows(parts):
    records = 5000
    for name, what in PARTS.items():
        yield what, f"{parts[name] / records:.0f}", f"{parts['bare_walk'] / parts[name]:.0%}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def markdown():
    parts, border = medians(sys.argv[2]), medians(sys.argv[3])
    between = (border["through_the_border"] - border["in_the_program"]) / 50
    return f"""# Measured

`tests/benchmark/run.sh` writes this: {comparison["day"]}, {comparison["cores"]} cores, load before the run {comparison["load"]:.1f}.
Compare within a table alone; another machine, or another hour, gives other times.

## {comparison["records"]:,} records, 50 a page, over loopback into a file

Medians of {comparison["rounds"]} rounds in which all take turns, of ratios the median of the rounds' own. Everyone asks for a
token, keeps the connection, reads pages to the end, drops repeats by id and writes one record a line, and every output is
counted. `{OURS}` alone syncs its output and commits its position; curl keeps nothing, and is the floor.
Memory is the highest seen in runs of their own: resident, and what no file stands behind.

{table(("", "wall s", "to floor", f"to {OURS}", "CPU s", "to floor", "resident MiB", "own MiB", "requests",
        "server's CPU to wall"), comparison_rows())}

## In the plugin, per record

{table(("CPU time", "ns", "speed to bare"), part_rows(parts))}

The border itself, in batches of 50: {between:.2f} ns a record.
"""


# One bar each, from the floor's unit on; the lines behind are multiples of the floor.
WIDTH, LEFT, TOP, STEP, BAR = 860, 170, 64, 34, 18
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #1f2328; }
  .small { font-size: 12px; fill: #59636e; }
  .title { font-weight: 600; }
  .ours { fill: #0969da; }
  .floor { fill: #59636e; }
  .peer { fill: #b6bec8; }
  .line { stroke: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9198a1; }
    .ours { fill: #4493f8; }
    .floor { fill: #9198a1; }
    .peer { fill: #4a525c; }
    .line { stroke: #3d444d; }
  }
"""


def picture():
    walls = {name: ratio(name, FLOOR, "wall_s") for name in contenders}
    columns = WIDTH - 250, WIDTH - 150, WIDTH - 30
    scale = (columns[0] - 70 - LEFT) / max(walls.values())
    bottom = TOP + STEP * len(contenders)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 26}" role="img" '
        f'aria-label="Wall time, CPU time and memory of {len(contenders)} ways to collect the same '
        f'records">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="0" y="20">{comparison["records"]:,} records into a file, '
        f'as multiples of the bare transfer</text>',
    ]
    for title, x in zip(("wall", "CPU", "MiB resident"), (LEFT + 30, columns[1], columns[2])):
        parts.append(f'<text class="small" x="{x}" y="{TOP - 14}" text-anchor="end">{title}</text>')
    parts.append(f'<line class="line" x1="{LEFT}" y1="{TOP - 6}" x2="{LEFT}" y2="{bottom - 8}"/>')
    for place, (name, row) in enumerate(contenders.items()):
        y = TOP + STEP * place
        kind = {FLOOR: "floor", OURS: "ours"}.get(name, "peer")
        text, width = y + 14, walls[name] * scale
        parts += [
            f'<text x="{LEFT - 10}" y="{text}" text-anchor="end">{name}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2"/>',
            f'<text x="{LEFT + width + 8:.1f}" y="{text}">{walls[name]:.1f}</text>',
            f'<text x="{columns[1]}" y="{text}" text-anchor="end">'
            f'{ratio(name, FLOOR, "cpu_s"):.1f}</text>',
            f'<text x="{columns[2]}" y="{text}" text-anchor="end">{mib(row["resident"])}</text>',
        ]
    parts.append(f'<text class="small" x="0" y="{bottom + 18}">Median of {comparison["rounds"]} '
                 f'rounds in turns on {comparison["cores"]} cores; host_sim alone syncs and commits '
                 f'what it writes.</text>')
    return "\n".join(parts + ["</svg>", ""])


folder.joinpath("results.md").write_text(markdown())
folder.joinpath("results.svg").write_text(picture())
print(markdown())
