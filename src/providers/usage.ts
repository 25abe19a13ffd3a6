import * as z from "zod/mini";

/** What a host reported about one call, from which its cost follows. Absent fields were not reported. */
export interface Usage {
  /** Tokens of the prompt, pictures included. */
  readonly inputTokens?: number;
  /** Tokens of the reply, reasoning included. */
  readonly outputTokens?: number;
  /** Seconds for which the host charges. */
  readonly seconds?: number;
  /** The cost in US dollars, where the host names it. It wins over tokens and seconds. */
  readonly costUsd?: number;
}

/** Takes what a host reported about one call. */
export type Spent = (usage: Usage) => void;

const Count = z.catch(z.optional(z.nullable(z.number().check(z.gte(0)))), undefined);

/** `usage` of a `/chat/completions` response, and `metrics` of Moondream on Workers AI. */
const ChatUsage = z.object({ usage: z.object({ prompt_tokens: Count, completion_tokens: Count }) });
const TokenMetrics = z.object({ metrics: z.object({ input_tokens: Count, output_tokens: Count }) });
/** `usage_info` of Moondream at fal. */
const TokenInfo = z.object({ usage_info: z.object({ input_tokens: Count, output_tokens: Count }) });
/** `metrics` of a prediction at Replicate or in a Cog container. */
const TimeMetrics = z.object({ metrics: z.object({ predict_time: Count }) });

/** What a host's answer says about its tokens or its time; nothing where it says nothing that can be read. */
export function usageIn(answer: unknown): Usage {
  const { usage } = z.safeParse(ChatUsage, answer).data ?? {};
  const { metrics } = z.safeParse(TokenMetrics, answer).data ?? {};
  const tokens = metrics ?? z.safeParse(TokenInfo, answer).data?.usage_info;
  const { metrics: time } = z.safeParse(TimeMetrics, answer).data ?? {};
  const inputTokens = usage?.prompt_tokens ?? tokens?.input_tokens;
  const outputTokens = usage?.completion_tokens ?? tokens?.output_tokens;
  const seconds = time?.predict_time;
  return {
    ...(typeof inputTokens === "number" && { inputTokens }),
    ...(typeof outputTokens === "number" && { outputTokens }),
    ...(typeof seconds === "number" && { seconds }),
  };
}
