import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppNode } from './app-node.js';
import type { SoakRecord } from './record.js';

export interface Answer {
  readonly status: number;
  readonly position: number;
  readonly body: Record<string, unknown>;
  /** How often the request was sent before without learning what became of it. */
  readonly unanswered: number;
}

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Without an answer for so long, a request counts as lost, in ms. A frozen node answers nothing. */
const PATIENCE = 8_000;
/** The longest pause before a refused request is repeated, in ms. */
const LONGEST_PAUSE = 1_000;

/** Sends requests to any node. What gets no answer is repeated on another one, with the same key. */
export class Asking {
  constructor(
    private readonly nodes: readonly AppNode[],
    private readonly random: () => number,
    private readonly record: SoakRecord,
  ) {}

  /** Repeats a request until it is decided: with success, or with a refusal that the caller judges. */
  async ask(request: Asked): Promise<Answer> {
    const isCommand = request.method !== 'GET' && request.path !== '/sessions';
    const key: Record<string, string> = isCommand ? { 'idempotency-key': randomUUID() } : {};
    let last: AppNode | undefined;
    let unanswered = 0;
    for (let attempt = 0; ; attempt++) {
      const node = this.another(last);
      if (!node) {
        await sleep(100);
        continue;
      }
      last = node;
      const answer = await this.once(node, request, key);
      // A node that can't tell whether its command was stored answers 503.
      if (answer === undefined || answer.status === 503) unanswered += 1;
      if (answer === undefined) {
        this.record.count('requests without an answer');
        continue;
      }
      if (answer.status === 503 || answer.status === 429) {
        this.record.count('requests told to come back');
        await sleep(Math.min(50 * 2 ** Math.min(attempt, 5), LONGEST_PAUSE));
        continue;
      }
      if (answer.status >= 500)
        this.record.find(`${request.method} ${request.path} answered ${JSON.stringify(answer.body)}`);
      if (isCommand && answer.status < 300) this.record.count('commands acknowledged');
      return { ...answer, unanswered };
    }
  }

  /** Any node but the last one, if there is another. A frozen node listens, too. */
  private another(last: AppNode | undefined): AppNode | undefined {
    const listening = this.nodes.filter(({ url }) => url !== undefined);
    const others = listening.filter((node) => node !== last);
    const list = others.length > 0 ? others : listening;
    return list[Math.floor(this.random() * list.length)];
  }

  private async once(
    node: AppNode,
    request: Asked,
    key: Record<string, string>,
  ): Promise<Omit<Answer, 'unanswered'> | undefined> {
    const { method, path, token, body, headers } = request;
    try {
      const response = await fetch(`${node.url}${path}`, {
        method,
        headers: {
          ...key,
          ...headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      const text = await response.text();
      if (response.headers.get('idempotent-replayed') === 'true')
        this.record.count('of these, stored before the answer was lost');
      return {
        status: response.status,
        position: Number(response.headers.get('leftfold-position')),
        body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      };
    } catch {
      // The node was killed, frozen or restarted. The caller counts it, and repeats the request.
      return undefined;
    }
  }
}
