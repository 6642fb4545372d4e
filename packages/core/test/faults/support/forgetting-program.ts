import 'reflect-metadata';
import { writeLine } from '../../../src/conformance/write-line.js';
import { PersonalData } from '../../../src/index.js';
import { bootPersons } from '../../personal-data/person.js';
import { type ForgettingKillPoint, killAt } from './kill-points.js';

// forgetting-program.js <log's URL> <read models' URL> <position> [kill point]
// It carries forgettings through, and ends when the one at the position is through.
const [url, viewsUrl, position, point] = process.argv.slice(2) as [string, string, string, ForgettingKillPoint?];
if (point) killAt(point, 1);

const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const database = { kind, url, viewsUrl, folder: '', drop: async () => undefined } as const;
const node = await bootPersons(database, { leaseTtl: 300, readWaitLimit: 60_000 });
await node.get(PersonalData).settled(Number(position));
await node.close();
writeLine('settled');
