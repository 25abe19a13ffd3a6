import { describe, expect, it } from "vitest";
import { findWorkerd, readProcesses, resetPeak, residentBytes } from "../../../../bench/memory/workerd.ts";

const wrangler = { pid: "10", parent: "1", words: ["node", "dev", "--port", "8787", "--inspector-port", "9300"] };
const proxy = { pid: "11", parent: "10", words: ["workerd", "serve"] };
const worker = { pid: "12", parent: "10", words: ["workerd", "serve", "--inspector-addr=127.0.0.1:0"] };
const stranger = { pid: "13", parent: "99", words: ["workerd", "serve", "--inspector-addr=127.0.0.1:0"] };

describe("findWorkerd", () => {
  it("returns the child of wrangler that has an inspector", () => {
    expect(findWorkerd("8787", [stranger, proxy, wrangler, worker])).toEqual({ pid: "12", inspectorPort: "9300" });
  });

  it.each([
    ["nothing listens on the port", "8788", [wrangler, worker]],
    ["no child of wrangler has an inspector", "8787", [wrangler, proxy, stranger]],
    ["wrangler was started without an inspector", "8787", [{ ...wrangler, words: wrangler.words.slice(0, 4) }, worker]],
  ])("throws when %s", (_, port, processes) => {
    expect(() => findWorkerd(port, processes)).toThrow(`no wrangler dev with an inspector listens on port ${port}`);
  });
});

describe.runIf(process.platform === "linux")("the processes of this machine", () => {
  const own = String(process.pid);

  it("include this one, with its parent and command line", () => {
    const found = readProcesses().find(({ pid }) => pid === own);
    expect(found?.parent).toBe(String(process.ppid));
    expect(found?.words[0]).not.toBe("");
  });

  it("have a peak of memory that is not below the present one, and can be reset", () => {
    const ballast = Buffer.alloc(64 * 1024 * 1024, 1);
    expect(ballast.length).toBeGreaterThan(0);
    expect(residentBytes(own, "VmHWM")).toBeGreaterThan(64 * 1024 * 1024);
    resetPeak(own);
    const [peak, resident] = [residentBytes(own, "VmHWM"), residentBytes(own, "VmRSS")];
    expect(Math.abs(peak - resident)).toBeLessThan(16 * 1024 * 1024);
  });
});
