import { type Answer, type Exchange, json, type Prediction, replyOf } from "./exchange.ts";
import { queueDeliveries } from "./replicate-deliveries.ts";
import { inputSchemaOf } from "./replicate-models.ts";
import { detail } from "./replicate-problem.ts";
import { inStatus, isEnd } from "./replicate-states.ts";

const FIELDS: ReadonlySet<string> = new Set(["version", "input", "webhook", "webhook_events_filter", "stream"]);
const EVENTS: ReadonlySet<string> = new Set(["start", "output", "logs", "completed"]);
/** A version: a hash, `owner/name:hash`, or an official model's `owner/name`. */
const VERSION = /^(?:[0-9a-f]{64}|[^/:\s]+\/[^/:\s]+(?::[0-9a-f]{64})?)$/;

interface Created {
  readonly version?: string;
  readonly input: Record<string, unknown>;
  readonly webhook?: string;
  readonly webhook_events_filter?: readonly string[];
}

/** @param named the model or deployment in the path; null where the body names a version */
export async function createPrediction(
  exchange: Exchange,
  named: { readonly model?: string; readonly deployment?: string } | null,
): Promise<Answer> {
  const { session, headers, body, base } = exchange;
  const wrong = complaint(body, named !== null) ?? headerComplaint(headers);
  if (wrong) return detail(422, wrong, "Unprocessable entity");
  const created = body as Created;
  const hash = created.version?.split(":").at(-1) ?? null;
  const name = named?.model ?? named?.deployment ?? null;
  const output = replyOf(session, `replicate ${name ?? hash}`);
  if (output === undefined) {
    return named
      ? detail(404, "The requested resource could not be found.", "Not found")
      : detail(422, "The specified version does not exist, or is not open to you", "Invalid version or not permitted");
  }
  const schema = inputSchemaOf(session.script.models, { name, version: hash });
  const missing = schema?.required.filter((field) => !(field in created.input)) ?? [];
  if (missing.length > 0)
    return detail(422, missing.map((field) => `- input: ${field} is required`).join("\n"), "Input validation failed");
  // Inputs that the schema does not have are ignored silently.
  const input = Object.fromEntries(
    Object.entries(created.input).filter(([field]) => schema?.properties.includes(field) ?? true),
  );
  const id = `p${session.predictions.size + 1}`;
  const urls = {
    get: `${base}/replicate/v1/predictions/${id}`,
    cancel: `${base}/replicate/v1/predictions/${id}/cancel`,
    web: `${base}/p/${id}`,
  };
  const prediction: Prediction = {
    id,
    model: named?.model ?? (created.version?.includes("/") ? created.version.split(":")[0] : "owner/name"),
    version: hash ?? "hidden",
    ...(named?.deployment ? { deployment: named.deployment } : {}),
    input,
    output,
    logs: "",
    error: null,
    data_removed: false,
    status: "succeeded",
    source: "api",
    created_at: "2026-11-24T12:00:00.000Z",
    started_at: "2026-11-24T12:00:00.100Z",
    completed_at: "2026-11-24T12:00:00.200Z",
    metrics: { predict_time: 0.1, total_time: 0.2 },
    urls,
  };
  session.predictions.set(id, prediction);
  const waits = /(?:^|,)\s*wait\b/.test(headers.prefer ?? "");
  // Without `Prefer: wait` the answer is the prediction as it starts.
  const shown = show(exchange, prediction, waits ? null : "starting");
  if (created.webhook)
    await queueDeliveries(session, created.webhook, created.webhook_events_filter ?? [...EVENTS], id);
  return json(waits && !isEnd(shown.status) ? 202 : 201, shown, { location: urls.get });
}

export function getPrediction(exchange: Exchange, id = ""): Answer {
  const prediction = exchange.session.predictions.get(id);
  return prediction
    ? json(200, show(exchange, prediction, null))
    : detail(404, "The requested resource could not be found.", "Not found");
}

export function cancelPrediction(exchange: Exchange, id = ""): Answer {
  const { session } = exchange;
  const prediction = session.predictions.get(id);
  if (!prediction) return detail(404, "The requested resource could not be found.", "Not found");
  // An ended prediction does not change.
  if (!session.running.delete(id)) return json(200, prediction);
  const canceled = inStatus(prediction, "canceled");
  session.predictions.set(id, canceled);
  return json(200, canceled);
}

/** Newest first, in pages; `next` is an absolute address. */
export function listPredictions({ session, query, base }: Exchange): Answer {
  const all = [...session.predictions.values()].reverse();
  const size = session.script.pageSize ?? 100;
  const from = Number(query.get("cursor") ?? 0);
  const page = (start: number) => `${base}/replicate/v1/predictions?cursor=${start}`;
  return json(200, {
    previous: from > 0 ? page(Math.max(0, from - size)) : null,
    next: from + size < all.length ? page(from + size) : null,
    results: all.slice(from, from + size),
  });
}

/** The prediction that a call shows, in the fault's status or the given one. An end that was shown is kept. */
function show({ session, fault }: Exchange, prediction: Prediction, begins: string | null): Prediction {
  const status = fault.kind === "prediction" ? fault.status : (begins ?? prediction.status);
  const shown = status === prediction.status && fault.kind !== "prediction" ? prediction : inStatus(prediction, status);
  const told = fault.kind === "prediction" ? { ...shown, ...fault.fields } : shown;
  if (isEnd(status)) {
    session.running.delete(prediction.id);
    session.predictions.set(prediction.id, told);
  } else session.running.add(prediction.id);
  return told;
}

/** The first fault of a request's body; null where it is valid. An unknown field is a fault. */
function complaint(body: unknown, named: boolean): string | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return "the body must be an object";
  const { version, input, webhook, webhook_events_filter } = body as Record<string, unknown>;
  const foreign = Object.keys(body).find((field) => !FIELDS.has(field) || (named && field === "version"));
  if (foreign) return `- Additional property ${foreign} is not allowed`;
  if (typeof input !== "object" || input === null || Array.isArray(input)) return "- input is required";
  if (!named && (typeof version !== "string" || !VERSION.test(version))) return "- version must be the id of a version";
  if (webhook !== undefined && !isWebhookAddress(webhook)) return "- webhook must be an HTTPS URL";
  const events = webhook_events_filter ?? [];
  if (!Array.isArray(events) || events.some((event) => !EVENTS.has(event)))
    return "- webhook_events_filter has an unknown event";
  return null;
}

/** Whether an address is https, or http on this machine for tests in one process. */
function isWebhookAddress(webhook: unknown): boolean {
  const url = URL.parse(String(webhook));
  return url?.protocol === "https:" || (url?.protocol === "http:" && url.hostname === "127.0.0.1");
}

/** The first invalid header: `Prefer: wait=` takes 1 to 60, `Cancel-After` at least 5 seconds. */
function headerComplaint(headers: Readonly<Record<string, string>>): string | null {
  const [, wait] = /(?:^|,)\s*wait=(\S+)/.exec(headers.prefer ?? "") ?? [];
  if (wait !== undefined && !(/^\d+$/.test(wait) && Number(wait) >= 1 && Number(wait) <= 60))
    return "- Prefer: wait must be 1 to 60";
  const after = headers["cancel-after"];
  if (after === undefined) return null;
  const [whole, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(after) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return whole && total >= 5 ? null : "- Cancel-After must be at least 5 seconds";
}
