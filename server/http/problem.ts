/**
 * A refusal with a status: thrown by routes, answered by the app's error handler as
 * `{error: {code, message}}` (`shared/protocol/error.ts`). `code` is for programs, `message` a sentence for people.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
  }
}
