import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { drawKeptOverlay } from "../pipeline/picture/keep-overlay.ts";
import { startRun } from "../pipeline/run.ts";
import { overlayPath } from "../storage/overlay-store.ts";
import { type FileDeployment, openFile } from "./file-access.ts";

/**
 * `GET /v1/overlays/{account}/{file}`: an answer drawn on its picture as PNG, with a signed link or a key of the
 * account.
 */
export const overlaysRoute = (deployment: Deployment & FileDeployment) =>
  async function overlaysRoute(context: Context<RequestVariables, "/v1/overlays/:account/:file">): Promise<Response> {
    const { account, file } = context.req.param();
    const id = file.replace(/\.png$/, "");
    const { origin } = new URL(context.req.url);
    const path = file.endsWith(".png") ? overlayPath(account, id) : context.req.path;
    const seconds = await openFile(context, deployment, path, account);
    const options = {
      id: context.get("requestId"),
      account,
      signal: context.req.raw.signal,
      origin: deployment.publicUrl ?? new URL(origin),
      waitUntil: (behind: Promise<unknown>) => context.executionCtx.waitUntil(behind),
      deadlineMs: deployment.deadlineMs,
      store: true,
    };
    const png = await startRun(options, deployment, (run) => drawKeptOverlay(id, run));
    if (!png) throw new ProblemError("not_found", "The overlay is no longer kept.");
    return context.body(png.body, 200, {
      "Content-Type": "image/png",
      "Content-Length": String(png.size),
      "Cache-Control": `private, max-age=${seconds}, immutable`,
    });
  };
