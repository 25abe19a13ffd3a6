import { expect } from "vitest";
import { GuardError } from "../../src/net/guard-error.ts";
import { type GuardOptions, guardedFetch } from "../../src/net/guarded-fetch.ts";

export const PICTURE = "https://example.com/cat.png?signature=s3cret";

type Page = Response | ((init: RequestInit) => Response | Promise<Response>);

/**
 * A network of these pages, and a guarded fetch in it. `requests` records what was sent. Any other URL cannot be
 * reached.
 */
export function network(pages: Record<string, Page> = {}, options: Partial<GuardOptions> = {}) {
  const requests: Array<{ url: string; init: RequestInit }> = [];
  const caller = new AbortController();
  const timeout = new AbortController();
  const timers: number[] = [];
  const timer = (milliseconds: number) => {
    timers.push(milliseconds);
    return timeout.signal;
  };
  const fetch = async (url: URL, init: RequestInit) => {
    requests.push({ url: url.href, init });
    const page = pages[url.href];
    if (!page) throw new TypeError(`getaddrinfo ENOTFOUND 10.1.2.3 ${url.href}`);
    return typeof page === "function" ? page(init) : page;
  };
  const get = (url: string = PICTURE) =>
    guardedFetch(url, { fetch, signal: caller.signal, maximumBytes: 1_000, timeoutMs: 5_000, timer, ...options });
  return { requests, caller, timeout, timers, get };
}

/** The error of a fetch that must fail. No part of the URL may be in it. */
export async function refusal(fetched: Promise<unknown>): Promise<GuardError> {
  const error = await fetched.then(
    () => new Error("was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GuardError)) throw error;
  expect(error.message).not.toMatch(/s3cret|\?|10\.1\.2\.3|:\/\//);
  expect(error.cause).toBeUndefined();
  return error;
}

export const redirect = (location: string, status = 302) => new Response("moved", { status, headers: { location } });
/** A stream of so many chunks that records how often it was pulled and whether it was cancelled. */
export function countedStream(chunk: Uint8Array, chunks: number) {
  const record = { pulls: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        record.pulls++;
        if (record.pulls > chunks) return controller.close();
        controller.enqueue(new Uint8Array(chunk));
      },
      cancel() {
        record.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { record, body };
}
/** A stream that stalls after one chunk until it is cancelled. `reading` resolves when the second chunk is awaited. */
export function stalledStream() {
  const record = { cancelled: false };
  let started: () => void = () => undefined;
  const reading = new Promise<void>((resolve) => {
    started = resolve;
  });
  let pulls = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (pulls++ === 0) return controller.enqueue(new Uint8Array(1));
        started();
        return new Promise(() => undefined);
      },
      cancel() {
        record.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { record, body, reading };
}
