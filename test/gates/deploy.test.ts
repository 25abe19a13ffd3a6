import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import { RecognizeRequest } from "../../schemas/recognize.ts";
import { ExpandRequest, MnerRequest } from "../../schemas/stage-routes.ts";
import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import { EVENT_TYPES } from "../../src/payments/stripe/events.ts";
import { readCalibrations } from "../../src/stages/adapters/calibrate.ts";
import { PROVIDERS, readAddress } from "../../src/stages/address.ts";
import { createModel } from "../../src/stages/index.ts";
import type { ModelRuntime } from "../../src/stages/model.ts";

/**
 * The commands of docs/deploy.md and docs/local-llm.md. Those that work without an account or a network are run. Of the
 * others each subcommand, flag, file, path and name is checked. A command that no test checks is a failure.
 */
const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "namesight-deploy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const document = (name: string) => readFileSync(join(root, "docs", name), "utf8");
const DEPLOY = document("deploy.md");
const LOCAL = document("local-llm.md");
const blocks = (text: string) => [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
const commands = (text: string) => blocks(text).flatMap((block) => block.trim().split("\n"));
const COMMANDS = [...commands(DEPLOY), ...commands(LOCAL)].flatMap((line) => line.split(" | "));
const production: Production = unstable_readConfig(
  { config: join(root, "wrangler.toml"), env: "production" },
  { hideWarnings: true },
);

interface Production {
  readonly name?: string | undefined;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly r2_buckets: ReadonlyArray<{ readonly binding: string; readonly bucket_name?: string | undefined }>;
  readonly secrets?: { readonly required?: readonly string[] | undefined } | undefined;
}

/** Secrets of parts that are off without them. */
const OPTIONAL_SECRETS = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"];

/** A command's words as a shell reads them, without their quotes. */
const words = (command: string) =>
  [...command.matchAll(/'([^']*)'|"([^"]*)"|((?:[^\s'"]|'[^']*'|"[^"]*")+)/g)].map(
    ([, a, b, c]) => a ?? b ?? c?.replaceAll(/["']/g, "") ?? "",
  );

function wrangler(...arguments_: string[]): { ok: boolean; output: string } {
  const environment = {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_LOG_PATH: join(folder, "logs"),
  };
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/wrangler"), arguments_, {
    cwd: root,
    env: environment,
    encoding: "utf8",
  });
  return { ok: status === 0, output: stdout + stderr };
}

const SUBCOMMANDS = [
  "login",
  "whoami",
  "kv namespace create",
  "r2 bucket create",
  "r2 bucket lifecycle add",
  "r2 bucket lifecycle list",
  "secret put",
  "secret list",
  "tail",
  "deploy",
  "deployments list",
  "rollback",
];

