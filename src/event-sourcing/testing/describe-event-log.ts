import { describeArguments } from './event-log/arguments.js';
import { describeCommandIds } from './event-log/command-ids.js';
import { describeConditions } from './event-log/conditions.js';
import { describeEventIds } from './event-log/event-ids.js';
import { describeExpectations } from './event-log/expectations.js';
import type { CreateHarness } from './event-log/harness.js';
import { describeImmutability } from './event-log/immutability.js';
import { describeLookingUp } from './event-log/looking-up.js';
import { describeLostReplies } from './event-log/lost-replies.js';
import { describeModel } from './event-log/model.js';
import { describeOneBatch } from './event-log/one-batch.js';
import { describePayloads } from './event-log/payloads.js';
import { describeReadingEverything } from './event-log/reading-everything.js';
import { describeReadingStreams } from './event-log/reading-streams.js';
import { describeSeveralStreams } from './event-log/several-streams.js';
import { describeStreams } from './event-log/streams.js';
import { describeTailing } from './event-log/tailing.js';
import { describeTimesOfRecording } from './event-log/times-of-recording.js';
import { type LogUnderTest, useLog } from './event-log/use-log.js';

type Themes = Readonly<Record<string, (test: LogUnderTest) => void>>;

/** Their tests look at streams, tags and ids that no other test knows: one log will do. */
const TOGETHER: Themes = {
  arguments: describeArguments,
  expectations: describeExpectations,
  'several streams': describeSeveralStreams,
  conditions: describeConditions,
  'one batch': describeOneBatch,
  'command ids': describeCommandIds,
  'event ids': describeEventIds,
  'lost replies': describeLostReplies,
  'reading streams': describeReadingStreams,
  streams: describeStreams,
  payloads: describePayloads,
  'any sequence of appends and reads': describeModel,
  'tailing the log': describeTailing,
};

const ALONE: Themes = {
  'reading everything': describeReadingEverything,
  'looking up': describeLookingUp,
  'times of recording': describeTimesOfRecording,
  immutability: describeImmutability,
};

/**
 * The conformance suite: what every adapter of `EventLog` has to do. An adapter enrols with a harness, which makes the
 * logs that it needs. Needs Jest, and fast-check.
 */
export function describeEventLog(name: string, create: CreateHarness): void {
  describe(`the event log on ${name}`, () => {
    const test = useLog(create);
    describe.each(Object.entries(TOGETHER))('%s', (_, theme) => theme(test));
  });
  describe.each(Object.entries(ALONE))(`the event log on ${name}: %s`, (_, theme) => theme(useLog(create)));
}
