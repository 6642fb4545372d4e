/** What encryption costs: `node --import ./tools/jest/register.mjs bench/personal-data/main.ts`. On SQLite, so that the database is in this process. */
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AggregateRepository, EventLog, EventSerializer, EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { median } from '../harness/statistics.js';
import { PersonalNotes, PersonalNoteTaken, PlainNotes, PlainNoteTaken } from './notes.js';

const KINDS = ['plain', 'personal'] as const;
type Kind = (typeof KINDS)[number];
const MEASURES = ['append, first of a person', 'append, ten more', 'load of 11 events'] as const;
type Measure = (typeof MEASURES)[number];

const ROUNDS = 7;
const PERSONS = 500;
const MORE = 10;
/** Callers at once. */
const CALLERS = 32;
const NAME = 'Ann Archer of Elm Street 12, Derry';
const TEXT = 'x'.repeat(150);

const folder = await mkdtemp(join(tmpdir(), 'personal-data-'));

class BenchModule {}
Module({
  imports: [
    EventSourcingModule.forRoot({
      url: `sqlite:${join(folder, 'events.sqlite')}`,
      // Every load reads the database, as that of events with personal fields always does.
      aggregateMemory: 0,
      snapshotEvery: 0,
      personalData: { masterKeys: [randomBytes(32).toString('base64')] },
    }),
    EventSourcingModule.forFeature({ aggregates: [PlainNotes, PersonalNotes] }),
  ],
})(BenchModule);
const app = await NestFactory.createApplicationContext(BenchModule, { logger: ['error', 'warn'], abortOnError: false });
const log = app.get(EventLog, { strict: false });
const serializer = app.get(EventSerializer, { strict: false });
const repository = app.get(AggregateRepository, { strict: false });

const figures = new Map<string, number[]>();
for (let round = -1; round < ROUNDS; round++) {
  for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) await turn(kind, round >= 0);
  process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
}
await app.close();
await rm(folder, { recursive: true });

const of = (kind: Kind, measure: Measure): readonly number[] => figures.get(`${kind} ${measure}`)!;
console.log('| µs on the processor, each | plain | two personal fields | more |\n| --- | --- | --- | --- |');
for (const measure of MEASURES) {
  const [plain, personal] = KINDS.map((kind) => of(kind, measure)) as [readonly number[], readonly number[]];
  const more = median(personal.map((value, round) => value - plain[round]!));
  console.log(`| ${measure} | ${median(plain).toFixed(0)} | ${median(personal).toFixed(0)} | ${more.toFixed(0)} |`);
}

/** @param counts a first round that does not count warms up */
async function turn(kind: Kind, counts: boolean): Promise<void> {
  const persons = Array.from({ length: PERSONS }, () => randomUUID());
  const append = async (person: string): Promise<void> => {
    const taken = kind === 'plain' ? new PlainNoteTaken(person, NAME, TEXT) : new PersonalNoteTaken(person, NAME, TEXT);
    const event = serializer.toNewEvent(taken, { actor: person, correlationId: randomUUID() });
    await log.append([{ stream: `${kind}-${person}`, expected: 'any', events: [event] }]);
  };
  const load = async (person: string): Promise<void> => {
    const { count } = await (kind === 'plain'
      ? repository.load(PlainNotes, person)
      : repository.load(PersonalNotes, person));
    if (count !== MORE + 1) throw new Error(`${person} has ${count} notes.`);
  };
  const more = Array.from({ length: MORE }, () => persons).flat();
  const works: readonly [Measure, readonly string[], (person: string) => Promise<void>][] = [
    [MEASURES[0], persons, append],
    [MEASURES[1], more, append],
    [MEASURES[2], persons, load],
  ];
  for (const [measure, items, work] of works) {
    const before = process.cpuUsage();
    await byCallers(items, work);
    const { user, system } = process.cpuUsage(before);
    const key = `${kind} ${measure}`;
    if (counts) figures.set(key, [...(figures.get(key) ?? []), (user + system) / items.length]);
  }
}

async function byCallers(items: readonly string[], work: (item: string) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
