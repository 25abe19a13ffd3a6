import type { CallToolResult } from "@modelcontextprotocol/server";
import { toBase64 } from "../../schemas/encodings.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import type { SegmentAnswer } from "../../schemas/stage-routes.ts";
import { type Api, ApiRefusal } from "./api.ts";
import type { Outcome } from "./outcome.ts";
import { summaryOf } from "./summary.ts";

type Content = CallToolResult["content"][number];

type MaybeMasked = { readonly mask?: unknown; readonly mask_url: string | null };

/** The result of a call that came to an outcome. Masks that have a link are linked to and not repeated. */
export async function toolResult(api: Api, outcome: Outcome, wantsOverlay: boolean): Promise<CallToolResult> {
  const { jobId, state, answer } = outcome;
  const structuredContent = { job_id: jobId, state, answer: answer && withLinkedMasks(answer) };
  if (!answer) {
    const text = `The job ${jobId} is ${state}. Ask get_job with this id for its answer.`;
    return { content: [{ type: "text", text }], structuredContent };
  }
  const overlay = wantsOverlay && isRecognized(answer) ? await overlayOf(api, answer, jobId) : [];
  const text: Content = { type: "text", text: isRecognized(answer) ? summaryOf(answer) : segmentsText(answer) };
  return { content: [text, ...overlay, ...maskLinks(answer)], structuredContent };
}

/** The result of a call that the API refused. */
export function refusalResult({ problem, headers }: ApiRefusal): CallToolResult {
  const terms = headers.get("payment-required");
  if (terms !== null) return errorResult(decodeHeader(terms));
  const fields = problem.errors?.map(({ pointer, detail, limit }) => {
    return `${pointer || "The request"} ${detail}${limit === undefined ? "" : ` (limit ${limit})`}`;
  });
  const text = [`${problem.title}: ${problem.detail}`, ...(fields ?? [])].join("\n");
  return { ...errorResult({ ...problem }), content: [{ type: "text", text }] };
}

/** The header of a payment, as JSON (x402 version 2, "Transport: MCP"). */
export function decodeHeader(header: string): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(header), (letter) => letter.charCodeAt(0))));
}

function errorResult(structuredContent: Record<string, unknown>): CallToolResult {
  return { isError: true, content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
}

function isRecognized(answer: object): answer is RecognizeAnswer {
  return "overlay_url" in answer;
}

function segmentsText(answer: object): string {
  const masks = (answer as Partial<SegmentAnswer>).masks;
  if (!masks) return JSON.stringify(answer);
  return masks.map(({ id, mask_reason }) => `${id}: ${mask_reason ?? "has a mask"}`).join("\n");
}

/** The drawn answer as an image, or a link where it is too large for one. */
async function overlayOf(api: Api, { overlay_url, image }: RecognizeAnswer, jobId: string | null): Promise<Content[]> {
  const path = overlay_url ?? (jobId && `/v1/jobs/${jobId}/result`);
  if (!image || !path) return [];
  try {
    const response = await api.ask("GET", path, { headers: { accept: "image/png" } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const link = { type: "resource_link", uri: overlay_url ?? "", name: "overlay", mimeType: "image/png" } as const;
    if (bytes.length <= LIMITS.mcpImageBytes) return [{ type: "image", data: toBase64(bytes), mimeType: "image/png" }];
    return overlay_url === null ? [] : [link];
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    return [{ type: "text", text: `The overlay could not be drawn: ${error.problem.detail}` }];
  }
}

function maskLinks(answer: object): Content[] {
  const link = (uri: string | null, name: string): Content[] =>
    uri === null ? [] : [{ type: "resource_link", uri, name, mimeType: "image/png" }];
  if (!isRecognized(answer)) {
    return ((answer as Partial<SegmentAnswer>).masks ?? []).flatMap(({ id, mask_url }) => link(mask_url, `mask ${id}`));
  }
  return answer.entities.flatMap(({ text, regions }) =>
    regions.flatMap(({ id, mask_url }) => link(mask_url, `mask ${id} of ${text}`)),
  );
}

/** The answer without the masks that have a link. */
function withLinkedMasks(answer: object): object {
  const bare = <T extends MaybeMasked>({ mask, ...rest }: T) => (rest.mask_url === null ? { ...rest, mask } : rest);
  if (isRecognized(answer)) {
    return {
      ...answer,
      entities: answer.entities.map((entity) => ({ ...entity, regions: entity.regions.map(bare) })),
    };
  }
  const { masks } = answer as Partial<SegmentAnswer>;
  return masks ? { ...answer, masks: masks.map(bare) } : answer;
}
