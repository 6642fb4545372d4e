import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { createSampleProject, REPOSITORY } from './sample-project.js';

const OXLINT = join(REPOSITORY, 'node_modules', 'oxlint', 'bin', 'oxlint');

const FROM_NEST = 'import { AggregateRoot, CqrsModule, EventPublisher, QueryBus } from "@nestjs/cqrs";\n';
const USE = 'export const used = [AggregateRoot, CqrsModule, EventPublisher, QueryBus];\n';

it('refuses Nest’s in-memory parts outside the kernel', async () => {
  const found = await lint({
    'src/orders/domain/bad.ts': FROM_NEST + USE,
    'src/orders/domain/all.ts': 'import * as cqrs from "@nestjs/cqrs";\nexport const used = cqrs.AggregateRoot;\n',
    'src/orders/testing/bad.ts': FROM_NEST + USE,
    'src/platform/http/bad.ts': 'export { CqrsModule } from "@nestjs/cqrs";\n',
    'src/app.module.ts': FROM_NEST + USE,
    'packages/core/src/allowed.ts': FROM_NEST + USE,
    'src/orders/domain/good.ts': 'import { QueryBus } from "@nestjs/cqrs";\nexport const used = QueryBus;\n',
  });

  expect(found).toEqual({
    'src/app.module.ts': 3,
    'src/orders/domain/all.ts': 1,
    'src/orders/domain/bad.ts': 3,
    'src/orders/testing/bad.ts': 3,
    'src/platform/http/bad.ts': 1,
  });
});

/** How often `no-restricted-imports` fired, by file. */
async function lint(sources: Record<string, string>): Promise<Record<string, number>> {
  const project = await createSampleProject(sources);
  try {
    const { diagnostics, number_of_files } = JSON.parse(await runOxlint(project.folder)) as OxlintReport;
    expect(number_of_files).toBe(Object.keys(sources).length);
    const counts: Record<string, number> = {};
    for (const { code, filename } of diagnostics) {
      const file = filename.replaceAll('\\', '/');
      if (code === 'eslint(no-restricted-imports)') counts[file] = (counts[file] ?? 0) + 1;
    }
    return counts;
  } finally {
    await project.remove();
  }
}

interface OxlintReport {
  readonly diagnostics: { readonly code: string; readonly filename: string }[];
  readonly number_of_files: number;
}

function runOxlint(cwd: string): Promise<string> {
  return new Promise((resolve) => {
    // Exit code 1 means findings; code that can't be parsed fails above.
    execFile(process.execPath, [OXLINT, '--format=json', 'src', 'packages'], { cwd }, (_, stdout) => resolve(stdout));
  });
}
