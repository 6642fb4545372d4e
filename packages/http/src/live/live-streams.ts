import { isDatabaseAway } from '@leftfold/core';
import { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Draining } from '../draining.js';
import { retryBlock } from './live-block.js';
import { LivePace } from './live-pace.js';
import { passes } from './passes.js';
import { withComments } from './with-comments.js';

/** What an answer that goes on consists of, and when it ends by itself. */
export interface LiveAnswer {
  /** In order. The next one is asked for when the client has taken the last. Ends soon after the signal is given. */
  readonly blocks: (signal: AbortSignal) => AsyncIterable<string>;
  /** Asked at every heartbeat: the answer ends with the first no. */
  readonly mayGoOn: () => Promise<boolean>;
  /** When it ends at the latest. */
  readonly until: Date;
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would keep events back until it has a buffer full of them.
  'x-accel-buffering': 'no',
  // A stream may end while the server closes: a connection that is kept alive then would hold it up.
  connection: 'close',
};
/** How long an answer may take from the sign to end until it has ended, in ms; then the connection is cut off. */
const LAST_WORDS = 1_000;
/** In ms. A timer that is set for longer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Server-sent events, as the HTML standard has them. A client that reads slowly is read for slowly: no more than one block
 * waits beside what the socket has taken. All of them end when the application is about to.
 */
@Injectable()
export class LiveStreams implements OnModuleInit {
  private readonly logger = new Logger('Live');
  private readonly open = new Set<AbortController>();
  private draining: Draining;

  constructor(
    private readonly modules: ModuleRef,
    private readonly pace: LivePace,
  ) {}

  onModuleInit(): void {
    this.draining = this.modules.get(Draining, { strict: false });
    this.draining.signal.addEventListener('abort', () => {
      for (const ending of this.open) ending.abort();
    });
  }

  /** How many are open in this process. */
  get count(): number {
    return this.open.size;
  }

  /** Answers a request with a stream; headers go out at once. */
  send(reply: FastifyReply, answer: LiveAnswer): void {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    this.open.add(ending);
    const expiry = setTimeout(end, Math.min(answer.until.getTime() - Date.now(), LONGEST_TIMER));
    const text = Readable.from(this.textOf(answer, ending.signal), { highWaterMark: 1 });
    text.once('close', () => {
      end();
      clearTimeout(expiry);
      this.open.delete(ending);
    });
    this.watchConnection(reply, ending);
    void this.watchRights(answer, ending);
    if (this.draining.hasBegun) end();
    void reply.headers(HEADERS).send(text);
  }

  private async *textOf({ blocks }: LiveAnswer, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    yield retryBlock(this.pace.retry);
    try {
      yield* withComments(blocks(signal), this.pace.heartbeat, signal);
    } catch (error) {
      this.report(error);
    }
  }

  private watchConnection({ raw, request }: FastifyReply, ending: AbortController): void {
    raw.once('close', () => ending.abort());
    ending.signal.addEventListener('abort', () => {
      if (raw.closed) return;
      // A client that does not take what is there, or a database that does not answer, must not put off the end.
      const cut = setTimeout(() => raw.destroy(), LAST_WORDS);
      raw.once('close', () => clearTimeout(cut));
    });
    // Fires when not one byte has moved for so long. With nothing to move that means nothing.
    raw.setTimeout(this.pace.patience, () => {
      if (raw.writableLength === 0) return;
      this.logger.log(`${request.caller?.userId ?? 'Somebody'} takes no events: the connection is dropped.`);
      raw.destroy();
    });
  }

  private async watchRights({ mayGoOn }: LiveAnswer, ending: AbortController): Promise<void> {
    try {
      while (await passes(this.pace.heartbeat, ending.signal)) {
        if (!(await mayGoOn())) ending.abort();
      }
    } catch (error) {
      this.report(error);
      ending.abort();
    }
  }

  /** The client connects again, and goes on where it was. */
  private report(error: unknown): void {
    if (isDatabaseAway(error)) this.logger.warn(`A stream ends before its time: ${(error as Error).message}`);
    else this.logger.error(error);
  }
}
