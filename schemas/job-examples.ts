import type { JobAnswer } from "./jobs.ts";

const ADDRESS = "https://namesight.example/v1/jobs/req_01KB2Q4V8N0000000000000000";

/** Examples of the operations on jobs. */
export const JOB: JobAnswer = {
  id: "req_01KB2Q4V8N0000000000000000",
  operation: "recognize",
  state: "running",
  reference: null,
  batch_id: null,
  created_at: "2026-11-26T12:00:00.000Z",
  started_at: "2026-11-26T12:00:00.040Z",
  ended_at: null,
  deadline_at: "2026-11-26T12:10:00.000Z",
  expires_at: null,
  partial: null,
  progress: {
    stages: [
      {
        stage: "mner",
        model: "minilm-tweet-ner",
        version: "1",
        provider: "cog",
        attempts: 1,
        cached: false,
        ms: 41,
        cost_usd: "0",
      },
    ],
    entities: [
      { id: "e1", text: "Eileen Collins", type: "PER", latest: "mention", visible: null, regions: 0, masks: 0 },
    ],
  },
  problem: null,
  charge: null,
  links: { self: ADDRESS, events: `${ADDRESS}/events`, result: `${ADDRESS}/result` },
  webhook: null,
};
export const CANCELED: JobAnswer = {
  ...JOB,
  state: "canceled",
  ended_at: "2026-11-26T12:00:02.000Z",
  progress: { ...JOB.progress, entities: [] },
};
