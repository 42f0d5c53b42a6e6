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
from urllib.parse import quote, urlsplit

import requests
import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.core.jsonschema import make_validator
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

ADDRESS = os.environ["OKAERI_CONTRACT_ADDRESS"]
ADMIN = os.environ["OKAERI_CONTRACT_ADMIN"]
SESSION = requests.Session()
SESSION.headers["Authorization"] = f"Bearer {os.environ['OKAERI_CONTRACT_TOKEN']}"
ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")
# What an answer has of its moment and of the identifiers in it: timestamps, and the second half of an ETag.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z|(?<=-)[0-9a-f]{16}")
KEY = re.compile(r'[!#-~]{1,255}|"[!#-~]{1,255}"')
LISTS = ["api-keys", "applications", "decisions", "entities", "impact-runs", "jobs", "offers", "openings",
         "organizations", "people", "regulations", "rehire-instructions", "users"]
# What is listed, or shown, below a thing only.
BELOW = {"applications": ["documents"], "people": ["employment-periods", "registrations"], "regulations": ["versions"]}
# Where the thing below is addressed under its owner.
OWNED = {"document_id": "application_id", "contact_id": "person_id"}
# Where those things are listed that allow an action which few allow.
FITTING = {
    "acceptOffer": "offers?state=sent",
    "acknowledgeRehireInstruction": "rehire-instructions?state=issued",
    "approveOffer": "offers?state=pending_approval",
    "cancelOffer": "offers?state_in=sent,accepted",
    "closeOpening": "openings?state=open",
    "createOffer": "applications?stage_in=treatment,placement,approval,offer",
    "declineOffer": "offers?state=sent",
    "expireOffer": "offers?state=sent",
    "refuseRehireInstruction": "rehire-instructions?state=issued",
    "registerReturn": "applications?stage_in=pre_boarding,first_day",
    "reissueRehireInstruction": "rehire-instructions?state=refused",
    "reopenOpening": "openings?state=closed",
    "requestOfferApproval": "offers?state=draft",
    "sendBackOffer": "offers?state=pending_approval",
    "sendOffer": "offers?state=approved",
    "submitApplication": "applications?stage=draft",
    "updateOffer": "offers?state=draft",
}


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
        self.by_prefix, self.owner, self.seen = {}, {}, {}
        self.drafts, self.in_force, self.external = [], [], []
        for name in LISTS:
            for thing in get(f"/v1/{name}?limit=100")["items"]:
                if thing["id"] != ADMIN:
                    self.add(thing["id"])
                for below in BELOW.get(name, []):
                    for one in get(f"/v1/{name}/{thing['id']}/{below}")["items"]:
                        self.add(one["id"], thing["id"])
                        if one.get("state") == "draft":
                            self.drafts.append(one["id"])
                        elif name == "regulations":
                            self.in_force.append(thing["id"])
                if "external_id" in thing:
                    self.external.append(thing["external_id"])
                if name == "people":
                    for one in get(f"/v1/people/{thing['id']}")["contacts"]:
                        self.add(one["id"], thing["id"])

    def add(self, identifier, owner=None):
        self.by_prefix.setdefault(identifier[:3], []).append(identifier)
        self.owner[identifier] = owner
        self.note(identifier)

    def note(self, identifier):
        """Gives it a number that is the same in every run of the same cases."""
        self.seen.setdefault(identifier, len(self.seen))

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

# Their bodies hold whole regulations: of the tens of thousands of cases that the coverage phase has for each, and of the
# hundreds of examples, every so many is sent.
LONG = {"checkRegulation", "createRegulation", "createRegulationVersion", "replaceRegulationDocument"}
ONE_IN = 100
GENERATED = Counter()


@schemathesis.hook
def filter_case(context, case):
    # HEAD is answered wherever GET is, which the document says once and for all.
    if case.method.upper() == "HEAD":
        return False
    name = context.operation.definition.raw.get("operationId")
    if name not in LONG or case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
        return True
    GENERATED[name] += 1
    return GENERATED[name] % ONE_IN == 1


