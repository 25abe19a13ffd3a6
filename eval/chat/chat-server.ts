import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The fields of a request to `/chat/completions` that are read. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>;
  readonly response_format?: { readonly json_schema?: { readonly name?: string } };
}

/** A completion, as a host of chat models returns it. */
export interface Completion {
  readonly choices: ReadonlyArray<{ readonly message: { readonly content: string } }>;
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number };
}

/** What the calls of one run cost. */
export interface ChatCosts {
  readonly requests: number;
  /** UTF-16 code units of all messages sent, and of all replies. */
  readonly promptCharacters: number;
  readonly replyCharacters: number;
  /** As the host counts them; null when it does not. */
  readonly tokens: number | null;
  /** The calls that were made one after another, summed over the posts: two calls at the same time are one. */
  readonly roundTrips: number;
}

export interface ChatServer {
  /** The address of `/chat/completions`, without that path. */
  readonly url: string;
  /** The costs since the last call of this function. */
  takeCosts(): ChatCosts;
  stop(): Promise<void>;
}

/**
 * A chat host on this machine that counts what it is asked.
 *
 * @param answer gives the completion of a request, by itself or from another host
 * @param postOf the post that a request is about
 */
export async function startChatServer(
  answer: (request: ChatRequest, authorization: string | undefined) => Promise<Completion>,
  postOf: (request: ChatRequest) => string,
): Promise<ChatServer> {
  let counts = noCosts();
  const inFlight = new Map<string, number>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = JSON.parse(await bodyOf(request)) as ChatRequest;
    const post = postOf(asked);
    const before = inFlight.get(post) ?? 0;
    inFlight.set(post, before + 1);
    const completion = await answer(asked, request.headers.authorization).finally(() => {
      inFlight.set(post, (inFlight.get(post) ?? 1) - 1);
    });
    const { prompt_tokens, completion_tokens } = completion.usage ?? {};
    const tokens = prompt_tokens === undefined ? null : prompt_tokens + (completion_tokens ?? 0);
    counts = {
      requests: counts.requests + 1,
      promptCharacters: counts.promptCharacters + JSON.stringify(asked.messages).length,
      replyCharacters: counts.replyCharacters + (completion.choices[0]?.message.content.length ?? 0),
      tokens: tokens === null ? counts.tokens : (counts.tokens ?? 0) + tokens,
      roundTrips: counts.roundTrips + (before === 0 ? 1 : 0),
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(completion));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => {
      response.statusCode = 502;
      response.end(JSON.stringify({ error: { message: error.message } }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    takeCosts() {
      const taken = counts;
      counts = noCosts();
      return taken;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const noCosts = (): ChatCosts => ({
  requests: 0,
  promptCharacters: 0,
  replyCharacters: 0,
  tokens: null,
  roundTrips: 0,
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += String(part);
  return body;
}

/** Asks another host of `/chat/completions`. Throws when it does not answer 200. */
export function forwardTo(endpoint: string): (request: ChatRequest, token: string | undefined) => Promise<Completion> {
  return async (request, authorization) => {
    const response = await fetch(`${endpoint.replace(/\/$/, "")}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization && { authorization }) },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`${endpoint} answered ${response.status}`);
    return (await response.json()) as Completion;
  };
}
