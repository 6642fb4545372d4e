import type { ModulesContainer } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { SetupError } from '../errors.js';

/**
 * Refuses a second `CqrsModule`: a feature that imports it gets buses of its own, and every handler is bound twice.
 * @throws SetupError
 */
export function refuseSecondCqrsModule(modules: ModulesContainer): void {
  // The kernel's own module is a subclass.
  const stock = [...modules.values()].filter((module) => module.metatype === CqrsModule);
  if (stock.length === 0) return;
  const importers = [...modules.values()].filter((module) => [...module.imports].some((each) => stock.includes(each)));
  const names = importers.map((module) => module.name);
  throw new SetupError(
    `CqrsModule is imported a second time (look at ${names.join(', ')}). Take it out: EventSourcingModule brings the buses.`,
  );
}
