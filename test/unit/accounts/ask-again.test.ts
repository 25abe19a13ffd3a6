import { expect, test } from "vitest";
import { askNow } from "../../../src/accounts/ask-again.ts";

/** Asks an account that fails so often before it answers. */
async function ask(failures: number) {
  let asked = 0;
  const waits: number[] = [];
  const behind: Promise<unknown>[] = [];
  const answersNow = await askNow(
    async () => {
      if (++asked <= failures) throw new Error("the account cannot be reached");
    },
    {
      timer: () => new AbortController().signal,
      sleep: async (wait) => void waits.push(wait),
      log: () => undefined,
      waitUntil: (work) => void behind.push(work),
    },
  );
  await Promise.all(behind);
  return { answersNow, asked, waits };
}

test("asks once when the account answers", async () => {
  expect(await ask(0)).toEqual({ answersNow: true, asked: 1, waits: [] });
});

test("asks again behind the answer, and gives up after three more tries", async () => {
  expect(await ask(2)).toEqual({ answersNow: false, asked: 3, waits: [500, 2_000] });
  expect(await ask(9)).toEqual({ answersNow: false, asked: 4, waits: [500, 2_000, 8_000] });
});
