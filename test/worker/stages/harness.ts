import { inject } from "vitest";
import type { StageName } from "../../../schemas/stages/index.ts";
import { createDownload } from "../../../src/net/download.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { WorkersAi } from "../../../src/providers/workers-ai.ts";
import { readAddress } from "../../../src/stages/address.ts";
import { createModel } from "../../../src/stages/index.ts";
import type { AttemptOptions, StageInput, StageModel, StageOutput } from "../../../src/stages/model.ts";
import type { ModelTools } from "../../../src/stages/stage-adapter.ts";
import { type HostScript, HostSession, type RecordedCall } from "../../support/hosted/script.ts";

export const NOW = Date.UTC(2026, 10, 24, 12);

/** Where pictures of an output lie in production; tests serve them from the session. */
export const DELIVERY = "https://replicate.delivery";

const PROTOCOLS: Readonly<Record<string, string>> = {
  replicate: "replicate/v1",
  huggingface: "huggingface",
  openai: "chat/v1",
  cog: "cog",
};

export interface ModelUnderTest<Name extends StageName> {
  readonly model: StageModel<Name>;
  readonly session: HostSession;
  /** One attempt, as the pipeline makes it. */
  run(input: StageInput<Name>, more?: Partial<AttemptOptions>): Promise<StageOutput<Name>>;
  /** What the host was asked, in order. */
  calls(operation?: string): Promise<RecordedCall[]>;
}

/**
 * A model file inside workerd, over real sockets, at a host that follows the script.
 *
 * @param entry as in a chain, with the alias `test`: `replicate:test/adirik/grounding-dino`
 */
export async function startModel<Name extends StageName>(
  stage: Name,
  entry: string,
  script: HostScript,
  more: Partial<ModelTools> = {},
): Promise<ModelUnderTest<Name>> {
  const session = await HostSession.open(inject("hosted"), script);
  const protocol = PROTOCOLS[/^[a-z-]+/.exec(entry)?.[0] ?? ""] ?? "";
  const variables: Record<string, string> = { ENDPOINT_TEST: session.at(protocol), ENDPOINT_TEST_TOKEN: "t0ken" };
  const address = readAddress(entry, (name) => variables[name] ?? "");
  const model = createModel(stage, address, {
    fetch: createProviderFetch(new Set([session.base.origin])),
    clock: () => NOW,
    random: () => 0,
    sleep: async () => undefined,
    download: createDownload((url, init) => fetch(new URL(url.href.replace(DELIVERY, session.base.href)), init)),
    ...more,
  });
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const attempt = { signal: new AbortController().signal, deadline: NOW + 30_000, later, again: null };
  return {
    model,
    session,
    run: (input, options) => model.run(input, { ...attempt, ...options }).finally(() => Promise.allSettled(behind)),
    calls: (operation) => session.calls(operation),
  };
}

/** The `AI` binding's stand-in: the platform offers none locally. It answers in order, and keeps what it was asked. */
export function scriptedAi(
  ...answers: unknown[]
): WorkersAi & { readonly asked: Array<{ model: string; input: Record<string, unknown> }> } {
  const asked: Array<{ model: string; input: Record<string, unknown> }> = [];
  return {
    asked,
    async run(model, input) {
      asked.push({ model, input });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}
