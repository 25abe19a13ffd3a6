import type * as z from "zod/mini";
import { EXAMPLES } from "./examples.ts";
import { HealthAnswer } from "./health.ts";
import type { ProblemCode } from "./problem.ts";
import { RecognizeAnswer, RecognizeRequest } from "./recognize.ts";
import {
  EntailAnswer,
  EntailRequest,
  ExpandAnswer,
  ExpandRequest,
  GroundAnswer,
  GroundRequest,
  MnerAnswer,
  MnerRequest,
  SegmentAnswer,
  SegmentRequest,
} from "./stage-routes.ts";

/** What OpenAPI says of one operation. */
export interface Operation {
  readonly id: string;
  readonly method: "get" | "post";
  readonly path: string;
  readonly tag: "recognition" | "stages" | "files" | "service";
  readonly summary: string;
  readonly description: string;
  readonly request?: {
    readonly name: string;
    readonly schema: z.ZodMiniType;
    readonly examples: Readonly<Record<string, unknown>>;
  };
  readonly answer?: { readonly name: string; readonly schema: z.ZodMiniType; readonly example: unknown };
  /** Media types of answers that are no JSON of ours, with what they are. */
  readonly files?: Readonly<Record<string, string>>;
  /** Names of path parameters, and whether a signature must stand in the query. */
  readonly parameters?: readonly string[];
  readonly signed?: boolean;
  /** Names of headers that must be there, where a signature is in them. */
  readonly headers?: readonly string[];
  readonly problems: readonly ProblemCode[];
}

const ALWAYS = ["misconfigured", "internal"] as const;
const BODY = [
  ...[
    "invalid_json",
    "invalid_multipart",
    "not_acceptable",
    "body_too_large",
    "unsupported_media_type",
    "invalid_request",
  ],
  ...["field_not_supported", ...ALWAYS],
] as ProblemCode[];
const PICTURE = [
  "picture_type_not_supported",
  "invalid_picture",
  "picture_too_many_pixels",
  "picture_not_fetched",
] as const;
const MODEL = ["stage_failed", "deadline_exceeded"] as const;

