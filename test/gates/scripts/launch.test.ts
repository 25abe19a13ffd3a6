import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ROOT } from "../planted-project.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "namesight-launch-"));
  mkdirSync(join(folder, "scripts"));
  cpSync(join(ROOT, "scripts/launch.js"), join(folder, "scripts/launch.js"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "script.ts"),
    "const given: string[] = process.argv.slice(1);\nconsole.log(given.join());\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const install = () => symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));

function launch(flags: string[], ...given: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, "scripts/launch.js", ...given], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Makes Node say that it is of this version. */
const version = (number: string) => [
  "--import",
  `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${number}"})`,
];

describe("launch", () => {
  test("runs a TypeScript file with its arguments, without a warning", () => {
    install();
    expect(launch([], "script.ts", "--flag", "a")).toEqual({ status: 0, stdout: "script.ts,--flag,a\n", stderr: "" });
  });

  test("prints other warnings than those of experiments", () => {
    install();
    writeFileSync(join(folder, "script.ts"), 'process.emitWarning("mind this", "DeprecationWarning");\n');
    expect(launch([], "script.ts")).toMatchObject({ status: 0, stderr: "DeprecationWarning: mind this\n" });
  });

  test("exits with 2 and names the command to run when the packages are not installed", () => {
    expect(launch([], "script.ts")).toEqual({
      status: 2,
      stdout: "",
      stderr: `The packages are not installed in ${folder}/. Run: npm ci\n`,
    });
  });

  test.each(["18.20.8", "20.20.2", "22.17.1"])("exits with 2 and says which Node is needed when it is %s", (number) => {
    install();
    const { status, stdout, stderr } = launch(version(number), "script.ts");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`Node ${number} cannot run TypeScript: 22.18 or later is needed.`);
  });

  test.each(["22.18.0", "24.1.0"])("runs when Node is %s", (number) => {
    install();
    expect(launch(version(number), "script.ts")).toMatchObject({ status: 0 });
  });
});
