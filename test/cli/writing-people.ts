import { type Person, someNames } from '../support/people.js';

/** Users who rename themselves continuously during a test. */
export class WritingPeople {
  private going = false;
  private loops: Promise<void>[] = [];
  /** Number of changes since the start. */
  written = 0;

  private constructor(readonly people: readonly Person[]) {}

  static async of(app: { customer(): Promise<Person> }): Promise<WritingPeople> {
    return new WritingPeople([await app.customer(), await app.customer()]);
  }

  start(): void {
    this.going = true;
    this.loops = this.people.map((person) => this.keepWriting(person));
  }

  /** Rejects unless every answer was a success. */
  async stop(): Promise<void> {
    this.going = false;
    await Promise.all(this.loops);
  }

  private async keepWriting(person: Person): Promise<void> {
    while (this.going) {
      const { status, text } = await person.put(`${person.path}/username`, { username: someNames().username });
      if (status !== 200) throw new Error(`Expected 200, and was answered ${status}: ${text}`);
      this.written++;
    }
  }
}
