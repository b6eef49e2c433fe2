"""Collects the same 100,000 records with each contender in turn, and says what each one cost.

compare.py BIN WORK URL SERVER_PID RESULTS
    BIN: the programs of the release build; WORK: a folder for outputs; URL, SERVER_PID: the
    stand-in; RESULTS: the JSON file to write. AIKIDO_CLIENT_ID and _SECRET are in the environment.
"""
import base64
import json
import os
import shutil
import sys
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from process_usage import cpu_s_of, memory_of, time_of

RECORDS = 100_000
PAGES = RECORDS // 50
ROUNDS = int(os.environ.get("ROUNDS", "7"))
MEMORY_ROUNDS = 3

BIN, WORK, URL, SERVER_PID, RESULTS = sys.argv[1:]
WORK = Path(WORK).resolve()
HERE = Path(__file__).resolve().parent
CLIENT_ID, SECRET = os.environ["AIKIDO_CLIENT_ID"], os.environ["AIKIDO_CLIENT_SECRET"]


@dataclass
class Contender:
    name: str
    command: list
    output: Path | None = None  # none: nothing is kept
    prints_output: bool = False


def host_sim() -> Contender:
    return Contender("host_sim", [f"{BIN}/host_sim", "run", "--once", "--log-level", "error",
                                  WORK / "manifest.yaml"], WORK / "host_sim/out.ndjson")


def airbyte() -> Contender:
    config, catalog = WORK / "config.json", WORK / "catalog.json"
    config.write_text(json.dumps({"url": URL, "client_id": CLIENT_ID, "client_secret": SECRET}))
    stream = {"name": "activity_log", "json_schema": {}, "supported_sync_modes": ["full_refresh"]}
    catalog.write_text(json.dumps({"streams": [
        {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "append"}]}))
    return Contender("faros-airbyte-cdk",
                     ["node", WORK / "airbyte/connector.cjs", "read", "--config", config,
                      "--catalog", catalog], WORK / "airbyte.ndjson", prints_output=True)


def token() -> str:
    pair = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
    request = urllib.request.Request(URL + "/api/oauth/token", b"grant_type=client_credentials",
                                     {"Authorization": "Basic " + pair})
    return json.load(urllib.request.urlopen(request))["access_token"]


def curl() -> Contender:
    """The floor: one process, one connection, the token at hand, nothing kept."""
    header = WORK / "header"
    header.write_text("Authorization: Bearer " + token())
    end = int(datetime.now().timestamp()) + 1
    return Contender("curl to /dev/null",
                     ["curl", "-sSf", "-o", "/dev/null", "-H", f"@{header}",
                      f"{URL}/api/public/v1/report/activityLog"
                      f"?page=[0-{PAGES}]&per_page=50&start=0&end={end}"])


def contenders() -> list:
    peers = HERE / "peers"

    def script(name, command, *more):
        output = WORK / f"{name.split()[0]}.ndjson"
        return Contender(name, [*command, URL, output, *more], output)

    return [
        curl(),
        host_sim(),
        script("Node fetch", ["node", peers / "node_fetch.mjs"]),
        script("python3-requests", ["/usr/bin/python3", peers / "python_requests.py"]),
        script("curl | jq | awk", [peers / "curl_jq_awk.sh"], str(PAGES)),
        airbyte(),
    ]


def measured(contender: Contender, measure):
    """Begins without state and output, and ends only when each record was delivered once."""
    if contender.output:
        contender.output.unlink(missing_ok=True)
    shutil.rmtree(WORK / "host_sim", ignore_errors=True)
    (WORK / "host_sim").mkdir(mode=0o700)
    os.sync()  # nobody pays for what another one wrote
    if contender.prints_output:
        with open(contender.output, "wb") as out:
            cost = measure(contender.command, stdout=out)
    else:
        cost = measure(contender.command)
    if contender.output:
        check(contender)
    return cost


def check(contender: Contender):
    records = [json.loads(line) for line in contender.output.open()]
    if contender.prints_output:  # Airbyte's messages, records among them
        records = [line["record"]["data"] for line in records if line["type"] == "RECORD"]
    ids = {record["id"] for record in records}
    if len(records) != RECORDS or len(ids) != RECORDS:
        raise RuntimeError(f"{contender.name}: {len(records)} records, {len(ids)} ids")


def requests_so_far() -> int:
    return json.load(urllib.request.urlopen(URL + "/_control/counts"))["requests"]


def time_rounds(all_contenders) -> dict:
    """In turns, so that a noisy moment meets all alike."""
    rows = {contender.name: {"wall_s": [], "cpu_s": [], "server_cpu_s": []}
            for contender in all_contenders}
    for _ in range(ROUNDS):
        for contender in all_contenders:
            row = rows[contender.name]
            requests, server_s = requests_so_far(), cpu_s_of(SERVER_PID)
            cost = measured(contender, time_of)
            row["server_cpu_s"].append(cpu_s_of(SERVER_PID) - server_s)
            row["requests"] = requests_so_far() - requests
            row["wall_s"].append(cost.wall_s)
            row["cpu_s"].append(cost.cpu_s)
            print(f"{contender.name:20} {cost.wall_s:6.3f} s  CPU {cost.cpu_s:6.3f} s", flush=True)
    return rows


def memory_rounds(all_contenders, rows):
    for contender in all_contenders:
        costs = [measured(contender, memory_of) for _ in range(MEMORY_ROUNDS)]
        rows[contender.name]["resident"] = max(cost.resident for cost in costs)
        rows[contender.name]["own"] = max(cost.own for cost in costs)


def main():
    all_contenders = contenders()
    load = os.getloadavg()[0]
    rows = time_rounds(all_contenders)
    memory_rounds(all_contenders, rows)
    Path(RESULTS).write_text(json.dumps({
        "records": RECORDS,
        "rounds": ROUNDS,
        "day": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "load": load,
        "contenders": rows,
    }, indent=1))


main()
