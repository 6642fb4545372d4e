import { fill } from './workloads/fill.js';
import { CONTESTANTS } from './contestants.js';
import { WrongResultError } from './contract.js';
import type { Job, Outcome } from './harness/job.js';
import { WORKLOADS } from './workloads/workloads.js';
import { scaleOf } from './workloads/workload.js';

process.once('disconnect', () => process.exit(0));
process.on('message', (job: Job) => void perform(job).then((outcome) => process.send?.(outcome)));

async function perform({ phase, contestant, workload: id, target, isQuick, growth }: Job): Promise<Outcome> {
  const workload = WORKLOADS.find((each) => each.id === id);
  const load = CONTESTANTS[contestant];
  if (!workload || !load) return { error: `There is no ${workload ? contestant : id}.` };
  const scale = scaleOf(isQuick, growth);
  try {
    const open = await load();
    if (phase === 'run') return { figures: await workload.run(open, target, scale, contestant) };
    await fill(open, target, workload.data!, scale);
    return { figures: {} };
  } catch (error) {
    if (error instanceof WrongResultError) return { wrong: error.message };
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
