// Another program that writes to a SQLite file, until SIGTERM: hold-write-lock.mjs <file>
import Sqlite from 'better-sqlite3';

const [file = ''] = process.argv.slice(2);
const database = new Sqlite(file, { fileMustExist: true, timeout: 5_000 });
database.exec('begin immediate');
const untilEnd = setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => {
  database.exec('commit');
  console.log('released');
  database.close();
  clearInterval(untilEnd);
});
console.log('held');
