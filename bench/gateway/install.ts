import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";

/**
 * The gateway is no dependency of this project: its 95 packages (25 MB, with an older zod) would be installed by
 * everybody who installs Namesight. It is installed beside it, where it is asked for.
 */
const [FOLDER, PACKAGE] = ["out/gateway", "@portkey-ai/gateway@1.15.2"];
/** The program that serves the gateway. */
export const PROGRAM = `${FOLDER}/node_modules/@portkey-ai/gateway/build/start-server.js`;

export const isInstalled = (): boolean => existsSync(PROGRAM);

/** Installs the gateway from npm's registry into `out/gateway`, without running any package's own scripts. */
export function installGateway(): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/package.json`, '{ "private": true }\n');
  execFileSync("npm", ["install", "--ignore-scripts", "--save-exact", PACKAGE], { cwd: FOLDER, stdio: "inherit" });
}
