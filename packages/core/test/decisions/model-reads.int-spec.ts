import { v7 as uuidv7 } from 'uuid';
import { Databases, Decisions, EventSourcingModule } from '../../src/index.js';
import { ModelSnapshots } from '../../src/decisions/model-snapshots.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { CounterNode } from '../counters/counter-node.js';
import { type WatchedRead, watchingReads } from '../support/watched-reads.js';
import {
  COURSE_FEATURE,
  COURSE_HANDLERS,
  CourseDefined,
  CourseFullError,
  InvoiceIssued,
  IssueInvoiceCommand,
  Seats,
  SubscribeCommand,
} from './courses.js';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe.each(DATABASE_KINDS)('what a decision model reads on %s', (kind) => {
  let database: TestDatabase;
  let node: CounterNode;

  const start = () =>
    CounterNode.start(
      database,
      {},
      { imports: [EventSourcingModule.forFeature(COURSE_FEATURE)], providers: COURSE_HANDLERS },
    );

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await start();
  });

  afterAll(async () => {
    await node?.stop();
    await database.drop();
  });

  const decisions = (on = node) => on.get(Decisions);
  const define = (courseId: string, capacity: number): Promise<void> =>
    decisions().decide({}, (_, changes) => changes.append(`course-${courseId}`, new CourseDefined(courseId, capacity)));
  const subscribe = (courseId: string, studentId: string) =>
    node.commands.execute(new SubscribeCommand(courseId, studentId));
  const seatsOf = (courseId: string, on = node) =>
    decisions(on).decide({ seats: Seats.of(courseId) }, ({ seats: { taken, capacity } }) => ({ taken, capacity }));

  it('is also events that were stored under an earlier name', async () => {
    const course = uuidv7();
    await define(course, 1);
    const old = { type: 'courses.student-enrolled', data: { courseId: course, studentId: 'bob' } };
    const tags = [{ name: 'course', value: course }];
    await node.log.append([{ stream: `course-${course}`, expected: 'any', events: [{ ...old, tags }] }]);

    await expect(subscribe(course, uuidv7())).rejects.toThrow(CourseFullError);
  });

  it('is only what is new, and after a restart what came after the snapshot', async () => {
    const course = uuidv7();
    await define(course, 1_000);
    const students = times(250, () => ({
      type: 'courses.student-subscribed',
      data: { courseId: course, studentId: uuidv7() },
      tags: [{ name: 'course', value: course }],
    }));
    await node.log.append([{ stream: `course-${course}`, expected: 'any', events: students }]);
    const folds = async (work: () => Promise<unknown>): Promise<number> => {
      const before = Seats.folded;
      await work();
      return Seats.folded - before;
    };

    expect(await folds(() => seatsOf(course))).toBe(251);
    expect(await folds(() => subscribe(course, uuidv7()))).toBe(0);
    expect(await folds(() => seatsOf(course))).toBe(1);
    await node.get(ModelSnapshots).settled();
    const restarted = await start();
    try {
      expect(
        await folds(async () => expect(await seatsOf(course, restarted)).toEqual({ taken: 251, capacity: 1_000 })),
      ).toBe(1);
    } finally {
      await restarted.stop();
    }
  });

  it('is one event of each set of tags when only the last ones count', async () => {
    const events = times(600, (index) => new InvoiceIssued(index + 1_000, 'ann'));
    await decisions().decide({}, (_, changes) => changes.append(`invoice-${uuidv7()}`, ...events));
    const found: number[] = [];
    const note = ({ sql, rows }: WatchedRead): void => void (sql.includes('as found') && found.push(rows));
    const issue = () => node.commands.execute(new IssueInvoiceCommand('ann'));

    expect(await watchingReads(node.get(Databases).events, note, issue)).toEqual({ number: 1_600 });
    expect(found).toEqual([1]);
  });
});
