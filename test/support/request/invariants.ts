import { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { entitiesOf, envelopeOf, foldEvents } from "../../../src/pipeline/fold.ts";
import type { ObservedCall } from "./models.ts";
import type { Observation } from "./observe.ts";
import { MODEL_STAGES } from "./scenario.ts";

/** Milliseconds by which a request may be later than its deadline. */
const SLACK_MS = 250;
/** Outgoing connections of one request (design of the platform: six, of which one is kept for cancels). */
const CONNECTIONS = 5;

/** What is wrong about a request; null when nothing is. */
type Check = (observation: Observation) => string | null;

/** What is true of every request, whatever its models, its stores and its caller do. */
export const INVARIANTS = {
  "ends by its deadline, and at once when the caller leaves": ({ took, scenario }) => {
    const end = Math.min(scenario.deadlineMs, scenario.leavesAfter ?? Number.POSITIVE_INFINITY);
    return took <= end + SLACK_MS ? null : `it took ${took} ms, and ${end} ms were left to it`;
  },
  "leaves no call running": ({ calls, isSettled, scenario }) => {
    const left = calls.find(({ endedAt, signal }) => endedAt === null && !signal.aborted);
    if (left) return `${left.entry} was neither awaited nor canceled`;
    const late = calls.find(({ isLate }) => isLate);
    if (late) return `${late.entry} was called when its time was over`;
    const canSettle = Object.values(scenario.chains)
      .flat()
      .every(({ behaviours }) => behaviours.every(({ kind }) => kind !== "hangs and ignores its signal"));
    return isSettled || !canSettle ? null : "something behind the answer never ended";
  },
  "asks nobody about what was answered": ({ calls, events }) => {
    for (const { event, after } of events) {
      if (event.event !== "expression") continue;
      const { entity_id: id } = event;
      const again = calls.slice(after).find(({ stage, items }) => stage === "expansion" && items.includes(id));
      if (again) return `${again.entry} was asked about ${id}, whose expression was known`;
    }
    const answered = new Map<string, ObservedCall>();
    for (const call of calls.filter(({ isWarming }) => !isWarming)) {
      for (const item of call.items) {
        const before = answered.get(`${call.stage} ${item}`);
        if (before && (before.endedAt ?? 0) <= call.startedAt)
          return `${call.entry} was asked about ${item}, for which ${before.entry} had answered`;
      }
      if (call.answered) for (const item of call.items) answered.set(`${call.stage} ${item}`, call);
    }
    return null;
  },
  "answers with the fold of its events": ({ answer, events }) => {
    if (!answer) return null;
    const findings = foldEvents(events.filter(({ isLate }) => !isLate).map(({ event }) => event));
    const folded = { ...envelopeOf(answer.id, findings), entities: entitiesOf(findings) };
    const { offset_encoding, image, ...found } = answer;
    const [given, expected] = [JSON.stringify(sorted(found)), JSON.stringify(sorted(folded))];
    return given === expected ? null : `the answer is ${given}, its events say ${expected}`;
  },
  "keeps the contract": ({ answer }) => {
    const parsed = answer && RecognizeAnswer.safeParse({ ...answer, overlay_url: null, charge: null });
    return parsed?.error ? parsed.error.message : null;
  },
  "says why something is missing": ({ answer, scenario }) => {
    const failed = new Set(answer?.problems.map(({ stage }) => stage));
    // It is said once that the picture cannot be decoded, whichever stages that keeps from answering.
    if (answer?.problems.some(({ code }) => code === "invalid_picture")) failed.add("segmentation");
    for (const { id, visible, visibility, regions } of answer?.entities ?? []) {
      if ((visible === null) === (visibility.reason === null)) return `${id}: ${visible}, ${visibility.reason}`;
      if (visibility.reason === "not_asked" && scenario.task !== "mner") return `${id} was not judged`;
      const isFailure = visibility.reason === "stage_failed" || visibility.reason === "over_budget";
      if (isFailure && failed.size === 0) return `${id}: nothing says which stage failed`;
      for (const { id: region, mask, mask_reason } of regions) {
        if ((mask === null) === (mask_reason === null)) return `${region}: ${mask_reason}`;
        if (mask_reason === "not_asked" && scenario.task === "smner") return `${region} was not segmented`;
        const isUnasked = mask_reason === "stage_failed" || mask_reason === "over_budget";
        if (isUnasked && !failed.has("segmentation")) return `${region}: nothing says why`;
      }
    }
    return null;
  },
  "opens at most five connections at a time": ({ connections }) =>
    connections <= CONNECTIONS ? null : `it had ${connections} open`,
  "has one segmentation call in flight where the model takes many boxes": ({ segmentations, scenario }) => {
    const [first] = scenario.chains.segmentation;
    return !first || first.batch === 1 || segmentations <= 1 ? null : `there were ${segmentations}`;
  },
  "finds nothing after its end": ({ events }) => {
    const late = events.find(({ isLate }) => isLate);
    return late ? `${JSON.stringify(late.event)} came when the answer was made` : null;
  },
  "names every model that was called": ({ answer, calls }) => {
    for (const stage of answer ? MODEL_STAGES : []) {
      const records = answer?.stages.filter((record) => record.stage === stage && !record.cached) ?? [];
      const own = calls.filter((call) => call.stage === stage && !call.isLate);
      const [told, made] = [new Set(records).size, new Set(own.map(({ entry }) => entry)).size];
      if (told !== made) return `${made} models of ${stage} were called, and the answer names ${told}`;
      const attempts = records.reduce((sum, record) => sum + record.attempts, 0);
      const asked = own.filter(({ isWarming }) => !isWarming).length;
      if (attempts !== asked) return `${stage} was asked ${asked} times, and the answer says ${attempts}`;
    }
    return null;
  },
  "costs no more than was allowed": ({ calls, scenario }) => {
    if (scenario.maxCost === null) return null;
    const unknown = calls.find(({ price }) => price === null);
    if (unknown) return `${unknown.entry} was called, and nobody knows for how much`;
    const cost = calls.reduce((sum, { price }) => sum + (price ?? 0), 0);
    return cost <= scenario.maxCost ? null : `it cost ${cost} of ${scenario.maxCost} micro-dollars`;
  },
  "says what its calls cost": ({ answer, calls }) => {
    for (const stage of answer ? MODEL_STAGES : []) {
      const told = answer?.stages.filter((record) => record.stage === stage && !record.cached) ?? [];
      const made = calls.filter((call) => call.stage === stage && !call.isLate);
      if (made.some(({ price }) => price === null)) continue;
      const sum = told.reduce((total, { cost_usd }) => total + Number(cost_usd ?? Number.NaN), 0);
      const cost = made.reduce((total, { price }) => total + (price ?? 0), 0) / 1e6;
      if (!(Math.abs(sum - cost) < 1e-9)) return `the calls of ${stage} cost ${cost}, and the answer says ${sum}`;
    }
    return null;
  },
  "lets no call through an open breaker": ({ intrusions }) =>
    intrusions.length === 0 ? null : `${intrusions[0]} was called`,
  "is whole where nothing went wrong": ({ answer, problem, scenario }) => {
    if (!isCalm(scenario)) return null;
    if (!answer) return `it ended with ${problem?.code}`;
    if (answer.partial || answer.problems.length > 0) return JSON.stringify(answer.problems);
    if (answer.entities.length !== scenario.names) return `it has ${answer.entities.length} entities`;
    const isBare = answer.entities.some(({ regions }) => regions.some(({ mask }) => mask === null));
    return isBare && scenario.task === "smner" ? "a mask is missing" : null;
  },
} as const satisfies Record<string, Check>;

export type Invariant = keyof typeof INVARIANTS;

function isCalm({ chains, stores, leavesAfter, deadlineMs, maxCost, failures }: Observation["scenario"]): boolean {
  const isComplete = Object.entries(chains).every(
    ([stage, { length }]) => length > 0 || stage === "caption" || stage === "knowledge",
  );
  const behaviours = Object.values(chains).flatMap((scripts) => scripts.flatMap((script) => script.behaviours));
  const areCalm = isComplete && behaviours.every(({ kind, after }) => kind === "answers" && after <= 400);
  const isPatient = leavesAfter === null && deadlineMs === 30_000;
  return areCalm && isPatient && maxCost === null && failures === 0 && stores.every(({ fails }) => !fails);
}

/** The same value with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
