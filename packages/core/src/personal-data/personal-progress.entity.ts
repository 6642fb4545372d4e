import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: up to which position all forgettings are carried through. */
@Entity('leftfold_personal_progress')
export class PersonalProgressEntity {
  /** Always 1. */
  @PrimaryColumn({ type: 'integer' })
  id: number;

  @Column({ type: 'bigint' })
  position: number;
}
