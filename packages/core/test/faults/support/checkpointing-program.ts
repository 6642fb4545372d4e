import { parseDatabaseUrl } from '../../../src/databases/database-url.js';
import { openDatabase } from '../../../src/databases/open-database.js';

// checkpointing-program.js <database URL> <notes>: stores notes, and says the number of each that is stored. After so many
// with a thread for checkpoints it ends, without closing the database. The first note is large enough for the thread to start,
// the others have a hundred pages.
const [url, notes] = process.argv.slice(2);
const { write } = await openDatabase('events', parseDatabaseUrl(url!), { entities: [], migrations: [] });
await write.statement('create table if not exists notes (number integer primary key, body blob not null)', []);

let besideThread = 0;
for (let number = 1; besideThread < Number(notes); number++) {
  await write.statement('insert into notes values (?, randomblob(?))', [number, number === 1 ? 5_000_000 : 400_000]);
  const { rows } = await write.statement<{ wal_autocheckpoint: number }>('pragma wal_autocheckpoint', []);
  if (rows[0]!.wal_autocheckpoint === 4_000) besideThread += 1;
  process.stdout.write(`${number} ${besideThread}\n`);
}
