import { setImmediate as nextTurn } from 'node:timers/promises';

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers requests of one turn of the event loop with one call. A process that starts or stops asks the same for each of
 * its subscriptions, and every statement at the same time takes a connection.
 */
export class Gathered<Request, Answer> {
  private waiting: Waiting<Request, Answer>[] = [];

  /** @param answerAll returns the answers in the order of the requests; when it throws, each request fails with that error */
  constructor(private readonly answerAll: (requests: readonly Request[]) => Promise<readonly Answer[]>) {}

  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      if (this.waiting.length === 1) void this.answerWaiting();
    });
  }

  private async answerWaiting(): Promise<void> {
    await nextTurn();
    const waiting = this.waiting.splice(0);
    try {
      const answers = await this.answerAll(waiting.map(({ request }) => request));
      for (const [index, { resolve }] of waiting.entries()) resolve(answers[index]!);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
