"""A small company to fuzz: people, regulations, jobs, and applications at every step of the way.

Everything goes through the API, so that a contract that does not hold shows here first.
"""

import collections
import datetime
import json
import os
import pathlib
import re
import sys
import time
import urllib.error
import urllib.request

TODAY = datetime.date.today()
FAMILIES = ["administration", "engineering", "sales"]


def day(days):
    """That many days from now."""
    return (TODAY + datetime.timedelta(days=days)).isoformat()


class Api:
    """The server, as one who signs in."""

    def __init__(self, address, token):
        self.address, self.token = address, token

    def ask(self, method, path, body=None, tag=None):
        """The answer's body and its ETag; anything but success ends the script."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if tag:
            headers["If-Match"] = tag
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null"), answer.headers.get("ETag")
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path} answered {error.code}: {error.read().decode()}")

    def get(self, path):
        return self.ask("GET", path)[0]

    def post(self, path, body=None):
        return self.ask("POST", path, body)[0]

    def step(self, thing, name, body=None, by=None):
        """An action on a thing, with the ETag it has now."""
        tag = self.ask("GET", thing)[1]
        return (by or self).ask("POST", f"{thing}/{name}", body, tag)[0]


def regulations(api):
    """Three in force, the first of them with a draft, and six that are drafts."""
    for code in ["R02", "R03", "R04", "R05", "R06", "R07"]:
        api.post("/v1/regulations", {"library_code": code})
    published = []
    for code in ["R01", "R16", "W02"]:
        regulation = api.post("/v1/regulations", {"library_code": code})["id"]
        version = api.get(f"/v1/regulations/{regulation}/versions")["items"][0]["id"]
        api.step(f"/v1/regulation-versions/{version}", "publish")
        published.append((regulation, version))
    regulation, version = published[0]
    document = api.get(f"/v1/regulation-versions/{version}/document")
    api.post(f"/v1/regulations/{regulation}/versions", {"document": document.get("document", document)})
    return [regulation for regulation, _ in published]


def person(api, number):
    """One who worked eight years and left two years ago for care."""
    name = {"family": "佐藤", "given": f"花子{number}", "family_kana": "サトウ", "given_kana": "ハナコ"}
    made = api.post("/v1/people", {
        "name": name, "birth_date": "1990-04-02", "external_id": f"hr-{number:03}",
        "contacts": [{"kind": "email", "value": f"hanako.{number}@example.jp"}],
    })["id"]
    api.post(f"/v1/people/{made}/contacts", {"kind": "phone", "value": f"+81 90-1234-{number:04}"})
    api.post(f"/v1/people/{made}/employment-periods", {"employee_number": f"{10000 + number}", "period": {
        "employment_type": "regular", "full_time": True, "job_family": FAMILIES[0], "grade": "3",
        "start": day(-3650), "last_day": day(-730), "exit_route": "resignation", "exit_reason_recorded": "care",
        "left_in_good_standing": True, "leaves": [],
        "pay": {"base": {"amount": 312000, "currency": "JPY"}, "per": "month"},
    }})
    api.post(f"/v1/people/{made}/registrations", {"channel": "exit_interview", "valid_until": day(1000)})
    return made


def openings(api):
    """Three jobs with an opening each."""
    made = []
    for number, family in enumerate(FAMILIES):
        job = api.post("/v1/jobs", {
            "code": f"J-{number}", "title_ja": "総務", "title_en": "General affairs", "job_family": family,
            "grade": "3", "workplace": "高松", "employment_type": "regular",
        })["id"]
        made.append(api.post("/v1/openings", {"job_id": job, "seats": 20, "opens_on": day(0)})["id"])
    return made


def offer(api, application):
    """An offer for an application at that stage."""
    return api.post(f"/v1/applications/{application}/offers", {"expires_on": day(14), "terms": {
        "job": "総務", "grade": "3", "employment_type": "regular", "full_time": True, "job_family": FAMILIES[0],
        "start_date": day(90), "base_pay": {"base": {"amount": 325000, "currency": "JPY"}, "per": "month"},
        "workplace": "高松",
    }})["id"]


def application(api, asker, approver, person, regulation, opening, number):
    """An application carried so many steps of the way, from none up to fifteen."""
    made = api.post("/v1/applications", {
        "person_id": person, "regulation_id": regulation, "opening_id": opening, "wished_start_date": day(90),
        "reason_for_return": "介護が一段落したため",
    })["id"]
    path, offered = f"/v1/applications/{made}", []
    api.post(f"{path}/documents", {"kind": "work_history", "title": "職務経歴書"})

    def advance():
        api.step(path, "moves", {"kind": "advance"})

    def of_offer(name, by=None):
        return lambda: api.step(f"/v1/offers/{offered[0]}", name, {}, by)

    way = [
        lambda: api.step(path, "submit"), advance, advance,
        lambda: api.post(f"{path}/decisions"), advance, advance,
        lambda: offered.append(offer(api, made)), of_offer("request-approval", asker), of_offer("approve", approver),
        advance, advance, advance, of_offer("send"), of_offer("accept"),
        lambda: api.step(path, "return", {"employee_number": f"{20000 + number}"}),
    ]
    for step in way[: number % 16]:
        step()


def instructions(api):
    """Of those that the accepted offers led to, one taken over by the HR system and one refused; others wait."""
    taken, refused, *_ = [one["id"] for one in api.get("/v1/rehire-instructions")["items"]]
    api.step(f"/v1/rehire-instructions/{taken}", "acknowledge", {"reference": "HR-2026-0417"})
    api.step(f"/v1/rehire-instructions/{refused}", "refuse", {"reason": "グループ会社に等級3がない"})


def imported(api):
    """Two who came with an import, and one whom another system keeps."""
    name = {"family": "鈴木", "given": "一郎"}
    period = {"employment_type": "regular", "full_time": True, "job_family": FAMILIES[1], "start": day(-2000),
              "last_day": day(-400), "exit_route": "resignation", "exit_reason_recorded": "spouse_transfer"}
    rows = [{"employee_number": f"{30000 + number}", "name": name, "period": period} for number in range(2)]
    api.post("/v1/people-imports", {"rows": rows})
    api.ask("PUT", "/v1/people-by-external-id/hr-900", {"name": name})


def found(address, token):
    """The whole company."""
    api = Api(address, token)
    for role in ["hr", "recruiter", "hiring_manager", "approver"]:
        api.post("/v1/users", {"name": role, "email": f"{role}@example.jp", "roles": [role]})
    hr, approver = (Api(address, api.post("/v1/api-keys", {"name": role, "roles": [role]})["secret"])
                    for role in ["hr", "approver"])
    for country in ["JP", "DE"]:
        api.post("/v1/entities", {"code": f"okaeri-{country}", "name": "おかえり製作所", "country": country})
    (adopted, *_), (opening, *_) = regulations(api), openings(api)
    people = [person(api, number) for number in range(36)]
    # Twice each step, and some with nothing yet. The second time another asks for approval, so that the one who signs in
    # may give it.
    for number, somebody in enumerate(people[:32]):
        application(api, hr if number >= 16 else api, approver, somebody, adopted, opening, number)
    instructions(api)
    imported(api)
    versions = api.get(f"/v1/regulations/{adopted}/versions")["items"]
    draft = next(version["id"] for version in versions if version["state"] == "draft")
    api.post(f"/v1/regulation-versions/{draft}/impact-runs", {"scope": "people", "keep_changes": True})


def await_server(log):
    """The address that the server says in its log, once it is ready."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with open(log, encoding="utf-8") as lines:
            said = re.search(r'"message":"serving","address":"([^"]+)"', lines.read())
        if said:
            address = f"http://{said[1]}"
            with urllib.request.urlopen(f"{address}/readyz", timeout=30) as answer:
                if answer.status == 200:
                    return address
        time.sleep(0.1)
    sys.exit(f"the server did not start: {pathlib.Path(log).read_text()}")


def count(reports):
    """How many cases each phase had."""
    cases = collections.Counter()
    for report in pathlib.Path(reports).glob("**/*.ndjson"):
        with open(report, encoding="utf-8") as lines:
            for line in lines:
                scenario = json.loads(line).get("ScenarioFinished")
                if scenario:
                    cases[scenario["phase"]] += len(scenario["recorder"].get("cases", {}))
    return cases


def main(command, *arguments):
    if command == "await":
        print(await_server(*arguments))
    elif command == "found":
        found(os.environ["OKAERI_CONTRACT_ADDRESS"], os.environ["OKAERI_CONTRACT_TOKEN"])
    elif command == "count":
        reports, least = arguments
        cases = count(reports)
        print(f"{cases.total()} cases:", ", ".join(f"{phase} {number}" for phase, number in sorted(cases.items())))
        if cases.total() < int(least):
            sys.exit(f"there should be {least} at least")
    else:
        sys.exit(f"no such command: {command}")


if __name__ == "__main__":
    main(*sys.argv[1:])
