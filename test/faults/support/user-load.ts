import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../support/client.js';
import { type Person, someNames } from '../../support/people.js';
import type { TestApp } from '../../support/test-app.js';
import type { Seed } from './seed.js';

const PEOPLE = 6;

/** A request and its answer; a command that says what it wrote can be found in the log. */
export interface Asked {
  readonly what: string;
  readonly answer: Answer;
  /** The user name that this command alone wrote, and nobody else ever. */
  readonly wrote?: string;
  /** Sends it again; for commands with a key. */
  readonly repeat?: () => Promise<Answer>;
}

/** People who send commands and queries of every kind without a pause. */
export class UserLoad {
  readonly answered: Asked[] = [];
  private going = false;
  private loops: Promise<void>[] = [];

  private constructor(
    private readonly app: TestApp,
    private readonly seed: Seed,
    readonly people: readonly Person[],
    private readonly operator: Person,
  ) {}

  static async of(app: TestApp, seed: Seed): Promise<UserLoad> {
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => app.customer()));
    return new UserLoad(app, seed, people, await app.operator());
  }

  start(): void {
    this.going = true;
    const kinds = [
      (person: Person) => this.rename(person),
      (person: Person) => this.query(person),
      () => this.registerOrSignIn(),
    ];
    this.loops = this.people.flatMap((person) => kinds.map((ask) => this.keep(() => ask(person))));
  }

  async stop(): Promise<void> {
    this.going = false;
    await Promise.all(this.loops);
  }

  successesSince(index: number): number {
    return this.answered.slice(index).filter(({ answer }) => answer.status < 300).length;
  }

  summary(): string {
    const busy = this.answered.filter(({ answer }) => answer.status === 503);
    const commands = this.answered.filter(({ wrote }) => wrote !== undefined);
    const busyCommands = busy.filter(({ wrote }) => wrote !== undefined);
    return (
      `${commands.length} commands (${busyCommands.length} told that it is busy), ` +
      `${this.answered.length - commands.length} others (${busy.length - busyCommands.length})`
    );
  }

  /** Sends every command that was answered with busy, and has a key, once more. */
  async repeatBusy(): Promise<Asked[]> {
    const repeated: Asked[] = [];
    for (const asked of this.answered) {
      if (asked.answer.status === 503 && asked.repeat) repeated.push({ ...asked, answer: await asked.repeat() });
    }
    return repeated;
  }

  private async keep(ask: () => Promise<Asked>): Promise<void> {
    while (this.going) {
      const asked = await ask();
      this.answered.push(asked);
      if (asked.answer.status === 503) await sleep(20);
    }
  }

  private async rename(person: Person): Promise<Asked> {
    const username = `Name ${randomUUID()}`;
    const key = this.seed.random() < 0.7 ? username : undefined;
    const send = (): Promise<Answer> =>
      person.put(`${person.path}/username`, { username }, key ? { 'idempotency-key': key } : {});
    return { what: 'PUT username', answer: await send(), wrote: username, ...(key ? { repeat: send } : {}) };
  }

  private async query(person: Person): Promise<Asked> {
    const path = this.seed.pick([
      person.path,
      '/users/me',
      `${person.path}?version=1`,
      `${person.path}/history`,
      '/users?limit=5',
      '/events?limit=5',
    ]);
    const who = path.startsWith('/users?') || path.startsWith('/events') ? this.operator : person;
    return { what: `GET ${path}`, answer: await who.get(path) };
  }

  /** The slow ones, which hash a password. */
  private async registerOrSignIn(): Promise<Asked> {
    if (this.seed.random() < 0.5) {
      const { email, password } = this.seed.pick(this.people);
      return { what: 'POST sign-in', answer: await this.app.anyone.post('/sessions', { email, password }) };
    }
    const names = someNames();
    const send = (): Promise<Answer> => this.app.anyone.post('/users', names, { 'idempotency-key': names.username });
    return { what: 'POST user', answer: await send(), wrote: names.username, repeat: send };
  }
}
