import * as z from "zod/mini";

/**
 * Every provider that an entry of a stage's chain may name, as in `provider/model`. `src/providers/` and the adapters
 * in `src/stages/` speak to them; a test compares the two lists.
 */
export const PROVIDER_NAMES = [
  "replicate",
  "huggingface",
  "openai",
  "workers-ai",
  "fal",
  "roboflow",
  "moondream",
  "cog",
  "images",
] as const;

/**
 * `replicate`, `huggingface`, `workers-ai`, `fal`, `roboflow`, `moondream` and `images` (Cloudflare Images) are the
 * hosts of those names; `openai` is any OpenAI-compatible chat endpoint, and `cog` is any container that speaks Cog's
 * HTTP protocol, such as the embedded models.
 */
export const ProviderName = z.enum(PROVIDER_NAMES);
export type ProviderName = z.infer<typeof ProviderName>;

/** The vendors that call back when a job has ended. Each has a route of its own, `/hooks/{vendor}/{attempt}`. */
export type CallbackVendor = Extract<ProviderName, "replicate" | "fal">;
