const SECOND = 1_000;

/**
 * The time in a new migration's name: now, or later than all existing ones, so that it is unique.
 * @param {import('@angular-devkit/schematics').Tree} tree
 */
export function migrationTime(tree) {
  /** @type {number[]} */
  const times = [];
  tree.getDir('src').visit((path) => {
    const [, time] = /\/migrations\/(?:events|views)\/(\d+)-/.exec(path) ?? [];
    if (time) times.push(Number(time));
  });
  return Math.max(Date.now(), ...times.map((time) => time + SECOND));
}
