import type { Target } from '../contract.js';

/** An application that serves, and users who are signed in. */
export interface Server {
  readonly url: string;
  readonly users: readonly { readonly userId: string; readonly token: string }[];
  /** Token of an operator. */
  readonly operator?: string;
}

export interface ServeOrder {
  readonly contestant: string;
  readonly target: Target;
  readonly users: number;
}

const { contestant, target, users } = JSON.parse(process.argv[2] ?? '{}') as ServeOrder;
process.once('disconnect', () => process.exit(0));
process.send?.(await serve());

async function serve(): Promise<Server> {
  if (contestant === 'bare') return (await import('../crud/bare-app.js')).serveBare(target, users);
  if (contestant === 'crud') return (await import('../crud/crud-app.js')).serveCrud(target, users);
  return (await import('./leftfold-app.js')).serveLeftfold(target, users);
}
