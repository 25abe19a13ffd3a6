/**
 * A file in R2. Its bytes are a stream, so that serving it takes no memory. A body that is not sent must be canceled:
 * otherwise its connection stays open.
 */
export interface StoredFile {
  readonly body: NonNullable<Awaited<ReturnType<R2Bucket["get"]>>>["body"];
  /** Bytes of the whole file, also when `body` is a part of it. */
  readonly size: number;
}
