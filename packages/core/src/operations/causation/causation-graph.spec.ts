import { RecordedEvent } from '../../event-log/recorded-event.js';
import type { EventMetadata } from '../../events/metadata.js';
import { commandIdOfEffect } from '../../side-effects/origin-of-effect.js';
import {
  type CausationFacts,
  type CausationGraph,
  causationGraph,
  type DeadLetterStep,
  type EffectFact,
  type OutboxFact,
} from './causation-graph.js';

const STORY = 'a story';
const ID = (position: number): string => `00000000-0000-4000-8000-00000000000${position}`;
const DUE = new Date('2026-01-01T00:00:00Z');
const EFFECT: EffectFact = {
  subscription: 'mail',
  stateOf: ({ type, position }) => (type === 'mailed' ? (position > 1 ? 'pending' : 'done') : undefined),
};

const event = (position: number, metadata: Partial<EventMetadata> = {}, type = 'happened'): RecordedEvent =>
  RecordedEvent.of({
    position,
    stream: `thing-${position}`,
    version: 1,
    event_id: ID(position),
    type,
    schema_version: 1,
    data: '{}',
    metadata: JSON.stringify({ actor: 'ann', correlationId: STORY, ...metadata }),
    actor: metadata.actor ?? 'ann',
    correlation_id: STORY,
    recorded_at: position,
  });

const pending = (id: string, fact: Partial<OutboxFact> = {}): OutboxFact => ({
  id,
  saga: 'delivery',
  actor: 'saga:delivery',
  command: 'deliver',
  state: 'ready',
  dueAt: DUE,
  scheduleKey: null,
  causationId: ID(1),
  letter: undefined,
  ...fact,
});

const letter = (id: string, subscription: string): DeadLetterStep => ({
  kind: 'dead-letter',
  id,
  subscription,
  attempts: 3,
  firstFailedAt: DUE,
  lastFailedAt: DUE,
  error: 'no',
});

const graph = (facts: Partial<CausationFacts>): CausationGraph =>
  causationGraph(STORY, { events: [], isCut: false, outbox: [], parked: [], effects: [], ...facts });

const edges = (facts: Partial<CausationFacts>): string[] =>
  graph(facts).edges.map(({ from, to }) => `${from} > ${to}`.replaceAll(/0{8}-0{4}-4000-8000-0{11}/g, 'event '));

