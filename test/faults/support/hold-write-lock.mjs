// Another program that writes to a SQLite file: hold-write-lock.mjs <file> <milliseconds>
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';

const [file = '', milliseconds] = process.argv.slice(2);
const database = new Sqlite(file, { fileMustExist: true, timeout: 5_000 });
database.exec('begin immediate');
console.log('held');
await sleep(Number(milliseconds));
database.exec('commit');
console.log('released');
database.close();
