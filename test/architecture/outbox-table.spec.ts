import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { typeScriptFilesOf } from './cruise-sources.js';
import { createSampleProject, REPOSITORY } from './sample-project.js';

const TABLE = 'leftfold_saga_commands';
const OWNERS = [
  'packages/core/src/sagas/outbox/outbox-table.sql.ts',
  'packages/core/src/sagas/outbox/saga-command.entity.ts',
];

it('all SQL on the outbox is in one place', async () => {
  expect(await sourcesThatName(REPOSITORY)).toEqual(OWNERS);
});

it('refuses SQL on the outbox in any other place', async () => {
  const sql = `export const all = 'select * from ${TABLE}';\n`;
  const project = await createSampleProject({
    [OWNERS[0]!]: sql,
    'packages/core/src/sagas/migrations/events/1-create.ts': sql,
    'packages/core/src/sagas/outbox/outbox.spec.ts': sql,
    'packages/operations/src/count-commands.ts': sql,
  });
  try {
    expect(await sourcesThatName(project.folder)).toEqual([OWNERS[0], 'packages/operations/src/count-commands.ts']);
  } finally {
    await project.remove();
  }
});

/** Sources that name the table, without tests and migrations. */
async function sourcesThatName(project: string): Promise<string[]> {
  const found: string[] = [];
  for (const file of await typeScriptFilesOf(project)) {
    if (file.endsWith('spec.ts') || file.includes('/migrations/')) continue;
    if ((await readFile(join(project, file), 'utf8')).includes(TABLE)) found.push(file);
  }
  return found;
}
