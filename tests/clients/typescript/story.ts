// One return, from the records of the HR system to the acknowledged instruction.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./okaeri.js";
import { mayComeBack } from "./question.js";

type Schemas = components["schemas"];
type Problem = Schemas["Problem"];
type Api = ReturnType<typeof api>;

const run = randomUUID().slice(0, 8);
const base = given("OKAERI_URL");
const system = api(given("OKAERI_API_KEY"));
const hr = api(given("OKAERI_HR_TOKEN"));
const approver = api(given("OKAERI_APPROVER_TOKEN"));

function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function api(credential: string) {
  return createClient<paths>({ baseUrl: base, headers: { Authorization: `Bearer ${credential}` } });
}

/** What was answered, or the problem as an error. */
function got<T>(answer: { data?: T; error?: Problem; response: Response }): T {
  if (answer.error) throw new Error(`${answer.error.status} ${answer.error.code}: ${JSON.stringify(answer.error)}`);
  if (answer.data === undefined) throw new Error(`nothing in the answer ${answer.response.status}`);
  return answer.data;
}

function refused(answer: { error?: Problem }): Problem {
  if (!answer.error) throw new Error("a problem was expected");
  return answer.error;
}

function day(days: number): string {
  const date = new Date();
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

const etag = (thing: { version: number }) => `"${thing.version}"`;

interface Leaver { number: string; family: string; given: string; daysOfService: number }

/** One row for each employment period; sent again, the same rows change nothing. */
async function importPeople(leavers: Leaver[]): Promise<string[]> {
  const rows = leavers.map((leaver): Schemas["PeopleImportRow"] => ({
    employee_number: leaver.number, name: { family: leaver.family, given: leaver.given }, birth_date: "1990-04-02",
    contacts: [{ kind: "email", value: `${leaver.number}@example.jp` }],
    period: {
      start: day(-730 - leaver.daysOfService), last_day: day(-730), employment_type: "regular", full_time: true,
      job_family: "administration", exit_route: "resignation",
    },
  }));
  const report = got(await system.POST("/v1/people-imports", { body: { rows } }));
  assert.deepEqual(report, { created: rows.length, updated: 0, unchanged: 0 });
  const again = got(await system.POST("/v1/people-imports", { body: { rows } }));
  assert.deepEqual(again, { created: 0, updated: 0, unchanged: rows.length });
  const ids: string[] = [];
  for (const { number } of leavers) {
    const found = got(await system.GET("/v1/people", { params: { query: { employee_number: number } } }));
    ids.push(...found.items.map((person) => person.id));
  }
  return ids;
}

/** Everybody, a page at a time. */
async function everybody(): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = got(await system.GET("/v1/people", { params: { query: { limit: 1, ...(cursor ? { cursor } : {}) } } }));
    assert.ok(page.items.length <= 1);
    ids.push(...page.items.map((person) => person.id));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return ids;
}

/** Adopts a regulation of the library and publishes it, or takes the one that was adopted before. */
async function adopt(code: string): Promise<{ regulation: string; version: string; state: Schemas["VersionState"] }> {
  const made = await hr.POST("/v1/regulations", { body: { library_code: code } });
  let regulation = made.data;
  if (made.error) {
    assert.equal(made.error.code, "already_exists");
    regulation = got(await hr.GET("/v1/regulations")).items.find((one) => one.code === code);
  }
  assert.ok(regulation);
  const path = { regulation_id: regulation.id };
  let version = got(await hr.GET("/v1/regulations/{regulation_id}/versions", { params: { path } })).items[0];
  assert.ok(version);
  if (version.state === "draft") {
    const at = { version_id: version.id };
    const read = await hr.GET("/v1/regulation-versions/{version_id}", { params: { path: at } });
    const tag = read.response.headers.get("ETag");
    assert.ok(tag);
    version = got(await hr.POST("/v1/regulation-versions/{version_id}/publish", {
      params: { path: at, header: { "If-Match": tag } },
    }));
  }
  return { regulation: regulation.id, version: version.id, state: version.state };
}

