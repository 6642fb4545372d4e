import { sha256 } from '../tree/hashes.js';
import { bundleOf, recordsIn } from './entry-bundle.js';
import { decodeRecord, encodeRecord, type EventRecord, UnreadableRecordError } from './record.js';

const RECORD: EventRecord = {
  position: 2 ** 40 + 7,
  version: 3,
  recordedAt: 1_767_225_600_123,
  schemaVersion: 2,
  eventId: '01890a5d-ac96-774b-bcce-b302099a8057',
  stream: 'user-Zoë',
  type: 'users.user-registered',
  dataHash: sha256('{}'),
  metadataHash: sha256('{"a":1}'),
  originHash: sha256('cli', '\0', 'c-1'),
};

it('has the documented layout', () => {
  expect(encodeRecord(RECORD).toString('hex')).toBe(
    [
      '01',
      '0000010000000007',
      '0000000000000003',
      '0000019b76daa87b',
      '00000002',
      '01890a5dac96774bbcceb302099a8057',
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      RECORD.metadataHash.toString('hex'),
      RECORD.originHash.toString('hex'),
      '0009',
      Buffer.from('user-Zoë').toString('hex'),
      '0015',
      Buffer.from('users.user-registered').toString('hex'),
    ].join(''),
  );
});

it('is read as it was written, and not when a byte is missing, more or unknown', () => {
  const bytes = encodeRecord(RECORD);
  expect(decodeRecord(bytes)).toEqual(RECORD);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeRecord(bytes.subarray(0, length))).toThrow(UnreadableRecordError);
  }
  expect(() => decodeRecord(Buffer.concat([bytes, Buffer.of(0)]))).toThrow('its lengths do not fit');
  expect(() => decodeRecord(Buffer.concat([Buffer.of(2), bytes.subarray(1)]))).toThrow('not version 1');
});

it('is in a bundle with its length before it', () => {
  const records = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300, 'x')];
  const bundle = bundleOf(records);
  expect(bundle.subarray(0, 5).toString('hex')).toBe('00036f6e65');
  expect(recordsIn(bundle)).toEqual(records);
  expect(() => recordsIn(bundle.subarray(0, -1))).toThrow(RangeError);
});
