import { Logger } from '@nestjs/common';
import { CHUNK } from './postings.js';
import { type Filling, LookUpFiller } from './look-up-filler.js';

/** A log of whole chunks, of which each step reads one and each rest stores one. */
class Chunks implements Filling {
  read = 0;
  stored = 0;
  complete = 0;
  failures = 0;

  async step() {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the disk is full');
    }
    if (this.read === this.complete) return { kind: 'complete' as const, filledTo: this.read * CHUNK };
    this.read += 1;
    return { kind: 'filled' as const, filledTo: this.read * CHUNK };
  }

  async rest(): Promise<boolean> {
    if (this.stored === this.read) return false;
    this.stored += 1;
    return true;
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resume) => setTimeout(resume, 1));
}

describe('the filler of the look-ups', () => {
  let chunks: Chunks;
  let filler: LookUpFiller;
  let warned: jest.SpiedFunction<Logger['warn']>;

  const opened = (quiet: number): void => {
    chunks = new Chunks();
    filler = new LookUpFiller(chunks, quiet);
  };
  const grow = (to: number): void => {
    chunks.complete = to;
    filler.notice(to * CHUNK);
  };

  beforeEach(() => {
    warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  });

  afterEach(async () => {
    await filler.close();
    warned.mockRestore();
  });

  it('reads each full chunk, and stores what is in memory only when it is quiet', async () => {
    opened(60_000);
    grow(3);
    await until(() => chunks.read === 3);
    expect(chunks.stored).toBe(0);
    await filler.close();

    opened(1);
    grow(3);
    await until(() => chunks.stored === 3);
    grow(5);
    await until(() => chunks.stored === 5);
    expect(chunks.read).toBe(5);
  });

  it('warns once of a failure, and tries again with the next chunk', async () => {
    opened(60_000);
    chunks.failures = 2;
    grow(1);
    await until(() => chunks.failures === 1);
    grow(2);
    await until(() => chunks.failures === 0);
    grow(3);
    await until(() => chunks.read === 3);
    expect(warned.mock.calls).toEqual([[expect.stringContaining('the disk is full')]]);
  });

  it('stores the rest when it is closed, and reads nothing more', async () => {
    opened(60_000);
    grow(2);
    await until(() => chunks.read === 2);
    await filler.close();
    expect(chunks.stored).toBe(2);
    grow(9);
    await new Promise((resume) => setTimeout(resume, 10));
    expect(chunks).toMatchObject({ read: 2, stored: 2 });
  });
});
