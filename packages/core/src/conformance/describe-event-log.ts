import { describeArguments } from './arguments.js';
import { describeClosingStreams } from './closing-streams.js';
import { describeCommandIds } from './command-ids.js';
import { describeConditions } from './conditions.js';
import { describeEventIds } from './event-ids.js';
import { describeExpectations } from './expectations.js';
import type { CreateHarness } from './harness.js';
import { describeImmutability } from './immutability.js';
import { describeLookingUp } from './looking-up.js';
import { describeLostReplies } from './lost-replies.js';
import { describeModel } from './model.js';
import { describeOneBatch } from './one-batch.js';
import { describePayloads } from './payloads.js';
import { describeReadingEverything } from './reading-everything.js';
import { describeReadingStreams } from './reading-streams.js';
import { describeSeveralStreams } from './several-streams.js';
import { describeStreams } from './streams.js';
import { describeTailing } from './tailing.js';
import { describeTimesOfRecording } from './times-of-recording.js';
import { type LogUnderTest, useLog } from './use-log.js';

type Themes = Readonly<Record<string, (test: LogUnderTest) => void>>;

/** These tests use streams, tags and ids of their own, so they can share one log. */
const TOGETHER: Themes = {
  arguments: describeArguments,
  expectations: describeExpectations,
  'several streams': describeSeveralStreams,
  conditions: describeConditions,
  'closing streams': describeClosingStreams,
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
 * The conformance suite that every adapter of `EventLog` must pass. An adapter takes part with a harness that creates
 * the logs. Needs Jest and fast-check.
 */
export function describeEventLog(name: string, create: CreateHarness): void {
  describe(`the event log on ${name}`, () => {
    const test = useLog(create);
    describe.each(Object.entries(TOGETHER))('%s', (_, theme) => theme(test));
  });
  describe.each(Object.entries(ALONE))(`the event log on ${name}: %s`, (_, theme) => theme(useLog(create)));
}
