import { appendFileSync, readFileSync } from 'node:fs';

/** Of a clock tick in /proc, in ms. */
const TICK = 10;

/**
 * CPU time, in ms, of this process and of the programs that it has started and seen ending.
 *
 * @typedef {{ own: number, programs: number }} CpuUse
 */

/** @returns {CpuUse} */
export function cpuUse() {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1000, programs: endedPrograms() };
}

/**
 * Appends a line to a table: CPU time since `before`, of all and of programs, and the test file.
 *
 * @param {string} table
 * @param {string} testFile
 * @param {CpuUse} before
 */
export function writeCpuUse(table, testFile, before) {
  const { own, programs } = cpuUse();
  const ofPrograms = programs - before.programs;
  const all = own - before.own + ofPrograms;
  appendFileSync(table, `${Math.round(all)}\t${Math.round(ofPrograms)}\t${testFile}\n`);
}

/** Linux alone tells. Source: proc_pid_stat(5), fields cutime and cstime. */
function endedPrograms() {
  if (process.platform !== 'linux') return 0;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}
