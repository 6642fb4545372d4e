import { v7 as uuidv7 } from 'uuid';
import {
  AggregateExistsError,
  decisionModel,
  Decisions,
  EventSourcingModule,
  existing,
  existingOrNew,
  type RecordedEvent,
} from '../../src/index.js';
import { GuardedEvents } from '../../src/decisions/guard.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import {
  Counter,
  CounterFullError,
  CounterNotFoundError,
  CounterOpened,
  CounterRaised,
  NameTakenError,
} from '../counters/counter.js';
import { CounterNode } from '../counters/counter-node.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import {
  COURSE_FEATURE,
  COURSE_HANDLERS,
  CourseDefined,
  CourseFullError,
  InvoiceNumbers,
  IssueInvoiceCommand,
  Seats,
  StudentCourses,
  SubscribeCommand,
  TooManyCoursesError,
} from './courses.js';
import { DoCommand, DoHandler } from './do-command.js';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe.each(DATABASE_KINDS)('decisions on %s', (kind) => {
  let database: TestDatabase;
  let node: CounterNode;
  let other: CounterNode;

  const start = () =>
    CounterNode.start(
      database,
      {},
      { imports: [EventSourcingModule.forFeature(COURSE_FEATURE)], providers: [...COURSE_HANDLERS, DoHandler] },
    );

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await start();
    other = await start();
  });

  afterAll(async () => {
    await node?.stop();
    await other?.stop();
    await database.drop();
  });

  const decisions = (on = node) => on.get(Decisions);
  const define = (courseId: string, capacity: number): Promise<void> =>
    decisions().decide({}, (_, changes) => changes.append(`course-${courseId}`, new CourseDefined(courseId, capacity)));
  const subscribe = (courseId: string, studentId: string, on = node) =>
    on.commands.execute(new SubscribeCommand(courseId, studentId));
  const seatsOf = (courseId: string, on = node) =>
    decisions(on).decide({ seats: Seats.of(courseId) }, ({ seats: { taken, capacity } }) => ({ taken, capacity }));
  const openCounter = async (value = 0): Promise<string> => {
    const id = uuidv7();
    const events = [new CounterOpened(id, id), ...(value > 0 ? [new CounterRaised(id, value)] : [])];
    await decisions().decide({}, (_, changes) => changes.append(`counter-${id}`, ...events));
    return id;
  };
  const valueOf = async (id: string): Promise<number> => (await node.aggregates.load(Counter, id)).value;
  const eventsOf = async (stream: string): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of node.log.readStream(stream)) events.push(event);
    return events;
  };

  it('keeps rules over several streams, when two nodes decide at once', async () => {
    const courses = times(4, () => uuidv7());
    // With more seats, each of the students may find one in three courses before any course is full.
    const seats = 9;
    for (const courseId of courses) await define(courseId, seats);
    const students = times(12, () => uuidv7());
    const attempts = students.flatMap((studentId, index) =>
      courses.map((courseId) => subscribe(courseId, studentId, index % 2 ? node : other)),
    );

    const settled = await Promise.allSettled(attempts);

    const refused = settled.filter((each) => each.status === 'rejected').map(({ reason }) => reason as Error);
    expect(refused.every((each) => each instanceof CourseFullError || each instanceof TooManyCoursesError)).toBe(true);
    const taken = await Promise.all(courses.map(async (courseId) => (await seatsOf(courseId)).taken));
    expect(taken.reduce((sum, each) => sum + each)).toBe(settled.length - refused.length);
    expect(Math.max(...taken)).toBe(seats);
    for (const studentId of students) {
      const model = { student: StudentCourses.of(studentId) };
      const count = await decisions().decide(model, ({ student }) => student.courseIds.size);
      expect(count).toBeLessThanOrEqual(3);
    }
  });

  it('gives numbers without gaps to 120 callers on two nodes, and a repeat gets its own again', async () => {
    const before = await decisions().decide({ numbers: decisionModel(InvoiceNumbers) }, ({ numbers }) => numbers.last);
    const issue = (commandId: string, on: CounterNode) =>
      on.from({ commandId }, () => on.commands.execute(new IssueInvoiceCommand('ann')));
    const commandIds = times(120, () => uuidv7());

    const issued = await Promise.all(commandIds.map((id, index) => issue(id, index % 2 ? node : other)));

    const numbers = issued.map(({ result }) => result.number);
    expect(numbers.toSorted((one, two) => one - two)).toEqual(times(120, (index) => before + index + 1));
    const again = await issue(commandIds[7]!, node);
    expect(again).toEqual({ result: { number: numbers[7] }, outcome: { ...issued[7]!.outcome, repeated: true } });
  });

  it('changes two aggregates in one append, or none', async () => {
    const [from, to] = [await openCounter(3), await openCounter(8)];
    const move = (by: number) =>
      decisions().decide({ from: existing(Counter, from), to: existing(Counter, to) }, (counters) => {
        counters.from.raise(-by);
        counters.to.raise(by, 10);
        return { moved: by };
      });

    await expect(move(2)).resolves.toEqual({ moved: 2 });
    await expect(move(1)).rejects.toThrow(CounterFullError);
    expect([await valueOf(from), await valueOf(to)]).toEqual([1, 10]);
    const [one, two] = [(await eventsOf(`counter-${from}`)).at(-1)!, (await eventsOf(`counter-${to}`)).at(-1)!];
    expect(two.position).toBe(one.position + 1);
  });

  it('decides again when an aggregate that it only reads has changed', async () => {
    const [limit, counter] = [await openCounter(1), await openCounter()];
    const seen: number[] = [];

    await decisions().decide({ limit: existing(Counter, limit), counter: existing(Counter, counter) }, async (it) => {
      seen.push(it.limit.value);
      if (seen.length === 1) await other.aggregates.update(Counter, limit, (each) => each.raise(1));
      it.counter.raise(it.limit.value);
    });

    expect(seen).toEqual([1, 2]);
    expect(await valueOf(counter)).toBe(2);
  });

  it.each([
    ['without a command id', undefined],
    ['with a command id', uuidv7()],
  ])('answers the last event of its own stream when it changes nothing, %s', async (_, commandId) => {
    const [id, later] = [await openCounter(1), await openCounter(1)];
    // The kernel keeps a state that it has loaded twice.
    for (let each = 0; each < 2; each++) await node.aggregates.update(Counter, id, (counter) => counter.raise(1));
    const { position, version } = (await eventsOf(`counter-${id}`)).at(-1)!;
    await decisions(other).decide({}, (_states, changes) => {
      changes.append(`counter-${later}`, new CounterRaised(later, 1), new CounterOpened(later, id));
    });
    const guard = GuardedEvents.of({ query: { tags: [{ name: 'name', value: id }] } });
    const participants = { named: guard, own: existing(Counter, id), later: existing(Counter, later) };
    const attempt = () =>
      node.from({ commandId }, () =>
        node.commands.execute(
          new DoCommand(() => decisions().decide(participants, ({ named }) => ({ named: named.events.length }))),
        ),
      );

    const first = await attempt();

    expect(first).toEqual({ result: { named: 2 }, outcome: { position, version, repeated: false } });
    const again = { ...first.outcome!, repeated: commandId !== undefined };
    expect(await attempt()).toEqual({ ...first, outcome: again });
  });

  it('creates or updates, also when two nodes do at once', async () => {
    const id = uuidv7();
    const raise = (on: CounterNode) => on.aggregates.upsert(Counter, id, (counter) => counter.raise(1));

    await Promise.all(times(20, (index) => raise(index % 2 ? node : other)));

    expect(await valueOf(id)).toBe(20);
    const missing = { counter: existing(Counter, uuidv7()) };
    await expect(decisions().decide(missing, () => undefined)).rejects.toThrow(CounterNotFoundError);
    const isNew = { counter: existingOrNew(Counter, uuidv7()) };
    expect(await decisions().decide(isNew, ({ counter }) => counter.version)).toBe(0);
  });

  it('refuses to create an aggregate that is there, and stores nothing', async () => {
    const [id, course] = [await openCounter(), uuidv7()];

    const attempt = decisions().decide({ seats: Seats.of(course) }, (_, changes) => {
      changes.append(`course-${course}`, new CourseDefined(course, 1));
      changes.create(Counter, Counter.open(id, id));
    });

    await expect(attempt).rejects.toThrow(AggregateExistsError);
    expect(await eventsOf(`course-${course}`)).toEqual([]);
  });

  it('checks a guard, the short form, and decides again when a further event matches', async () => {
    const name = uuidv7();
    const seen: number[] = [];
    const guard = {
      query: { tags: [{ name: 'name', value: name }] },
      check: (events: readonly object[]) => {
        seen.push(events.length);
        if (events.length > 0) throw new NameTakenError(`${name} is taken.`);
      },
    };
    const create = (on: CounterNode) => {
      const id = uuidv7();
      return on.aggregates.create(Counter, Counter.open(id, name), { guard, result: { id } });
    };

    const settled = await Promise.allSettled(times(20, (index) => create(index % 2 ? node : other)));

    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of settled) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(NameTakenError);
    const counter = await openCounter();
    await expect(node.aggregates.update(Counter, counter, (it) => it.raise(1), { guard })).rejects.toThrow(
      NameTakenError,
    );
    await expect(node.aggregates.upsert(Counter, counter, (it) => it.raise(1), { guard })).rejects.toThrow(
      NameTakenError,
    );
    expect(new Set(seen)).toEqual(new Set([0, 1]));
  });

  it('finds the events of a guard by any name of their class, and refuses a type that no event has', async () => {
    const course = uuidv7();
    const old = { type: 'courses.student-enrolled', data: { courseId: course, studentId: 'bob' } };
    const tags = [{ name: 'course', value: course }];
    await node.log.append([{ stream: `course-${course}`, expected: 'any', events: [{ ...old, tags }] }]);
    const counter = await openCounter();
    const raise = (type: string): Promise<unknown> => {
      const check = (events: readonly object[]): void => {
        if (events.length > 0) throw new NameTakenError('Somebody has enrolled.');
      };
      return node.aggregates.update(Counter, counter, (it) => it.raise(1), {
        guard: { query: { tags, types: [type] }, check },
      });
    };

    await expect(raise('courses.student-subscribed')).rejects.toThrow(NameTakenError);
    await expect(raise('courses.student-subscribbed')).rejects.toThrow(/no registered event has this name/);
  });
});
