import type { EntityManager } from 'typeorm';
import { execute, select } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import { SetupError } from '../errors.js';
import type { StoredRanges } from '../subscriptions/ranges/stored-ranges.js';
import { SPLIT } from '../subscriptions/states/subscription-row.js';
import { entityName, type ReadModelSubscription } from './read-model-subscription.js';

/** No program has this version, so rows with it are rebuilt. */
const OUTDATED = 0;

interface Owned {
  readonly table_name: string;
  readonly read_model: string;
}

/**
 * Records which read model writes which table. Without it, a read model with a new name or one more table would fold
 * the log into existing rows, or lack earlier events.
 */
export class TableOwners {
  constructor(
    private readonly views: OpenDatabase,
    private readonly ranges: StoredRanges,
  ) {}

  /**
   * Makes a read model of this program the owner of its tables, before its row of state is created. A renamed read
   * model takes over the row of its old name; one with an added table continues. Both are rebuilt.
   * @param declared names of all read models of this program
   * @throws SetupError when another one owns a table, the owner of its rows is unknown, or no feature lists an entity
   */
  async claimTables(readModel: ReadModelSubscription, declared: ReadonlySet<string>): Promise<void> {
    const tables = readModel.entities.map((entity) => {
      if (this.views.read.hasMetadata(entity)) return this.views.read.getMetadata(entity).tableName;
      throw new SetupError(
        `The projection "${readModel.name}" writes ${entityName(entity)}, which no feature lists. ` +
          'Add it to readModels in EventSourcingModule.forFeature.',
      );
    });
    await this.views.write.transaction(async (manager) => {
      const owners = await this.owners(manager);
      for (const table of tables) {
        const owner = owners.get(table);
        if (owner === readModel.name) continue;
        if (owner !== undefined) await this.takeOver(manager, readModel.name, table, owner, declared);
        else await this.add(manager, readModel.name, table, owners, declared);
      }
    });
  }

  /** Whether no process runs a read model that owns one of the tables. */
  async areFree(readModel: ReadModelSubscription): Promise<boolean> {
    const { write, read } = this.views;
    const tables = readModel.entities.map((entity) => read.getMetadata(entity).tableName);
    if (tables.length === 0) return true;
    const rows = await select(
      read,
      `select 1 from leftfold_read_models s join leftfold_read_model_tables t on t.read_model = s.name
        where ${write.dialect.isAnyOf('t.table_name')}
          and (s.owner is not null and s.expires_at >= ${write.dialect.now} or exists (${this.ranges.live('s.name')}))`,
      [write.dialect.list(tables)],
    );
    return rows.length === 0;
  }

  private async takeOver(
    manager: EntityManager,
    name: string,
    table: string,
    owner: string,
    declared: ReadonlySet<string>,
  ): Promise<void> {
    if (declared.has(owner)) {
      if (await this.hasRows(manager, table)) {
        throw new SetupError(
          `The projection "${name}" writes the table "${table}", whose rows the projection "${owner}" has written so far. ` +
            'Give it a table of its own in a migration, or empty this one.',
        );
      }
    } else if (!(await this.hasState(manager, name))) {
      await execute(
        manager.queryRunner!,
        `update leftfold_read_models set name = ?, epoch = epoch + 1, owner = case when owner = ? then owner end, expires_at = 0
          where name = ?`,
        [name, SPLIT, owner],
      );
      await this.ranges.rename(manager, owner, name);
      await this.ranges.revoke(manager, name);
    }
    await this.outdate(manager, name);
    await execute(manager.queryRunner!, 'update leftfold_read_model_tables set read_model = ? where table_name = ?', [
      name,
      table,
    ]);
  }

  private async add(
    manager: EntityManager,
    name: string,
    table: string,
    owners: ReadonlyMap<string, string>,
    declared: ReadonlySet<string>,
  ): Promise<void> {
    if (await this.hasState(manager, name)) {
      const isKnown = [...owners.values()].includes(name);
      if (isKnown || !(await this.mustHaveWritten(manager, table, declared))) await this.outdate(manager, name);
    } else if (await this.hasRows(manager, table)) {
      throw new SetupError(
        `The projection "${name}" is new, and its table "${table}" has rows that no read model is known to have written. ` +
          'If it was renamed, give it its old name again; otherwise empty the table.',
      );
    }
    await execute(
      manager.queryRunner!,
      'insert into leftfold_read_model_tables (table_name, read_model) values (?, ?) on conflict (table_name) do nothing',
      [table, name],
    );
  }

  /**
   * Whether a read model from before owners were recorded has written the table. An empty table may be new with this
   * program, and rows may belong to a read model that is gone.
   */
  private async mustHaveWritten(
    manager: EntityManager,
    table: string,
    declared: ReadonlySet<string>,
  ): Promise<boolean> {
    if (!(await this.hasRows(manager, table))) return false;
    const { rows } = await execute<{ name: string }>(
      manager.queryRunner!,
      'select name from leftfold_read_models where name not in (select read_model from leftfold_read_model_tables)',
      [],
    );
    return rows.every(({ name }) => declared.has(name));
  }

  private async owners(manager: EntityManager): Promise<Map<string, string>> {
    const { rows } = await execute<Owned>(manager.queryRunner!, 'select * from leftfold_read_model_tables', []);
    return new Map(rows.map((row) => [row.table_name, row.read_model]));
  }

  private async hasState(manager: EntityManager, name: string): Promise<boolean> {
    const { rows } = await execute(manager.queryRunner!, 'select 1 from leftfold_read_models where name = ?', [name]);
    return rows.length > 0;
  }

  private async hasRows(manager: EntityManager, table: string): Promise<boolean> {
    const quoted = manager.dataSource.driver.escape(table);
    const { rows } = await execute(manager.queryRunner!, `select 1 from ${quoted} limit 1`, []);
    return rows.length > 0;
  }

  private async outdate(manager: EntityManager, name: string): Promise<void> {
    await execute(manager.queryRunner!, 'update leftfold_read_models set version = ? where name = ?', [OUTDATED, name]);
  }
}
