import { type Answer, type Exchange, json } from "./exchange.ts";
import { detail } from "./replicate-problem.ts";
import type { HostedModel } from "./script.ts";

type Version = HostedModel["versions"][number];

/** `GET /models/{owner}/{name}[/versions[/{version}]]`. An official model has no public list of versions: 404. */
export function modelRoute({ session }: Exchange, name = "", versions?: string, id?: string): Answer {
  const model = session.script.models?.[name];
  if (!model) return notFound();
  const [owner, short] = name.split("/");
  const described = model.versions.map(describe);
  if (versions === undefined)
    return json(200, { owner, name: short, visibility: "public", latest_version: described[0] ?? null });
  if (model.official) return notFound();
  if (id === undefined) return json(200, { previous: null, next: null, results: described });
  const found = described.find((version) => version.id === id);
  return found ? json(200, found) : notFound();
}

function describe({ id, openapi_schema }: Version): Record<string, unknown> {
  return { id, created_at: "2026-01-02T03:04:05.000Z", cog_version: "0.22.0", openapi_schema };
}

function notFound(): Answer {
  return detail(404, "The requested resource could not be found.", "Not found");
}

/** The inputs that a version's schema has and requires; null where the script has no schema. */
export function inputSchemaOf(
  models: Readonly<Record<string, HostedModel>> | undefined,
  { name, version }: { name: string | null; version: string | null },
): { properties: readonly string[]; required: readonly string[] } | null {
  const known = Object.entries(models ?? {}).flatMap(([model, { versions }]) =>
    versions.map((found) => ({ model, found })),
  );
  const { found } = known.find((candidate) => candidate.found.id === version || candidate.model === name) ?? {};
  if (!found) return null;
  const schema = found.openapi_schema as {
    components?: { schemas?: { Input?: { properties?: object; required?: string[] } } };
  };
  const { properties = {}, required = [] } = schema.components?.schemas?.Input ?? {};
  return { properties: Object.keys(properties), required };
}
