import { checkContractImports } from './contract-imports.js';
import { createSampleProject, REPOSITORY } from './sample-project.js';

it('each place imports only the kinds of names that it may use from contracts', async () => {
  const { seen, violations } = await checkContractImports(REPOSITORY);

  expect(violations).toEqual([]);
  // dependencies.int-spec.ts proves that these are all of them.
  expect(seen).toBeGreaterThan(0);
});

it('refuses the wrong kind of name, and only that', async () => {
  const { seen, violations } = await check({
    'src/orders/sagas/good.saga.ts': `import { StockReserved, ReserveStockCommand } from '../../inventory/inventory.contract.js';`,
    'src/orders/sagas/asks.saga.ts': `import { GetProductQuery } from '../../inventory/inventory.contract.js';`,
    'src/orders/read-models/good/good.projection.ts': `import { StockReserved } from '../../../inventory/inventory.contract.js';`,
    'src/orders/read-models/asks.projection.ts': `import { GetProductQuery as Ask } from '../../inventory/inventory.contract.js';`,
    'src/orders/commands/place-order/good.handler.ts': `import { GetProductQuery, type ProductView } from '../../../inventory/inventory.contract.js';`,
    'src/orders/commands/place-order/types.handler.ts': `import type { ProductView } from '../../../inventory/inventory.contract.js';`,
    'src/orders/commands/orders-others-about.handler.ts': `import { ReserveStockCommand } from '../../inventory/inventory.contract.js';`,
    'src/orders/commands/takes-it-all.handler.ts': `import * as inventory from '../../inventory/inventory.contract.js';`,
  });

  expect(seen).toBe(8);
  expect(violations).toEqual([
    'src/orders/commands/orders-others-about.handler.ts: commands may take only queries from a contract, not ReserveStockCommand',
    "src/orders/commands/takes-it-all.handler.ts: import the contract's names one by one",
    'src/orders/read-models/asks.projection.ts: read-models may take only events and commands from a contract, not GetProductQuery',
    'src/orders/sagas/asks.saga.ts: sagas may take only events and commands from a contract, not GetProductQuery',
  ]);
});

async function check(sources: Record<string, string>) {
  const project = await createSampleProject(sources);
  try {
    return await checkContractImports(project.folder);
  } finally {
    await project.remove();
  }
}
