"""One return, from the records of the HR system to the acknowledged instruction."""

import datetime
import os
import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

from okaeri_client import AuthenticatedClient
from okaeri_client.api.applications import (
    create_application,
    get_application,
    list_allowed_moves,
    move_application,
    register_return,
    submit_application,
    update_application,
)
from okaeri_client.api.decisions import ask_for_person, decide_application
from okaeri_client.api.jobs import create_job, create_opening
from okaeri_client.api.offers import (
    accept_offer,
    acknowledge_rehire_instruction,
    approve_offer,
    create_offer,
    get_rehire_instruction,
    list_rehire_instructions,
    request_offer_approval,
    send_offer,
)
from okaeri_client.api.people import import_people as people_imports
from okaeri_client.api.people import list_people
from okaeri_client.api.regulations import (
    create_regulation,
    get_regulation_document,
    get_regulation_version,
    list_regulation_versions,
    list_regulations,
    publish_regulation_version,
)
from okaeri_client.models import (
    AllowedMoves,
    Application,
    ApplicationInput,
    ApplicationPatch,
    ContactKind,
    Decision,
    DecisionDocument,
    EmploymentPeriod,
    EmploymentType,
    ExitRoute,
    InstructionState,
    Job,
    JobInput,
    Money,
    MoveInput,
    MoveKind,
    Name,
    Offer,
    OfferInput,
    OfferRemark,
    OfferTerms,
    Opening,
    OpeningInput,
    Pay,
    PayConsequence,
    PayPeriod,
    PeopleImportInput,
    PeopleImportReport,
    PeopleImportRow,
    PersonContactInput,
    PersonPage,
    PersonQuestion,
    Problem,
    ProblemCode,
    Regulation,
    RegulationDocument,
    RegulationInput,
    RegulationPage,
    RegulationVersion,
    RegulationVersionPage,
    RehireAcknowledgement,
    RehireInstruction,
    RehireInstructionPage,
    RequirementClause,
    ReturnInput,
    Stage,
    VersionState,
    Weight,
)
from okaeri_client.types import UNSET, Response, Unset

from question import may_come_back

T = TypeVar("T")

RUN = uuid.uuid4().hex[:8]
BASE = os.environ["OKAERI_URL"]


def api(credential: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=BASE, token=credential)


SYSTEM = api(os.environ["OKAERI_API_KEY"])
HR = api(os.environ["OKAERI_HR_TOKEN"])
APPROVER = api(os.environ["OKAERI_APPROVER_TOKEN"])


def got(kind: type[T], answer: Response[Any]) -> T:
    """What was answered, or the problem as an error."""
    if not isinstance(answer.parsed, kind):
        raise RuntimeError(f"{answer.status_code}: {answer.parsed}")
    return answer.parsed


def day(days: int) -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days)


def etag(thing: Application | Offer | RehireInstruction) -> str:
    return f'"{thing.version}"'


@dataclass
class Leaver:
    number: str
    family: str
    given: str
    days_of_service: int


def import_people(leavers: list[Leaver]) -> list[str]:
    """One row for each employment period; sent again, the same rows change nothing."""
    rows = [
        PeopleImportRow(
            employee_number=leaver.number,
            name=Name(family=leaver.family, given=leaver.given),
            birth_date=datetime.date(1990, 4, 2),
            contacts=[PersonContactInput(kind=ContactKind.EMAIL, value=f"{leaver.number}@example.jp")],
            period=EmploymentPeriod(
                start=day(-730 - leaver.days_of_service),
                last_day=day(-730),
                employment_type=EmploymentType.REGULAR,
                full_time=True,
                job_family="administration",
                exit_route=ExitRoute.RESIGNATION,
            ),
        )
        for leaver in leavers
    ]
    body = PeopleImportInput(rows=rows)
    report = got(PeopleImportReport, people_imports.sync_detailed(client=SYSTEM, body=body))
    assert (report.created, report.updated, report.unchanged) == (len(rows), 0, 0)
    again = got(PeopleImportReport, people_imports.sync_detailed(client=SYSTEM, body=body))
    assert (again.created, again.updated, again.unchanged) == (0, 0, len(rows))
    found = [list_people.sync_detailed(client=SYSTEM, employee_number=leaver.number) for leaver in leavers]
    return [person.id for page in found for person in got(PersonPage, page).items]


