import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { formatVariables, ownVariables } from "../../../scripts/own-variables.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-variables-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("ownVariables", () => {
  test("returns chains, endpoints and tokens of the environment, and nothing of other programs", () => {
    const own = {
      EXPANSION: "openai:ollama/x",
      ENDPOINT_OLLAMA: "http://127.0.0.1:1/v1",
      ENDPOINT_OLLAMA_TOKEN: "a",
      OPENAI_API_KEY: "b",
      FAL_KEY: "c",
      ROBOFLOW_API_KEY: "d",
      MOONDREAM_API_KEY: "e",
    };
    const others = {
      PATH: "/bin",
      HOME: "/root",
      ENVIRONMENT: "production",
      PUBLIC_URL: "/app",
      PORT: "1",
      expansion: "x",
      LINK_SIGNING_KEY: "k",
      ANTHROPIC_API_KEY: "x",
      FAL_KEY_ID: "x",
    };
    expect(ownVariables({ ...own, ...others, MNER: undefined }, join(folder, "none"))).toEqual(own);
  });

  test("returns everything in .dev.vars, overridden by the environment", () => {
    const file = join(folder, ".dev.vars");
    writeFileSync(file, "# ours\nPUBLIC_URL=https://tunnel.test\nEXPANSION=\"a, b\"\nHF_TOKEN='t'\n");
    expect(ownVariables({ EXPANSION: "c" }, file)).toEqual({
      PUBLIC_URL: "https://tunnel.test",
      EXPANSION: "c",
      HF_TOKEN: "t",
    });
  });
});

describe("formatVariables", () => {
  test.each([
    ["a plain one", { A: "plain" }, "A='plain'\n"],
    ["JSON", { A: '{"a": 1}' }, `A='{"a": 1}'\n`],
    ["a quote inside", { A: "it's" }, "A=`it's`\n"],
    ["two kinds of quotes inside", { A: "it's `b`" }, 'A="it\'s `b`"\n'],
    ["a dollar", { A: "$HOME" }, "A='\\$HOME'\n"],
  ])("quotes %s", (_what, variables, file) => {
    expect(formatVariables(variables)).toBe(file);
  });

  test("throws with the name when a value contains every quote", () => {
    expect(() => formatVariables({ A: "'`\"" })).toThrow("A contains all three quotes");
  });
});
