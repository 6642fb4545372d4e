import { setTimeout as pause } from 'node:timers/promises';
import type { Databases } from '../../databases/databases.js';
import { KEY_MEMORY } from '../../personal-data/key-ring.js';
import type { KeyStore } from '../../personal-data/key-store.js';
import type { Forgetting } from '../../personal-data/personal-data.js';
import type { CertificateCheck } from './certificate-check.js';
import { type ForgottenCopies, renewDecisions } from './forgotten-copies.js';
import type { ForgettingEvents } from './forgetting-events.js';
import { type ReadCertificate, readCertificate, type ReadCertificateOptions } from './read-certificate.js';

/** What a replay has found of one subject. */
export interface ReplayedForgetting extends Forgetting {
  /** Whether there was a key, which is deleted now. */
  readonly hadKey: boolean;
  /** Whether this log has the event. If not, the backup is older, and only the keys are gone: the application must forget again. */
  readonly isInLog: boolean;
}

/**
 * Forgets subjects again after the keys were restored from a backup that is older than their forgetting. It may run beside
 * nodes, and again after a crash.
 */
export class ForgettingReplay {
  /** @internal */
  constructor(
    private readonly databases: Databases,
    private readonly keys: KeyStore,
    private readonly copies: ForgottenCopies,
    private readonly events: ForgettingEvents,
    private readonly check?: CertificateCheck,
  ) {}

  /**
   * What a certificate says, for `run`. Its signature is verified, and that it is of this log.
   * @param text JSON with `subject`, `eventId`, `position` and `forgottenAt`
   * @throws CertificateRefusedError
   */
  read(text: string, options: ReadCertificateOptions = {}): Promise<ReadCertificate> {
    return readCertificate(text, this.check, options);
  }

  /**
   * @param forgettings such as certificates name them
   * @throws an error that names the event when its tags can't be computed
   */
  async run(forgettings: readonly Forgetting[]): Promise<ReplayedForgetting[]> {
    let since = Infinity;
    for (const each of forgettings) since = Math.min(since, await this.keys.forget(each));
    // Until no node has a key in memory.
    if (since < KEY_MEMORY) await pause(KEY_MEMORY + 200 - since);
    const replayed: ReplayedForgetting[] = [];
    for (const each of forgettings) {
      replayed.push({ ...each, hadKey: await this.forget(each), isInLog: await this.events.has(each) });
    }
    return replayed;
  }

  private async forget(forgetting: Forgetting): Promise<boolean> {
    const store = (write: Parameters<Databases['besideTheLog']>[0]): Promise<void> =>
      this.databases.besideTheLog(async (manager) => void (await write(manager)));
    const key = await this.keys.keyOfForgotten(forgetting.subject);
    if (key) await this.copies.releaseTags(forgetting, key, store);
    await this.copies.deleteSnapshots(forgetting, store);
    await this.keys.erase(forgetting.subject);
    await store(renewDecisions);
    return key !== undefined;
  }
}
