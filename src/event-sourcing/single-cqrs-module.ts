import type { ModulesContainer } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { SetupError } from './errors.js';

/**
 * A feature that imports `CqrsModule` gets buses of its own, and every handler is bound twice.
 * @throws SetupError
 */
export function refuseSecondCqrsModule(modules: ModulesContainer): void {
  const found = [...modules.values()].filter((module) => module.metatype === CqrsModule);
  if (found.length <= 1) return;
  // The kernel's own is global, and so an import of every module.
  const stock = found.filter((module) => !module.isGlobal);
  const importers = [...modules.values()].filter((module) => [...module.imports].some((each) => stock.includes(each)));
  const names = importers.map((module) => module.name);
  throw new SetupError(
    `CqrsModule is imported a second time (look at ${names.join(', ')}). Take it out: EventSourcingModule brings the buses.`,
  );
}
