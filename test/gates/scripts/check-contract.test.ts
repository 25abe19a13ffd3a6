import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plantProject } from "../planted-project.ts";

test("check-contract compares with the last tag, passes without one, and fails without git", () => {
  const project = plantProject(["package.json", "schemas/openapi.json"]);
  for (const file of ["check-contract.ts", "arguments.ts", "contract"]) project.copy(`scripts/${file}`);
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@host.test", ...words], { cwd: project.folder });
  const check = (...options: string[]) => project.script("scripts/check-contract.ts", ...options);
  try {
    expect(check()).toMatchObject({ ok: false, output: expect.stringContaining("cannot be read") });

    git("init", "--quiet");
    git("add", "schemas");
    git("commit", "--quiet", "--message", "feat: the first release");
    expect(check()).toEqual({ ok: true, output: "no tag: nothing has been released, so nothing is compared\n" });

    git("tag", "v1.0.0");
    expect(check()).toEqual({ ok: true, output: "compared with v1.0.0: 0 findings\n" });

    const path = join(project.folder, "schemas/openapi.json");
    const document = JSON.parse(readFileSync(path, "utf8"));
    delete document.paths["/v1/mner"];
    writeFileSync(path, JSON.stringify(document));
    const refused = check();
    expect(refused.output).toContain("#/paths/~1v1~1mner/post: the operation POST /v1/mner was removed\n");
    expect(refused.ok).toBe(false);

    expect(check("--base", "schemas/openapi.json")).toMatchObject({ ok: true });
    expect(check("--base", "v9")).toMatchObject({ ok: false, output: expect.stringContaining("cannot be read") });
  } finally {
    project.end();
  }
});
