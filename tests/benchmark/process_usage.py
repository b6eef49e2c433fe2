"""What a command costs: wall and CPU time, or its memory at the highest."""
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY_S = 0.002


@dataclass
class Time:
    wall_s: float
    cpu_s: float  # of the command and all that it waited for


@dataclass
class Memory:
    resident: int  # bytes, shared libraries among them
    own: int  # bytes that no file stands behind


def time_of(command, **options) -> Time:
    begin = time.perf_counter()
    process = subprocess.Popen(command, **options)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    _expect_success(command, os.waitstatus_to_exitcode(status))
    return Time(wall, usage.ru_utime + usage.ru_stime)


def memory_of(command, **options) -> Memory:
    """Looks at it every two milliseconds, and slows it down by that: not for its time."""
    process = subprocess.Popen(command, **options)
    resident, own = 0, 0
    while process.poll() is None:
        sizes = [_sizes(pid) for pid in _family(process.pid)]
        # Of one process the highest is known; of several, what they hold at a time.
        resident = max(resident, sum(size[1] for size in sizes), *(size[0] for size in sizes))
        own = max(own, sum(size[2] for size in sizes))
        time.sleep(LOOK_EVERY_S)
    _expect_success(command, process.returncode)
    return Memory(resident, own)


def cpu_s_of(pid: int) -> float:
    """What a process that is still running has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _family(pid):
    yield pid
    try:
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from _family(int(child))
    except OSError:  # it has ended
        pass


def _sizes(pid):
    """The resident size, at its highest and now, and the present size of its own: in bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return tuple(size * 1024 for size in (
            _kib(status, "VmHWM"), _kib(status, "VmRSS"), _kib(rollup, "Private_Dirty")))
    except (OSError, ValueError):
        return 0, 0, 0


def _kib(text, name):
    for line in text.splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise ValueError(name)


def _expect_success(command, code):
    if code != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: ended with {code}")
