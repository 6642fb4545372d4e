import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VerifyProgress } from '../../src/operations/verify/log-verifier.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { beforeStatements } from './before-statements.js';
import { Movement } from './movement.js';
import { VerifiedLog } from './verified-log.js';

const ROUNDS = 15;
const STEPS = 60;

describe.each(DATABASE_KINDS)('verify, while everything moves, on %s', (kind) => {
  let verified: VerifiedLog;

  beforeEach(async () => {
    verified = await VerifiedLog.open(kind);
    await verified.appendRounds(50, 4);
  });
  afterEach(() => verified.close());

  it('reports nothing wrong when others commit between two of its statements', async () => {
    const movement = await Movement.begin(verified.databases, verified.log);
    const { events, views } = verified.databases;
    const moves: number[] = [];
    for (const { read } of [events, views]) {
      beforeStatements(read, async () => {
        // A step reads, too.
        if (!movement.isUnderWay) moves.push(await movement.step());
      });
    }
    for (let round = 0; round < ROUNDS; round++) {
      const progress: VerifyProgress[] = [];
      const report = await verified.verify({ onProgress: (each) => progress.push(each) });
      expect(report).toMatchObject({ findings: [], subscriptions: 2 });
      // Events appended after the head was read are not checked.
      expect(progress).toEqual([{ events: report.events, of: report.events, findings: 0 }]);
    }
    // Two reads of state, two of the log's extent, its events, two of the last events, and the parking.
    expect(moves.length).toBeGreaterThanOrEqual(8 * ROUNDS - 2);
    expect(new Set(moves).size).toBe(moves.length);
    expect(movement.parkedInAll).toBeGreaterThan(ROUNDS);
    expect(movement.releasedInAll).toBeGreaterThan(ROUNDS);
  });

  it('reports nothing wrong while other processes work', async () => {
    const movement = await Movement.begin(verified.databases, verified.log);
    const before = await verified.log.head();
    const heads = new Set<number>();
    const progress = { steps: 0, over: false };
    const work = async (): Promise<void> => {
      try {
        // However slow a verification is beside it, it sees several moments.
        while (!progress.over && (progress.steps < STEPS || heads.size <= 3)) {
          await movement.step();
          progress.steps += 1;
          // SQLite answers synchronously, so yield to the event loop.
          await nextTurn();
        }
      } finally {
        progress.over = true;
      }
    };
    const others = work();
    try {
      while (!progress.over) {
        const report = await verified.verify();
        expect(report.findings).toEqual([]);
        heads.add(report.events);
      }
    } finally {
      progress.over = true;
      await others;
    }
    expect(await verified.log.head()).toBe(before + 3 * progress.steps);
  });
});
