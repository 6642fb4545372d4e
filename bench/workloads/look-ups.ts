import { WrongResultError } from '../contract.js';
import { send } from '../http/send.js';
import { startServer } from '../http/start-server.js';
import { quantile } from '../harness/statistics.js';
import type { Figure, RowOfTable, Workload } from './workload.js';

const row = (filter: string): RowOfTable => ({
  key: `W12 ${filter}`,
  title: `GET /events?${filter}= right after the append, at its position`,
  unit: 'ms',
  isTime: true,
  also: { words: 'p99 < 60 ms', isMet: ({ p99 = 0 }) => p99 < 60 },
});

/** What an event is found by, as soon as it is there. */
export const LOOK_UPS: Workload = {
  id: 'W12',
  contestants: ['leftfold'],
  rows: [row('correlationId'), row('actor')],
  run: async (_, target, { isQuick }, contestant) => {
    const server = await startServer({ contestant, target, users: 4 });
    const times: Record<'correlationId' | 'actor', number[]> = { correlationId: [], actor: [] };
    try {
      for (let index = 0; index < (isQuick ? 20 : 200); index++) {
        const { userId, token } = server.users[index % server.users.length]!;
        const name = index.toString(2).padStart(10, '0').replaceAll('0', 'k').replaceAll('1', 'x');
        const body = { username: `Name ${name}` };
        const put = await send(server.url, 'PUT', `/users/${userId}/username`, { body, token });
        const position = put.headers.get('leftfold-position')!;
        const values = { correlationId: put.headers.get('x-correlation-id')!, actor: userId };
        for (const filter of ['correlationId', 'actor'] as const) {
          const start = performance.now();
          const path = `/events?${filter}=${values[filter]}&after=${Number(position) - 1}`;
          const found = await send(server.url, 'GET', path, {
            token: server.operator,
            headers: { 'leftfold-min-position': position },
          });
          times[filter].push(performance.now() - start);
          const { items } = found.body as { items: { position: number }[] };
          if (!items.some((each) => each.position === Number(position))) {
            throw new WrongResultError(`${path} lacks the event at ${position}`);
          }
        }
      }
    } finally {
      await server.stop();
    }
    return { 'W12 correlationId': figureOf(times.correlationId), 'W12 actor': figureOf(times.actor) };
  },
};

function figureOf(times: readonly number[]): Figure {
  return { value: quantile(times, 0.5), p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
