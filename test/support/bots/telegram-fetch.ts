import type { ProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { Fields, TelegramChat } from "./telegram-chat.ts";

/** The fields of a call's body, of JSON or of a form, by its content type. */
export async function readFields(type: string, body: Uint8Array): Promise<Fields> {
  if (body.length === 0) return {};
  if (type.startsWith("application/json")) return JSON.parse(new TextDecoder().decode(body));
  const form = await new Response(body as Uint8Array<ArrayBuffer>, { headers: { "content-type": type } }).formData();
  const fields = [...form].map(async ([name, value]) => {
    return [name, typeof value === "string" ? value : new Uint8Array(await value.arrayBuffer())] as const;
  });
  return Object.fromEntries(await Promise.all(fields));
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
    const fields = await readFields(new Headers(headers).get("content-type") ?? "", sent);
    const reply = chat.handle(pathname.split("/").at(-1) ?? "", fields);
    if (!reply) throw new TypeError("the connection was closed");
    return Response.json(reply.body, { status: reply.status });
  };
}
