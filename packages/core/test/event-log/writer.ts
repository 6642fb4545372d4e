import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { openDatabase } from '../../src/databases/open-database.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { openEventLog } from '../../src/event-log/open-event-log.js';
import { runWriters } from '../../src/conformance/writers.js';

// A process of the tailing test: writer.js <database URL> <seed> <appends>
const [url, seed, appends] = process.argv.slice(2);
const database = await openDatabase('events', parseDatabaseUrl(url!), LOG_SCHEMA);
const log = await openEventLog(database);
await runWriters(log, Number(seed), Number(appends));
await log.close();
await database.close();
