/**
 * `node scripts/launch.js SCRIPT [ARGUMENT …]`: runs a TypeScript file of this project, after checking that it can run.
 * Plain JavaScript, so that an old Node reads it too and can say that it is old. Exits with 2 when Node is too old or
 * the packages are missing.
 */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The first release of Node 22 that runs TypeScript without a flag. */
const LEAST_VERSION = [22, 18];

const root = new URL("../", import.meta.url);
const [major, minor] = process.versions.node.split(".").map(Number);
const isOld = major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1]);

if (!existsSync(new URL("node_modules/wrangler/package.json", root))) {
  refuse(`The packages are not installed in ${fileURLToPath(root)}. Run: npm ci`);
} else if (isOld) {
  refuse(
    `Node ${process.versions.node} cannot run TypeScript: ${LEAST_VERSION.join(".")} or later is needed. ` +
      "npm ci installs one in node_modules/.bin on Linux, macOS and Windows, and the npm scripts use it.",
  );
} else {
  // Node prints that it strips types in each process; everything else that it warns of is still printed.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") console.error(`${warning.name}: ${warning.message}`);
  });
  process.argv.splice(1, 1);
  await import(pathToFileURL(process.argv[1]).href);
}

/** @param {string} message */
function refuse(message) {
  console.error(message);
  process.exitCode = 2;
}
