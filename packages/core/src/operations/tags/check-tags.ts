import { Logger } from '@nestjs/common';
import type { TagVersions } from '../../event-log/tag-versions.js';

/** Records what this version of the program stores, and warns once if stored events lack tags of today's classes. */
export class TagCheck {
  private readonly logger = new Logger(TagCheck.name);

  constructor(
    private readonly versions: TagVersions,
    /** Whether this process warns. */
    private readonly warns: boolean,
  ) {}

  async atStart(): Promise<void> {
    await this.versions.establish();
    if (!this.warns) return;
    const missing = await this.versions.missing();
    if (missing.length === 0) return;
    this.logger.warn(
      `Stored events of these types lack tags of today's classes: ${missing.map(({ type }) => type).join(', ')}. ` +
        `Decisions by these tags miss them. When every node runs this version, run "tags rebuild" on the command line.`,
    );
  }
}
