import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';

/** How often a counter was raised: a second read model beside `CounterView`. */
@Entity('tally')
export class Tally {
  @PrimaryColumn({ name: 'counter_id', type: 'text' })
  counterId: string;

  @Column({ type: 'integer' })
  raises: number;
}

export class CreateTally1750000900001 implements MigrationInterface {
  readonly name = 'CreateTally1750000900001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table tally (counter_id text primary key not null, raises integer not null check (raises < 1000000))',
    );
    await runner.query('create index tally_raises on tally (raises)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tally');
  }
}