describe('what followed from a request', () => {
  it('is nothing when nothing has its correlation id', () => {
    expect(graph({})).toEqual({ nodes: [], edges: [], isCut: false });
  });

  it('begins with the request, which has caused the events without another cause', () => {
    const { nodes } = graph({ events: [event(1, { commandId: 'a key' }), event(2)] });
    expect(nodes.map(({ kind, id }) => [kind, id])).toEqual([
      ['request', STORY],
      ['event', ID(1)],
      ['event', ID(2)],
    ]);
    expect(nodes[0]).toEqual({ kind: 'request', id: STORY, actor: 'ann', recordedAt: new Date(1) });
    expect(nodes[1]).toEqual({
      kind: 'event',
      id: ID(1),
      type: 'happened',
      stream: 'thing-1',
      version: 1,
      position: 1,
      actor: 'ann',
      recordedAt: new Date(1),
    });
    expect(edges({ events: [event(1), event(2)] })).toEqual([`${STORY} > event 1`, `${STORY} > event 2`]);
  });

  it('goes on with a command that an event has caused, and all that the command stored', () => {
    const caused = { actor: 'saga:delivery', causationId: ID(1), commandId: 'a command' };
    const facts = { events: [event(1), event(2, caused), event(3, caused)] };
    expect(graph(facts).nodes[2]).toEqual({
      kind: 'command',
      id: 'a command',
      actor: 'saga:delivery',
      state: 'done',
      recordedAt: new Date(2),
    });
    expect(edges(facts)).toEqual([
      `${STORY} > event 1`,
      'event 1 > a command',
      'a command > event 2',
      'a command > event 3',
    ]);
    const stillThere = graph({ ...facts, outbox: [pending('a command', { state: 'retrying' })] });
    expect(stillThere.nodes[2]).toMatchObject({ id: 'a command', command: 'deliver', state: 'retrying', dueAt: DUE });
    expect(stillThere.edges).toEqual(graph(facts).edges);
  });

  it('has an event as the cause where no command is known', () => {
    expect(edges({ events: [event(1), event(2, { causationId: ID(1) })] })).toContain('event 1 > event 2');
  });

  it('stands for a cause that is not in the log, such as a message', () => {
    const facts = { events: [event(1, { actor: 'message:x', causationId: 'a message', commandId: 'a command' })] };
    expect(edges(facts)).toEqual([`${STORY} > a command`, 'a command > event 1']);
  });

  it('begins with the command of a recurring job, whose id is the correlation id, while it waits and once it is done', () => {
    const job = pending(STORY, { saga: 'clean-up', actor: 'system', causationId: '', state: 'scheduled' });
    expect(graph({ outbox: [job] })).toMatchObject({ nodes: [{ kind: 'schedule', id: STORY }], edges: [] });
    const done = { events: [event(1, { actor: 'system', commandId: STORY })] };
    expect(graph(done).nodes.map(({ kind, id }) => [kind, id])).toEqual([
      ['command', STORY],
      ['event', ID(1)],
    ]);
    expect(edges(done)).toEqual([`${STORY} > event 1`]);
  });

  it('has the commands and schedules that wait in the outbox', () => {
    const outbox = [pending('c'), pending('s', { state: 'scheduled', scheduleKey: 'key' })];
    const found = graph({ events: [event(1)], outbox });
    expect(found.nodes.slice(2)).toEqual([
      { kind: 'command', id: 'c', actor: 'saga:delivery', command: 'deliver', state: 'ready', dueAt: DUE },
      { kind: 'schedule', id: 's', saga: 'delivery', key: 'key', command: 'deliver', dueAt: DUE },
    ]);
    expect(edges({ events: [event(1)], outbox }).slice(1)).toEqual(['event 1 > c', 'event 1 > s']);
  });

  it('has the side effects of each event, and what a side effect has sent', () => {
    const sent = { actor: 'system', causationId: ID(1), commandId: commandIdOfEffect('mail', ID(1)) };
    const facts = { events: [event(1, {}, 'mailed'), event(2, sent), event(3, {}, 'mailed')], effects: [EFFECT] };
    expect(graph(facts).nodes.filter(({ kind }) => kind === 'side-effect')).toEqual([
      { kind: 'side-effect', id: `mail/${ID(1)}`, subscription: 'mail', state: 'done' },
      { kind: 'side-effect', id: `mail/${ID(3)}`, subscription: 'mail', state: 'pending' },
    ]);
    expect(edges(facts)).toEqual([
      `${STORY} > event 1`,
      'event 1 > mail/event 1',
      'mail/event 1 > event 2',
      `${STORY} > event 3`,
      'event 3 > mail/event 3',
    ]);
  });

  it('has what is parked, and dead letters behind the side effect, the command, or the event of a saga', () => {
    const facts: Partial<CausationFacts> = {
      events: [event(1, {}, 'mailed'), event(2, {}, 'mailed')],
      effects: [EFFECT],
      outbox: [pending('c', { state: 'dead', dueAt: undefined, letter: letter('l1', 'delivery') })],
      parked: [
        { subscription: 'delivery', position: 1, state: 'dead', dueAt: undefined, letter: letter('l2', 'delivery') },
        { subscription: 'mail', position: 1, state: 'dead', dueAt: undefined, letter: letter('l3', 'mail') },
        { subscription: 'mail', position: 2, state: 'retrying', dueAt: DUE, letter: undefined },
      ],
    };
    const { nodes } = graph(facts);
    expect(nodes).toContainEqual(letter('l3', 'mail'));
    expect(nodes.filter(({ kind }) => kind === 'side-effect')).toEqual([
      { kind: 'side-effect', id: `mail/${ID(1)}`, subscription: 'mail', state: 'dead' },
      { kind: 'side-effect', id: `mail/${ID(2)}`, subscription: 'mail', state: 'retrying', dueAt: DUE },
    ]);
    expect(edges(facts).slice(4)).toEqual(['event 1 > c', 'c > l1', 'event 1 > l2', 'mail/event 1 > l3']);
  });
});
