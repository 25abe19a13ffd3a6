import {
  type CallToolResult,
  createMcpHandler,
  McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import { toBase64, toUtf8 } from "../../schemas/encodings.ts";
import { type Api, ApiRefusal } from "./api.ts";
import { answerByJob, answerByPayment, type Outcome, outcomeOf, type Waiting } from "./outcome.ts";
import { decodeHeader, refusalResult, toolResult } from "./tool-result.ts";
import { DEFAULT_WAIT_S, TOOL_NAMES, type ToolName, type ToolSchemas, toolSchemas } from "./tool-schemas.ts";

/** What one MCP request is served with. */
export interface Serving {
  readonly api: Api;
  /** A signal that aborts after so many milliseconds. */
  readonly timer: (milliseconds: number) => AbortSignal;
  /** Takes work that goes on when the caller leaves. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

type Arguments = Readonly<Record<string, unknown>>;

/** How the tools introduce themselves to a language model. */
const TOOLS: Readonly<Record<ToolName, { readonly title: string; readonly description: string }>> = {
  recognize_entities: {
    title: "Find the named entities of a post",
    description:
      "Finds the people, places, organisations and other names in the text of a social-media post, tells for each " +
      "whether the post's picture shows it, and where: boxes and masks. Names are linked to what the picture shows " +
      "by what the text says, never by recognising a face. Give the picture as an https address or as base64.",
  },
  segment_boxes: {
    title: "Cut out boxes of a picture",
    description: "Makes a mask for each given box of a picture: exactly which pixels belong to the thing in the box.",
  },
  get_job: {
    title: "Get the answer of a job",
    description: "The answer of a job that another tool did not wait for. Asking costs nothing.",
  },
};

/**
 * Answers one MCP request (revisions 2025-03-26 to 2026-07-28), without a session.
 *
 * @param message the request's body
 */
export async function serveMcp(request: Request, message: object, serving: Serving): Promise<Response> {
  const [schemas, { default: document }] = await Promise.all([toolSchemas(), import("../../schemas/openapi.json")]);
  const factory = () => {
    const server = new McpServer({ name: "namesight", title: "Namesight", version: document.info.version });
    for (const name of TOOL_NAMES) {
      const { input, output } = standardSchemas(schemas[name]);
      const annotations = { readOnlyHint: true, openWorldHint: name === "recognize_entities" };
      const config = { ...TOOLS[name], inputSchema: input, outputSchema: output, annotations };
      server.registerTool(name, config, (given, context) => {
        const calling = callTool(name, given as Arguments, context, serving);
        serving.waitUntil(calling);
        return calling;
      });
    }
    return server;
  };
  return createMcpHandler(factory).fetch(request, { parsedBody: message });
}

async function callTool(
  name: ToolName,
  given: Arguments,
  context: ServerContext,
  { api, timer }: Serving,
): Promise<CallToolResult> {
  const { wait_seconds: waitSeconds = DEFAULT_WAIT_S, overlay = true, ...fields } = given;
  const { progressToken, "x402/payment": payment } = (context.mcpReq._meta ?? {}) as Arguments;
  let told = 0;
  const waiting: Waiting = {
    canceled: context.mcpReq.signal,
    waitMs: Number(waitSeconds) * 1000,
    timer,
    tell(message) {
      if (progressToken === undefined) return;
      const params = { progressToken: progressToken as string, progress: ++told, message };
      context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
    },
  };
  try {
    const outcome = await outcomeOfTool(name, fields, { api, waiting, waitSeconds, payment });
    const { paymentResponse } = outcome;
    const result = await toolResult(api, outcome, overlay === true);
    return paymentResponse === null
      ? result
      : { ...result, _meta: { "x402/payment-response": decodeHeader(paymentResponse) } };
  } catch (error) {
    if (error instanceof ApiRefusal) return refusalResult(error);
    throw error;
  }
}

interface Calling {
  readonly api: Api;
  readonly waiting: Waiting;
  readonly waitSeconds: unknown;
  readonly payment: unknown;
}

const PATHS = { recognize_entities: "/v1/recognize", segment_boxes: "/v1/segment" } as const;

function outcomeOfTool(
  name: ToolName,
  fields: Arguments,
  { api, waiting, waitSeconds, payment }: Calling,
): Promise<Outcome> {
  if (name === "get_job") return outcomeOf(api, String(fields.id), Number(waitSeconds));
  if (payment === undefined) return answerByJob(api, PATHS[name], fields, waiting);
  return answerByPayment(api, PATHS[name], fields, toBase64(toUtf8(JSON.stringify(payment))));
}

/** Schemas for the library: it lists them. The API checks the arguments, and names every field that is wrong. */
function standardSchemas({ input, output }: ToolSchemas) {
  const listed = (schema: ToolSchemas["input"]): StandardSchemaWithJSON => ({
    "~standard": {
      version: 1,
      vendor: "namesight",
      validate: (value) => ({ value }),
      jsonSchema: { input: () => schema, output: () => schema },
    },
  });
  return { input: listed(input), output: listed(output) };
}
