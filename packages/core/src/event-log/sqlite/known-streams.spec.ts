import { KnownStreams } from './known-streams.js';

const END = { version: 3, position: 7 };

describe('ends of streams', () => {
  let known: KnownStreams;

  /** A batch that stores to these streams. */
  const stored = (from: string | undefined, to: string, ...streams: string[]): void => {
    const batch = known.begin(from);
    for (const stream of streams) known.keep(stream, END);
    known.committed(batch, to);
  };

  beforeEach(() => {
    known = new KnownStreams();
  });

  it('are known to a batch that begins where the last one ended', () => {
    stored(undefined, 'event 7', 'user-1', 'user-2');
    known.begin('event 7');

    expect(known.find('user-1')).toBe(END);
    expect(known.find('user-2')).toBe(END);
  });

  it('are unknown when somebody else has stored an event since', () => {
    stored(undefined, 'event 7', 'user-1');
    known.begin('event 8');

    expect(known.find('user-1')).toBeUndefined();
  });

  it('are unknown after a batch that was not committed', () => {
    stored(undefined, 'event 7', 'user-1');
    known.begin('event 7');
    known.keep('user-2', END);
    known.begin('event 7');

    expect(known.find('user-1')).toBeUndefined();
    expect(known.find('user-2')).toBeUndefined();
  });

  it('are unknown when the batch before says that it is committed only after this one began', () => {
    const first = known.begin(undefined);
    known.begin('event 7');
    known.keep('user-1', END);
    known.committed(first, 'event 7');
    known.begin('event 7');

    expect(known.find('user-1')).toBeUndefined();
  });

  it('are unknown in a log without events', () => {
    const batch = known.begin(undefined);
    known.keep('user-1', END);
    known.committed(batch, undefined);
    known.begin(undefined);

    expect(known.find('user-1')).toBeUndefined();
  });

  it('are forgotten one by one', () => {
    stored(undefined, 'event 7', 'user-1', 'user-2');
    known.forget('user-1');

    expect(known.find('user-1')).toBeUndefined();
    expect(known.find('user-2')).toBe(END);
  });

  it('make room for those of 4,096 streams to which something was stored later', () => {
    const batch = known.begin(undefined);
    for (let number = 0; number < 4_096; number++) known.keep(`user-${number}`, END);
    known.keep('user-0', END);
    known.keep('user-new', END);
    known.committed(batch, 'event 7');
    known.begin('event 7');

    expect(known.find('user-0')).toBe(END);
    expect(known.find('user-1')).toBeUndefined();
    expect(known.find('user-new')).toBe(END);
  });
});
