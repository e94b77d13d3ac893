/**
 * A refusal with a status: thrown by routes, answered by the app's error handler as
 * `{error: {code, message}}` (`shared/protocol/error.ts`). `code` is for programs, `message` a sentence for people.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;

  /** `options.cause` is for the log alone. */
  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
  }
}
