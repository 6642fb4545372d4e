import type { OpenDatabase } from '../../databases/open-database.js';
import { Nodes } from './nodes.js';
import { ThisNode } from './this-node.js';

/** A database that answers signs of life when the test says so. */
function answering() {
  const statements: string[] = [];
  const answers: (() => void)[] = [];
  const statement = async (sql: string) => {
    statements.push(sql.trim().split(' ')[0]!);
    if (!sql.includes('insert')) return { rows: [] };
    await new Promise<void>((resolve) => answers.push(resolve));
    return { rows: [{ started_at: 1, others: 0, since: 0 }] };
  };
  const database = { write: { statement, dialect: { now: '0' } } } as unknown as OpenDatabase;
  const nodes = new Nodes(database, new ThisNode('a', { roles: [], version: null, limit: undefined }), 60_000);
  return { nodes, statements, answer: () => answers.shift()!() };
}

it('a node that leaves waits for its signs of life, which would list it again', async () => {
  const { nodes, statements, answer } = answering();
  const signs = [nodes.beat(['orders.mail']), nodes.beat(['orders.mail'])];

  const left = nodes.leave();
  answer();
  await signs[0];
  expect(statements).not.toContain('delete');
  answer();
  await left;

  expect(statements.at(-1)).toBe('delete');
});

it('a node that has left gives no more signs of life', async () => {
  const { nodes, statements } = answering();
  await nodes.leave();

  await expect(nodes.beat(['orders.mail'])).resolves.toBe(false);

  expect(statements).toEqual(['delete']);
});
