import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "namesight-check-deploy-"));
const config = join(folder, "wrangler.toml");
const secrets = join(folder, "secrets");
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const changed = readFileSync(join(root, "wrangler.toml"), "utf8")
    .replace("https://namesight.example", "https://namesight-production.someone.workers.dev")
    .replace("the-id-of-your-namespace", "0f2ac74b498b48028cb68387c421e279");
  writeFileSync(config, changed);
  writeFileSync(
    secrets,
    `LINK_SIGNING_KEY=${"k".repeat(44)}\nKEY_CHECK_SECRET=${"c".repeat(44)}\nOPERATOR_TOKEN=${"o".repeat(44)}\nFAL_KEY=c\nREPLICATE_API_TOKEN=a\nHF_TOKEN=b\nREPLICATE_WEBHOOK_SECRET=whsec_${btoa("secret")}\n`,
  );
});

/** The command as npm runs it, with a wrangler that is not logged in. */
function checkDeploy(...given: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", "check:deploy", "--", ...given], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      CLOUDFLARE_API_TOKEN: "",
      CLOUDFLARE_API_KEY: "",
      WRANGLER_LOG_PATH: join(folder, "logs"),
    },
  });
  return { status, output: stdout + stderr };
}

describe("npm run check:deploy", () => {
  test("exits with 0 when the configuration is ready", () => {
    const { status, output } = checkDeploy("--config", config, "--secrets", secrets);
    expect([status, output]).toEqual([0, `${config} is ready to be deployed.\n`]);
  });

  test("exits with 1 and names every fault when the file is the committed one", () => {
    const { status, output } = checkDeploy("--secrets", secrets);
    expect(status).toBe(1);
    expect(output).toMatch(/^fault: the KV namespace EXPANSIONS .*\nfault: PUBLIC_URL is the example's.*\n/);
    expect(output).toContain("wrangler.toml is not ready to be deployed: 2 faults.");
  });

  test("exits with 2 and says what was not checked when wrangler is not logged in", () => {
    const { status, output } = checkDeploy("--config", config);
    expect([status, output]).toEqual([
      2,
      expect.stringMatching(/^not checked: whether the secrets LINK_SIGNING_KEY, /),
    ]);
  });

  test.each([
    ["the file of secrets does not exist", ["--secrets", "/nowhere"], /^\/nowhere does not exist/],
    ["the configuration does not exist", ["--config", "/nowhere.toml"], /nowhere\.toml/],
    ["an option is unknown", ["--env", "staging"], /^Unknown option '--env'/],
  ])("exits with 2 when %s", (_case, given, message) => {
    expect(checkDeploy(...given)).toEqual({ status: 2, output: expect.stringMatching(message) });
  });
});
