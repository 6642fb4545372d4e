import { eventually } from '../../packages/core/test/support/eventually.js';
import type { TestApp } from '../support/test-app.js';

const ID = /^id: (\d+)\ndata: /;

/** A caller with an access token. */
export interface Listener {
  readonly token: string;
}

/** Reads `/events/live` byte by byte. */
export class LiveReader {
  /** The complete blocks, without the empty lines between. */
  readonly blocks: string[] = [];
  /** Positions of the events in these blocks. */
  readonly ids: number[] = [];
  /** Whether the server has ended the stream. */
  ended = false;
  private begun = '';

  private constructor(
    readonly response: Response,
    private readonly closing: AbortController,
  ) {
    void this.read();
  }

  static async open(
    app: TestApp,
    { token }: Listener,
    query = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LiveReader> {
    const closing = new AbortController();
    const authorization = `Bearer ${token}`;
    const response = await fetch(`${await app.nest.getUrl()}/events/live${query}`, {
      headers: { accept: 'text/event-stream', authorization, ...headers },
      signal: closing.signal,
    });
    return new LiveReader(response, closing);
  }

  async until(assertion: (reader: this) => void): Promise<void> {
    await eventually(() => assertion(this));
  }

  untilEnded(): Promise<void> {
    return this.until(({ ended }) => {
      if (!ended) throw new Error('The server has not ended the stream.');
    });
  }

  close(): void {
    this.closing.abort();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body!) this.take(decoder.decode(chunk as Uint8Array, { stream: true }));
      this.ended = true;
    } catch (error) {
      if (!this.closing.signal.aborted) throw error;
    }
  }

  private take(text: string): void {
    const blocks = (this.begun + text).split('\n\n');
    this.begun = blocks.pop() ?? '';
    for (const block of blocks) {
      this.blocks.push(block);
      const id = ID.exec(block)?.[1];
      if (id !== undefined) this.ids.push(Number(id));
    }
  }
}
