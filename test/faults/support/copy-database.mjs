// A backup of a SQLite file that others write to: copy-database.mjs <file> <copy>
import Sqlite from 'better-sqlite3';

const [file = '', copy] = process.argv.slice(2);
const database = new Sqlite(file, { fileMustExist: true, timeout: 5_000 });
database.prepare('vacuum into ?').run(copy);
database.close();