describe("wrangler", () => {
  const asked = COMMANDS.filter((command) => command.startsWith("npx wrangler ")).map((command) =>
    command.slice("npx wrangler ".length),
  );

  test("uses each subcommand that is checked, and no other", () => {
    expect(new Set(asked.map((command) => SUBCOMMANDS.find((name) => `${command} `.startsWith(`${name} `))))).toEqual(
      new Set(SUBCOMMANDS),
    );
  });

  test.each(SUBCOMMANDS)("accepts every argument and flag of %s", (subcommand) => {
    const { ok, output } = wrangler(...subcommand.split(" "), "--help");
    expect(ok).toBe(true);
    const [, usage = "no usage"] = new RegExp(`^wrangler ${subcommand}(.*)$`, "m").exec(output) ?? [];
    expect(usage).not.toBe("no usage");
    for (const command of asked.filter((candidate) => `${candidate} `.startsWith(`${subcommand} `))) {
      const given = words(command.slice(subcommand.length));
      const positional: string[] = [];
      for (let index = 0; index < given.length; index++) {
        const word = given[index] ?? "";
        if (!word.startsWith("--")) positional.push(word);
        else {
          const [line = ""] = output
            .split("\n")
            .filter((candidate) => new RegExp(String.raw`(?:^|\s|,)${word}\s`).test(candidate));
          expect(line, `${subcommand} has no ${word}`).not.toBe("");
          if (!line.includes("[boolean]") && !line.endsWith("Worker")) {
            const value = given[++index] ?? "";
            if (line.includes("[choices:")) expect(line).toContain(`"${value}"`);
            if (line.includes("[number]")) expect(Number(value)).toBeGreaterThan(0);
          }
        }
      }
      expect(positional.length, command).toBeGreaterThanOrEqual((usage.match(/</g) ?? []).length);
      expect(positional.length, command).toBeLessThanOrEqual((usage.match(/[<[]/g) ?? []).length);
    }
  });

  test("binds everything when production is deployed with --dry-run", () => {
    const { ok, output } = wrangler("deploy", "--env", "production", "--dry-run", "--outdir", join(folder, "bundle"));
    expect(output).toContain("--dry-run: exiting now.");
    expect(ok).toBe(true);
    for (const binding of [
      "ATTEMPTS (Attempt)",
      "ACCOUNTS (Account)",
      "CHATS (Chat)",
      "KEY_RATE (",
      "ADDRESS_RATE (",
      "EXPANSIONS (",
      "MASKS (namesight-masks)",
      "PICTURES (namesight-pictures)",
      "IMAGES ",
      "AI ",
    ]) {
      expect(output).toContain(`env.${binding}`);
    }
  });

  test("gives the committed types for production's bindings", () => {
    expect(wrangler("types", "--include-runtime=false", "--strict-vars=false", "--check")).toMatchObject({ ok: true });
  });
});

describe("names", () => {
  test("of buckets and prefixes are those that production is bound to", () => {
    const made = COMMANDS.flatMap((command) => /r2 bucket create (\S+)/.exec(command)?.[1] ?? []);
    expect(made.toSorted()).toEqual(production.r2_buckets.map(({ bucket_name }) => bucket_name).toSorted());
    const pictures = production.r2_buckets.find(({ binding }) => binding === "PICTURES")?.bucket_name;
    expect(
      COMMANDS.some((command) =>
        new RegExp(`lifecycle add ${pictures} \\S+ pictures/ --expire-days 1( |$)`).test(command),
      ),
    ).toBe(true);
    // A link to an overlay works for a day, so what it shows is kept for longer.
    const masks = production.r2_buckets.find(({ binding }) => binding === "MASKS")?.bucket_name;
    for (const prefix of ["overlays/", "answers/"])
      expect(COMMANDS.join("\n")).toMatch(new RegExp(`lifecycle add ${masks} \\S+ ${prefix} --expire-days 2 `));
  });

  test("of secrets are those that a deployment requires, and one example of an alias", () => {
    const put = COMMANDS.flatMap((command) => /secret put (\S+) --env production$/.exec(command)?.[1] ?? []);
    const [own, aliases] = [
      put.filter((name) => !name.startsWith("ENDPOINT_")),
      put.filter((name) => name.startsWith("ENDPOINT_")),
    ];
    expect(own.toSorted()).toEqual([...(production.secrets?.required ?? []), ...OPTIONAL_SECRETS].toSorted());
    expect(aliases).toEqual(["ENDPOINT_GPU_TOKEN"]);
    // Every provider of a chain has its secret among them.
    const chains = STAGE_NAMES.map((stage) => String(production.vars[stage.toUpperCase()])).join(", ");
    for (const [provider, { token }] of Object.entries(PROVIDERS)) {
      expect([provider, own.includes(token)]).toEqual([provider, new RegExp(`(?:^|\\s)${provider}/`).test(chains)]);
    }
  });

  test("of production's variables are the local ones but for what is local or secret", () => {
    const local = unstable_readConfig({ config: join(root, "wrangler.toml") }, { hideWarnings: true });
    const missing = Object.keys(local.vars).filter((name) => !(name in production.vars));
    expect(missing.toSorted()).toEqual(["ENDPOINT_LOCAL", "KEY_CHECK_SECRET", "LINK_SIGNING_KEY", "OPERATOR_TOKEN"]);
    expect(production.name).toBe("namesight-production");
  });
});

describe("every other command", () => {
  test("is valid shell", () => {
    for (const block of [...blocks(DEPLOY), ...blocks(LOCAL)])
      expect(spawnSync("bash", ["-n"], { input: block }).status).toBe(0);
  });

  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const { paths } = JSON.parse(readFileSync(join(root, "schemas/openapi.json"), "utf8")) as {
    paths: Record<string, object>;
  };
  const BODIES: Readonly<Record<string, { parse: (value: unknown) => unknown }>> = {
    "/v1/mner": MnerRequest,
    "/v1/expand": ExpandRequest,
    "/v1/recognize": RecognizeRequest,
  };

  test.each([...new Set(COMMANDS.filter((command) => !command.startsWith("npx wrangler ")))])("%s", (command) => {
    const [program, ...rest] = words(command.replace(/^(?:[A-Z_]+=(?:"[^"]*"|\S+) )+/, ""));
    if (program === "npm") {
      const [verb = "", name = ""] = rest;
      if (verb !== "ci") expect(Object.keys(scripts)).toContain(verb === "run" ? name : verb);
    } else if (program === "curl") {
      const address = rest.find((word) => /^(?:https?:\/\/|\$NAMESIGHT\/)/.test(word)) ?? "";
      const ours = /^(?:\$NAMESIGHT|http:\/\/127\.0\.0\.1:8787)(\/.*)$/.exec(address)?.[1];
      if (!ours) return expect(address).toBe("https://api.replicate.com/v1/webhooks/default/secret");
      expect(Object.keys(paths)).toContain(ours);
      const body = rest[rest.indexOf("-d") + 1];
      if (rest.includes("-d")) BODIES[ours]?.parse(JSON.parse(body ?? ""));
      const fields = rest.flatMap((word, index) =>
        rest[index - 1] === "-F" ? [word.split("=") as [string, string]] : [],
      );
      if (fields.length > 0) BODIES[ours]?.parse(Object.fromEntries(fields));
      for (const [, value] of fields)
        if (value.startsWith("@")) expect(existsSync(join(root, value.slice(1)))).toBe(true);
    } else if (program === "npx" && rest[0] === "vitest") {
      const [run, project, name, ...files] = rest.slice(1);
      const owner = files.every((file) => file.startsWith("test/worker/")) ? "worker" : "system";
      expect([run, project, name]).toEqual(["run", "--project", owner]);
      for (const file of files) expect(existsSync(join(root, file))).toBe(true);
    } else {
      expect([
        "stripe listen --forward-to http://127.0.0.1:8787/hooks/stripe",
        "openssl rand -base64 32",
        "export NAMESIGHT=https://namesight-production.SUBDOMAIN.workers.dev",
        "export NAMESIGHT_KEY=nk_live_…",
        "ollama pull llama3.2",
        "llama-server --model model.gguf --port 8080",
      ]).toContain(command);
    }
    return undefined;
  });
});

describe("models", () => {
  const tools: ModelRuntime = {
    fetch: () => Promise.reject(new Error("not called")),
    clock: () => 0,
    chance: () => 0,
    sleep: async () => undefined,
    download: () => Promise.reject(new Error("not called")),
    ai: { run: () => Promise.reject(new Error("not called")) },
    images: { input: () => Promise.reject(new Error("not called")) as never },
  };
  const model = (entry: string) => {
    const address = readAddress(entry, (name) =>
      name.endsWith("_TOKEN") || name.endsWith("_KEY") ? "t0ken" : "https://host.test",
    );
    const found = STAGE_NAMES.flatMap((stage) => {
      try {
        return createModel(stage, address, tools);
      } catch {
        return [];
      }
    });
    return found;
  };
  const ENTRY = /(?<![\w/.-])(?:replicate|huggingface|openai|workers-ai|cog|images)(?::[a-z]+)?\/[^\s`",#]+/g;
  const EXAMPLE = readFileSync(join(root, ".dev.vars.example"), "utf8");
  const named = [...new Set([...`${DEPLOY}${LOCAL}${EXAMPLE}`.matchAll(ENTRY)].map(([entry]) => entry))];

  test.each(named)("%s is a model of some stage", (entry) => {
    expect(model(entry.replace("MODEL", "some-model"))).not.toEqual([]);
  });

  test("include the entry and the prompt of the example of CALIBRATION", () => {
    const [, text = ""] = /^CALIBRATION = '(.*)'$/m.exec(DEPLOY) ?? [];
    const [key = ""] = readCalibrations(text)?.keys() ?? [];
    const [entry = "", prompt] = key.split("#");
    expect(String(production.vars.ENTAILMENT)).toContain(entry);
    expect(model(entry).map(({ promptVersion }) => promptVersion)).toContain(prompt);
  });
});

test("the events that Stripe has to send are those that are read", () => {
  const named = [...DEPLOY.matchAll(/^\| `([a-z_]+\.[a-z_.]+)` \|/gm)].map(([, type]) => type);
  expect(named).toEqual(EVENT_TYPES);
});

test("the costs of a post are the sums of their parts", () => {
  const rows = [...DEPLOY.matchAll(/^\| ([\w ]+) \|[^|]*\| ?(.*) \| (0\.\d{6}) \|$/gm)].map(
    ([, stage, arithmetic = "", usd]) => ({
      stage,
      arithmetic,
      usd: Number(usd),
    }),
  );
  const total = rows.pop();
  expect(total?.stage).toBe("together");
  expect(rows.length).toBe(7);
  expect(rows.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(total?.usd ?? 0, 9);
  for (const { arithmetic, usd } of rows) expect(calculate(arithmetic)).toBeCloseTo(usd, 6);
});

/** The value of "2 × (1,600 × 0.10/10⁶ + 8 × 0.30/10⁶)": a sum of products, maybe with a factor. Units are ignored. */
function calculate(arithmetic: string): number {
  const [, factor = "1", inner = arithmetic] = /^(\d+) × \((.*)\)$/.exec(arithmetic) ?? [];
  const products = inner.split(" + ").map((product) =>
    product.split(" × ").reduce((value, term) => {
      const [, digits = "", millionth] = /^([\d,.]+)[^/]*(\/10⁶)?$/.exec(term) ?? [];
      return value * Number(digits.replaceAll(",", "")) * (millionth ? 1e-6 : 1);
    }, 1),
  );
  return Number(factor) * products.reduce((sum, product) => sum + product, 0);
}
