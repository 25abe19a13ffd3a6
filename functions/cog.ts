import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { type HealthCheck, Prediction, PredictionRequest } from "../schemas/cog.ts";
import { STAGES } from "../schemas/stages/index.ts";
import { QueueFull } from "./queue.ts";
import type { StageHost } from "./stage-host.ts";
import { validationErrors } from "./validation-errors.ts";

/**
 * Cog's HTTP routes for one stage (github.com/replicate/cog/blob/main/docs/http.md, version 0.22). A prediction that
 * fails is HTTP 200 with the status `failed`. There is no `GET /predictions/{id}`: the result comes with the response
 * or by webhook.
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
  if (!host.stage) return c.json({ detail: host.setupError ?? "the stage is still loading its weights" }, 503);
  const running = id === null ? null : host.snapshot(id);
  if (running) return c.json(running, 202);

  const refused = (issues: Parameters<typeof validationErrors>[0], found: unknown) =>
    validationErrors(issues, found, host.name);
  let body: unknown;
  try {
    body = await c.req.json();
  } catch {
    return c.json(refused([{ path: [], message: "not valid JSON", code: "custom" }], undefined), 422);
  }
  const request = PredictionRequest.safeParse(body);
  if (!request.success) return c.json(refused(request.error.issues, body), 422);
  if (id !== null && request.data.id !== undefined && request.data.id !== id) {
    return c.json(refused([{ path: ["id"], message: "differs from the id in the URL", code: "custom" }], body), 422);
  }
  const schema = STAGES[host.name].input;
  const input = schema.safeParse(knownFields(schema, request.data.input));
  if (!input.success) {
    const issues = input.error.issues.map((issue) => ({ ...issue, path: ["input", ...issue.path] }));
    return c.json(refused(issues, body), 422);
  }

  const background = (c.req.header("prefer") ?? "")
    .split(",")
    .some((preference) => preference.trim() === "respond-async");
  const chosen = { ...request.data, ...(id === null ? {} : { id }) };
  const prediction = host.predict(chosen, input.data, background ? undefined : c.req.raw.signal);
  try {
    // A full queue rejects at once: what has not rejected after one turn of the event loop is in the queue.
    const result = background ? await Promise.race([prediction.finished, queued()]) : await prediction.finished;
    return result === "queued"
      ? c.json({ id: prediction.id, status: "starting" }, 202)
      : c.json(result, background ? 202 : 200);
  } catch (error) {
    if (error instanceof QueueFull) return c.json({ detail: error.message }, 409);
    throw error;
  }
}

const queued = () => new Promise<"queued">((resolve) => setImmediate(() => resolve("queued")));

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