/** The requirements of a version, as its document states them. */
async function requirements(version: string): Promise<string[]> {
  const at = { version_id: version };
  const document = got(await system.GET("/v1/regulation-versions/{version_id}/document", { params: { path: at } }));
  const clauses = document.articles.flatMap((article) => article.clauses ?? []);
  return clauses.flatMap((clause) => (clause.kind === "requirement" ? [clause.condition.kind] : []));
}

async function ask(person: string, regulation: string): Promise<Schemas["DecisionDocument"]> {
  return got(await system.POST("/v1/people/{person_id}/questions", {
    params: { path: { person_id: person } }, body: { regulation_id: regulation },
  }));
}

async function open(): Promise<string> {
  const job = got(await hr.POST("/v1/jobs", {
    body: {
      code: `affairs-${run}`, title_ja: "総務", title_en: "General affairs", job_family: "administration", grade: "3",
      workplace: "高松", employment_type: "regular",
    },
  }));
  return got(await hr.POST("/v1/openings", { body: { job_id: job.id, seats: 1 } })).id;
}

async function apply(person: string, regulation: string, opening: string) {
  return hr.POST("/v1/applications", {
    params: { header: { "Idempotency-Key": `application-${run}` } },
    body: {
      person_id: person, regulation_id: regulation, opening_id: opening, wished_start_date: day(90),
      reason_for_return: "介護が一段落したため",
    },
  });
}

/** Moves on until the regulation holds it back; tells where it is, and what holds it. */
async function advance(api: Api, id: string): Promise<{ at: Schemas["Stage"]; held: Schemas["RefusalCode"][] }> {
  const path = { application_id: id };
  for (;;) {
    const application = got(await api.GET("/v1/applications/{application_id}", { params: { path } }));
    const { moves } = got(await api.GET("/v1/applications/{application_id}/allowed-moves", { params: { path } }));
    const onward = moves.find((move) => move.kind === "advance");
    if (!onward?.allowed) return { at: application.stage, held: (onward?.refusals ?? []).map((refusal) => refusal.code) };
    got(await api.POST("/v1/applications/{application_id}/moves", {
      params: { path, header: { "If-Match": etag(application) } }, body: { kind: "advance" },
    }));
  }
}

async function offer(application: string): Promise<Schemas["Offer"]> {
  return got(await hr.POST("/v1/applications/{application_id}/offers", {
    params: { path: { application_id: application } },
    body: {
      expires_on: day(14),
      terms: {
        job: "総務", grade: "3", employment_type: "regular", full_time: true, job_family: "administration",
        start_date: day(90), base_pay: { base: { amount: 325000, currency: "JPY" }, per: "month" }, workplace: "高松",
      },
    },
  }));
}

/** The HR system reads the instruction of an application, and takes it over. */
async function acknowledge(application: string): Promise<[Schemas["RehireInstruction"], Schemas["RehireInstruction"]]> {
  const query = { application_id: application, state: "issued" } as const;
  const { items } = got(await system.GET("/v1/rehire-instructions", { params: { query } }));
  assert.ok(items[0] && items.length === 1);
  const path = { rehire_instruction_id: items[0].id };
  const issued = got(await system.GET("/v1/rehire-instructions/{rehire_instruction_id}", { params: { path } }));
  assert.deepEqual(issued.package.former_employee_numbers, [`${run}-1`]);
  const taken = got(await system.POST("/v1/rehire-instructions/{rehire_instruction_id}/acknowledge", {
    params: { path, header: { "If-Match": etag(issued) } },
    body: { reference: "HR-0001", employee_number: `${run}-3` },
  }));
  return [issued, taken];
}

