import { Column, Entity, PrimaryColumn } from 'typeorm';

/** For which version of its tags the log is complete, for one stored type. */
@Entity('leftfold_tag_versions')
export class TagVersionEntity {
  @PrimaryColumn({ type: 'text' })
  type: string;

  /** All events of the type have the tags of this version of their class; 0 for none. */
  @Column({ name: 'tags_version', type: 'integer' })
  tagsVersion: number;

  /** The version that a rebuild gives them, or gave them last; 0 for none. */
  @Column({ name: 'building_version', type: 'integer', default: 0 })
  buildingVersion: number;

  /** Position up to which that rebuild has gone. */
  @Column({ name: 'built_to', type: 'bigint', default: 0 })
  builtTo: number;
}
