import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { ADMISSION_HEADER, ADMISSION_ID } from "../schemas/admission.ts";
import { type HealthCheck, Prediction, PredictionRequest } from "../schemas/cog.ts";
import { LIMITS } from "../schemas/limits.ts";
import { STAGES } from "../schemas/stages/index.ts";
import { jsonOnly } from "./guard.ts";
import { readJsonBody } from "./json-body.ts";
import type { Repeats } from "./repeats.ts";
import { LOADING_S, type StageHost } from "./stage-host.ts";
import { validationErrors } from "./validation-errors.ts";

/** The header that names a prediction for good; Cog itself does not know it. */
const KEY_HEADER = "idempotency-key";

/**
 * Cog's HTTP routes for one stage (github.com/replicate/cog/blob/main/docs/http.md, version 0.22). A prediction that
 * fails is HTTP 200 with the status `failed`. There is no `GET /predictions/{id}`: the result comes with the response
 * or by webhook.
 */
export function cogRoutes(host: StageHost, repeats: Repeats): Hono {
  const routes = new Hono();
  routes.get("/", (c) =>
    c.json({ health_check_url: "./health-check", openapi_url: "./openapi.json", predictions_url: "./predictions" }),
  );
  routes.get("/health-check", (c) => c.json(healthCheck(host)));
  routes.get("/openapi.json", (c) => c.json(openApi(host)));
  routes.post("/predictions", jsonOnly, (c) => predict(c, host, repeats, null));
  routes.put("/predictions/:id", jsonOnly, (c) => predict(c, host, repeats, c.req.param("id")));
  routes.post("/predictions/:id/cancel", (c) => c.json({}, host.cancel(c.req.param("id")) ? 200 : 404));
  return routes;
}

async function predict(c: Context, host: StageHost, repeats: Repeats, id: string | null): Promise<Response> {
  if (!host.stage) return notLoaded(c, host);
  const running = id === null ? null : host.snapshot(id);
  if (running) return c.json(running, 202);

  const refused = (issues: Parameters<typeof validationErrors>[0], found: unknown) =>
    c.json(validationErrors(issues, found, host.name), 422);
  const bytes = Buffer.from(await c.req.arrayBuffer());
  const read = readJsonBody(bytes);
  if ("fault" in read) return refused([{ path: [], message: read.fault, code: "custom" }], undefined);
  const body = read.value;
  const request = PredictionRequest.safeParse(body);
  if (!request.success) return refused(request.error.issues, body);
  const fault = requestFault(c, host, id, request.data);
  if (fault) return refused([{ path: [fault.field], message: fault.message, code: "custom" }], body);
  const schema = STAGES[host.name].input;
  const input = schema.safeParse(knownFields(schema, request.data.input));
  if (!input.success) {
    const issues = input.error.issues.map((issue) => ({ ...issue, path: ["input", ...issue.path] }));
    return refused(issues, body);
  }

  const background = (c.req.header("prefer") ?? "")
    .split(",")
    .some((preference) => preference.trim() === "respond-async");
  const chosen = { ...request.data, ...(id === null ? {} : { id }) };
  const post = c.req.header(ADMISSION_HEADER) ?? null;
  const { signal } = c.req.raw;
  if (background) return c.json({ id: host.predict(chosen, input.data, post).id, status: "starting" }, 202);
  const run = () => host.predict(chosen, input.data, post, signal).finished;
  const key = c.req.header(KEY_HEADER);
  if (key === undefined) return c.json(await run(), 200);
  const answer = await repeats.answer(`${host.name} ${key}`, bytes, signal, run);
  if (answer !== null) return c.body(answer, 200, { "content-type": "application/json" });
  return refused([{ path: [KEY_HEADER], message: "was given with another body", code: "custom" }], body);
}

/** What is wrong with a request whose fields are valid each. */
function requestFault(c: Context, host: StageHost, id: string | null, request: PredictionRequest) {
  if (id !== null && id.length > LIMITS.idLength)
    return { field: "id", message: `must be at most ${LIMITS.idLength} UTF-16 code units` };
  if (id !== null && request.id !== undefined && request.id !== id)
    return { field: "id", message: "differs from the id in the URL" };
  if (!ADMISSION_ID.test(c.req.header(ADMISSION_HEADER) ?? "none"))
    return { field: ADMISSION_HEADER, message: `must match ${ADMISSION_ID}` };
  if ((c.req.header(KEY_HEADER)?.length ?? 0) > LIMITS.idempotencyKeyLength)
    return { field: KEY_HEADER, message: `must be at most ${LIMITS.idempotencyKeyLength} characters` };
  return host.accepts(request.webhook) ? null : { field: "webhook", message: "is not in WEBHOOK_ORIGINS" };
}

function notLoaded(c: Context, host: StageHost): Response {
  if (host.setupError !== null) return c.json({ detail: host.setupError }, 503);
  return c.json({ detail: "the stage is still loading its weights" }, 503, { "retry-after": String(LOADING_S) });
}

/** The input without the fields that the stage does not know: Cog drops them too. */
function knownFields(
  schema: (typeof STAGES)[StageHost["name"]]["input"],
  input: Record<string, unknown>,
): Record<string, unknown> {
  const known = new Set(Object.keys(schema.def.shape));
  return Object.fromEntries(Object.entries(input).filter(([field]) => known.has(field)));
}

function healthCheck(host: StageHost): HealthCheck {
  const { status, stage, setupError } = host;
  const setup = {
    status: status === "STARTING" ? "started" : setupError === null ? "succeeded" : "failed",
    logs: setupError ?? "",
  };
  return { status, setup, ...(stage ? { version: `${stage.model}@${stage.version}` } : {}) };
}

/** The document in which Cog clients look up a model's fields: `components.schemas.Input` and `Output`. */
function openApi(host: StageHost): object {
  const { input, output } = STAGES[host.name];
  const schema = (source: z.core.$ZodType, io: "input" | "output") => {
    const { $schema: _, ...rest } = z.toJSONSchema(source, { io });
    return rest;
  };
  return {
    openapi: "3.1.0",
    info: { title: `Namesight ${host.name}`, version: host.stage?.version ?? "0" },
    paths: {
      "/predictions": {
        post: {
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: "#/components/schemas/PredictionRequest" } } },
          },
          responses: {
            "200": {
              description: "Ended",
              content: { "application/json": { schema: { $ref: "#/components/schemas/PredictionResponse" } } },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        Input: schema(input, "input"),
        Output: schema(output, "output"),
        PredictionRequest: schema(PredictionRequest, "input"),
        PredictionResponse: schema(Prediction, "output"),
      },
    },
  };
}
