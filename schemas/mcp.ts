import * as z from "zod/mini";

const Id = z.union([z.string(), z.number()]);

/** A message of the Model Context Protocol to the server: JSON-RPC 2.0. */
export const McpMessage = z.looseObject({
  /** The version of JSON-RPC. */
  jsonrpc: z.literal("2.0"),
  /** Names the request; a notification has none. */
  id: z.optional(Id),
  /** What is asked, such as `tools/call`. */
  method: z.string(),
  /** The arguments of the method. */
  params: z.optional(z.record(z.string(), z.unknown())),
});

/** The response to a request of the Model Context Protocol: JSON-RPC 2.0. */
export const McpResponse = z.looseObject({
  /** The version of JSON-RPC. */
  jsonrpc: z.literal("2.0"),
  /** The request's id; null where it has none that could be read. */
  id: z.nullable(Id),
  /** What was asked for. */
  result: z.optional(z.record(z.string(), z.unknown())),
  /** Why it was not done. */
  error: z.optional(z.record(z.string(), z.unknown())),
});

/** Asks for the list of tools. */
export const LIST_TOOLS = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };

/** A response to a message whose id could not be read. */
export const mcpError = (code: number, message: string) => ({ jsonrpc: "2.0", id: null, error: { code, message } });
