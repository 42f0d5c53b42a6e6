// May somebody come back, and then apply: the ten lines of the guide.

import createClient from "openapi-fetch";
import type { paths } from "./okaeri.js";

export async function mayComeBack(baseUrl: string, credential: string, person: string, regulation: string) {
  const okaeri = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${credential}` } });
  const asked = await okaeri.POST("/v1/people/{person_id}/questions", {
    params: { path: { person_id: person } }, body: { regulation_id: regulation },
  });
  if (asked.error) throw new Error(`${asked.error.code}: ${asked.error.title}`);
  if (asked.data.verdict !== "eligible") return asked.data.summary.en;
  const begun = await okaeri.POST("/v1/applications", { body: { person_id: person, regulation_id: regulation } });
  if (begun.error) throw new Error(`${begun.error.code}: ${begun.error.title}`);
  return begun.data.id;
}
