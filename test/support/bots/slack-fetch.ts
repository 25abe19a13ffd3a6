import type { ProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { SlackWorkspace } from "./slack-workspace.ts";

/** A request as a server sees it. */
export interface Asked {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What Slack answers to a request: its API, its files, and its addresses for uploads; null breaks the connection. */
export function answerOf(workspace: SlackWorkspace, { path, headers, body }: Asked): Response | null {
  const authorization = headers.get("authorization");
  if (path.startsWith("/upload/")) return new Response("OK", { status: workspace.upload(path, body) });
  if (path.startsWith("/files-pri/")) {
    const { status, type, bytes } = workspace.download(path, authorization);
    return new Response(bytes as BodyInit, { status, headers: { "content-type": type } });
  }
  const method = /^\/api\/([\w.]+)$/.exec(path)?.[1];
  if (method === undefined) return new Response(null, { status: 404 });
  if (authorization !== `Bearer ${workspace.token}`) return Response.json({ ok: false, error: "invalid_auth" });
  const type = headers.get("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) {
    return Response.json({ ok: false, error: "invalid_post_type" });
  }
  const reply = workspace.handle(method, new URLSearchParams(new TextDecoder().decode(body)));
  if (!reply) return null;
  const scopes = { "x-oauth-scopes": [...workspace.scopes].join(",") };
  return Response.json(reply.body, { status: reply.status, headers: { ...scopes, ...reply.headers } });
}

/** The fetch of a deployment whose Slack answers without a socket. */
export function slackFetch(workspace: SlackWorkspace): ProviderFetch {
  return async (url, init) => {
    const request = new Request(url, init);
    const body = new Uint8Array(await request.arrayBuffer());
    const response = answerOf(workspace, { path: url.pathname, headers: request.headers, body });
    if (!response) throw new TypeError("the connection was closed");
    return response;
  };
}
