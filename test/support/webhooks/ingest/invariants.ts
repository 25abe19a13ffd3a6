import { messageOf, type Sending, type World } from "./world.ts";

type Check = (world: World) => string | null;

/** What is true of every incoming message, whatever is sent at once, sent again, lost or forged. */
export const INVARIANTS = {
  "has one job for each of its pictures, or one without": ({ stored, sendings }) => {
    const made = [...stored.values()].map(({ reference, image, fields }) => jobText(reference, image, fields.text));
    const wanted = sendings.flatMap(jobsOf);
    const missing = wanted.find((job) => !made.includes(job));
    if (missing) return `${missing} is missing`;
    return made.length > wanted.length ? `${made.length} jobs for ${wanted.length}` : null;
  },
  "is refused when its source did not sign it": ({ forged, stored }) => {
    const accepted = forged.find((status) => status !== 403);
    if (accepted) return `a forged one got HTTP ${accepted}`;
    const job = [...stored.values()].find(({ fields }) => fields.text === "forged");
    return job ? `${job.id} was forged` : null;
  },
  "has all its jobs when it is acknowledged": (world) => {
    for (const { sending, answer, stored } of world.taken) {
      const most = Math.max(1, sending.pictures);
      if (answer.jobs.length !== most) return `${answer.jobs.length} jobs were acknowledged, and not ${most}`;
      const missing = answer.jobs.find((id) => !stored.includes(id));
      if (missing) return `${missing} had not begun`;
      const others = answer.jobs.map((id) => world.stored.get(id)?.reference).find((id) => id !== answer.id);
      if (others) return `a job of ${others} was acknowledged for ${answer.id}`;
    }
    return null;
  },
  "has the same jobs each time that it comes": ({ taken, sendings }) => {
    for (const sending of sendings) {
      const answers = taken.filter((one) => one.sending === sending).map(({ answer }) => answer.jobs.join(" "));
      if (new Set(answers).size > 1) return `${messageOf(sending).id} has ${answers.join(" and ")}`;
    }
    return null;
  },
} as const satisfies Readonly<Record<string, Check>>;

export type IngestInvariant = keyof typeof INVARIANTS;

/** The jobs that a message becomes. */
function jobsOf(sending: Sending): string[] {
  const { id, pictures, text } = messageOf(sending);
  const images = pictures.length > 0 ? pictures.map((url) => ({ kind: "address", url })) : [null];
  return images.map((image) => jobText(id, image, text));
}

function jobText(reference: string | null, image: object | null, text: unknown): string {
  return JSON.stringify([reference, image, text]);
}
