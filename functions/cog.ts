import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { type HealthCheck, Prediction, PredictionRequest, type ValidationErrors } from "../schemas/cog.ts";
import { STAGES } from "../schemas/stages/index.ts";
import { QueueFull } from "./queue.ts";
import type { StageHost } from "./stage-host.ts";

/**
 * Cog's HTTP routes for one stage (cog 0.22, docs/http.md). A prediction that fails is HTTP 200 with the status
 * `failed`; there is no `GET /predictions/{id}`: results come with the answer or by webhook.
 */
export function cogRoutes(host: StageHost): Hono {
  const routes = new Hono();
  routes.get("/", (c) =>
    c.json({ health_check_url: "./health-check", openapi_url: "./openapi.json", predictions_url: "./predictions" }),
  );
  routes.get("/health-check", (c) => c.json(healthCheck(host)));
  routes.get("/openapi.json", (c) => c.json(openApi(host)));
  routes.post("/predictions", (c) => predict(c, host, null));
  routes.put("/predictions/:id", (c) => predict(c, host, c.req.param("id")));
  routes.post("/predictions/:id/cancel", (c) => c.json({}, host.cancel(c.req.param("id")) ? 200 : 404));
  return routes;
}

async function predict(c: Context, host: StageHost, id: string | null): Promise<Response> {
  if (!host.stage) return c.json({ detail: host.setupError ?? "setup has not finished" }, 503);
  const running = id === null ? null : host.snapshot(id);
  if (running) return c.json(running, 202);

  let body: unknown;
  try {
    body = await c.req.json();
  } catch {
    return c.json(invalid([{ path: [], message: "the body is not valid JSON", code: "json_invalid" }]), 422);
  }
  const request = PredictionRequest.safeParse(body);
  if (!request.success) return c.json(invalid(request.error.issues), 422);
  if (id !== null && request.data.id !== undefined && request.data.id !== id) {
    return c.json(invalid([{ path: ["id"], message: "differs from the id in the address", code: "value_error" }]), 422);
  }
  const schema = STAGES[host.name].input;
  const input = schema.safeParse(knownFields(schema, request.data.input));
  if (!input.success)
    return c.json(invalid(input.error.issues.map((issue) => ({ ...issue, path: ["input", ...issue.path] }))), 422);

  const background = (c.req.header("prefer") ?? "")
    .split(",")
    .some((preference) => preference.trim() === "respond-async");
  const asked = { ...request.data, ...(id === null ? {} : { id }) };
  const prediction = host.predict(asked, input.data, background ? undefined : c.req.raw.signal);
  try {
    // A full queue says so at once; one turn of the event loop tells it from a prediction that was taken.
    const early = background ? await Promise.race([prediction.finished, taken()]) : await prediction.finished;
    return early === "taken"
      ? c.json({ id: prediction.id, status: "starting" }, 202)
      : c.json(early, background ? 202 : 200);
  } catch (error) {
    if (error instanceof QueueFull) return c.json({ detail: error.message }, 409);
    throw error;
  }
}

const taken = () => new Promise<"taken">((resolve) => setImmediate(() => resolve("taken")));

/** Cog removes inputs that it does not know. */
function knownFields(
  schema: (typeof STAGES)[StageHost["name"]]["input"],
  input: Record<string, unknown>,
): Record<string, unknown> {
  const known = new Set(Object.keys(schema.def.shape));
  return Object.fromEntries(Object.entries(input).filter(([field]) => known.has(field)));
}

function invalid(
  issues: ReadonlyArray<{ path: PropertyKey[]; message: string; code?: string | undefined }>,
): ValidationErrors {
  return {
    detail: issues.map(({ path, message, code }) => ({
      loc: ["body", ...path.map((part) => (typeof part === "number" ? part : String(part)))],
      msg: message,
      type: code ?? "value_error",
    })),
  };
}

function healthCheck(host: StageHost): HealthCheck {
  const { status, stage, setupError } = host;
  const setup = {
    status: status === "STARTING" ? "started" : setupError === null ? "succeeded" : "failed",
    logs: setupError ?? "",
  };
  return { status, setup, ...(stage ? { version: `${stage.model}@${stage.version}` } : {}) };
}

/** The document that Cog clients read a model's inputs from: `components.schemas.Input` and `Output`. */
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
