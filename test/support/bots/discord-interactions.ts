import type {
  APIAttachment,
  APIChatInputApplicationCommandInteraction,
  APIMessageApplicationCommandInteraction,
  APIPingInteraction,
} from "discord-api-types/v10";
import { toHex, toUtf8 } from "../../../schemas/encodings.ts";

/** The key pair of an application of a test. */
export interface DiscordKeys {
  readonly privateKey: CryptoKey;
  /** 32 bytes in hexadecimal. */
  readonly publicKey: string;
}

/** The fields of an interaction that the bot does not read are left out; the published types hold the others. */
type Part<Value> = { readonly [Name in keyof Value]?: Value[Name] extends object ? Part<Value[Name]> : Value[Name] };
export type Interaction = Part<APIChatInputApplicationCommandInteraction | APIMessageApplicationCommandInteraction>;
export type Attachment = Pick<APIAttachment, "id" | "filename" | "url" | "size" | "content_type">;

export const APPLICATION = "845027738276462632";
const EPOCH_MS = 1_420_070_400_000;

export async function createDiscordKeys(): Promise<DiscordKeys> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = (await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer;
  return { privateKey: pair.privateKey, publicKey: toHex(new Uint8Array(raw)) };
}

/** The headers of an interaction, as Discord signs it: Ed25519 over the timestamp and the body. */
export async function signHeaders(
  body: string,
  { privateKey }: DiscordKeys,
  seconds: number,
): Promise<Record<string, string>> {
  const signed = toUtf8(`${seconds}${body}`);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, signed));
  return {
    "content-type": "application/json",
    "x-signature-ed25519": toHex(signature),
    "x-signature-timestamp": String(seconds),
  };
}

/** An id that Discord makes at this time, in Unix milliseconds. */
export function snowflake(time: number, number = 0): string {
  return String((BigInt(time - EPOCH_MS) << 22n) + BigInt(number));
}

export const PING = { id: "1", application_id: APPLICATION, type: 1, version: 1 } satisfies Part<APIPingInteraction>;

const COMMON = { application_id: APPLICATION, type: 2, version: 1, locale: "en-US" } as const;

/** `/recognize` with an attachment. */
export function recognize(id: string, text: string, image: Attachment, more: object = {}): Interaction {
  const data = {
    id: "101",
    type: 1,
    name: "recognize",
    options: [
      { type: 3, name: "text", value: text },
      { type: 11, name: "image", value: image.id },
    ],
    resolved: { attachments: { [image.id]: image } },
  } as const;
  return { ...COMMON, id, token: `token-${id}`, channel_id: "42", data, ...more } as unknown as Interaction;
}

/** A command without options. */
export function slash(id: string, name: string, more: object = {}): Interaction {
  const data = { id: "102", type: 1, name } as const;
  return { ...COMMON, id, token: `token-${id}`, channel_id: "42", data, ...more } as unknown as Interaction;
}

/** The command on a message. */
export function findIn(id: string, message: object, more: object = {}): Interaction {
  const target = { id: "700", type: 0, channel_id: "42", ...message };
  const data = {
    id: "103",
    type: 3,
    name: "Find who is in it",
    target_id: "700",
    resolved: { messages: { "700": target } },
  };
  return { ...COMMON, id, token: `token-${id}`, channel_id: "42", data, ...more } as unknown as Interaction;
}

export function attachment(url: string, size: number, type: string | undefined = "image/png", id = "900"): Attachment {
  return { id, filename: "picture.png", url, size, ...(type !== "" && { content_type: type }) };
}
