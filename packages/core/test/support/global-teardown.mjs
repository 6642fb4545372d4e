import { stopTestPostgres } from './global-setup.mjs';
import { removeFolder, RUN_FOLDER } from './test-run.mjs';

export default async function globalTeardown() {
  await stopTestPostgres();
  const folder = process.env[RUN_FOLDER];
  if (folder) await removeFolder(folder);
}
