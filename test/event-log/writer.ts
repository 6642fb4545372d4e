import { parseDatabaseUrl } from '../../src/event-sourcing/databases/database-url.js';
import { openDatabase } from '../../src/event-sourcing/databases/open-database.js';
import { LOG_SCHEMA } from '../../src/event-sourcing/event-log/log-schema.js';
import { openEventLog } from '../../src/event-sourcing/event-log/open-event-log.js';
import { runWriters } from '../../src/event-sourcing/testing/event-log/writers.js';

// A process of the tailing test: writer.js <database URL> <seed> <appends>
const [url, seed, appends] = process.argv.slice(2);
const database = await openDatabase('events', parseDatabaseUrl(url!), LOG_SCHEMA);
const log = await openEventLog(database);
await runWriters(log, Number(seed), Number(appends));
await log.close();
await database.close();
