/** One HTTP/1.1 response: its status, and the bytes that it takes. */
export interface ReadResponse {
  readonly status: number;
  readonly bytes: number;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * The first response of some bytes; null while it is not whole. It understands what workerd and Node send: a
 * Content-Length, or chunks without trailers (RFC 9112, section 7.1). Throws for anything else.
 */
export function readResponse(bytes: Buffer): ReadResponse | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = bytes.toString("latin1", 0, end);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const start = end + HEAD_END.length;
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) {
    const total = start + Number(length);
    return bytes.length >= total ? { status, bytes: total } : null;
  }
  if (!/^transfer-encoding: *chunked/im.test(head)) throw new Error(`a response without a length: ${head}`);
  for (let at = start; ; ) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16);
    at = line + 2 + size + 2;
    if (at > bytes.length) return null;
    if (size === 0) return { status, bytes: at };
  }
}
