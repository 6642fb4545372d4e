import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EventRegistry } from '../../packages/core/src/events/event-registry.js';
import { eventFiles } from './event-schemas.mjs';

/**
 * An event that a feature's tests make, as it would be stored.
 * @typedef {{ name: string, type: string, schemaVersion: number, data: Record<string, unknown> }} Fixture
 */

/**
 * The events that the `*.fixtures.ts` of a folder export: as they are, or made by a function that needs no arguments.
 * @param {string} folder with the classes of the events, too
 * @returns {Promise<Fixture[]>}
 */
export async function fixturesIn(folder) {
  const registry = new EventRegistry();
  for (const file of eventFiles(folder)) {
    for (const exported of Object.values(await import(pathToFileURL(file).href))) registry.register(exported);
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.fixtures.ts'))
    .map((name) => join(folder, name))
    .toSorted();
  const found = [];
  for (const file of files) {
    const exported = Object.entries(await import(pathToFileURL(file).href));
    found.push(...exported.flatMap(([name, value]) => fixture(name, value, registry)));
  }
  return found;
}

/** @param {string} name @param {unknown} value @param {EventRegistry} registry @returns {Fixture[]} */
function fixture(name, value, registry) {
  const event = typeof value === 'function' && value.length === 0 && !/^class\b/.test(String(value)) ? value() : value;
  const eventClass = registry.classes.find((each) => event?.constructor === each);
  if (!eventClass) return [];
  const { type, schemaVersion } = registry.forClass(eventClass);
  return [{ name, type, schemaVersion, data: JSON.parse(JSON.stringify(event)) }];
}

/**
 * Fields that an event must have and data has not.
 * @param {import('./event-schemas.mjs').EventSchema} schema
 * @param {Record<string, unknown>} data
 */
export function missingIn(schema, data) {
  return Object.keys(schema).filter((field) => !field.endsWith('?') && data[field] === undefined);
}
