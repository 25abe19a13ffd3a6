import type { ProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { Fields, TelegramChat } from "./telegram-chat.ts";

/** The fields of a call's body, of JSON or of a form, by its content type. */
export function readFields(type: string, body: Uint8Array): Fields {
  if (body.length === 0) return {};
  if (type.startsWith("application/json")) return JSON.parse(new TextDecoder().decode(body));
  const boundary = /boundary=(\S+)/.exec(type)?.[1] ?? "";
  return Object.fromEntries(partsOf(body, `--${boundary}`));
}

/** The parts of a form: texts, and the bytes of those with a file's name, which grammY writes without quotes. */
function partsOf(body: Uint8Array, boundary: string): Array<[string, string | Uint8Array]> {
  // A character for each byte.
  const latin1 = Array.from({ length: Math.ceil(body.length / 8_192) }, (_, index) =>
    String.fromCharCode(...body.subarray(8_192 * index, 8_192 * (index + 1))),
  ).join("");
  const parts: Array<[string, string | Uint8Array]> = [];
  let start = latin1.indexOf(boundary);
  for (let end = latin1.indexOf(boundary, start + 1); end > 0; end = latin1.indexOf(boundary, start + 1)) {
    const head = latin1.slice(start, latin1.indexOf("\r\n\r\n", start));
    const bytes = new Uint8Array(body).slice(start + head.length + 4, end - 2);
    const name = /name="([^"]+)"/.exec(head)?.[1] ?? "";
    parts.push([name, head.includes("filename=") ? bytes : new TextDecoder().decode(bytes)]);
    start = end;
  }
  return parts;
}

/** The fetch of a deployment whose Telegram answers without a socket. */
export function telegramFetch(chat: TelegramChat): ProviderFetch {
  return async ({ pathname }, { body, headers }) => {
    const file = /^\/file\/bot[^/]+\/photos\/(.+)\.jpg$/.exec(pathname)?.[1];
    if (file !== undefined) {
      const bytes = chat.files.get(file);
      return new Response((bytes ?? null) as BodyInit | null, { status: bytes ? 200 : 404 });
    }
    const sent = new Uint8Array(await new Response(body ?? null).arrayBuffer());
    const fields = readFields(new Headers(headers).get("content-type") ?? "", sent);
    const reply = chat.handle(pathname.split("/").at(-1) ?? "", fields);
    if (!reply) throw new TypeError("the connection was closed");
    return Response.json(reply.body, { status: reply.status });
  };
}
