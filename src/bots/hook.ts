import { LIMITS } from "../../schemas/limits.ts";
import { describeError } from "../observe/log.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { readBounded } from "../request/bounded-body.ts";
import { decodeText } from "../request/decode-text.ts";
import { parseFields } from "../request/parse-json.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Objects } from "../storage/durable-objects.ts";
import type { ChatCalls } from "./chat-state.ts";
import type { BotMessage } from "./platform.ts";

/** What the webhook of a platform needs of its deployment. */
export interface BotHookDependencies extends Pick<Deployment, "timer" | "memory" | "log"> {
  readonly chats: Objects<ChatCalls>;
}

type ReadBounded = (request: Request, maximumBytes: number) => Promise<Uint8Array<ArrayBuffer>>;

/** Copies of a body that are held at a time: its bytes, its text and its values. */
const BODY_COPIES = 4;
const PLATFORM_JSON = { jsonDepth: LIMITS.botJsonDepth, jsonValues: LIMITS.botJsonValues };

/**
 * The JSON object in the body of a webhook. Its memory is claimed while it is read.
 *
 * @param read reads the body by what it is given, and checks it
 * @param jsonIn the JSON in the text of the body, where that is not all of it
 */
export async function readUpdate(
  { memory, timer }: BotHookDependencies,
  read: (readBounded: ReadBounded) => Promise<Uint8Array<ArrayBuffer>>,
  jsonIn = (text: string) => text,
): Promise<Record<string, unknown>> {
  const late = timer(LIMITS.callbackMs);
  const claim = memory.open(LIMITS.callbackMs);
  const grow = (bytes: number) => claim.grow(BODY_COPIES * bytes);
  try {
    const body = await read((request, maximumBytes) => readBounded(request, late, maximumBytes, grow));
    return parseFields(jsonIn(decodeText(body, null, "", "invalid_json")), "", undefined, PLATFORM_JSON);
  } finally {
    claim.end();
  }
}

/** Has the chat store a message, within so many milliseconds. Returns whether it has said that it did. */
export async function storeMessage(
  message: BotMessage,
  milliseconds: number,
  { chats, timer, log }: BotHookDependencies,
): Promise<boolean> {
  try {
    await untilAborted(chats.at(message.chat).receive(message), timer(milliseconds));
    return true;
  } catch (error) {
    log({ event: "chat_unavailable", ...describeError(error) });
    return false;
  }
}
