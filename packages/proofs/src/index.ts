export { decodeRecord, encodeRecord, type EventRecord, recordOf, UnreadableRecordError } from './records/record.js';
