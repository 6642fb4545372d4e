/** SQL of how far a read model `s` is. One that nodes share is as far as the range that is furthest behind. */
export const POSITION = `coalesce(
  (select min(r.position) from leftfold_read_model_ranges r where r.subscription = s.name), s.position) as position`;

/** The checkpoints of all read models; see `positionsIn`. */
export const CHECKPOINTS = `select s.name, ${POSITION} from leftfold_read_models s`;

/** Checkpoints of read models, by name. */
export type Positions = ReadonlyMap<string, number>;

export function positionsIn(rows: readonly { readonly name: string; readonly position: string | number }[]): Positions {
  return new Map(rows.map(({ name, position }) => [name, Number(position)]));
}

/** How many positions the read model that is furthest behind is behind. */
export function lagBetween(replica: Positions, primary: Positions): number {
  return Math.max(0, ...[...primary].map(([name, position]) => position - (replica.get(name) ?? 0)));
}
