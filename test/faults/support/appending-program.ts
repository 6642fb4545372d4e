import { openLog } from '../../event-log/open-log.js';
import { appendForEver } from './appending.js';
import { seedOf } from './seed.js';

// appending-program.js <database URL>, with FAULTS_SEED set. It never ends by itself.
const { log } = await openLog(process.argv[2]!);
await appendForEver(log, seedOf('appending'));
