"""What random data cannot know: which things exist, and which version of them is the present one.

Most cases get identifiers of things that are there and the ETag that the thing has now, so that they reach what
lies behind 404 and 412; one in eight keeps what was generated. Lots are drawn by the number of the call, so that the
same seed gives the same cases.
"""

import os
import re
import time
import zlib
from collections import Counter
from urllib.parse import quote

import requests
import schemathesis
from schemathesis.core.jsonschema import make_validator
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

ADDRESS = os.environ["OKAERI_CONTRACT_ADDRESS"]
ADMIN = os.environ["OKAERI_CONTRACT_ADMIN"]
SESSION = requests.Session()
SESSION.headers["Authorization"] = f"Bearer {os.environ['OKAERI_CONTRACT_TOKEN']}"
ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")
KEY = re.compile(r"[!#-~]{1,255}")
LISTS = ["api-keys", "applications", "decisions", "entities", "impact-runs", "jobs", "offers", "openings",
         "organizations", "people", "regulations", "users"]
# What is listed, or shown, below a thing only.
BELOW = {"applications": ["documents"], "people": ["employment-periods", "registrations"], "regulations": ["versions"]}
# Where the thing below is addressed under its owner.
OWNED = {"document_id": "application_id", "contact_id": "person_id"}


def get(path):
    answer = SESSION.get(ADDRESS + path, timeout=30)
    answer.raise_for_status()
    return answer.json()


def finish(run):
    """Waits for a run that goes on after its answer: what it still does must not decide what the next answers are."""
    until = time.monotonic() + 60
    while get(f"/v1/impact-runs/{run}")["state"] == "running" and time.monotonic() < until:
        time.sleep(0.02)


class Things:
    """The identifiers that exist, by their prefix and in the order in which the lists give them."""

    def __init__(self):
        for run in get("/v1/impact-runs?limit=100")["items"]:
            finish(run["id"])
        self.by_prefix, self.owner, self.seen, self.drafts = {}, {}, set(), []
        for name in LISTS:
            for thing in get(f"/v1/{name}?limit=100")["items"]:
                if thing["id"] != ADMIN:
                    self.add(thing["id"])
                for below in BELOW.get(name, []):
                    for one in get(f"/v1/{name}/{thing['id']}/{below}")["items"]:
                        self.add(one["id"], thing["id"])
                        if one.get("state") == "draft":
                            self.drafts.append(one["id"])
                if name == "people":
                    for one in get(f"/v1/people/{thing['id']}")["contacts"]:
                        self.add(one["id"], thing["id"])

    def add(self, identifier, owner=None):
        self.by_prefix.setdefault(identifier[:3], []).append(identifier)
        self.owner[identifier] = owner
        self.seen.add(identifier)

    def live(self, value, lot):
        """What to send for a generated value: an identifier that exists, if it is one that nobody ever gave out."""
        if not isinstance(value, str) or not ID.fullmatch(value) or value in self.seen:
            return value
        known = self.by_prefix.get(value[:3])
        return known[lot // 8 % len(known)] if known else value

    def filled(self, value, lot):
        """The value with live identifiers wherever it has identifiers."""
        if isinstance(value, dict):
            return {name: self.filled(item, lot) for name, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item, lot) for item in value]
        return self.live(value, lot)


THINGS = Things()
# How often each operation was called.
CALLS = Counter()

# Their bodies hold whole regulations: of the tens of thousands of cases that the coverage phase has for each, every so
# many is sent.
LONG = {"checkRegulation", "createRegulation", "createRegulationVersion", "replaceRegulationDocument"}
ONE_IN = 100
GENERATED = Counter()


@schemathesis.hook
def filter_case(context, case):
    name = context.operation.definition.raw.get("operationId")
    if name not in LONG or case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
        return True
    GENERATED[name] += 1
    return GENERATED[name] % ONE_IN == 1


@schemathesis.hook
def before_call(context, case, kwargs):
    lot, key = lot_of(case)
    if lot % 8 != 0:
        give_identifiers(case, lot)
        give_version(case)
        give_key(case, key)
    # The document cannot say what a cursor is, so there are none of other kinds among the good cases.
    give_cursor(case)
    # Who signs in here must stay who they are.
    if (case.path_parameters or {}).get("user_id") == ADMIN:
        case.path_parameters = {"user_id": THINGS.by_prefix["usr"][0]}


