import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ENGINE_OF } from '../contestants.js';
import type { Engine } from '../contract.js';

/** Other event stores. Each is installed in a folder of its own, outside the repository. */
export const PEERS = ['emmett', 'emmett-sqlite', 'message-db'] as const;
export type Peer = (typeof PEERS)[number];

/** Where a peer is installed. */
export function peerFolder(name: Peer): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'leftfold', 'bench', name);
}

/** The peers that have one of these engines. */
export function peersOn(engines: readonly Engine[]): Peer[] {
  return PEERS.filter((peer) => engines.includes(ENGINE_OF[peer]!));
}

/** Installs what is not there, or is there in another version. @throws an error when npm fails */
export function installPeers(peers: readonly Peer[], say: (progress: string) => void): void {
  for (const name of peers) {
    const folder = peerFolder(name);
    const wanted = join(import.meta.dirname, '..', 'contestants', name, 'package.json');
    const installed = join(folder, 'package.json');
    const isThere = existsSync(join(folder, 'node_modules')) && existsSync(installed);
    if (isThere && readFileSync(installed, 'utf8') === readFileSync(wanted, 'utf8')) continue;
    say(`npm install of ${name} in ${folder}`);
    mkdirSync(folder, { recursive: true });
    copyFileSync(wanted, installed);
    try {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'pipe' });
    } catch (error) {
      // What is there may be half of it. The next run installs it again.
      rmSync(installed);
      throw new Error(`${name} could not be installed. Leave --peers out, or name the other engine with --engines.`, {
        cause: error,
      });
    }
  }
}

/** A package of a peer. */
export async function importOf(peer: Peer, name: string): Promise<unknown> {
  const require = createRequire(join(peerFolder(peer), 'package.json'));
  return import(pathToFileURL(require.resolve(name)).href);
}
