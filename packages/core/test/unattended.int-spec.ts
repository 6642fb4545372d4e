import type { ModuleMetadata } from '@nestjs/common';
import { CounterNodes, open, pause, settled } from './counters/counter-nodes.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';

const VIEW = 'counters.counter-view';
const NONE: ModuleMetadata = {};

describe.each(DATABASE_KINDS)('a subscription that no node runs, on %s', (kind) => {
  let nodes: CounterNodes;

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind, NONE);
  });
  afterEach(() => nodes.drop());

  it('is unattended after three leases, until a node runs it', async () => {
    const worker = await nodes.start({ leaseTtl: 300 });
    await open(worker);
    await settled(worker, { unattendedFor: 0, isUnattended: false }, VIEW);
    const api = await nodes.start({ leaseTtl: 300, runSubscriptions: false });
    await nodes.stop(worker);

    await eventually(async () => expect(await api.status(VIEW)).toMatchObject({ owner: null, isUnattended: true }));
    expect((await api.status(VIEW)).unattendedFor).toBeGreaterThan(900);

    const other = await nodes.start();
    await settled(other, { unattendedFor: 0, isUnattended: false }, VIEW);
  });

  it('is not unattended while it is paused', async () => {
    const worker = await nodes.start({ leaseTtl: 60_000 });
    await pause(worker, VIEW);
    await nodes.viewsSql(`update leftfold_read_models set expires_at = expires_at - 3600000`);
    expect(await worker.status(VIEW)).toMatchObject({ unattendedFor: 0, isUnattended: false });
    await worker.subscriptions.resume(VIEW);
    await settled(worker, { state: 'live' }, VIEW);
  });

  it('counts from the start of a node when an earlier version did not store when it released it', async () => {
    const worker = await nodes.start({ leaseTtl: 60_000 });
    await settled(worker, {}, VIEW);
    await nodes.stop(worker);
    await nodes.viewsSql(`update leftfold_read_models set expires_at = 0`);
    const api = await nodes.start({ leaseTtl: 60_000, runSubscriptions: false });
    const { unattendedFor, isUnattended } = await api.status(VIEW);
    expect({ isUnattended, isShort: unattendedFor < 60_000 }).toEqual({ isUnattended: false, isShort: true });
  });
});
