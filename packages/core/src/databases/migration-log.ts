import type { Logger } from 'typeorm';

/**
 * Keeps which migration has failed, for the error that says so. TypeORM would print it on the console, whatever the
 * application does with its logs. All else that it logs is switched off.
 */
export class MigrationLog implements Logger {
  /** Name of the migration that has failed. */
  failed: string | undefined;

  logMigration(message: string): void {
    this.failed = /^Migration "(.+?)" failed/.exec(message)?.[1] ?? this.failed;
  }

  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  log(): void {}
}
