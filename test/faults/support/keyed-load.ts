import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../support/client.js';
import { expectProblem } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { isReplayed } from '../../idempotency/keys.js';
import { type AskedApp, type KeyedCommand, someCommand } from './keyed-commands.js';
import { isLost } from './lost.js';
import { untilNoneLeft } from './until-none-left.js';
import type { Seed } from '../../../packages/core/test/faults/support/seed.js';

/** Users who send commands one after the other. They repeat lost and busy requests with the same key. */
export class KeyedLoad {
  readonly succeeded = new Map<KeyedCommand, Answer>();
  /** How many requests got no answer, were refused as busy, or got a lost answer on the repeat. */
  readonly count = { lost: 0, busy: 0, replayed: 0 };
  private readonly pending = new Map<Person, KeyedCommand>();
  private going = false;
  private working: Promise<unknown> = Promise.resolve();
  /** The current number of consecutive busy answers. */
  private busyInARow = 0;
  private failure: Error | undefined;

  constructor(
    private readonly people: readonly Person[],
    private readonly seed: Seed,
  ) {}

  /** Starts sending. Each user stops at the first request without an answer. */
  start(app: AskedApp): void {
    this.going = true;
    this.working = Promise.all(
      this.people.map(async (person) => {
        while (this.going) {
          const command = this.pending.get(person) ?? someCommand(this.seed, person);
          this.pending.set(person, command);
          if (!(await this.send(app, person, command))) return;
        }
      }),
    );
    this.working.catch((error: Error) => (this.failure = error));
  }

  /** Waits until this many more commands have succeeded. */
  async succeed(more: number): Promise<void> {
    const wanted = this.succeeded.size + more;
    await this.until(() => wanted - this.succeeded.size, 'commands did not succeed');
  }

  /** Waits until this many consecutive answers were busy. */
  async beRefused(times: number): Promise<void> {
    this.busyInARow = 0;
    await this.until(() => times - this.busyInARow, 'commands were not refused');
  }

  /** Starts no more commands, and waits for pending answers. */
  async stop(): Promise<void> {
    this.going = false;
    await this.working;
  }

  /** Repeats the remaining commands until they succeed. */
  async finish(app: AskedApp, limit = 20_000): Promise<void> {
    await this.stop();
    for (const [person, command] of this.pending) {
      const deadline = Date.now() + limit;
      while (this.pending.get(person) === command) {
        if (Date.now() > deadline) throw new Error(`${this.pending.size} commands have not succeeded.`);
        if (!(await this.send(app, person, command))) throw new Error('There was no answer.');
      }
    }
  }

  private until(left: () => number, problem: string): Promise<void> {
    return untilNoneLeft(() => {
      if (this.failure) throw this.failure;
      return left();
    }, problem);
  }

  /** Whether there was an answer. */
  private async send(app: AskedApp, person: Person, command: KeyedCommand): Promise<boolean> {
    let answer: Answer;
    try {
      answer = await command.send(app);
    } catch (error) {
      if (!isLost(error)) throw error;
      this.count.lost += 1;
      return false;
    }
    if (answer.status === 503) {
      expectProblem(answer, 503, 'busy');
      this.count.busy += 1;
      this.busyInARow += 1;
      await sleep(25);
      return true;
    }
    expectSuccess(command, answer);
    this.busyInARow = 0;
    if (isReplayed(answer)) this.count.replayed += 1;
    this.succeeded.set(command, answer);
    this.pending.delete(person);
    return true;
  }
}

function expectSuccess({ type }: KeyedCommand, { status, text }: Answer): void {
  expect({ status, text }).toEqual({
    status: type === 'users.user-registered' ? 201 : 200,
    text: expect.stringMatching(/^\{"userId":"[\w-]+"\}$/),
  });
}
