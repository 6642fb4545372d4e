const SECOND = 1_000;

/**
 * The time in a new migration's name: now, or after all that are there. Two migrations have never the same.
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
