"""A script as one writes it with requests: token, pages to the end, repeats dropped by id.

python_requests.py URL OUTPUT     AIKIDO_CLIENT_ID and AIKIDO_CLIENT_SECRET in the environment
"""
import json
import os
import sys
import time

import requests

url, output = sys.argv[1:]
session = requests.Session()  # keeps its connection


def get(path, **options):
    answer = session.get(url + path, **options)
    answer.raise_for_status()
    return answer.json()


def take_token():
    answer = session.post(
        url + "/api/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(os.environ["AIKIDO_CLIENT_ID"], os.environ["AIKIDO_CLIENT_SECRET"]),
    )
    answer.raise_for_status()
    return answer.json()["access_token"]


session.headers["Authorization"] = "Bearer " + take_token()
asked = {"page": 0, "per_page": 50, "start": 0, "end": int(time.time()) + 1}
seen = set()
with open(output, "w") as file:
    while records := get("/api/public/v1/report/activityLog", params=asked):
        for record in records:
            if record["id"] not in seen:
                seen.add(record["id"])
                file.write(json.dumps(record) + "\n")
        asked["page"] += 1