/** Every operation, in the order of the documentation. */
export const OPERATIONS: readonly Operation[] = [
  {
    id: "recognize",
    method: "post",
    path: "/v1/recognize",
    tag: "recognition",
    summary: "A post in, its entities out",
    description:
      "Named entities with their types, whether each can be seen in the picture, its boxes and its masks. With Accept: image/svg+xml or image/png, the answer drawn on the picture.",
    request: { name: "RecognizeRequest", schema: RecognizeRequest, examples: EXAMPLES.recognize.requests },
    answer: { name: "RecognizeAnswer", schema: RecognizeAnswer, example: EXAMPLES.recognize.answer },
    files: {
      "image/svg+xml": "The overlay as SVG.",
      "image/png": "The overlay as PNG, its long side at most 1,600 pixels.",
    },
    problems: [...BODY, ...PICTURE, "labels_not_covered", "overlay_not_drawable", ...MODEL],
  },
  {
    id: "mner",
    method: "post",
    path: "/v1/mner",
    tag: "stages",
    summary: "The mentions of a text",
    description:
      "Multimodal named entity recognition: the names in a text, with their types. The picture is looked at by models that can.",
    request: { name: "MnerRequest", schema: MnerRequest, examples: EXAMPLES.mner.requests },
    answer: { name: "MnerAnswer", schema: MnerAnswer, example: EXAMPLES.mner.answer },
    problems: [...BODY, ...PICTURE, "labels_not_covered", ...MODEL],
  },
  {
    id: "expand",
    method: "post",
    path: "/v1/expand",
    tag: "stages",
    summary: "What to look for, in words",
    description:
      "One referring expression for each entity of a post: what a grounding model should look for in the picture.",
    request: { name: "ExpandRequest", schema: ExpandRequest, examples: EXAMPLES.expand.requests },
    answer: { name: "ExpandAnswer", schema: ExpandAnswer, example: EXAMPLES.expand.answer },
    problems: [...BODY, ...MODEL],
  },
  {
    id: "entail",
    method: "post",
    path: "/v1/entail",
    tag: "stages",
    summary: "Can each entity be seen?",
    description: "Visual entailment: whether each entity, or what an expression says, can be seen in the picture.",
    request: { name: "EntailRequest", schema: EntailRequest, examples: EXAMPLES.entail.requests },
    answer: { name: "EntailAnswer", schema: EntailAnswer, example: EXAMPLES.entail.answer },
    problems: [...BODY, ...PICTURE, ...MODEL],
  },
  {
    id: "ground",
    method: "post",
    path: "/v1/ground",
    tag: "stages",
    summary: "Where is each entity?",
    description:
      "Visual grounding: any number of boxes for each entity or expression, with every candidate that the model has. No text is needed.",
    request: { name: "GroundRequest", schema: GroundRequest, examples: EXAMPLES.ground.requests },
    answer: { name: "GroundAnswer", schema: GroundAnswer, example: EXAMPLES.ground.answer },
    problems: [...BODY, ...PICTURE, ...MODEL],
  },
  {
    id: "segment",
    method: "post",
    path: "/v1/segment",
    tag: "stages",
    summary: "A mask for each box",
    description:
      "Box-prompted segmentation: the boxes may come from any model, so this turns any GMNER model's answer into SMNER.",
    request: { name: "SegmentRequest", schema: SegmentRequest, examples: EXAMPLES.segment.requests },
    answer: { name: "SegmentAnswer", schema: SegmentAnswer, example: EXAMPLES.segment.answer },
    problems: [...BODY, ...PICTURE, ...MODEL],
  },
  {
    id: "getMask",
    method: "get",
    path: "/v1/masks/{account}/{file}",
    tag: "files",
    summary: "A mask as PNG",
    description:
      "One channel, one bit a pixel, white where it is set, at the size of the picture. Takes Range and If-None-Match.",
    parameters: ["account", "file"],
    signed: true,
    files: { "image/png": "The mask." },
    problems: ["link_invalid", "link_expired", "not_found", "range_not_satisfiable", ...ALWAYS],
  },
  {
    id: "getPicture",
    method: "get",
    path: "/v1/pictures/{id}",
    tag: "files",
    summary: "A post's picture, for models, while the request runs",
    description:
      "The picture without its metadata, to the models that were given its link. It is gone when the request has ended.",
    parameters: ["id"],
    signed: true,
    files: { "image/jpeg": "The picture.", "image/png": "The picture.", "image/webp": "The picture." },
    problems: ["link_invalid", "link_expired", "not_found", ...ALWAYS],
  },
  {
    id: "replicateHook",
    method: "post",
    path: "/hooks/replicate/{attempt}",
    tag: "service",
    summary: "Replicate tells how a prediction ended",
    description: "A prediction, signed as Standard Webhooks has it. Not for callers.",
    parameters: ["attempt"],
    headers: ["webhook-id", "webhook-timestamp", "webhook-signature"],
    problems: ["body_too_large", "signature_invalid", "not_found", ...ALWAYS],
  },
  {
    id: "health",
    method: "get",
    path: "/health",
    tag: "service",
    summary: "Each stage's models, and how their last calls ended",
    description: "Told from memory: no model is called.",
    answer: { name: "HealthAnswer", schema: HealthAnswer, example: EXAMPLES.health.answer },
    problems: ["internal"],
  },
  {
    id: "getProblem",
    method: "get",
    path: "/problems/{code}",
    tag: "service",
    summary: "What a kind of problem means, and what to do",
    description: "The page that the `type` of a problem document points to.",
    parameters: ["code"],
    files: { "text/markdown": "The page." },
    problems: ["not_found", ...ALWAYS],
  },
];
