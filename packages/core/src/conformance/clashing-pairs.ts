import { randomUUID } from 'node:crypto';
import type { AppendOptions, EventLog, StreamAppend } from '../event-log/event-log.js';
import { type EventQueryItem, withAnyTag } from '../events/event-query.js';
import type { Tag } from '../events/tags.js';
import { type ModelEvent, type ModelOutcome, ModelLog, outcomeOf, shown } from './model-log.js';
import { aStream, aTag, all, anEvent } from './samples.js';

/** The stream, tag and ids that both appends of a pair may use. */
export interface Scene {
  readonly stream: string;
  readonly tag: Tag;
  readonly commandId: string;
  readonly eventId: string;
  /** Head of the log before the pair. */
  readonly head: number;
}

type Append = [appends: StreamAppend[], options?: AppendOptions];

const others = (...events: StreamAppend['events']): StreamAppend => ({
  stream: aStream('other'),
  expected: 'any',
  events: events.length > 0 ? events : [anEvent()],
});
const at = (stream: string, expected: StreamAppend['expected']): StreamAppend => ({
  stream,
  expected,
  events: [anEvent()],
});
const nothingNew = ({ tag, head }: Scene, types?: string[]): AppendOptions => ({
  condition: { query: withAnyTag([tag], types), after: head },
});

const watching = (item: EventQueryItem, after: number): AppendOptions => ({
  condition: { query: { items: [item] }, after },
});

/** Ways in which an append can use the stream, the tag, the command id or the event id of a scene. */
export const WAYS: Readonly<Record<string, (scene: Scene) => Append>> = {
  'creates the stream': ({ stream }) => [[at(stream, 'no-stream')]],
  'expects version 0': ({ stream }) => [[at(stream, 0)]],
  'expects version 1': ({ stream }) => [[at(stream, 1)]],
  'expects version 2': ({ stream }) => [[at(stream, 2)]],
  'expects the stream': ({ stream }) => [[at(stream, 'stream-exists')]],
  'expects nothing': ({ stream }) => [[at(stream, 'any')]],
  'only looks at the stream': ({ stream }) => [[{ stream, expected: 1, events: [] }], { commandId: randomUUID() }],
  'looks at it and writes another': ({ stream }) => [[{ stream, expected: 1, events: [] }, others()]],
  'writes it and another': ({ stream }) => [[others(), at(stream, 'any')]],
  'stores the tag': ({ tag }) => [[others(anEvent({ tags: [tag] }))]],
  'claims the tag': (scene) => [[others(anEvent({ tags: [scene.tag] }))], nothingNew(scene)],
  'watches the tag': (scene) => [[others()], nothingNew(scene)],
  'watches its type': ({ head }) => [[others()], watching({ types: [anEvent().type] }, head)],
  'watches every event': ({ head }) => [[others()], watching({}, head)],
  'watches the tag together with another one': ({ tag, head }) => [[others()], watching({ tags: [tag, aTag()] }, head)],
  'watches the tag for another type': (scene) => [[others()], nothingNew(scene, ['samples.another'])],
  'has the command id': ({ commandId }) => [[others()], { commandId, result: { by: randomUUID() } }],
  'has the command id, and changes nothing': ({ commandId }) => [[], { commandId, result: randomUUID() }],
  'has the command id, and expects version 1': ({ commandId, stream }) => [[at(stream, 1)], { commandId }],
  'has the event id': ({ eventId }) => [[others(anEvent({ eventId, data: { by: randomUUID() } }))]],
};

export interface Meeting {
  readonly outcomes: readonly ModelOutcome[];
  readonly streams: readonly ModelEvent[];
  readonly tagged: readonly ModelEvent[];
}

/** Sends both appends in one tick, queued behind a running append, and returns their expected and actual outcomes. */
export async function meet(
  log: EventLog,
  began: boolean,
  ways: readonly string[],
): Promise<{ expected: Meeting; actual: Meeting }> {
  const [stream, tag] = [aStream(), aTag()];
  const start = await log.head();
  const model = new ModelLog(start);
  const send = ([appends, options]: Append): ReturnType<typeof outcomeOf> => outcomeOf(log.append(appends, options));
  const before: Append[] = began ? [[[{ stream, expected: 0, events: [anEvent({ tags: [tag] })] }]]] : [];
  for (const each of before) await send(each);
  for (const each of before) model.append(...each);

  const scene = { stream, tag, commandId: randomUUID(), eventId: randomUUID(), head: start + before.length };
  const appends: Append[] = [[[others()]], ...ways.map((way) => WAYS[way]!(scene))];
  const outcomes = await Promise.all(appends.map(send));

  const streams = [...new Set(appends.flatMap(([each]) => each.map((one) => one.stream)))];
  const stored = await Promise.all(streams.map((name) => all(log.readStream(name))));
  return {
    expected: {
      outcomes: appends.map((each) => model.append(...each)),
      streams: streams.flatMap((name) => model.stream(name)),
      tagged: model.tagged(withAnyTag([tag]), {}).events,
    },
    actual: {
      outcomes,
      streams: stored.flat().map(shown),
      tagged: (await all(log.readTagged(withAnyTag([tag])))).map(shown),
    },
  };
}
