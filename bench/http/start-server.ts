import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Server, ServeOrder } from './serve.js';

/** Starts an application in a process of its own. Mails that it writes land in the folder of the database. */
export async function startServer(order: ServeOrder): Promise<Server & { stop: () => Promise<void> }> {
  const child = fork(join(import.meta.dirname, 'serve.mjs'), [JSON.stringify(order)], {
    cwd: order.target.folder,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const failed = gone.then(([code]) => {
    throw new Error(`The application ended with ${code}.`);
  });
  const [server] = (await Promise.race([once(child, 'message'), failed])) as [Server];
  // It has begun. When it ends later, its requests fail.
  failed.catch(() => undefined);
  return {
    ...server,
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
