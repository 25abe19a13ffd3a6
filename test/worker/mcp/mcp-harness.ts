import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/** How the official client negotiates a revision: by the handshake of 2025, or by asking for the newest. */
export const REVISIONS = { "2025-11-25": null, "2026-07-28": { mode: "auto" } } as const;
export type Revision = keyof typeof REVISIONS;

interface App {
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** The official client, connected to an app in this process. */
export async function connect(app: App, revision: Revision, headers: Record<string, string> = {}): Promise<Client> {
  const versionNegotiation = REVISIONS[revision];
  const client = new Client({ name: "test", version: "1" }, versionNegotiation ? { versionNegotiation } : {});
  const transport = new StreamableHTTPClientTransport(new URL("https://namesight.test/mcp"), {
    requestInit: { headers },
    fetch: (url, init) => app.fetch(String(url), init),
  });
  await client.connect(transport);
  return client;
}

/** The text of a tool's result, and its other blocks by type. */
export function blocksOf({ content }: Awaited<ReturnType<Client["callTool"]>>) {
  const blocks = content as readonly { type: string; text?: string; data?: string; name?: string; uri?: string }[];
  const of = (type: string) => blocks.filter((block) => block.type === type);
  const text = of("text").map((block) => block.text);
  return { text: text.join("\n"), images: of("image"), links: of("resource_link") };
}
