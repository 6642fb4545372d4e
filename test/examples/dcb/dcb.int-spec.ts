import { type EventQuery, exactly, type RecordedEvent, tagsOf } from '@leftfold/core';
import type { Command } from '@nestjs/cqrs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { AppProcess, killLeftovers } from '../../../packages/core/test/support/app-process.js';
import { createKernelDatabase } from '../../../packages/core/test/counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../../support/databases.js';
import { kernelProgram } from '../../../packages/core/test/support/kernel-programs.js';
import { ChangeCapacityCommand, DefineCourseCommand, MOST_COURSES, SubscribeCommand } from './courses.js';
import { ExampleNode } from './example-node.js';
import type { ExampleWork } from './example-program.js';
import { IssueInvoiceCommand } from './invoices.js';
import { OrderProductsCommand, SetPriceCommand } from './prices.js';
import { ConfirmSignUpCommand, InitiateSignUpCommand } from './sign-ups.js';
import { SubmitFormCommand } from './submissions.js';
import { ChangeUsernameCommand, CloseAccountCommand, RegisterAccountCommand } from './usernames.js';

const NOW = new Date('2026-01-31T12:00:00.000Z');
const START_LIMIT = 40_000;
/** So many that some course gets full and some student gets enough, in whatever order they are taken. */
const SEATS = 7;

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe.each(DATABASE_KINDS)('the examples of dcb.events on %s', (kind) => {
  let database: TestDatabase;
  let nodes: [ExampleNode, ExampleNode];

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    nodes = [await ExampleNode.start(database), await ExampleNode.start(database)];
  });

  afterAll(async () => {
    await killLeftovers();
    for (const node of nodes ?? []) await node.stop();
    await database.drop();
  });

  const execute = <R>(command: Command<R>): Promise<R> => nodes[0].execute(command);
  /** Executes all commands at once, one half on each node. Returns their results or codes of refusal. */
  const atOnce = (commands: readonly Command<unknown>[]): Promise<unknown[]> =>
    Promise.all(
      commands.map((command, index) =>
        nodes[index % 2]!.execute(command).catch((error: { code?: string }) => error.code ?? error),
      ),
    );
  const count = (outcomes: readonly unknown[], one: unknown) => outcomes.filter((each) => each === one).length;
  const eventsOf = async (query: EventQuery): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of nodes[0].log.readTagged(query)) events.push(event);
    return events;
  };

  it('courses: a changed capacity counts at once', async () => {
    const [course, students] = [uuidv7(), times(8, () => uuidv7())];
    expect(await atOnce(times(4, () => new DefineCourseCommand(course, 2)))).toEqual(
      expect.arrayContaining([undefined, 'exists', 'exists', 'exists']),
    );
    const subscribe = students.map((student) => new SubscribeCommand(course, student));

    const first = await atOnce(subscribe.slice(0, 4));
    await execute(new ChangeCapacityCommand(course, 5));
    const second = await atOnce([...subscribe.slice(4), ...subscribe.slice(4)]);

    expect(count(first, 'full')).toBe(2);
    expect(second.filter((each) => typeof each === 'object')).toEqual(
      expect.arrayContaining([{ seat: 3 }, { seat: 4 }, { seat: 5 }]),
    );
    expect(second.filter((each) => typeof each === 'object')).toHaveLength(3);
    await expect(execute(new SubscribeCommand(uuidv7(), students[0]!))).rejects.toMatchObject({ code: 'unknown' });
    await expect(execute(new ChangeCapacityCommand(course, 5))).rejects.toMatchObject({ code: 'same-capacity' });
  });

  it('user names: one of many accounts gets a name, and gives it free after the retention', async () => {
    const name = `ann-${uuidv7()}`;
    const [old, next] = [`${name}-old`, `${name}-next`];
    const accounts = times(10, () => uuidv7());
    const registered = await atOnce(accounts.map((id) => new RegisterAccountCommand(id, name.toUpperCase(), NOW)));
    expect([count(registered, undefined), count(registered, 'taken')]).toEqual([1, 9]);
    const holder = accounts[registered.indexOf(undefined)]!;
    const other = uuidv7();
    const late = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

    // Of those who want the next name, one gets it; the name before is kept for its holder.
    await execute(new RegisterAccountCommand(other, old, NOW));
    const changed = await atOnce([
      new ChangeUsernameCommand(holder, next, name, NOW),
      new ChangeUsernameCommand(other, next, old, NOW),
    ]);
    expect([count(changed, undefined), count(changed, 'taken')]).toEqual([1, 1]);
    const [winner, released] = changed[0] === undefined ? [holder, name] : [other, old];
    const register = (username: string, now: Date) => execute(new RegisterAccountCommand(uuidv7(), username, now));
    await expect(register(released, late(2))).rejects.toMatchObject({ code: 'taken' });
    await register(released, late(4));
    await expect(execute(new CloseAccountCommand(uuidv7(), next, NOW))).rejects.toMatchObject({ code: 'not-yours' });
    await execute(new CloseAccountCommand(winner, next, late(5)));
    await expect(register(next, late(7))).rejects.toMatchObject({ code: 'taken' });
    await register(next, late(9));
  });

  it('sign-ups: a code confirms its own address, once, within an hour', async () => {
    const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
    const [email, code] = [`${uuidv7()}@example.com`, `Abc-${uuidv7()}`];
    await execute(new InitiateSignUpCommand(email, code, 'Ann', NOW));
    await execute(new InitiateSignUpCommand(`x${email}`, `${code}x`, 'Bob', NOW));
    const confirm = (address: string, given: string, at = NOW) => execute(new ConfirmSignUpCommand(address, given, at));

    await expect(confirm(`x${email}`, code)).rejects.toMatchObject({ code: 'unknown' });
    await expect(confirm(email, code.toLowerCase())).rejects.toMatchObject({ code: 'unknown' });
    await expect(confirm(email, code, minutes(61))).rejects.toMatchObject({ code: 'expired' });
    const confirmed = await atOnce(times(10, () => new ConfirmSignUpCommand(email.toUpperCase(), code, minutes(60))));
    expect(confirmed).toContainEqual({ name: 'Ann' });
    expect(count(confirmed, 'used')).toBe(9);
  });

  it('prices: a cart is ordered at prices that were shown within the grace period', async () => {
    const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
    const [tea, cup] = [uuidv7(), uuidv7()];
    await execute(new SetPriceCommand(tea, 5, NOW));
    await execute(new SetPriceCommand(cup, 20, NOW));
    await execute(new SetPriceCommand(tea, 6, minutes(30)));
    const order = (teaPrice: number, at: Date) => {
      const items = [
        { productId: tea, price: teaPrice },
        { productId: cup, price: 20 },
      ];
      return execute(new OrderProductsCommand(uuidv7(), items, at));
    };

    await order(5, minutes(40));
    await order(6, minutes(40));
    await expect(order(5, minutes(41))).rejects.toMatchObject({ code: 'price-gone', productId: tea });
    await expect(order(7, minutes(30))).rejects.toMatchObject({ code: 'price-gone' });
    expect(
      await eventsOf({ items: [{ types: ['prices.products-ordered'], tags: tagsOf({ product: cup }) }] }),
    ).toHaveLength(2);
  });

  it('submissions: a form that is sent many times is stored once', async () => {
    const token = uuidv7();

    const submitted = await atOnce(times(20, () => new SubmitFormCommand(token)));

    expect(count(submitted, 'resubmitted')).toBe(19);
    expect(await eventsOf({ items: [{ tags: tagsOf({ submission: exactly(token) }) }] })).toHaveLength(1);
  });

  it('courses and invoices: two processes keep the rules, also when one dies with answers not given', async () => {
    const courses = times(MOST_COURSES + 1, () => uuidv7());
    for (const course of courses) await execute(new DefineCourseCommand(course, SEATS));
    const students = times(8, () => uuidv7());
    const invoices = times(60, () => uuidv7());
    const spawn = async (work: ExampleWork) => {
      const args = [database.url, database.viewsUrl, database.folder, JSON.stringify(work)];
      return AppProcess.spawn({ script: await kernelProgram('examples'), args });
    };
    const dying = await spawn({ invoices: invoices.slice(0, 30), courses, students, dieAfter: 20 });
    const surviving = await spawn({ invoices: invoices.slice(30), courses, students: students.toReversed() });
    for (const each of [dying, surviving]) await each.waitFor(/ready/, START_LIMIT);

    await writeFile(join(database.folder, 'go'), '');
    const exits = await Promise.all([dying.exited, surviving.exited]);

    expect(exits).toEqual([
      { code: null, signal: 'SIGKILL' },
      { code: 0, signal: null },
    ]);
    // A repeat of every command gets its first answer, or is executed now.
    const answered = [...`${dying.stdout}${surviving.stdout}`.matchAll(/^invoice (\S+) (\d+)$/gm)];
    expect(answered.length).toBeGreaterThanOrEqual(30);
    const numbers = new Map<string, number>();
    for (const commandId of invoices) {
      numbers.set(commandId, (await nodes[0].execute(new IssueInvoiceCommand('ann'), { commandId })).number);
    }
    for (const [, commandId, number] of answered) expect(numbers.get(commandId!)).toBe(Number(number));
    expect([...numbers.values()].toSorted((one, two) => one - two)).toEqual(times(60, (index) => index + 1));
    const types = ['courses.student-subscribed'];
    const pairs = (await eventsOf({ items: [{ types }] }))
      .map(({ data }) => data as { courseId: string; studentId: string })
      .filter(({ courseId }) => courses.includes(courseId));
    expect(new Set(pairs.map(({ courseId, studentId }) => `${courseId} ${studentId}`)).size).toBe(pairs.length);
    const seats = (course: string) => pairs.filter(({ courseId }) => courseId === course).length;
    const taken = (student: string) => pairs.filter(({ studentId }) => studentId === student).length;
    expect(Math.max(...courses.map(seats))).toBe(SEATS);
    expect(Math.max(...students.map(taken))).toBe(MOST_COURSES);
    // The survivor asked for each pair, so a seat is free only if everyone else has enough courses.
    const refused = courses.flatMap((course) =>
      students
        .filter((student) => !pairs.some((each) => each.courseId === course && each.studentId === student))
        .map((student) => seats(course) === SEATS || taken(student) === MOST_COURSES),
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused).not.toContain(false);
    expect(surviving.stdout).not.toMatch(/refused (?!full|subscribed|too-many-courses)/);
  });
});
