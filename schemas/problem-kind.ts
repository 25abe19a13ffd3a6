/** One kind of problem. */
export interface Kind {
  /** The HTTP status; 200 for a problem that never ends a request and stands in an answer. */
  readonly status: number;
  /** The title of the problem document, without a full stop. */
  readonly title: string;
  /** When it happens. */
  readonly when: string;
  /** What the caller can do. */
  readonly remedy: string;
  /** An example of `detail`. */
  readonly example: string;
}
