import { afterEach, describe, expect, it, vi } from "vitest";
import { sendPost } from "../../../bench/post.ts";
import { ANSWERS } from "../../../schemas/examples.ts";

const answerWith = (body: unknown, status = 200) =>
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(JSON.stringify(body), { status }));
afterEach(() => {
  vi.restoreAllMocks();
});

const send = () => sendPost("http://worker", "a text", Buffer.from("bytes"), "cat.jpg");

describe("sendPost", () => {
  it("sends text and picture as a form, and gives the answer with its time", async () => {
    const fetched = answerWith(ANSWERS.recognize);
    const { answer, ms } = await send();
    expect(answer.entities.length).toBeGreaterThan(0);
    expect(ms).toBeGreaterThanOrEqual(0);
    const [url, init] = fetched.mock.lastCall ?? [];
    expect(url).toBe("http://worker/v1/recognize");
    const form = init?.body as FormData;
    expect(form.get("text")).toBe("a text");
    expect((form.get("image") as File).name).toBe("cat.jpg");
    expect(await (form.get("image") as File).text()).toBe("bytes");
  });

  it("throws when the Worker refuses the post", async () => {
    answerWith({ code: "invalid_request" }, 422);
    await expect(send()).rejects.toThrow(/answered 422: .*invalid_request/);
  });

  it("throws when the answer is partial", async () => {
    answerWith({ ...ANSWERS.recognize, partial: true });
    await expect(send()).rejects.toThrow("a stage failed");
  });
});
