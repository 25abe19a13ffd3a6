import type { StageName } from "../../schemas/stages/index.ts";
import { readAddress } from "../../src/stages/address.ts";
import { createModel } from "../../src/stages/index.ts";
import type { AttemptOptions, ModelRuntime, StageModel } from "../../src/stages/model.ts";

/** One HTTP request that a model made. */
export interface ModelRequest {
  readonly url: string;
  readonly body: Record<string, unknown>;
}

export const ATTEMPT: AttemptOptions = {
  signal: new AbortController().signal,
  deadline: 30_000,
  later: () => undefined,
};

/**
 * A model whose host gives these JSON answers in order, the last for ever, and the requests that it made. The
 * Worker is public.
 *
 * @param endpoint of the alias `test`
 */
export function modelAt<Name extends StageName>(
  stage: Name,
  entry: string,
  answers: readonly unknown[],
  more: Partial<ModelRuntime> = {},
  endpoint = "https://host.test",
): { readonly model: StageModel<Name>; readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  const runtime: ModelRuntime = {
    fetch: async (url, init) => {
      requests.push({ url: url.href, body: typeof init.body === "string" ? JSON.parse(init.body) : {} });
      return Response.json(answers[Math.min(requests.length, answers.length) - 1]);
    },
    clock: () => 0,
    sleep: async () => undefined,
    chance: () => 0,
    download: () => Promise.reject(new Error("no file")),
    publicUrl: new URL("https://namesight.test"),
    ...more,
  };
  const address = readAddress(entry, (name) => (/_(?:TOKEN|KEY)$/.test(name) ? "t0ken" : endpoint));
  return { model: createModel(stage, address, runtime), requests };
}
