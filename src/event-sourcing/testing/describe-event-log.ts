import { describeCommandIds } from './event-log/command-ids.js';
import { describeConditions } from './event-log/conditions.js';
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
import { describeTailing } from './event-log/tailing.js';
import { describeTimesOfRecording } from './event-log/times-of-recording.js';
import { type LogUnderTest, useLog } from './event-log/use-log.js';

const THEMES: Readonly<Record<string, (test: LogUnderTest) => void>> = {
  expectations: describeExpectations,
  'several streams': describeSeveralStreams,
  conditions: describeConditions,
  'one batch': describeOneBatch,
  'command ids': describeCommandIds,
  'lost replies': describeLostReplies,
  'reading streams': describeReadingStreams,
  'reading everything': describeReadingEverything,
  'looking up': describeLookingUp,
  'times of recording': describeTimesOfRecording,
  immutability: describeImmutability,
  payloads: describePayloads,
  'any sequence of appends and reads': describeModel,
  'tailing the log': describeTailing,
};

/**
 * The conformance suite: what every adapter of `EventLog` has to do. An adapter enrols with a harness, which makes a
 * new log for each theme. Needs Jest, and fast-check.
 */
export function describeEventLog(name: string, create: CreateHarness): void {
  describe.each(Object.entries(THEMES))(`the event log on ${name}: %s`, (_, theme) => theme(useLog(create)));
}
