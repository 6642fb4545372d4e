import { checkDatabaseKinds, FACTORIES } from './database-kinds.js';
import { createSampleProject, REPOSITORY } from './sample-project.js';

it('what differs between the databases is in a dialect or an adapter', async () => {
  const { seen, violations, factories } = await checkDatabaseKinds(REPOSITORY);

  expect(violations).toEqual([]);
  expect(factories).toEqual(FACTORIES);
  expect(seen).toBeGreaterThan(20);
});

it('refuses a choice by the kind of database in any other place', async () => {
  const compared = `export const now = (kind: string) => kind === 'postgres' ? 'now()' : '';\n`;
  const table = `export const NOW = { sqlite: '', postgres: 'now()' };\n`;
  const project = await createSampleProject({
    'packages/core/src/databases/dialects/dialect-of.ts': compared,
    'packages/core/src/event-log/postgres/adapter.ts': compared,
    'packages/core/src/sagas/migrations/events/1-create.ts': compared,
    'packages/core/src/module/open.ts': compared,
    [FACTORIES[0]!]: table,
    [FACTORIES[1]!]: compared,
    'packages/core/src/sagas/outbox.ts': compared,
    'packages/core/src/sagas/table.ts': table,
    'packages/operations/src/switch.ts': `export const of = (type: string) => {\n  switch (type) {\n    case 'better-sqlite3': return 1;\n  }\n};\n`,
    'src/orders/negated.ts': `export const isFile = (kind: string) => 'postgres' !== kind;\n`,
    'packages/core/src/sagas/list.ts': 'export const list = (column: string) => `${column} = any(?) and id > ?`;\n',
    'packages/core/src/columns/postgres-types.ts': `export const lock = 'select 1 for update';\n`,
    'src/orders/good.ts': `export const url = 'postgres';\n`,
  });
  try {
    expect(await checkDatabaseKinds(project.folder)).toEqual({
      seen: 12,
      violations: [
        `${FACTORIES[1]}: kind === 'postgres'`,
        'packages/core/src/sagas/list.ts: } = any(?) and id > ?`',
        `packages/core/src/sagas/outbox.ts: kind === 'postgres'`,
        `packages/core/src/sagas/table.ts: { sqlite: '', postgres: 'now()' }`,
        `packages/operations/src/switch.ts: case 'better-sqlite3': return 1;`,
        `src/orders/negated.ts: 'postgres' !== kind`,
      ],
      factories: [FACTORIES[0]],
    });
  } finally {
    await project.remove();
  }
});
