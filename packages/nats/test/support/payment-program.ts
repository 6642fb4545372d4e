import 'reflect-metadata';
import { writeLine } from '../../../core/src/conformance/write-line.js';
import { TypeOrmEventLog } from '../../../core/src/event-log/typeorm-event-log.js';
import { bootKernel } from '../../../core/test/counters/counter-node.js';
import { beforeCommand, paymentsFrom } from './recorded-payments.js';

/** What a process has to do. */
export interface PaymentWork {
  readonly servers: readonly string[];
  readonly subject: string;
  /** Where it kills itself, if it does: before a command, or when it is stored and not acknowledged. */
  readonly dies?: 'before the command' | 'after the commit';
  /** At which message it does so. */
  readonly at?: number;
}

// payment-program.js <log's URL> <read models' URL> <work as JSON>
// It handles messages until it is killed.
const [url, viewsUrl, json] = process.argv.slice(2) as [string, string, string];
const { servers, subject, dies, at = 1 } = JSON.parse(json) as PaymentWork;
let reached = 0;
const dieAt = (): void => {
  reached += 1;
  if (reached < at) return;
  process.kill(process.pid, 'SIGKILL');
  // No further code may run while the signal is under way.
  for (;;);
};

if (dies === 'before the command') beforeCommand.call = dieAt;
if (dies === 'after the commit') {
  const append = Object.getOwnPropertyDescriptor(TypeOrmEventLog.prototype, 'append')!
    .value as TypeOrmEventLog['append'];
  TypeOrmEventLog.prototype.append = async function dieAfterwards(this: TypeOrmEventLog, ...given) {
    const result = await append.apply(this, given);
    dieAt();
    return result;
  };
}

const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const database = { kind, url, viewsUrl, folder: '', drop: async () => undefined } as const;
await bootKernel(database, { leaseTtl: 300 }, paymentsFrom(servers, kind, subject));
writeLine('ready');
