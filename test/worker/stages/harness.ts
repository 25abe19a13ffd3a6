import { inject } from "vitest";
import type { StageName } from "../../../schemas/stages/index.ts";
import { createDownload } from "../../../src/net/download.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { WorkersAi } from "../../../src/providers/workers-ai.ts";
import { readAddress } from "../../../src/stages/address.ts";
import { createModel } from "../../../src/stages/index.ts";
import type {
  AttemptOptions,
  ModelInput,
  ModelRuntime,
  StageInput,
  StageModel,
  StageOutput,
} from "../../../src/stages/model.ts";
import { type HostScript, HostSession, type RecordedCall } from "../../support/hosted/script.ts";
import { modelInputOf } from "../../support/picture-ref.ts";

export const NOW = Date.UTC(2026, 10, 24, 12);

/** The origin of Replicate's output files; tests serve them from the session. */
export const DELIVERY = "https://replicate.delivery";

const PROTOCOLS: Readonly<Record<string, string>> = {
  replicate: "replicate/v1",
  huggingface: "huggingface",
  openai: "chat/v1",
  cog: "cog",
  fal: "fal/run",
  roboflow: "roboflow",
  moondream: "moondream/v1",
};

export interface ModelUnderTest<Name extends StageName> {
  readonly model: StageModel<Name>;
  readonly session: HostSession;
  /** One attempt of a run of its own: what the run leaves behind is cleaned up when it resolves. */
  run(input: StageInput<Name>, more?: Partial<AttemptOptions>): Promise<StageOutput<Name>>;
  /** One attempt of a run that goes on. */
  ask(input: ModelInput<Name>, more?: Partial<AttemptOptions>): Promise<StageOutput<Name>>;
  /** The requests that the host received, in order. */
  calls(operation?: string): Promise<RecordedCall[]>;
}

/**
 * A model file inside workerd that calls a host over real sockets; the host follows the script.
 *
 * @param entry as in a chain, with the alias `test`: `replicate:test/adirik/grounding-dino`
 */
export async function startModel<Name extends StageName>(
  stage: Name,
  entry: string,
  script: HostScript,
  more: Partial<ModelRuntime> = {},
): Promise<ModelUnderTest<Name>> {
  const session = await HostSession.open(inject("hosted"), script);
  const protocol = PROTOCOLS[/^[a-z-]+/.exec(entry)?.[0] ?? ""] ?? "";
  const variables: Record<string, string> = { ENDPOINT_TEST: session.at(protocol), ENDPOINT_TEST_TOKEN: "t0ken" };
  const address = readAddress(entry, (name) => variables[name] ?? "");
  const model = createModel(stage, address, {
    fetch: createProviderFetch(new Set([session.base.origin])),
    clock: () => NOW,
    chance: () => 0,
    publicUrl: new URL("https://namesight.test"),
    sleep: async () => undefined,
    download: createDownload((url, init) => fetch(new URL(url.href.replace(DELIVERY, session.base.href)), init)),
    ...more,
  });
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const attempt = { signal: new AbortController().signal, deadline: NOW + 30_000, later, changes: null };
  const ask: ModelUnderTest<Name>["ask"] = (input, options) =>
    model.run(input, { ...attempt, ...options }).finally(() => Promise.allSettled(behind));
  const tried = new WeakMap<object, ReturnType<typeof modelInputOf<Name>>>();
  return {
    model,
    session,
    ask,
    run(input, options) {
      const cleanups: Array<() => Promise<unknown>> = [];
      // Another try of the same question is made with the same input, as the pipeline makes it.
      const before = options?.changes ? tried.get(input) : undefined;
      const asked = before ?? modelInputOf(input, (cleanup) => void cleanups.push(cleanup));
      tried.set(input, asked);
      return ask(asked, options).finally(() => Promise.all(cleanups.map((cleanup) => cleanup())));
    },
    calls: (operation) => session.calls(operation),
  };
}

/**
 * A stand-in for the `AI` binding, which the platform does not offer locally. It answers in order and keeps requests.
 */
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
