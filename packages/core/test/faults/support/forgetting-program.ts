import 'reflect-metadata';
import { PersonalData } from '../../../src/index.js';
import { bootPersons } from '../../personal-data/person.js';
import { FORGETTING_NODE } from './forgetting-node.js';
import { type ForgettingKillPoint, killAt } from './kill-points.js';

// forgetting-program.js <log's URL> <read models' URL> <position> <kill point>
// It carries the forgetting at the position through, until it kills itself.
const [url, viewsUrl, position, point] = process.argv.slice(2) as [string, string, string, ForgettingKillPoint];
killAt(point, 1);

const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const database = { kind, url, viewsUrl, folder: '', drop: async () => undefined } as const;
const node = await bootPersons(database, FORGETTING_NODE);
await node.get(PersonalData).settled(Number(position));
throw new Error(`It never came to "${point}".`);
