import { type EventRow, RecordedEvent } from '../../../src/event-log/recorded-event.js';
import { MasterKeys, type WrappedKey } from '../../../src/personal-data/master-keys.js';
import { decryptFields } from '../../../src/personal-data/decrypt-fields.js';
import { mayBeEnveloped, openEnvelope } from '../../../src/personal-data/envelope.js';
import type { KeyState } from '../../../src/personal-data/key-store.js';
import { decodeJson, type JsonObject } from '../../../src/events/json.js';
import { runSql } from '../../support/stored-rows.js';

/**
 * Every event of an app's log, in order, read beside the app.
 *
 * @param masterKey the app's; personal fields can be read with it
 */
export async function readLog(url: string, masterKey?: string): Promise<RecordedEvent[]> {
  const rows = (await runSql(url, 'select * from leftfold_events order by position')) as unknown as EventRow[];
  const keys = masterKey === undefined ? undefined : await readKeys(url, new MasterKeys([masterKey]));
  return rows.map((row) => {
    if (!keys || !mayBeEnveloped(row.data)) return RecordedEvent.of(row);
    const stored = { position: Number(row.position), eventId: row.event_id, type: row.type, dataText: row.data };
    return RecordedEvent.of(row, () => decryptFields(openEnvelope(decodeJson<JsonObject>(row.data))!, stored, keys));
  });
}

async function readKeys(url: string, masters: MasterKeys): Promise<ReadonlyMap<string, KeyState>> {
  const sql = 'select subject, key_id, wrapped, master from leftfold_personal_keys where wrapped is not null';
  const rows = (await runSql(url, sql)) as unknown as ({ subject: string; key_id: string } & WrappedKey)[];
  return new Map(
    rows.map(({ subject, key_id: id, ...wrapped }) => [
      subject,
      { key: { id, key: masters.unwrap(wrapped, subject, id) } },
    ]),
  );
}
