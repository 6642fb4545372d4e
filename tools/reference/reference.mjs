import { join } from 'node:path';
import { convert } from './convert.mjs';
import { page } from './page.mjs';
import { CORE } from './pages/core.mjs';
import { CORE_CONFORMANCE } from './pages/core-conformance.mjs';
import { CORE_TESTING } from './pages/core-testing.mjs';
import { HTTP } from './pages/http.mjs';
import { NATS } from './pages/nats.mjs';
import { OPERATIONS } from './pages/operations.mjs';
import { OPERATIONS_CLI } from './pages/operations-cli.mjs';
import { PROOFS } from './pages/proofs.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** One page for each door of a package. */
export const PLANS = [CORE, CORE_TESTING, CORE_CONFORMANCE, HTTP, OPERATIONS, OPERATIONS_CLI, NATS, PROOFS];

/**
 * The text of a page, from the docstrings of its package.
 * @param {import('./page-plan.mjs').PagePlan} plan
 */
export async function pageOf(plan) {
  const folder = join(ROOT, plan.folder);
  const tsconfig = join(import.meta.dirname, 'tsconfig.json');
  return page(await convert({ entry: join(folder, plan.entry), folder, tsconfig }), { ...plan, folder });
}
