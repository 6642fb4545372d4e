import { EventsHandler } from '@nestjs/cqrs';
import { type EventContext, LogVerifier, Retry, SideEffect } from '../src/index.js';
import { CounterOpened, CounterRaised } from './counters/counter.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import { CounterNodes, lettersOf, open, raise, settled } from './counters/counter-nodes.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';

/** The alarm, with one more event in its list. */
@Retry({ attempts: 1, backoff: { first: 20, longest: 80 } })
@SideEffect({ name: ALARM, startAt: 'beginning', partitioned: false })
@EventsHandler(CounterOpened, CounterRaised)
class WiderAlarm extends CounterAlarm {
  override handle(event: CounterOpened | CounterRaised, context: EventContext): Promise<void> {
    return super.handle(event as CounterRaised, context);
  }
}

describe.each(DATABASE_KINDS)('a side effect whose list of events changes on %s', (kind) => {
  let nodes: CounterNodes;

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
  });

  afterEach(() => nodes.drop());

  it('counts on what is parked and what was discarded, and only what is handled anew', async () => {
    const before = await nodes.start({}, { providers: [CounterAlarm] });
    const [sick, ill, bad] = [await open(before), await open(before), await open(before)];
    let broken = [sick, ill, bad];
    alarm.before = ({ counterId }) => {
      if (broken.includes(counterId)) throw new Error('no answer');
    };
    await raise(before, bad);
    const [discarded] = await lettersOf(before, 1);
    await before.deadLetters.discard(discarded!.id);
    for (const id of [sick, sick, ill]) await raise(before, id);
    await lettersOf(before, 2);
    await settled(before, { parked: 3, discarded: 1 }, ALARM);
    await nodes.stop(before);

    const node = await nodes.start({}, { providers: [WiderAlarm] });
    const isSound = async () => expect((await node.get(LogVerifier).verify()).findings).toEqual([]);
    broken = [ill];
    await eventually(async () =>
      expect(await node.status(ALARM)).toMatchObject({ handled: 0, parked: 3, discarded: 1 }),
    );
    await isSound();

    const [first, second] = await lettersOf(node, 2);
    const [ofSick, ofIll] = first!.stream.endsWith(sick) ? [first!, second!] : [second!, first!];
    await node.deadLetters.discard(ofIll.id);
    await settled(node, { handled: 0, parked: 2, discarded: 2 }, ALARM);
    await node.deadLetters.retry(ofSick.id);
    await settled(node, { handled: 0, parked: 0, discarded: 2 }, ALARM);
    await isSound();

    await raise(node, ill);
    const [last] = await lettersOf(node, 1);
    await node.deadLetters.discard(last!.id);
    await open(node);
    await settled(node, { handled: 1, parked: 0, discarded: 3 }, ALARM);
    await isSound();
  });
});