def everybody() -> list[str]:
    """Everybody, a page at a time."""
    ids: list[str] = []
    cursor: str | Unset = UNSET
    while True:
        page = got(PersonPage, list_people.sync_detailed(client=SYSTEM, limit=1, cursor=cursor))
        assert len(page.items) <= 1
        ids.extend(person.id for person in page.items)
        cursor = page.next_cursor
        if isinstance(cursor, Unset):
            return ids


def adopt(code: str) -> tuple[str, str, VersionState]:
    """Adopts a regulation of the library and publishes it, or takes the one that was adopted before."""
    made = create_regulation.sync_detailed(client=HR, body=RegulationInput(library_code=code))
    if isinstance(made.parsed, Problem):
        assert made.parsed.code == ProblemCode.ALREADY_EXISTS
        known = got(RegulationPage, list_regulations.sync_detailed(client=HR))
        regulation = next(one for one in known.items if one.code == code)
    else:
        regulation = got(Regulation, made)
    versions = got(RegulationVersionPage, list_regulation_versions.sync_detailed(regulation.id, client=HR))
    version = versions.items[0]
    if version.state == VersionState.DRAFT:
        read = get_regulation_version.sync_detailed(version.id, client=HR)
        published = publish_regulation_version.sync_detailed(version.id, client=HR, if_match=read.headers["ETag"])
        version = got(RegulationVersion, published)
    return regulation.id, version.id, version.state


def requirements(version: str) -> list[str]:
    """The requirements of a version, as its document states them."""
    document = got(RegulationDocument, get_regulation_document.sync_detailed(version, client=SYSTEM))
    clauses = [clause for article in document.articles for clause in article.clauses or []]
    return [clause.condition.kind for clause in clauses if isinstance(clause, RequirementClause)]


def ask(person: str, regulation: str) -> DecisionDocument:
    body = PersonQuestion(regulation_id=regulation)
    return got(DecisionDocument, ask_for_person.sync_detailed(person, client=SYSTEM, body=body))


def open_seat() -> str:
    job = got(
        Job,
        create_job.sync_detailed(
            client=HR,
            body=JobInput(
                code=f"affairs-{RUN}",
                title_ja="総務",
                title_en="General affairs",
                job_family="administration",
                grade="3",
                workplace="高松",
                employment_type=EmploymentType.REGULAR,
            ),
        ),
    )
    return got(Opening, create_opening.sync_detailed(client=HR, body=OpeningInput(job_id=job.id, seats=1))).id


def apply(person: str, regulation: str, opening: str) -> Response[Application | Problem]:
    return create_application.sync_detailed(
        client=HR,
        idempotency_key=f"application-{RUN}",
        body=ApplicationInput(
            person_id=person,
            regulation_id=regulation,
            opening_id=opening,
            wished_start_date=day(90),
            reason_for_return="介護が一段落したため",
        ),
    )


def advance(client: AuthenticatedClient, id: str) -> tuple[Stage, list[str]]:
    """Moves on until the regulation holds it back; tells where it is, and what holds it."""
    while True:
        application = got(Application, get_application.sync_detailed(id, client=client))
        allowed = got(AllowedMoves, list_allowed_moves.sync_detailed(id, client=client))
        onward = next((move for move in allowed.moves if move.kind == MoveKind.ADVANCE), None)
        if onward is None or not onward.allowed:
            return application.stage, [refusal.code for refusal in onward.refusals] if onward else []
        body = MoveInput(kind=MoveKind.ADVANCE)
        got(Application, move_application.sync_detailed(id, client=client, if_match=etag(application), body=body))


def offer(application: str) -> Offer:
    terms = OfferTerms(
        job="総務",
        grade="3",
        employment_type=EmploymentType.REGULAR,
        full_time=True,
        job_family="administration",
        start_date=day(90),
        base_pay=Pay(base=Money(amount=325000, currency="JPY"), per=PayPeriod.MONTH),
        workplace="高松",
    )
    body = OfferInput(expires_on=day(14), terms=terms)
    return got(Offer, create_offer.sync_detailed(application, client=HR, body=body))


