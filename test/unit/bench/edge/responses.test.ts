import { describe, expect, it } from "vitest";
import { readResponse } from "../../../../bench/edge/responses.ts";

const WITH_LENGTH = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
const CHUNKED = Buffer.from(
  "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
);

describe("readResponse", () => {
  it.each([
    [WITH_LENGTH, 200],
    [CHUNKED, 503],
  ])("reads a response as soon as it is whole, and no byte of the next", (bytes, status) => {
    for (let length = 0; length < bytes.length; length++) expect(readResponse(bytes.subarray(0, length))).toBeNull();
    const next = Buffer.concat([bytes, Buffer.from("HTTP/1.1 200")]);
    expect(readResponse(next)).toEqual({ status, bytes: bytes.length });
  });

  it("refuses a response without a length", () => {
    expect(() => readResponse(Buffer.from("HTTP/1.1 200 OK\r\n\r\n"))).toThrow("a response without a length");
  });
});
