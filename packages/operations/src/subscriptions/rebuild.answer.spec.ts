import type { RebuildStatus } from '@leftfold/core';
import { rebuildAnswer } from './rebuild.answer.js';

const RUNNING: RebuildStatus = {
  state: 'running',
  dryRun: false,
  position: 30,
  target: 40,
  startedAt: new Date('2026-01-31T12:00:00Z'),
  finishedAt: null,
  error: null,
  comparison: null,
};

it('shows its times in UTC, or null', () => {
  expect(rebuildAnswer(RUNNING)).toEqual({
    ...RUNNING,
    progress: 0.75,
    startedAt: '2026-01-31T12:00:00.000Z',
  });
});

it.each([
  ['nothing to do', 0, 0, 1],
  ['the beginning', 0, 40, 0],
  ['the end', 40, 40, 1],
  ['more than it had to reach', 41, 40, 1],
])('shows its progress at %s', (_name, position, target, progress) => {
  expect(rebuildAnswer({ ...RUNNING, position, target }).progress).toBe(progress);
});

it('shows what it found, and why it failed', () => {
  const comparison = [{ table: 'user_view', added: 1, removed: 0, changed: 0, examples: [] }];

  expect(rebuildAnswer({ ...RUNNING, state: 'done', comparison })).toMatchObject({ state: 'done', comparison });
  expect(rebuildAnswer({ ...RUNNING, state: 'failed', error: 'boom' })).toMatchObject({ error: 'boom' });
});
