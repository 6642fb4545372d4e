import type { Databases } from '../../databases/databases.js';
import { select } from '../../databases/execute.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import type { EventRegistry } from '../../events/event-registry.js';
import type { Findings } from './finding.js';
import { TagChecks } from './tag-checks.js';

/** Makes the checks of tags for verifications. */
export class TagAudit {
  constructor(
    private readonly databases: Databases,
    private readonly registry: EventRegistry,
    private readonly serializer: EventSerializer,
    private readonly personal: PersonalFieldsCipher,
  ) {}

  /** Undefined when the log has lost its identity, and with it the key of its tags. */
  async begin(findings: Findings): Promise<TagChecks | undefined> {
    const { read } = this.databases.events;
    const sql = 'select tag_key from leftfold_event_log order by created_at limit 1';
    const [row] = await select<{ tag_key: string }>(read, sql, []);
    const { registry, serializer, personal } = this;
    const tagKey = row && Buffer.from(row.tag_key, 'base64url');
    return tagKey && new TagChecks(read, registry, { serializer, personal, tagKey }, findings);
  }
}
