import { WrongResultError } from '../contract.js';
import { clocked } from '../harness/clocked.js';
import { accountId } from './dataset.js';
import type { Figure, Workload } from './workload.js';

const FIRST = 'W13/100';
/** Invoices for one figure. */
const SAMPLE = 100;

/** An invoice number without gaps must not become slower with the number of invoices. */
export const INVOICES: Workload = {
  id: 'W13',
  contestants: ['leftfold'],
  rows: [
    { key: FIRST, title: 'issue of about the 100th invoice number', unit: 'ms', isTime: true },
    {
      key: 'W13',
      title: 'issue of about the 100,000th',
      unit: 'ms',
      isTime: true,
      limit: { contestant: 'self', row: FIRST },
      goal: 1.5,
    },
  ],
  run: async (_, target, { isQuick }) => {
    const [{ startKernel }, { INVOICES: feature, issueInvoice }, { Decisions, EventLog }] = await Promise.all([
      import('../leftfold/kernel.js'),
      import('../leftfold/invoices.js'),
      import('@leftfold/core'),
    ]);
    const app = await startKernel(target, { runSubscriptions: false }, { extra: feature });
    try {
      const decisions = app.get(Decisions, { strict: false });
      const log = app.get(EventLog, { strict: false });
      let issued = 0;
      const issue = async (count: number): Promise<Figure> => {
        const { took } = await clocked(async () => {
          for (let index = 0; index < count; index++) {
            const number = await issueInvoice(decisions, accountId(issued % 1_000));
            if (number !== ++issued) throw new WrongResultError(`invoice ${issued} got the number ${number}`);
          }
        });
        return { value: took / count };
      };
      await issue(SAMPLE / 2);
      const first = await issue(SAMPLE);
      for (const end = isQuick ? 2_000 : 100_000; issued < end; issued += 1_000) {
        await log.append(
          Array.from({ length: 1_000 }, (_, index) => issued + index + 1).map((number) => ({
            stream: `invoice-${number}`,
            expected: 0,
            events: [{ type: 'invoices.invoice-issued', data: { number, customerId: accountId(number % 1_000) } }],
          })),
        );
      }
      return { [FIRST]: first, W13: await issue(SAMPLE) };
    } finally {
      await app.close();
    }
  },
};
