import type { Context } from "hono";
import type { Access } from "../accounts/access.ts";
import { deploymentUrl } from "../net/deployment-url.ts";
import { joinUrl } from "../net/join-url.ts";

/** What a server card needs of its deployment. */
export interface CardDependencies {
  readonly access: Access;
  readonly publicUrl: URL | null;
}

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json";
const PROTOCOL_VERSIONS = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"];

/** `GET /mcp/server-card`: where and how to connect to the MCP server (SEP-2127, "MCP Server Cards"). */
export const serverCardRoute = ({ access, publicUrl }: CardDependencies) =>
  async function serverCardRoute(context: Context): Promise<Response> {
    const { default: document } = await import("../../schemas/openapi.json");
    const origin = deploymentUrl(publicUrl, context.req.url);
    const key = {
      name: "Authorization",
      description: "Bearer and a key of an account: Bearer nk_…",
      isRequired: true,
      isSecret: true,
    };
    const card = {
      $schema: SCHEMA,
      name: `${origin.hostname.split(".").reverse().join(".")}/namesight`,
      title: "Namesight",
      description: "Finds the named entities of social-media posts: types, visibility, boxes and masks.",
      version: document.info.version,
      websiteUrl: joinUrl(origin, "/docs").href,
      remotes: [
        {
          type: "streamable-http",
          url: joinUrl(origin, "/mcp").href,
          supportedProtocolVersions: PROTOCOL_VERSIONS,
          ...(access.mode === "keys" && { headers: [key] }),
        },
      ],
    };
    const headers = { "Content-Type": "application/mcp-server-card+json", "Cache-Control": "public, max-age=300" };
    return context.body(JSON.stringify(card), 200, headers);
  };
