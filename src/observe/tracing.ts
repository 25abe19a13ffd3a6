/** What is known of a span: short values, no word of a post or a model. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/**
 * Does work in a span of the platform's trace. The span ends when the work settles.
 *
 * @param work gets a function that adds attributes to the span
 */
export type Trace = <T>(
  name: string,
  attributes: Attributes,
  work: (mark: (more: Attributes) => void) => Promise<T>,
) => Promise<T>;

/** Does the work without a span. */
export const noTrace: Trace = (_name, _attributes, work) => work(() => undefined);

/** The part of the platform's `tracing` that is used (`cloudflare:workers`). */
export interface PlatformTracing {
  enterSpan<T>(
    name: string,
    work: (span: { setAttribute(name: string, value: string | number | boolean): void }) => T,
  ): T;
}

/** Spans in the platform's trace. */
export const createTrace =
  (tracing: PlatformTracing): Trace =>
  (name, attributes, work) =>
    tracing.enterSpan(name, (span) => {
      const mark = (more: Attributes) => {
        for (const [key, value] of Object.entries(more)) span.setAttribute(key, value);
      };
      mark(attributes);
      return work(mark);
    });