def lot_of(case):
    """A lot for a case, and an idempotency key: by the number of the call, so that cases that are alike draw others.

    In the stateful phase by what is sent, since a scenario that begins like another must go on like it.
    """
    if is_stateful(case):
        sent = [case.operation.label, case.path_parameters, case.query, case.headers, case.body]
        call = ID.sub("", " ".join(map(repr, sent)))
        return zlib.crc32(call.encode(errors="replace")), f"{zlib.crc32(repr(sent).encode(errors='replace')):08x}"
    label = case.operation.label
    CALLS[label] += 1
    call = f"{label} {CALLS[label]}"
    return zlib.crc32(call.encode()), call.replace(" ", "-")


def is_stateful(case):
    return case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL


def give_identifiers(case, lot):
    path = dict(case.path_parameters or {})
    live = THINGS.filled(path, lot)
    for name, above in OWNED.items():
        owner = THINGS.owner.get(live.get(name))
        if owner and live[name] != path[name]:
            live[above] = owner
    # What was published stays as it is, so mostly drafts are written to.
    if "version_id" in path and live["version_id"] != path["version_id"] and case.method != "GET" and lot % 5:
        live["version_id"] = THINGS.drafts[lot // 8 % len(THINGS.drafts)]
    if live != path:
        case.path_parameters = live
    query = dict(case.query or {})
    if query != (live := THINGS.filled(query, lot)):
        case.query = live
    if isinstance(case.body, (dict, list)) and case.body != (live := THINGS.filled(case.body, lot)):
        case.body = live


def is_meant_ill(case, location):
    return case.meta is not None and case.meta.is_negative_at(location)


def give_cursor(case):
    """A cursor of this list, or none where the list has one page only."""
    query = dict(case.query or {})
    if "cursor" not in query or is_meant_ill(case, ParameterLocation.QUERY):
        return
    del query["cursor"]
    page = SESSION.get(ADDRESS + case.formatted_path, params=query, timeout=30)
    cursor = page.json().get("next_cursor") if page.ok else None
    case.query = {**query, "cursor": cursor} if cursor else query


def give_version(case):
    """The ETag that the addressed thing has now, where the case has an `If-Match`."""
    if "If-Match" not in (case.headers or {}) or is_meant_ill(case, ParameterLocation.HEADER):
        return
    above, last, _ = case.path.rpartition("}")
    path = (above + last).format(**{name: quote(str(value), safe="") for name, value in case.path_parameters.items()})
    tag = SESSION.get(ADDRESS + path, timeout=30).headers.get("ETag")
    if tag:
        case.headers["If-Match"] = tag


def give_key(case, key):
    """A key of its own for each request: under one that was used before, all others are refused as another request."""
    given = (case.headers or {}).get("Idempotency-Key")
    if given and KEY.fullmatch(given) or given is None and is_stateful(case) and case.method == "POST":
        case.headers = {**(case.headers or {}), "Idempotency-Key": key}


@schemathesis.hook
def after_call(context, case, response):
    """Identifiers that an answer named are real: a later step that uses one means that one."""
    if response.status_code < 300:
        THINGS.seen.update(ID.findall(response.text))
    if response.status_code == 201 and case.operation.definition.raw.get("operationId") == "startImpactRun":
        finish(response.json()["id"])


@schemathesis.check
def refusal_is_a_problem(ctx, response, case):
    """Every refusal is a problem document of its status, whatever was wrong with the request."""
    if response.status_code < 400 or response.request.method == "HEAD":
        return None
    kind = (response.headers.get("content-type") or [""])[0]
    assert kind == "application/problem+json", f"{response.status_code} came as {kind!r}"
    assert response.json()["status"] == response.status_code, "the problem tells another status"
    return None


@schemathesis.check
def allow_is_of_the_document(ctx, response, case):
    """A 405 names the methods that the document has for the path, no more and no less."""
    if response.status_code != 405:
        return None
    documented = {method.upper() for method in case.operation.schema[case.operation.path]}
    allowed = {method.strip() for method in (response.headers.get("allow") or [""])[0].split(",")}
    assert allowed - {"HEAD", "OPTIONS"} == documented, f"Allow is {sorted(allowed)}, documented {sorted(documented)}"
    return None


@schemathesis.check
def wrong_document_has_errors(ctx, response, case):
    """The operation that checks documents answers 200 to a wrong one, and then lists at least one error."""
    if case.operation.definition.raw.get("operationId") != "checkRegulation" or response.status_code != 200:
        return None
    if is_meant_ill(case, ParameterLocation.BODY) and isinstance(case.body, dict) and not conforms(case):
        assert response.json()["errors"] > 0, "no error was found in a document that its schema refuses"
    return None


def conforms(case):
    """Whether the body is right after all, which mutations of deep documents often leave it."""
    body = case.operation.get_body_for_media_type(case.media_type)
    if body is None:
        return True
    validator = make_validator(body.optimized_schema, case.operation.schema.adapter.jsonschema_validator_cls)
    return validator.is_valid(case.body)
