import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { readSigned } from "../webhooks/read-signed.ts";
import type { DiscordSettings } from "./discord.ts";
import { discordSignature } from "./discord-signature.ts";
import { type BotHookDependencies, readUpdate, storeMessage } from "./hook.ts";

/** What the interactions of Discord need of their deployment. */
export interface DiscordDependencies extends BotHookDependencies, Pick<Deployment, "clock"> {
  /** Null where there is no bot. */
  readonly discord: DiscordSettings | null;
}

/** How long a chat may take to store a message, in milliseconds: Discord waits for three seconds. */
const STORE_MS = 2_000;
/** Types of responses. */
const [PONG, MESSAGE, DEFERRED] = [1, 4, 5];
/** Only who has asked sees the response. */
const EPHEMERAL = { flags: 64 } as const;

/**
 * `POST /hooks/discord`: an interaction with the bot. A post to look at is answered as soon as its chat has stored it:
 * no model is asked before, and the answer takes the place of this response. What needs no model is answered here, to
 * who has asked alone. The code of bots is loaded with the first interaction.
 */
export const discordRoute = (dependencies: DiscordDependencies) =>
  async function discordRoute(context: Context): Promise<Response> {
    const { discord, clock } = dependencies;
    if (discord === null) throw new ProblemError("not_found", "There is no bot of Discord.");
    const signedBy = discordSignature(discord.publicKey);
    const problem = "interaction_signature_invalid";
    const interaction = await readUpdate(dependencies, (readBounded) =>
      readSigned(context.req.raw, { signedBy, clock, readBounded, problem }),
    );
    if (interaction.type === PONG) return context.json({ type: PONG });
    const [{ messageOf }, { sentencesOf }, { sentenceFor }] = await Promise.all([
      import("./discord-interaction.ts"),
      import("./sentences.ts"),
      import("./sentence-for.ts"),
    ]);
    const message = messageOf(interaction, discord.application);
    if (!message) {
      const errors = [{ pointer: "", detail: "is not the use of a command" }];
      throw new ProblemError("invalid_request", "The interaction is not the use of a command.", { errors });
    }
    const sentences = sentencesOf(message.language);
    const isForgetting = message.command === "forget";
    const sentence = isForgetting ? null : sentenceFor(message, { ...sentences, ...sentences.discord });
    if (sentence !== null) return context.json(told(sentence));
    // Discord asks once: whoever waits has to be told.
    if (!(await storeMessage(message, STORE_MS, dependencies))) return context.json(told(sentences.failed));
    return context.json({ type: DEFERRED, ...(isForgetting && { data: EPHEMERAL }) });
  };

/** A sentence for who has asked. */
function told(content: string): object {
  return { type: MESSAGE, data: { content, allowed_mentions: { parse: [] }, ...EPHEMERAL } };
}
