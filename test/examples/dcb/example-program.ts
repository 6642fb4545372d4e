import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TypeOrmEventLog } from '../../../packages/core/src/event-log/typeorm-event-log.js';
import { writeLine } from '../../../packages/core/src/conformance/write-line.js';
import { SubscribeCommand } from './courses.js';
import { ExampleNode } from './example-node.js';
import { IssueInvoiceCommand } from './invoices.js';

/** What a process has to do. */
export interface ExampleWork {
  /** It issues an invoice with each of these command ids. */
  readonly invoices: readonly string[];
  readonly courses: readonly string[];
  /** Every student subscribes to every course. */
  readonly students: readonly string[];
  /** It kills itself after this many stored appends, before the command is answered. */
  readonly dieAfter?: number;
}

// example-program.js <log's URL> <read models' URL> <folder> <work as JSON>
// It starts to work when a file `go` is in the folder, all at once, and prints a line for each answer.
const [url, viewsUrl, folder, json] = process.argv.slice(2) as [string, string, string, string];
const { invoices, courses, students, dieAfter } = JSON.parse(json) as ExampleWork;

const append = Object.getOwnPropertyDescriptor(TypeOrmEventLog.prototype, 'append')!.value as TypeOrmEventLog['append'];
let stored = 0;
TypeOrmEventLog.prototype.append = async function dieAfterwards(this: TypeOrmEventLog, ...given) {
  const result = await append.apply(this, given);
  stored += 1;
  if (stored === dieAfter) process.kill(process.pid, 'SIGKILL');
  return result;
};

const node = await ExampleNode.start({ url, viewsUrl });
writeLine('ready');
while (!existsSync(join(folder, 'go'))) await sleep(5);

const issue = async (commandId: string): Promise<void> => {
  const { number } = await node.execute(new IssueInvoiceCommand('ann'), { commandId });
  writeLine(`invoice ${commandId} ${number}`);
};
const subscribe = async (courseId: string, studentId: string): Promise<void> => {
  const outcome = await node.execute(new SubscribeCommand(courseId, studentId)).then(
    ({ seat }) => `seat ${seat}`,
    (error: { readonly code?: string }) => `refused ${error.code}`,
  );
  writeLine(`subscription ${courseId} ${studentId} ${outcome}`);
};
await Promise.all([
  ...students.flatMap((student) => courses.map((course) => subscribe(course, student))),
  ...invoices.map(issue),
]);
await node.stop();