/** The new employment period of the same person. */
async function register(application: string, number: string | null): Promise<Schemas["Application"]> {
  const path = { application_id: application };
  const read = got(await system.GET("/v1/applications/{application_id}", { params: { path } }));
  return got(await system.POST("/v1/applications/{application_id}/return", {
    params: { path, header: { "If-Match": etag(read) } }, body: { employee_number: number },
  }));
}

const [sato, tanaka] = await importPeople([
  { number: `${run}-1`, family: "佐藤", given: "花子", daysOfService: 3000 },
  { number: `${run}-2`, family: "田中", given: "一郎", daysOfService: 300 },
]);
assert.ok(sato && tanaka);
const seen = await everybody();
assert.equal(new Set(seen).size, seen.length);
assert.ok(seen.includes(sato) && seen.includes(tanaka));
console.log("1 two people are on record, and found page by page");

const { regulation, version, state } = await adopt("R01");
console.log(`2 R01 is ${state}, and requires ${(await requirements(version)).join()}`);

const yes = await ask(sato, regulation);
const no = await ask(tanaka, regulation);
const pay = yes.consequences.find((consequence) => consequence.kind === "pay");
const against = no.findings.filter((finding) => finding.weight === "against");
console.log(`3 one is ${yes.verdict}, with pay by ${pay?.rule}; the other ${no.verdict} by ${against.map((finding) => finding.clause).join()}`);
const key = given("OKAERI_API_KEY");
const said = await mayComeBack(base, key, tanaka, regulation) === no.summary.en;
const begun = (await mayComeBack(base, key, sato, regulation)).startsWith("app_");
console.log(`  in ten lines: ${said ? "a sentence" : "no sentence"}, and ${begun ? "an application" : "nothing"}`);

const opening = await open();
const first = await apply(sato, regulation, opening);
const again = await apply(sato, regulation, opening);
const application = got(first);
assert.equal(got(again).id, application.id);
assert.equal(again.response.headers.get("Idempotent-Replayed"), "true");
const path = { application_id: application.id };
const submitted = got(await hr.POST("/v1/applications/{application_id}/submit", {
  params: { path, header: { "If-Match": etag(application) } },
}));
console.log(`4 sent twice, one application: ${submitted.stage}`);

const stale = refused(await hr.PATCH("/v1/applications/{application_id}", {
  params: { path, header: { "If-Match": etag(application) } }, body: { reason_for_return: "転居したため" },
}));
console.log(`  a stale change is refused: ${stale.status} ${stale.code}`);

const before = await advance(hr, application.id);
const decision = got(await hr.POST("/v1/applications/{application_id}/decisions", { params: { path } }));
console.log(`5 held at ${before.at} by ${before.held.join()}, then decided: ${decision.verdict}`);

const selected = await advance(hr, application.id);
console.log(`6 moved on to ${selected.at}, held by ${selected.held.join()}`);

let made = await offer(application.id);
const at = () => ({ path: { offer_id: made.id }, header: { "If-Match": etag(made) } });
made = got(await hr.POST("/v1/offers/{offer_id}/request-approval", { params: at() }));
made = got(await approver.POST("/v1/offers/{offer_id}/approve", { params: at(), body: { reason: "Within the grade band." } }));
const approved = await advance(hr, application.id);
made = got(await hr.POST("/v1/offers/{offer_id}/send", { params: at() }));
console.log(`7 at ${approved.at} the offer is ${made.state}`);

made = got(await system.POST("/v1/offers/{offer_id}/accept", { params: at() }));
const after = await advance(hr, application.id);
console.log(`8 the offer is ${made.state}, the application at ${after.at}`);

const [issued, taken] = await acknowledge(application.id);
console.log(`9 the rehire instruction is ${issued.state}, then ${taken.state} under ${taken.reference}`);
const returned = await register(application.id, taken.employee_number);
assert.ok(returned.returned_period_id);
const end = await advance(hr, application.id);
console.log(`  the return is registered, the application at ${end.at}`);