def acknowledge(application: str) -> tuple[RehireInstruction, RehireInstruction]:
    """The HR system reads the instruction of an application, and takes it over."""
    listed = list_rehire_instructions.sync_detailed(
        client=SYSTEM, application_id=application, state=InstructionState.ISSUED
    )
    (instruction,) = got(RehireInstructionPage, listed).items
    id = instruction.id
    issued = got(RehireInstruction, get_rehire_instruction.sync_detailed(id, client=SYSTEM))
    assert issued.package.former_employee_numbers == [f"{RUN}-1"]
    body = RehireAcknowledgement(reference="HR-0001", employee_number=f"{RUN}-3")
    taken = acknowledge_rehire_instruction.sync_detailed(id, client=SYSTEM, if_match=etag(issued), body=body)
    return issued, got(RehireInstruction, taken)


def register(application: str, number: str | None) -> Application:
    """The new employment period of the same person."""
    read = got(Application, get_application.sync_detailed(application, client=SYSTEM))
    body = ReturnInput(employee_number=number)
    return got(Application, register_return.sync_detailed(application, client=SYSTEM, if_match=etag(read), body=body))


def main() -> None:
    sato, tanaka = import_people([Leaver(f"{RUN}-1", "佐藤", "花子", 3000), Leaver(f"{RUN}-2", "田中", "一郎", 300)])
    seen = everybody()
    assert len(set(seen)) == len(seen)
    assert {sato, tanaka} <= set(seen)
    print("1 two people are on record, and found page by page")

    regulation, version, state = adopt("R01")
    print(f"2 R01 is {state}, and requires {','.join(requirements(version))}")

    yes = ask(sato, regulation)
    no = ask(tanaka, regulation)
    pay = next(consequence for consequence in yes.consequences if isinstance(consequence, PayConsequence))
    against = ",".join(finding.clause for finding in no.findings if finding.weight == Weight.AGAINST)
    print(f"3 one is {yes.verdict}, with pay by {pay.rule}; the other {no.verdict} by {against}")
    key = os.environ["OKAERI_API_KEY"]
    said = may_come_back(BASE, key, tanaka, regulation) == no.summary.en
    begun = may_come_back(BASE, key, sato, regulation).startswith("app_")
    print(f"  in ten lines: {'a sentence' if said else 'no sentence'}, and {'an application' if begun else 'nothing'}")

    opening = open_seat()
    first = apply(sato, regulation, opening)
    again = apply(sato, regulation, opening)
    application = got(Application, first)
    assert got(Application, again).id == application.id
    assert again.headers["Idempotent-Replayed"] == "true"
    begun_with = etag(application)
    id = application.id
    submitted = got(Application, submit_application.sync_detailed(id, client=HR, if_match=begun_with))
    print(f"4 sent twice, one application: {submitted.stage}")

    patch = ApplicationPatch(reason_for_return="転居したため")
    stale = got(Problem, update_application.sync_detailed(id, client=HR, if_match=begun_with, body=patch))
    print(f"  a stale change is refused: {stale.status} {stale.code}")

    at, held = advance(HR, id)
    decision = got(Decision, decide_application.sync_detailed(id, client=HR))
    print(f"5 held at {at} by {','.join(held)}, then decided: {decision.verdict}")

    at, held = advance(HR, id)
    print(f"6 moved on to {at}, held by {','.join(held)}")

    made = offer(id)
    made = got(Offer, request_offer_approval.sync_detailed(made.id, client=HR, if_match=etag(made)))
    why = OfferRemark(reason="Within the grade band.")
    made = got(Offer, approve_offer.sync_detailed(made.id, client=APPROVER, if_match=etag(made), body=why))
    at, _ = advance(HR, id)
    made = got(Offer, send_offer.sync_detailed(made.id, client=HR, if_match=etag(made)))
    print(f"7 at {at} the offer is {made.state}")

    made = got(Offer, accept_offer.sync_detailed(made.id, client=SYSTEM, if_match=etag(made)))
    at, _ = advance(HR, id)
    print(f"8 the offer is {made.state}, the application at {at}")

    issued, taken = acknowledge(id)
    print(f"9 the rehire instruction is {issued.state}, then {taken.state} under {taken.reference}")
    returned = register(id, taken.employee_number)
    assert returned.returned_period_id is not None
    at, _ = advance(HR, id)
    print(f"  the return is registered, the application at {at}")


main()
