import { isDatabaseAway } from '@leftfold/core';
import { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Draining } from '../draining.js';
import { retryBlock } from './live-block.js';
import { LivePace } from './live-pace.js';
import { delayUnlessAborted } from './delay-unless-aborted.js';
import { withComments } from './with-comments.js';

/** The content of a live stream, and when the server ends it. */
export interface LiveAnswer {
  /** Blocks in order. The next block is requested when the client has taken the last. Must end soon after the signal is aborted. */
  readonly blocks: (signal: AbortSignal) => AsyncIterable<string>;
  /** Called every second. The stream ends when it answers false. */
  readonly mayGoOn: () => Promise<boolean>;
  /** When the stream ends at the latest. */
  readonly until: Date;
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
  // A stream may end while the server closes. A connection kept alive then would delay the shutdown.
  connection: 'close',
};
/** How long a stream may take to end after it was told to, in ms. Then the connection is cut. */
const END_LIMIT = 1_000;
/** In ms. A longer timer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Server-sent events, as the HTML standard defines them, with backpressure: at most one block waits in memory beside what the socket holds.
 * All streams end when the application shuts down.
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

  /** Number of open streams in this process. */
  get count(): number {
    return this.open.size;
  }

  /** Answers a request with a stream. The headers are sent at once. */
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
      // A client that reads nothing, or a database that does not answer, must not delay the end.
      const cut = setTimeout(() => raw.destroy(), END_LIMIT);
      raw.once('close', () => clearTimeout(cut));
    });
    // Fires when no byte has moved for this long. It means nothing while there is no byte to send.
    raw.setTimeout(this.pace.stallLimit, () => {
      if (raw.writableLength === 0) return;
      this.logger.log(`${request.caller?.userId ?? 'An unknown caller'} reads no events: the connection is dropped.`);
      raw.destroy();
    });
  }

  private async watchRights({ mayGoOn }: LiveAnswer, ending: AbortController): Promise<void> {
    try {
      while (await delayUnlessAborted(this.pace.rightsCheck, ending.signal)) {
        if (!(await mayGoOn())) ending.abort();
      }
    } catch (error) {
      this.report(error);
      ending.abort();
    }
  }

  /** The client reconnects and resumes from its last event. */
  private report(error: unknown): void {
    if (isDatabaseAway(error)) this.logger.warn(`A stream ended early: ${(error as Error).message}`);
    else this.logger.error(error);
  }
}
