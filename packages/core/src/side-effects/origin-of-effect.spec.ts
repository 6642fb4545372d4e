import { v5 as uuidv5 } from 'uuid';
import type { EventContext } from '../subscriptions/event-handler.js';
import { originOfEffect } from './origin-of-effect.js';

const eventId = '0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071';
const commandIdOf = (part: number) =>
  originOfEffect('boxes.labels', { eventId, part, metadata: { correlationId: 'c' } } as EventContext).commandId;

it('gives the command of each part of a split event an id of its own', () => {
  expect(new Set([0, 1, 2].map(commandIdOf)).size).toBe(3);
});

it('gives the command of an event the same id on every delivery, and in every version of the program', () => {
  expect(commandIdOf(0)).toBe(uuidv5('boxes.labels', eventId));
});
