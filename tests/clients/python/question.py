"""May somebody come back, and then apply: the ten lines of the guide."""

from okaeri_client import AuthenticatedClient
from okaeri_client.api.applications import create_application
from okaeri_client.api.decisions import ask_for_person
from okaeri_client.models import Application, ApplicationInput, DecisionDocument, PersonQuestion, Verdict


def may_come_back(base_url: str, credential: str, person: str, regulation: str) -> str:
    okaeri = AuthenticatedClient(base_url=base_url, token=credential)
    asked = ask_for_person.sync(person, client=okaeri, body=PersonQuestion(regulation_id=regulation))
    if not isinstance(asked, DecisionDocument):
        raise RuntimeError(asked)
    if asked.verdict != Verdict.ELIGIBLE:
        return asked.summary.en
    begun = create_application.sync(client=okaeri, body=ApplicationInput(person_id=person, regulation_id=regulation))
    if not isinstance(begun, Application):
        raise RuntimeError(begun)
    return begun.id
