import { describe, expect, test } from "vitest";
import { Admissions, admitPost } from "../../../src/pipeline/admissions.ts";
import { type ModelHost, StageError, type StageModel } from "../../../src/stages/model.ts";
import { platformTimer } from "../../support/virtual-time.ts";

const open = new AbortController().signal;
const admissions = () => new Admissions({ id: "req_1", deadline: 5_000, clock: () => 1_000, timer: platformTimer });

/** A host that answers as told, and what it was asked. */
function hostOf(key: string, admit: () => Promise<void> = async () => undefined) {
  const asked: unknown[] = [];
  const host: ModelHost = {
    key,
    admit: (post) => {
      asked.push(post);
      return admit();
    },
    leave: async (id) => void asked.push(`leave ${id}`),
  };
  return { host, asked };
}
const modelAt = (host?: ModelHost) => ({ ...(host && { host }) }) as StageModel;
const full = (retryAfterMs: number) => () => Promise.reject(new StageError("busy", "is full", { retryAfterMs }));

describe("Admissions", () => {
  test("asks a host once for all concurrent calls, with the time that is left", async () => {
    const { host, asked } = hostOf("a");
    const run = admissions();
    expect(await Promise.all([run.at(host, true, open), run.at(host, false, open)])).toEqual(["req_1", "req_1"]);
    await run.at(host, true, open);
    expect(asked).toEqual([{ id: "req_1", picture: true, deadline_ms: 4_000 }]);
    await run.close();
    expect(asked.slice(1)).toEqual(["leave req_1"]);
  });

  test("asks again after a failure, and does not leave where it was never admitted", async () => {
    const { host, asked } = hostOf("a", full(1));
    const run = admissions();
    for (let call = 0; call < 2; call++) await expect(run.at(host, true, open)).rejects.toMatchObject({ code: "busy" });
    await run.close();
    expect(asked).toHaveLength(2);
  });
});

test("leaves a host whose answer it did not get, which may have given room", async () => {
  const { host, asked } = hostOf("a", () => Promise.reject(new StageError("network", "broke off")));
  const run = admissions();
  await expect(run.at(host, true, open)).rejects.toMatchObject({ code: "network" });
  await run.close();
  expect(asked.slice(1)).toEqual(["leave req_1"]);
});

test("a host that does not say in time counts as busy, and one whose caller has left does not", async () => {
  const { host } = hostOf("a");
  const hanging: ModelHost = {
    ...host,
    admit: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  const run = new Admissions({
    id: "req_1",
    deadline: 5_000,
    clock: () => 1_000,
    timer: platformTimer,
    admissionMs: 5,
  });
  await expect(run.at(hanging, true, open)).rejects.toMatchObject({ code: "busy", retryAfterMs: 5 });
  const left = AbortSignal.abort(new Error("the caller has left"));
  const other = new Admissions({
    id: "req_1",
    deadline: 5_000,
    clock: () => 1_000,
    timer: platformTimer,
    admissionMs: 60_000,
  });
  const asking = other.at({ ...host, admit: (_, signal) => Promise.reject(signal.reason) }, true, left);
  await expect(asking).rejects.toThrow("the caller has left");
});

describe("admitPost", () => {
  test("refuses a chain whose models are all on full hosts, and no other", async () => {
    const [one, two] = [hostOf("one", full(7_400)).host, hostOf("two", full(100)).host];
    const refused = (...chains: StageModel[][]) =>
      admitPost(chains, true, admissions(), open).then(
        () => null,
        (error) => [error.code, error.headers["Retry-After"]],
      );
    expect(await refused([modelAt(one)])).toEqual(["overloaded", "8"]);
    expect(await refused([modelAt()], [modelAt(one), modelAt(one)])).toEqual(["overloaded", "8"]);
    expect(await refused([modelAt(one), modelAt(two)], [modelAt(two)])).toEqual(["overloaded", "1"]);
    expect(await refused([modelAt(one), modelAt()], [], [modelAt(hostOf("free").host)])).toBeNull();
  });

  test("goes on when a host cannot be asked, and passes on what is no model's error", async () => {
    const dead = hostOf("dead", () => Promise.reject(new StageError("network", "cannot be reached")));
    await admitPost([[modelAt(dead.host)]], true, admissions(), open);
    const broken = hostOf("broken", () => Promise.reject(new TypeError("a bug")));
    await expect(admitPost([[modelAt(broken.host)]], true, admissions(), open)).rejects.toThrow("a bug");
  });
});
