import { dataUrl } from "../../support/png.ts";

/** The picture as Moondream's own API takes it. */
export const INLINE = dataUrl(Uint8Array.of(0x89, 0x50, 0x4e, 0x47));

/** The two hosts of Moondream 3 that are reached over HTTP, and what differs between them. */
export const HOSTS = {
  cloud: {
    entry: (skill: string) => `moondream:test/${skill}`,
    key: (skill: string) => `moondream ${skill}`,
    path: (skill: string) => `/moondream/v1/${skill}`,
    /** The name of the field with a question or a phrase. */
    field: { query: "question", detect: "object" },
    /** The name of an answer's text. */
    text: { caption: "caption", query: "answer" },
    tokens: { metrics: { input_tokens: 740, output_tokens: 8, prefill_time_ms: 20 } },
    takesLinks: false,
    image: INLINE,
    auth: { "x-moondream-auth": "t0ken" },
  },
  fal: {
    entry: (skill: string) => `fal:test/fal-ai/moondream3-preview/${skill}`,
    key: (skill: string) => `fal fal-ai/moondream3-preview/${skill}`,
    path: (skill: string) => `/fal/run/fal-ai/moondream3-preview/${skill}`,
    field: { query: "prompt", detect: "prompt" },
    text: { caption: "output", query: "output" },
    tokens: { usage_info: { input_tokens: 740, output_tokens: 8, decode_time_ms: 1, prefill_time_ms: 1, ttft_ms: 1 } },
    takesLinks: true,
    image: "https://namesight.test/p",
    auth: { authorization: "Key t0ken" },
  },
} as const;

export type HostName = keyof typeof HOSTS;
