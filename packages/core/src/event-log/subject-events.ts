import { select } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import { COLUMNS } from './look-up.js';
import { subjectTag } from './prepared-append.js';
import type { EventRow } from './recorded-event.js';

const PAGE = 200;

/** The events with personal fields about a subject, in pages in the order of the log. An index finds them. */
export async function* subjectEvents(
  { read }: Pick<OpenDatabase, 'read'>,
  subject: string,
): AsyncGenerator<readonly EventRow[]> {
  let after = 0;
  for (;;) {
    const rows = await select<EventRow>(
      read,
      `select ${COLUMNS} from (
         select t.position from leftfold_event_tags t where t.tag = ? and t.position > ? order by t.position limit ?
       ) as found join leftfold_events e on e.position = found.position order by e.position`,
      [subjectTag(subject), after, PAGE],
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)!.position);
  }
}