@schemathesis.hook
def before_add_examples(context, examples):
    if context.operation.definition.raw.get("operationId") in LONG:
        examples[:] = examples[:: ONE_IN // 10]


@schemathesis.hook
def before_call(context, case, kwargs):
    lot, key = lot_of(case)
    if lot % 8 != 0:
        give_identifiers(case, lot)
        give_version(case)
        give_key(case, key)
    # Later steps mean what earlier ones made, and a dry run makes nothing.
    if is_stateful(case) and (case.query or {}).get("dry_run") in (True, "true"):
        case.query = {name: value for name, value in case.query.items() if name != "dry_run"}
    # The document cannot say what a cursor is, so there are none of other kinds among the good cases.
    give_cursor(case)
    # Whatever is no text becomes one in a path; one that is too long stays wrong.
    if not isinstance((case.path_parameters or {}).get("external_id", ""), str):
        case.path_parameters = {"external_id": "0" * 201}
    # Who signs in here must stay who they are.
    if (case.path_parameters or {}).get("user_id") == ADMIN:
        case.path_parameters = {"user_id": THINGS.by_prefix["usr"][0]}


def lot_of(case):
    """A lot for a case, and an idempotency key: by the number of the call, so that cases that are alike draw others.

    In the stateful phase by what is sent, since a scenario that begins like another must go on like it.
    """
    if is_stateful(case):
        headers = [(name, value) for name, value in (case.headers or {}).items() if name != "Authorization"]
        body = None if case.body is NOT_SET else case.body
        sent = [case.operation.label, case.path_parameters, case.query, headers, body]
        call = MOMENT.sub("", repr(sent))
        numbered = ID.sub(lambda found: str(THINGS.seen.get(found[0], found[0])), call)
        return zlib.crc32(ID.sub("", call).encode()), f"{zlib.crc32(numbered.encode()):08x}"
    label = case.operation.label
    CALLS[label] += 1
    call = f"{label} {CALLS[label]}"
    return zlib.crc32(call.encode()), call.replace(" ", "-")


def is_stateful(case):
    return case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL


def give_identifiers(case, lot):
    path = dict(case.path_parameters or {})
    live = THINGS.filled(path, lot)
    name = case.operation.definition.raw.get("operationId")
    # Another thing serves as well, save where a step of a scenario means the one of an earlier step.
    is_free = live != path or not is_stateful(case) and all(str(value) in THINGS.seen for value in path.values())
    if name in FITTING and is_free and lot % 5:
        fitting = get(f"/v1/{FITTING[name]}&limit=100")["items"]
        if fitting:
            live = {parameter: fitting[lot // 8 % len(fitting)]["id"] for parameter in path}
    if "external_id" in path and lot % 3 and not is_meant_ill(case, ParameterLocation.PATH):
        live["external_id"] = THINGS.external[lot // 8 % len(THINGS.external)]
    for below, above in OWNED.items():
        owner = THINGS.owner.get(live.get(below))
        if owner and live[below] != path[below]:
            live[above] = owner
    # What was published stays as it is, so mostly drafts are written to, and two of them only are published.
    if "version_id" in path and is_free and case.method != "GET":
        if name == "publishRegulationVersion":
            live["version_id"] = THINGS.drafts[lot // 8 % 2]
        elif lot % 5:
            live["version_id"] = THINGS.drafts[2 + lot // 8 % (len(THINGS.drafts) - 2)]
    if live != path:
        case.path_parameters = live
    query = dict(case.query or {})
    if query != (live := THINGS.filled(query, lot)):
        case.query = live
    if isinstance(case.body, (dict, list)) and case.body != (live := THINGS.filled(case.body, lot)):
        case.body = live
    if isinstance(case.body, dict) and not is_meant_ill(case, ParameterLocation.BODY):
        case.body = sensible(name, case.body, lot)


def sensible(name, body, lot):
    """A good body with what lets it reach beyond the first rule over several fields."""
    # By the other regulations nothing can be decided.
    if body.get("regulation_id") in THINGS.by_prefix["reg"] and lot % 5:
        return {**body, "regulation_id": THINGS.in_force[lot // 8 % len(THINGS.in_force)]}
    # One of the two is enough, and both are refused whatever they hold.
    if name == "createRegulation" and {"document", "library_code"} <= set(body):
        return {"document": body["document"]}
    # Most generated people are born after the first day of their generated periods.
    if name == "importPeople" and lot % 5:
        return {"rows": [{**row, "birth_date": None} for row in body["rows"]]}
    return body


def is_dry_run(response):
    return "dry_run=true" in urlsplit(response.request.url).query.split("&")


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
    """The ETag that the addressed thing has now, where the case has an `If-Match`; what is not there yet has none."""
    if "If-Match" not in (case.headers or {}) or is_meant_ill(case, ParameterLocation.HEADER):
        return
    tag = SESSION.get(ADDRESS + address_of(case), timeout=30).headers.get("ETag")
    if tag:
        case.headers["If-Match"] = tag
    elif "external_id" in case.path_parameters:
        del case.headers["If-Match"]


def address_of(case):
    """Where the addressed thing is read."""
    if "external_id" in case.path_parameters:
        found = SESSION.get(f"{ADDRESS}/v1/people", params=case.path_parameters, timeout=30)
        items = found.json()["items"] if found.ok else []
        return f"/v1/people/{items[0]['id']}" if items else "/v1/people-by-external-id"
    above, last, _ = case.path.rpartition("}")
    return (above + last).format(**{name: quote(str(value), safe="") for name, value in case.path_parameters.items()})


def give_key(case, key):
    """A key of its own for each request: under one that was used before, all others are refused as another request."""
    given = (case.headers or {}).get("Idempotency-Key")
    if given and KEY.fullmatch(given) or given is None and is_stateful(case) and case.method == "POST":
        case.headers = {**(case.headers or {}), "Idempotency-Key": key}


@schemathesis.hook
def after_call(context, case, response):
    """Identifiers that an answer named are real: a later step that uses one means that one.

    What a dry run made is not, and neither are the examples of the document.
    """
    if response.status_code < 300 and case.path.startswith("/v1/") and not is_dry_run(response):
        for identifier in ID.findall(response.text):
            THINGS.note(identifier)
    is_run = case.operation.definition.raw.get("operationId") == "startImpactRun" and response.status_code == 201
    if is_run and not is_dry_run(response):
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
def problem_code_is_documented(ctx, response, case):
    """The code of a refusal is one of those that the document shows for the operation and the status."""
    if response.status_code < 400 or response.request.method == "HEAD":
        return None
    shown = resolved(case, case.operation.definition.raw["responses"].get(str(response.status_code)))
    if shown is None:
        # Held by `status_code_conformance`, and a method that is none of the document's by `allow_is_of_the_document`.
        return None
    examples = shown["content"]["application/problem+json"]["examples"].values()
    codes = {resolved(case, example)["value"]["code"] for example in examples}
    code = response.json()["code"]
    assert code in codes, f"the code is {code}, documented {sorted(codes)}"
    return None


def resolved(case, part):
    """A part of the document, where the component is that it names."""
    while part and "$ref" in part:
        _, *way = part["$ref"].split("/")
        part = case.operation.schema.raw_schema
        for name in way:
            part = part[name]
    return part


@schemathesis.check
def fault_has_a_place(ctx, response, case):
    """What is wrong with a value is told at its pointer."""
    if response.status_code != 422:
        return None
    faults = response.json().get("errors", [])
    assert not any(fault["code"] == "invalid_value" and not fault["pointer"] for fault in faults), "no pointer"
    return None


@schemathesis.check
def dry_run_is_told(ctx, response, case):
    """An answer says that nothing was stored exactly where that was asked for, and does not say where it would be."""
    if response.status_code >= 300:
        return None
    asked, told = is_dry_run(response), response.headers.get("dry-run")
    assert told == (["true"] if asked else None), f"Dry-Run is {told}"
    assert not (asked and "location" in response.headers), "what is not stored is nowhere"
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
