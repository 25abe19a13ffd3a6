import type { TinyParts } from "./tiny-parts.ts";

/** Requests that are sent together. */
export interface Load {
  readonly name: string;
  /** Sends them and returns how many got each status: `{ 200: 2, 503: 6 }`. */
  send(): Promise<Readonly<Record<number, number>>>;
}

/** Pictures as large as they may be: an upload, one inside JSON, and one of few pixels for an overlay. */
export interface LargePictures {
  readonly upload: Buffer;
  readonly inline: Buffer;
  readonly drawn: Buffer;
}

/** Requests at a time: more than an isolate has memory for. */
const AT_ONCE = 12;

/** Each file of tiny parts, and many large posts together in each form that a picture can be sent in. */
export function memoryLoads(
  worker: string,
  { upload, inline, drawn }: LargePictures,
  files: readonly TinyParts[],
): Load[] {
  const base64 = inline.toString("base64");
  return [
    ...files.map(({ name, file }) => together(`${name}, 2 at once`, 2, () => form(file))),
    together(`largest uploads, ${AT_ONCE} at once`, AT_ONCE, () => form(upload)),
    together(`largest uploads without Content-Length, ${AT_ONCE} at once`, AT_ONCE, () => streamed(form(upload))),
    together(`largest inline pictures, ${AT_ONCE} at once`, AT_ONCE, () => json({ text: text(), image: base64 })),
    together(`overlays of the largest picture, ${AT_ONCE} at once`, AT_ONCE, () => form(drawn, "image/png")),
    together(`unknown field of 10 MB, ${AT_ONCE} at once`, AT_ONCE, () =>
      json({ text: text(), x: `${"x".repeat(1e7)}中` }),
    ),
  ];

  function together(name: string, count: number, make: () => Request): Load {
    const send = async () => {
      const statuses = await Promise.all(Array.from({ length: count }, () => statusOf(make())));
      const counts: Record<number, number> = {};
      for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    };
    return { name, send };
  }

  function form(picture: Buffer, accept = "application/json"): Request {
    const body = new FormData();
    body.set("text", text());
    body.set("image", new Blob([new Uint8Array(picture)]), "post");
    return new Request(`${worker}/v1/recognize`, { method: "POST", headers: { accept }, body });
  }

  function json(fields: object): Request {
    const headers = { "content-type": "application/json" };
    return new Request(`${worker}/v1/recognize`, { method: "POST", headers, body: JSON.stringify(fields) });
  }
}

/** A text that no cache knows. */
const text = () => `Eileen Collins in her launch suit, take ${crypto.randomUUID()}`;

/** The same request whose body comes in chunks (RFC 9112, section 7.1), so that nobody knows its length. */
function streamed(request: Request): Request {
  const { url, headers, body } = request;
  return new Request(url, { method: "POST", headers, body, duplex: "half" } as RequestInit);
}

/** Throws for a server's error, but not for a refusal that says when to come back. */
async function statusOf(request: Request): Promise<number> {
  const response = await fetch(request);
  const body = await response.text();
  const { status, headers } = response;
  if (status === 503 && headers.has("retry-after")) return status;
  if (status >= 500) throw new Error(`the Worker answered ${status}: ${body.slice(0, 500)}`);
  return status;
}
